"""People and places as a platform tells of them: who came, changed or left, and which channels there are.

The same functions for every platform. People from other organisations are not stored: at most a keyed hash of them is.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert
from sqlmodel import col, or_, select, update

from storage.database import Session
from storage.dialect import insert as upsert
from storage.people import here, member_or_stub
from storage.tables import (
    AnchoringAnswer,
    Announcement,
    AnnouncementStep,
    BehalfRequest,
    Channel,
    ChannelMember,
    Directory,
    GroupMember,
    Member,
    MemberState,
    Outsider,
    Question,
    Workspace,
)

# Rows of one statement: within what SQLite takes as parameters.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ChannelSeen:
    """One channel as the platform knows it; None where it does not say."""

    external_id: str
    name: str | None = None
    purpose: str | None = None
    is_private: bool | None = None
    is_archived: bool | None = None
    bot_is_in: bool | None = None
    installation_id: int | None = None


async def leave_unseen(session: Session, workspace_id: int, seen: Collection[str], today: date) -> None:
    """Note that everybody the platform no longer tells of has left; `seen` is all of whom it told."""
    found = await session.execute(
        select(Member.id, Member.external_id).where(
            Member.workspace_id == workspace_id,
            # Who is only listed, no platform has told of yet.
            col(Member.state).not_in((MemberState.LEFT, MemberState.LISTED)),
        )
    )
    gone = [member_id for member_id, external_id in found.all() if external_id not in seen]
    for start in range(0, len(gone), AT_ONCE):
        await session.execute(
            update(Member)
            .where(col(Member.workspace_id) == workspace_id, col(Member.id).in_(gone[start : start + AT_ONCE]))
            .values(state=MemberState.LEFT, left_on=today)
        )


async def is_known_person(session: Session, workspace_id: int, external_id: str) -> bool:
    """Whether somebody is stored as more than a stub: the platform has told who they are."""
    found = await session.execute(
        select(Member.id).where(
            Member.workspace_id == workspace_id,
            Member.external_id == external_id,
            Member.state != MemberState.STUB,
        )
    )
    return found.first() is not None


async def stubs(session: Session, workspace_id: int, limit: int) -> Sequence[str]:
    """Return the external ids of people of whom nothing is known but that they exist."""
    found = await session.execute(
        select(Member.external_id)
        .where(Member.workspace_id == workspace_id, Member.state == MemberState.STUB)
        .limit(limit)
    )
    return found.scalars().all()


async def name_leads(session: Session, workspace_id: int, emails: Collection[str]) -> None:
    """Make the present people with these e-mail addresses communications leads.

    Not again whoever was one and is none any more, unless nobody else is one: somebody has to be able to run it.
    """
    if emails:
        leads = await session.execute(
            select(Member.id)
            .where(Member.workspace_id == workspace_id, col(Member.is_communications_lead).is_(True), *here())
            .limit(1)
        )
        may_be_named = [] if leads.first() is None else [col(Member.unnamed_lead_at).is_(None)]
        await session.execute(
            update(Member)
            .where(
                col(Member.workspace_id) == workspace_id,
                col(Member.email).in_([email.strip().lower() for email in emails]),
                *here(),
                *may_be_named,
            )
            .values(is_communications_lead=True)
        )


async def name_first_lead(session: Session, workspace_id: int, external_id: str, now: datetime) -> None:
    """Make whoever installed Samlas the communications lead, where there is none yet."""
    leads = await session.execute(
        select(Member.id).where(
            Member.workspace_id == workspace_id,
            col(Member.is_communications_lead).is_(True),
            *here(),
        )
    )
    if leads.first() is not None:
        return
    installer = await member_or_stub(session, workspace_id, external_id, now)
    installer.is_communications_lead = True
    await session.flush()


async def see_channel(session: Session, workspace_id: int, seen: ChannelSeen) -> int:
    """Store what the platform says about a channel; returns its row id."""
    values = {
        key: value
        for key, value in {
            "name": seen.name,
            "purpose": seen.purpose,
            "is_private": seen.is_private,
            "is_archived": seen.is_archived,
            "bot_is_in": seen.bot_is_in,
            "installation_id": seen.installation_id,
        }.items()
        if value is not None
    }
    statement = upsert(Channel).values(
        **{"workspace_id": workspace_id, "external_id": seen.external_id, "bot_is_in": False, **values}
    )
    if values:
        statement = statement.on_conflict_do_update(index_elements=["workspace_id", "external_id"], set_=values)
    else:
        statement = statement.on_conflict_do_nothing()
    await session.execute(statement)
    found = await session.execute(
        select(Channel.id).where(Channel.workspace_id == workspace_id, Channel.external_id == seen.external_id)
    )
    return int(found.scalar_one() or 0)


async def fill_channel(session: Session, workspace_id: int, channel_id: int, external_ids: Collection[str]) -> None:
    """Store who is in a channel, in place of what was known. People who are not stored are left out."""
    await session.execute(
        delete(ChannelMember).where(
            col(ChannelMember.workspace_id) == workspace_id, col(ChannelMember.channel_id) == channel_id
        )
    )
    wanted = sorted(external_ids)
    for start in range(0, len(wanted), AT_ONCE):
        found = await session.execute(
            select(Member.id).where(
                Member.workspace_id == workspace_id,
                col(Member.external_id).in_(wanted[start : start + AT_ONCE]),
                col(Member.state) != MemberState.LEFT,
            )
        )
        rows = [
            {"workspace_id": workspace_id, "channel_id": channel_id, "member_id": member_id}
            for member_id in found.scalars()
        ]
        if rows:
            await session.execute(insert(ChannelMember), rows)


async def join_channel(session: Session, workspace_id: int, channel: str, person: str) -> None:
    """Note that a stored person has come into a channel."""
    await session.execute(
        upsert(ChannelMember)
        .from_select(
            ["channel_id", "member_id", "workspace_id"],
            select(Channel.id, Member.id, Member.workspace_id)
            .join(Member, col(Member.workspace_id) == col(Channel.workspace_id))
            .where(
                Channel.workspace_id == workspace_id,
                Channel.external_id == channel,
                Member.external_id == person,
            ),
        )
        .on_conflict_do_nothing()
    )


async def leave_channel(session: Session, workspace_id: int, channel: str, person: str) -> None:
    """Note that a person has left a channel."""
    await session.execute(
        delete(ChannelMember).where(
            col(ChannelMember.workspace_id) == workspace_id,
            col(ChannelMember.channel_id).in_(
                select(Channel.id).where(Channel.workspace_id == workspace_id, Channel.external_id == channel)
            ),
            col(ChannelMember.member_id).in_(
                select(Member.id).where(Member.workspace_id == workspace_id, Member.external_id == person)
            ),
        )
    )


async def ensure_directory(session: Session, workspace_id: int, outsider_key: str, due_at: datetime) -> None:
    """Have a workspace's people and places asked for by `due_at`; sooner stays sooner. The first key stays."""
    statement = upsert(Directory).values(workspace_id=workspace_id, due_at=due_at, outsider_key=outsider_key)
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["workspace_id"],
            set_={"due_at": due_at},
            where=col(Directory.due_at) > due_at,
        )
    )


async def outsider_key(session: Session, workspace_id: int) -> str | None:
    """Return the key under which a workspace's outsiders are remembered, None before it has a directory."""
    found = await session.execute(select(Directory.outsider_key).where(Directory.workspace_id == workspace_id))
    return found.scalar_one_or_none()


async def claim_directories(
    session: Session, platform: str, now: datetime, again_after: timedelta
) -> Sequence[Workspace]:
    """Claim the workspaces of a platform whose people and places are due; nobody else gets them so soon.

    Whoever does not come to an end within `again_after` has lost them.
    """
    claimed = await session.execute(
        update(Directory)
        .where(
            col(Directory.due_at) <= now,
            col(Directory.workspace_id).in_(select(Workspace.id).where(Workspace.platform == platform)),
        )
        .values(due_at=now + again_after)
        .returning(col(Directory.workspace_id))
        .execution_options(synchronize_session=False)
    )
    found = await session.execute(select(Workspace).where(col(Workspace.id).in_(list(claimed.scalars()))))
    return found.scalars().all()


async def directory_done(session: Session, workspace_id: int, now: datetime, due_at: datetime) -> None:
    """Note that a workspace's people and places are known now, and when to ask again."""
    await session.execute(
        update(Directory).where(col(Directory.workspace_id) == workspace_id).values(done_at=now, due_at=due_at)
    )


async def remember_outsiders(
    session: Session, workspace_id: int, digests: Iterable[str], external_ids: Sequence[str], today: date
) -> None:
    """Remember people from elsewhere by their hashes, and forget what was known of them.

    Of whom nothing was known but that they did something, nothing is kept, unless it is what others read. Whoever was
    somebody here counts as having left, without name or address: what they wrote and answered goes on standing.
    """
    rows = [{"workspace_id": workspace_id, "digest": digest} for digest in digests]
    for start in range(0, len(rows), AT_ONCE):
        await session.execute(upsert(Outsider).on_conflict_do_nothing(), rows[start : start + AT_ONCE])
    for start in range(0, len(external_ids), AT_ONCE):
        these = (
            col(Member.workspace_id) == workspace_id,
            col(Member.external_id).in_(external_ids[start : start + AT_ONCE]),
        )
        await session.execute(delete(Member).where(*these, col(Member.state) == MemberState.STUB, *_left_no_trace()))
        for inside in (ChannelMember, GroupMember):
            await session.execute(
                delete(inside).where(
                    col(inside.workspace_id) == workspace_id, col(inside.member_id).in_(select(Member.id).where(*these))
                )
            )
        await session.execute(
            update(Member)
            .where(*these)
            .values(state=MemberState.LEFT, left_on=today, name="", email=None, not_counted=True)
        )


def _left_no_trace() -> list[ColumnElement[bool]]:
    """Return the conditions of being named by nothing that outlives a person."""
    traces = (
        Announcement.author_id,
        Announcement.behalf_of_id,
        BehalfRequest.member_id,
        AnnouncementStep.by_member_id,
        Question.member_id,
        AnchoringAnswer.member_id,
    )
    return [~select(trace).where(col(trace) == col(Member.id)).exists() for trace in traces]


async def take_in(session: Session, workspace_id: int, digests: Iterable[str]) -> None:
    """Forget that these people were from elsewhere: they belong to the organisation now."""
    await session.execute(
        delete(Outsider).where(
            col(Outsider.workspace_id) == workspace_id, or_(*(col(Outsider.digest) == digest for digest in digests))
        )
    )


async def is_outsider(session: Session, workspace_id: int, digest: str) -> bool:
    """Whether somebody is remembered as being from elsewhere."""
    found = await session.execute(
        select(Outsider.digest).where(Outsider.workspace_id == workspace_id, Outsider.digest == digest)
    )
    return found.first() is not None
