"""Members, home teams and channels."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import col, or_, select, update

from storage.database import Session
from storage.dialect import insert
from storage.moment import asked_once
from storage.tables import Channel, ChannelMember, HomeTeam, Member, MemberState
from storage.wishes import honour_wish


async def find_member(session: Session, workspace_id: int, external_id: str) -> Member | None:
    """Return the member whom the platform knows by this id."""
    found = await session.execute(
        select(Member).where(Member.workspace_id == workspace_id, Member.external_id == external_id)
    )
    return found.scalar_one_or_none()


async def member_or_stub(session: Session, workspace_id: int, external_id: str, now: datetime) -> Member:
    """Return the member whom the platform knows by this id, storing a stub for one not heard of before."""
    known_already = await find_member(session, workspace_id, external_id)
    if known_already is not None:
        return known_already
    added = await session.execute(
        insert(Member)
        .values(workspace_id=workspace_id, external_id=external_id, created_at=now)
        .on_conflict_do_nothing()
        .returning(col(Member.id))
    )
    if added.first() is not None:
        await honour_wish(session, workspace_id, external_id)
    found = await session.execute(
        select(Member).where(Member.workspace_id == workspace_id, Member.external_id == external_id)
    )
    return found.scalar_one()


@asked_once
async def get_member(session: Session, workspace_id: int, member_id: int) -> Member:
    """Return a member of this workspace by row id.

    Raises sqlalchemy's NoResultFound for a row of another workspace, or none.
    """
    found = await session.execute(
        select(Member).where(Member.workspace_id == workspace_id, col(Member.id) == member_id)
    )
    return found.scalar_one()


async def get_members(session: Session, workspace_id: int, member_ids: Sequence[int]) -> Sequence[Member]:
    """Return these members of this workspace, by name."""
    found = await session.execute(
        select(Member)
        .where(Member.workspace_id == workspace_id, col(Member.id).in_(member_ids))
        .order_by(col(Member.name))
    )
    return found.scalars().all()


def present() -> list[ColumnElement[bool]]:
    """Return the conditions of being a person who has not left, seen in the chat or only listed."""
    return [col(Member.state) != MemberState.LEFT, col(Member.is_bot).is_(False)]


def here() -> list[ColumnElement[bool]]:
    """Return the conditions of being a person whom something can be said to: present, and seen in the chat."""
    return [*present(), col(Member.state) != MemberState.LISTED]


async def present_members(session: Session, workspace_id: int) -> Sequence[Member]:
    """Return the people who have not left and have been seen in the chat, by name."""
    found = await session.execute(
        select(Member).where(Member.workspace_id == workspace_id, *here()).order_by(col(Member.name))
    )
    return found.scalars().all()


async def management_group(session: Session, workspace_id: int) -> Sequence[Member]:
    """Return the management group's present members, by name."""
    return [member for member in await present_members(session, workspace_id) if member.in_management_group]


async def communications_leads(session: Session, workspace_id: int, *, hold: bool = False) -> Sequence[Member]:
    """Return the present communications leads, by name.

    With `hold` they stay so until this transaction has ended: of two who go at the same moment, the second sees that
    nobody else is left.
    """
    query = (
        select(Member)
        .where(Member.workspace_id == workspace_id, col(Member.is_communications_lead).is_(True), *here())
        .order_by(col(Member.name), col(Member.id))
    )
    found = await session.execute(query.with_for_update() if hold else query)
    return found.scalars().all()


async def name_lead(session: Session, workspace_id: int, member_id: int) -> None:
    """Make a member a communications lead."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(is_communications_lead=True, unnamed_lead_at=None)
    )


async def unname_lead(session: Session, workspace_id: int, member_id: int, now: datetime) -> bool:
    """Let a member be a communications lead no more; False, and nothing has changed, when nobody else is one.

    Whoever is named in the configuration does not come back by that, as long as somebody else is a lead.
    """
    leads = await session.execute(
        select(col(Member.id))
        .where(Member.workspace_id == workspace_id, col(Member.is_communications_lead).is_(True), *here())
        .with_for_update()
    )
    if not any(lead != member_id for lead in leads.scalars()):
        return False
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(is_communications_lead=False, unnamed_lead_at=now)
    )
    return True


async def put_in_management_group(session: Session, workspace_id: int, member_id: int, *, is_in: bool) -> None:
    """Take a member into the management group, or out of it."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(in_management_group=is_in)
    )


async def get_channel(session: Session, workspace_id: int, channel_id: int) -> Channel:
    """Return a channel of this workspace by row id."""
    found = await session.execute(
        select(Channel).where(Channel.workspace_id == workspace_id, col(Channel.id) == channel_id)
    )
    return found.scalar_one()


async def find_channel_row(session: Session, workspace_id: int, channel_id: int) -> Channel | None:
    """Return a channel of this workspace by row id, if there is one."""
    found = await session.execute(
        select(Channel).where(Channel.workspace_id == workspace_id, col(Channel.id) == channel_id)
    )
    return found.scalar_one_or_none()


async def find_channel(session: Session, workspace_id: int, external_id: str) -> Channel | None:
    """Return the channel that the platform knows by this id."""
    found = await session.execute(
        select(Channel).where(Channel.workspace_id == workspace_id, Channel.external_id == external_id)
    )
    return found.scalar_one_or_none()


async def channels_open_to(session: Session, workspace_id: int, member_id: int) -> Sequence[Channel]:
    """Return the channels in which the bot can post for a member, by name.

    It is in them, they are not archived, and a private one has the member in it.
    """
    inside = select(ChannelMember.channel_id).where(
        ChannelMember.workspace_id == workspace_id, ChannelMember.member_id == member_id
    )
    found = await session.execute(
        select(Channel)
        .where(
            Channel.workspace_id == workspace_id,
            col(Channel.bot_is_in).is_(True),
            col(Channel.is_archived).is_(False),
            # One whose name nobody has told may be a private one.
            Channel.name != "",
            or_(col(Channel.is_private).is_(False), col(Channel.id).in_(inside)),
        )
        .order_by(col(Channel.name))
    )
    return found.scalars().all()


async def home_teams(session: Session, workspace_id: int) -> Sequence[HomeTeam]:
    """Return the home teams that have not ended, by name."""
    found = await session.execute(
        select(HomeTeam)
        .where(HomeTeam.workspace_id == workspace_id, col(HomeTeam.ended_at).is_(None))
        .order_by(col(HomeTeam.name))
    )
    return found.scalars().all()


async def get_home_team(session: Session, workspace_id: int, home_team_id: int) -> HomeTeam:
    """Return a home team of this workspace by row id."""
    found = await session.execute(
        select(HomeTeam).where(HomeTeam.workspace_id == workspace_id, col(HomeTeam.id) == home_team_id)
    )
    return found.scalar_one()


async def add_channel_members(session: Session, workspace_id: int, channel_id: int, member_ids: Sequence[int]) -> None:
    """Record that these members are in the channel."""
    if member_ids:
        await session.execute(
            insert(ChannelMember).on_conflict_do_nothing(),
            [
                {"workspace_id": workspace_id, "channel_id": channel_id, "member_id": member_id}
                for member_id in member_ids
            ],
        )


async def channels_of(session: Session, workspace_id: int, member_id: int) -> Sequence[int]:
    """Return the row ids of the channels that a member is in."""
    found = await session.execute(
        select(ChannelMember.channel_id).where(
            ChannelMember.workspace_id == workspace_id, ChannelMember.member_id == member_id
        )
    )
    return found.scalars().all()


async def channel_size(session: Session, workspace_id: int, channel_id: int) -> int:
    """Return how many present people are in the channel."""
    found = await session.execute(
        select(func.count())
        .select_from(ChannelMember)
        .join(Member, col(Member.id) == col(ChannelMember.member_id))
        .where(ChannelMember.workspace_id == workspace_id, ChannelMember.channel_id == channel_id, *present())
    )
    return found.scalar_one()


async def snooze_nudges(session: Session, workspace_id: int, member_id: int, until: date) -> None:
    """Send the member nothing unasked-for before that day."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .where(or_(col(Member.nudges_snoozed_until).is_(None), col(Member.nudges_snoozed_until) < until))
        .values(nudges_snoozed_until=until)
    )


async def read_along(session: Session, workspace_id: int, member_id: int, until: date) -> None:
    """Record that a member reads along, and is not to be called quiet before that day."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(reading_along_until=until)
    )


async def stop_nudges(session: Session, workspace_id: int, member_id: int) -> None:
    """Send the member no nudges from now on."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(nudges_off=True)
    )


async def take_reflex_turn(
    session: Session, workspace_id: int, member_id: int, *, not_since: datetime, now: datetime
) -> bool:
    """Record that a member is offered to make their message an announcement; False when they were since then."""
    taken = await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .where(or_(col(Member.reflex_at).is_(None), col(Member.reflex_at) <= not_since))
        .values(reflex_at=now)
        .returning(col(Member.id))
        .execution_options(synchronize_session=False)
    )
    return taken.first() is not None
