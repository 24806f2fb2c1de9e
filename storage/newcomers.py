"""Who came lately, and what they have found by themselves: what a welcome is decided from."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import and_, func, or_
from sqlmodel import col, select

from storage.database import Session
from storage.people import here, present
from storage.tables import Contact, ContactItem, ContactState, Kind, Member, Participation


async def newcomers_page(
    session: Session, workspace_id: int, *, since: date, heard_of_since: datetime, after: int, limit: int
) -> Sequence[Member]:
    """Return the next people, by row id, who joined since then or, where nobody has told, were first heard of since.

    Only who has had their own notice, and has not said no to what is unasked for good.
    """
    found = await session.execute(
        select(Member)
        .where(
            Member.workspace_id == workspace_id,
            col(Member.id) > after,
            *here(),
            col(Member.told_at).is_not(None),
            col(Member.nudges_off).is_(False),
            or_(
                col(Member.joined_on) >= since,
                and_(col(Member.joined_on).is_(None), col(Member.created_at) >= heard_of_since),
            ),
        )
        .order_by(col(Member.id))
        .limit(limit)
    )
    return found.scalars().all()


async def count_heard_of(session: Session, workspace_id: int, first: datetime, before: datetime) -> int:
    """Return how many people were first heard of between two moments, of whom nobody has told when they joined."""
    found = await session.execute(
        select(func.count())
        .select_from(Member)
        .where(
            Member.workspace_id == workspace_id,
            *present(),
            col(Member.joined_on).is_(None),
            col(Member.created_at) >= first,
            col(Member.created_at) < before,
        )
    )
    return found.scalar_one()


async def count_present(session: Session, workspace_id: int) -> int:
    """Return how many people there are."""
    found = await session.execute(
        select(func.count()).select_from(Member).where(Member.workspace_id == workspace_id, *present())
    )
    return found.scalar_one()


async def kinds_shown(session: Session, workspace_id: int, member_ids: Collection[int]) -> dict[int, set[Kind]]:
    """Return in which ways each of the members has taken part."""
    rows = await session.execute(
        select(col(Participation.member_id), col(Participation.kind))
        .where(Participation.workspace_id == workspace_id, col(Participation.member_id).in_(member_ids))
        .distinct()
    )
    by_member: dict[int, set[Kind]] = defaultdict(set)
    for member_id, kind in rows:
        by_member[member_id].add(Kind(kind))
    return by_member


async def reasons_and_days(
    session: Session, workspace_id: int, member_ids: Collection[int], kinds: Collection[str]
) -> dict[int, dict[str, date]]:
    """Return for which reasons each of the members was told something of these kinds, or is about to be, and when."""
    rows = await session.execute(
        select(col(Contact.member_id), col(ContactItem.reason), col(Contact.local_date))
        .join(ContactItem, col(ContactItem.contact_id) == col(Contact.id))
        .where(
            Contact.workspace_id == workspace_id,
            col(Contact.member_id).in_(member_ids),
            Contact.state != ContactState.GIVEN_BACK,
            col(ContactItem.kind).in_(kinds),
        )
    )
    by_member: dict[int, dict[str, date]] = defaultdict(dict)
    for member_id, reason, day in rows:
        by_member[member_id][reason] = day
    return by_member
