"""Who has not read what: the announcements and people that reminders and digests are about."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlmodel import and_, col, select

from storage.announcements import VISIBLE
from storage.database import Session
from storage.people import here
from storage.tables import (
    Announcement,
    Contact,
    ContactItem,
    ContactState,
    Member,
    Recipient,
)


async def asking_for_confirmation(session: Session, workspace_id: int, *, since: datetime) -> Sequence[Announcement]:
    """Return the announcements, published since then, whose readers are asked to confirm."""
    found = await session.execute(
        select(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.state).in_(VISIBLE),
            col(Announcement.confirm).is_(True),
            col(Announcement.published_at) >= since,
        )
        .order_by(col(Announcement.id))
    )
    return found.scalars().all()


async def unread_page(
    session: Session, workspace_id: int, announcement_id: int, *, after: int, limit: int
) -> Sequence[Member]:
    """Return the next people, by row id, whom an announcement is for and who have given no sign of having read it.

    Whoever has left, and whoever wants nothing unasked for good, is not among them.
    """
    found = await session.execute(
        select(Member)
        .join(Recipient, and_(col(Recipient.member_id) == col(Member.id), *_unread(workspace_id)))
        .where(
            Member.workspace_id == workspace_id,
            col(Recipient.announcement_id) == announcement_id,
            col(Recipient.member_id) > after,
            col(Member.nudges_off).is_(False),
            *here(),
        )
        .order_by(col(Recipient.member_id))
        .limit(limit)
    )
    return found.scalars().all()


async def is_unread(session: Session, workspace_id: int, announcement_id: int, member_id: int) -> bool:
    """Whether an announcement that stands waits to be read by a member."""
    found = await session.execute(
        select(col(Recipient.member_id))
        .join(Announcement, col(Announcement.id) == col(Recipient.announcement_id))
        .where(
            *_unread(workspace_id),
            col(Recipient.announcement_id) == announcement_id,
            col(Recipient.member_id) == member_id,
            col(Announcement.state).in_(VISIBLE),
        )
    )
    return found.first() is not None


async def reasons_said(
    session: Session, workspace_id: int, kind: str, subject_id: int, member_ids: Sequence[int]
) -> dict[int, set[str]]:
    """Return for which reasons each of the members was told something about that row, or is about to be."""
    rows = await session.execute(
        select(col(Contact.member_id), col(ContactItem.reason))
        .join(ContactItem, col(ContactItem.contact_id) == col(Contact.id))
        .where(
            Contact.workspace_id == workspace_id,
            col(Contact.member_id).in_(member_ids),
            Contact.state != ContactState.GIVEN_BACK,
            ContactItem.kind == kind,
            ContactItem.subject_id == subject_id,
        )
    )
    by_member: dict[int, set[str]] = defaultdict(set)
    for member_id, reason in rows:
        by_member[member_id].add(reason)
    return by_member


async def people_with_unread(
    session: Session, workspace_id: int, *, since: datetime, after: int, limit: int
) -> Sequence[Member]:
    """Return the next people, by row id, for whom something published since then waits to be read.

    Whoever has left is not among them.
    """
    published = await _published(session, workspace_id, since)
    if not published:
        return []
    # A look at each of these for each person, as far as the page goes: to join all that waits for anybody, page by
    # page, took twenty times as long for 20,000 people.
    waits = exists().where(
        *_unread(workspace_id),
        col(Recipient.announcement_id).in_(published),
        col(Recipient.member_id) == col(Member.id),
    )
    found = await session.execute(
        select(Member)
        .where(Member.workspace_id == workspace_id, col(Member.id) > after, *here(), waits)
        .order_by(col(Member.id))
        .limit(limit)
    )
    return found.scalars().all()


async def _published(session: Session, workspace_id: int, since: datetime) -> dict[int, datetime]:
    """Return when what stands and was published since then was, by row id."""
    rows = await session.execute(
        select(col(Announcement.id), col(Announcement.published_at)).where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.state).in_(VISIBLE),
            col(Announcement.published_at) >= since,
        )
    )
    return {row: at for row, at in rows if row is not None and at is not None}


async def unread_between(
    session: Session, workspace_id: int, member: Member, *, since: datetime, before: datetime
) -> Sequence[Announcement]:
    """Return what a member has not read of what was published between two moments."""
    found = await session.execute(
        select(Announcement)
        .join(Recipient, col(Recipient.announcement_id) == col(Announcement.id))
        .where(
            *_unread(workspace_id),
            col(Recipient.member_id) == member.id,
            col(Announcement.state).in_(VISIBLE),
            col(Announcement.published_at) >= since,
            col(Announcement.published_at) < before,
        )
        .order_by(col(Announcement.id))
    )
    return found.scalars().all()


async def moments_unread(
    session: Session, workspace_id: int, member_ids: Collection[int], *, since: datetime
) -> dict[int, list[datetime]]:
    """Return when what each of the members has not read was published, of all since then."""
    published = await _published(session, workspace_id, since)
    rows = await session.execute(
        select(col(Recipient.member_id), col(Recipient.announcement_id)).where(
            *_unread(workspace_id),
            col(Recipient.announcement_id).in_(published),
            col(Recipient.member_id).in_(member_ids),
        )
    )
    by_member: dict[int, list[datetime]] = defaultdict(list)
    for member_id, announcement_id in rows:
        by_member[member_id].append(published[announcement_id])
    return by_member


def _unread(workspace_id: int) -> list[ColumnElement[bool]]:
    return [
        col(Recipient.workspace_id) == workspace_id,
        col(Recipient.read_at).is_(None),
    ]
