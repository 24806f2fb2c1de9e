"""The people an announcement is for: what became of its way to each, and who has read it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, or_, select
from sqlmodel import col, update

from storage.audience import Audience, is_in_audience
from storage.database import Session
from storage.dialect import insert
from storage.people import present
from storage.tables import (
    Announcement,
    AnnouncementState,
    Delivery,
    FormerRecipients,
    Member,
    MemberState,
    ReadBy,
    Recipient,
)

# The signs that are given by a button, and can be taken back.
PRESSES = (ReadBy.PRESSED, ReadBy.NOT_RELEVANT)


def audience_of(announcement: Announcement) -> Audience:
    """Return whom an announcement is for, as of its publication.

    Neither its author nor the person on whose behalf it is written is part of their own audience.
    """
    return Audience(
        announcement.audience_kind,
        announcement.audience_id,
        announcement.published_at,
        announcement.author_id,
        announcement.behalf_of_id,
    )


async def find_recipient(session: Session, workspace_id: int, announcement_id: int, member_id: int) -> Recipient | None:
    """Return what is known of one person's way to an announcement; None for somebody it is not for."""
    found = await session.execute(
        select(Recipient)
        .where(
            col(Recipient.workspace_id) == workspace_id,
            col(Recipient.announcement_id) == announcement_id,
            col(Recipient.member_id) == member_id,
        )
        # The functions below change rows without the session hearing of it.
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def mark_read(
    session: Session, workspace_id: int, announcement: Announcement, member_id: int, now: datetime, by: ReadBy
) -> bool:
    """Record a sign that a recipient has read; False when it is not the first, or the announcement not for them.

    While the announcement is still going out its recipients are not all written down: whoever is faster than the
    fan-out gets their row here.
    """
    if announcement.state == AnnouncementState.PUBLISHING and await is_in_audience(
        session, workspace_id, audience_of(announcement), member_id
    ):
        await session.execute(
            insert(Recipient)
            .values(workspace_id=workspace_id, announcement_id=announcement.id, member_id=member_id)
            .on_conflict_do_nothing()
        )
    of_member = (
        col(Recipient.workspace_id) == workspace_id,
        col(Recipient.announcement_id) == announcement.id,
        col(Recipient.member_id) == member_id,
    )
    if by not in PRESSES:
        await session.execute(
            update(Recipient)
            .where(*of_member, or_(col(Recipient.sign_at).is_(None), literal(by is ReadBy.REPLIED)))
            .values(sign_at=func.coalesce(col(Recipient.sign_at), now), sign_by=by)
            .execution_options(synchronize_session=False)
        )
    changed = await session.execute(
        update(Recipient)
        .where(*of_member, col(Recipient.read_at).is_(None))
        .values(read_at=now, read_by=by)
        .returning(col(Recipient.member_id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


async def take_back_press(
    session: Session, workspace_id: int, announcement_id: int, member_id: int, *, read_since: datetime
) -> Recipient | None:
    """Forget a press on *I have read this* or *Not relevant to me* made since then; None when there is none.

    Another sign of having read, given before or after the press, stays. Returns what is known of them now.
    """
    changed = await session.execute(
        update(Recipient)
        .where(
            col(Recipient.workspace_id) == workspace_id,
            col(Recipient.announcement_id) == announcement_id,
            col(Recipient.member_id) == member_id,
            col(Recipient.read_at) >= read_since,
            col(Recipient.read_by).in_(PRESSES),
        )
        .values(read_at=col(Recipient.sign_at), read_by=col(Recipient.sign_by))
        .returning(col(Recipient.member_id))
        .execution_options(synchronize_session=False)
    )
    if changed.first() is None:
        return None
    return await find_recipient(session, workspace_id, announcement_id, member_id)


async def waiting_for(
    session: Session, workspace_id: int, member_ids: Collection[int], *, since: datetime
) -> Sequence[int]:
    """Return the announcements published since then that one of these people has given no sign of having read."""
    found = await session.execute(
        select(col(Recipient.announcement_id))
        .join(Announcement, col(Announcement.id) == col(Recipient.announcement_id))
        .where(
            col(Recipient.workspace_id) == workspace_id,
            col(Recipient.member_id).in_(member_ids),
            col(Recipient.read_at).is_(None),
            col(Announcement.published_at) >= since,
        )
        .distinct()
        .order_by(col(Recipient.announcement_id))
    )
    return found.scalars().all()


async def record_delivery(
    session: Session,
    workspace_id: int,
    announcement_id: int,
    member_ids: Collection[int],
    delivery: Delivery,
    reason: str,
) -> None:
    """Record what became of the copies to some people."""
    await session.execute(
        update(Recipient)
        .where(
            col(Recipient.workspace_id) == workspace_id,
            col(Recipient.announcement_id) == announcement_id,
            col(Recipient.member_id).in_(member_ids),
        )
        .values(delivery=delivery, delivery_reason=reason)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who of an announcement's recipients has confirmed, by name: the first ones, and how many they are in all."""

    members: Sequence[Member]
    count: int


async def confirmed_by(session: Session, workspace_id: int, announcement_id: int, *, limit: int) -> Confirmed:
    """Return who has confirmed, or answered or reacted for everybody to see. *Not relevant to me* confirms nothing."""
    theirs = (
        col(Recipient.workspace_id) == workspace_id,
        col(Recipient.announcement_id) == announcement_id,
        col(Recipient.read_at).is_not(None),
        or_(col(Recipient.read_by) != ReadBy.NOT_RELEVANT, col(Recipient.sign_at).is_not(None)),
        *present(),
    )
    of_members = select(Member).join(Recipient, col(Recipient.member_id) == col(Member.id)).where(*theirs)
    found = await session.execute(of_members.order_by(col(Member.name), col(Member.id)).limit(limit))
    count = await session.execute(
        select(func.count())
        .select_from(Member)
        .join(Recipient, col(Recipient.member_id) == col(Member.id))
        .where(*theirs)
    )
    return Confirmed(found.scalars().all(), count.scalar_one())


@dataclass(frozen=True, slots=True)
class RecipientCount:
    """So many recipients are in the same situation."""

    has_read: bool
    has_left: bool
    delivery: Delivery
    reason: str
    count: int


async def count_recipients(session: Session, workspace_id: int, announcement_id: int) -> Sequence[RecipientCount]:
    """Return the recipients counted by situation; their sum is the audience.

    Whoever has left the organisation is among them, as is whoever was erased: who had not read by then counts as
    having left.
    """
    has_read = col(Recipient.read_at).is_not(None)
    has_left = col(Member.state) == MemberState.LEFT
    found = await session.execute(
        select(has_read, has_left, col(Recipient.delivery), col(Recipient.delivery_reason), func.count())
        .select_from(Recipient)
        .join(Member, col(Member.id) == col(Recipient.member_id))
        .where(col(Recipient.workspace_id) == workspace_id, col(Recipient.announcement_id) == announcement_id)
        .group_by(has_read, has_left, col(Recipient.delivery), col(Recipient.delivery_reason))
        .order_by(col(Recipient.delivery_reason))
    )
    former = await session.execute(
        select(col(FormerRecipients.has_read), col(FormerRecipients.delivery), col(FormerRecipients.count))
        .where(
            col(FormerRecipients.workspace_id) == workspace_id,
            col(FormerRecipients.announcement_id) == announcement_id,
        )
        .order_by(col(FormerRecipients.has_read), col(FormerRecipients.delivery))
    )
    return [
        *(
            RecipientCount(bool(read), bool(left), Delivery(delivery), reason, count)
            for read, left, delivery, reason, count in found.all()
        ),
        *(
            RecipientCount(bool(read), not read, Delivery(delivery), "", count)
            for read, delivery, count in former.all()
        ),
    ]
