"""The outbox: written with the change that causes it, claimed and settled by the sender alone."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, select, update

from storage.database import Session
from storage.people import audience_page, members_in_channel
from storage.tables import (
    Announcement,
    AnnouncementState,
    Delivery,
    FanOut,
    Operation,
    Outbox,
    OutboxState,
    Posted,
    Recipient,
)

# 100,000 rows in one transaction hold up everybody's commits for a second and more (docs/performance.md).
FAN_OUT_PAGE = 500
EDIT_INTERVAL = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Urgency:
    """How soon a row's turn comes (lower first)."""

    ANSWER = 0
    WORK_CARD = 10
    HOME_POST = 20
    IMPORTANT_COPY = 30
    COPY = 40
    NUDGE = 50
    EDIT = 60


async def say_to_member(
    session: Session,
    workspace_id: int,
    member_id: int,
    message: str,
    subject_id: int,
    *,
    now: datetime,
    urgency: int,
    not_before: datetime | None = None,
    once: str | None = None,
    resend_if_unknown: bool = False,
) -> None:
    """Queue a direct message. With `once`, a second row of that meaning is never made."""
    await session.execute(
        insert(Outbox)
        .values(
            workspace_id=workspace_id,
            member_id=member_id,
            message=message,
            subject_id=subject_id,
            priority=urgency,
            not_before=not_before or now,
            created_at=now,
            once=once,
            resend_if_unknown=resend_if_unknown,
            delivery_id=uuid.uuid4().hex,
        )
        .on_conflict_do_nothing()
    )


async def say_in_channel(
    session: Session,
    workspace_id: int,
    channel_id: int,
    message: str,
    subject_id: int,
    *,
    now: datetime,
    urgency: int,
    thread_id: int | None = None,
    once: str | None = None,
) -> None:
    """Queue a post in a channel, under `thread_id` (a row of `posted`) where given. Sent again if unknown."""
    await session.execute(
        insert(Outbox)
        .values(
            workspace_id=workspace_id,
            channel_id=channel_id,
            thread_id=thread_id,
            message=message,
            subject_id=subject_id,
            priority=urgency,
            not_before=now,
            created_at=now,
            once=once,
            resend_if_unknown=True,
            delivery_id=uuid.uuid4().hex,
        )
        .on_conflict_do_nothing()
    )


async def refresh_posted(
    session: Session, workspace_id: int, message: str, subject_id: int, *, now: datetime, member_id: int | None = None
) -> None:
    """Queue an edit of each standing message of this name and subject, so that it shows what is true now.

    With `member_id`, only of what that member was sent. One message is edited at most once a minute
    (PRODUCT chapter 1, "The picture"): several changes within it become one edit.
    """
    query = select(Posted).where(
        Posted.workspace_id == workspace_id, Posted.message == message, Posted.subject_id == subject_id
    )
    if member_id is not None:
        query = query.where(Posted.member_id == member_id)
    for posted in (await session.execute(query)).scalars():
        waiting = await session.execute(
            select(Outbox.id).where(
                Outbox.workspace_id == workspace_id,
                Outbox.posted_id == posted.id,
                Outbox.state == OutboxState.QUEUED,
            )
        )
        if waiting.first() is None:
            session.add(
                Outbox(
                    workspace_id=workspace_id,
                    operation=Operation.EDIT,
                    message=message,
                    subject_id=subject_id,
                    # The reader of the edit is the reader of the message.
                    posted_id=posted.id,
                    priority=Urgency.EDIT,
                    not_before=max(now, posted.edited_at + EDIT_INTERVAL),
                    created_at=now,
                    resend_if_unknown=True,
                    delivery_id=uuid.uuid4().hex,
                )
            )
    await session.flush()


async def start_fan_out(session: Session, fan_out: FanOut) -> None:
    """Queue one message to many, to be expanded page by page. A second one of the same revision is not made."""
    values: dict[str, Any] = fan_out.model_dump(exclude={"id"})
    await session.execute(insert(FanOut).values(**values).on_conflict_do_nothing())


async def expand_fan_out(session: Session, workspace_id: int, now: datetime) -> bool:
    """Turn the next page of this workspace's oldest fan-out into recipients and outbox rows; False when none waits.

    The cursor moves in the same transaction: a crash between pages loses nothing and doubles nothing.
    """
    fan_out = (
        await session.execute(
            select(FanOut)
            .where(FanOut.workspace_id == workspace_id, col(FanOut.done_at).is_(None))
            .order_by(col(FanOut.id))
            .limit(1)
        )
    ).scalar_one_or_none()
    if fan_out is None:
        return False
    page = await audience_page(
        session,
        workspace_id,
        fan_out.audience_kind,
        fan_out.audience_id,
        after=fan_out.cursor,
        limit=FAN_OUT_PAGE,
        as_of=fan_out.audience_as_of,
    )
    copied = await _gets_copy(session, fan_out, page)
    is_announcement = fan_out.message == ANNOUNCEMENT_COPY
    if is_announcement and page:
        await session.execute(
            insert(Recipient).on_conflict_do_nothing(),
            [
                {
                    "announcement_id": fan_out.subject_id,
                    "member_id": member_id,
                    "workspace_id": workspace_id,
                    "delivery": Delivery.WAITING if member_id in copied else Delivery.HOME,
                    "delivery_reason": "",
                }
                for member_id in page
            ],
        )
    for member_id in page:
        if member_id in copied:
            await say_to_member(
                session,
                workspace_id,
                member_id,
                fan_out.message,
                fan_out.subject_id,
                now=now,
                urgency=fan_out.priority,
                once=f"{fan_out.message}:{fan_out.subject_id}:{fan_out.revision}:{member_id}",
                resend_if_unknown=is_announcement,
            )
    if page:
        fan_out.cursor = page[-1]
    if len(page) < FAN_OUT_PAGE:
        fan_out.done_at = now
        if is_announcement:
            await session.execute(
                update(Announcement)
                .where(col(Announcement.id) == fan_out.subject_id)
                .where(col(Announcement.state) == AnnouncementState.PUBLISHING)
                .values(state=AnnouncementState.PUBLISHED)
            )
    session.add(fan_out)
    await session.flush()
    return True


ANNOUNCEMENT_COPY = "announcement.copy"


async def _gets_copy(session: Session, fan_out: FanOut, page: Sequence[int]) -> set[int]:
    match fan_out.copies:
        case "all":
            return set(page)
        case "absent" if fan_out.home_channel_id is not None:
            inside = await members_in_channel(session, fan_out.workspace_id, fan_out.home_channel_id, page)
            return set(page) - inside
        case "absent":
            return set(page)
        case _:
            return set()


async def claim_due(
    session: Session, workspace_id: int, now: datetime, *, limit: int, after_urgency: int | None = None
) -> Sequence[Outbox]:
    """Mark the next due rows of a workspace *sending* and return them, most urgent and oldest first."""
    query = (
        select(Outbox)
        .where(
            Outbox.workspace_id == workspace_id,
            Outbox.state == OutboxState.QUEUED,
            col(Outbox.not_before) <= now,
        )
        .order_by(col(Outbox.priority), col(Outbox.id))
        .limit(limit)
    )
    if after_urgency is not None:
        query = query.where(Outbox.priority > after_urgency)
    rows = (await session.execute(query)).scalars().all()
    for row in rows:
        row.state = OutboxState.SENDING
        row.attempts += 1
        session.add(row)
    await session.flush()
    return rows


async def left_sending(session: Session, workspace_id: int) -> Sequence[Outbox]:
    """Return the rows that a sender before us left *sending*: the platform may have taken them."""
    found = await session.execute(
        select(Outbox)
        .where(Outbox.workspace_id == workspace_id, Outbox.state == OutboxState.SENDING)
        .order_by(col(Outbox.id))
    )
    return found.scalars().all()


async def put_back(session: Session, workspace_id: int, row: Outbox, not_before: datetime, reason: str = "") -> None:
    """Queue a row again, for not before that time; `reason` is kept for the author."""
    row.state = OutboxState.QUEUED
    row.not_before = not_before
    row.reason = reason
    await _store(session, workspace_id, row)


async def settle(
    session: Session, workspace_id: int, row: Outbox, state: OutboxState, now: datetime, reason: str = ""
) -> None:
    """Record what became of a row, for good."""
    row.state = state
    row.reason = reason
    row.settled_at = now
    await _store(session, workspace_id, row)


async def _store(session: Session, workspace_id: int, row: Outbox) -> None:
    await session.execute(
        update(Outbox)
        .where(col(Outbox.workspace_id) == workspace_id, col(Outbox.id) == row.id)
        .values(state=row.state, reason=row.reason, not_before=row.not_before, settled_at=row.settled_at)
    )


async def record_posted(session: Session, workspace_id: int, posted: Posted) -> int:
    """Keep where a message of ours stands; returns its row id."""
    if posted.workspace_id != workspace_id:
        raise ValueError("a message stands in the workspace it was sent in")
    session.add(posted)
    await session.flush()
    return await _id_of(posted)


async def _id_of(posted: Posted) -> int:
    if posted.id is None:
        raise ValueError("the row was not stored")
    return posted.id


async def mark_edited(session: Session, workspace_id: int, posted_id: int, now: datetime) -> None:
    """Record when a standing message was last edited."""
    await session.execute(
        update(Posted)
        .where(col(Posted.workspace_id) == workspace_id, col(Posted.id) == posted_id)
        .values(edited_at=now)
    )


async def get_posted(session: Session, workspace_id: int, posted_id: int) -> Posted:
    """Return a standing message of this workspace by row id."""
    found = await session.execute(
        select(Posted).where(Posted.workspace_id == workspace_id, col(Posted.id) == posted_id)
    )
    return found.scalar_one()


async def posted_at_place(session: Session, workspace_id: int, place: str, key: str) -> Posted | None:
    """Return the message of ours that the platform names so, if it is one."""
    found = await session.execute(
        select(Posted).where(
            Posted.workspace_id == workspace_id, Posted.place == place, Posted.reference_key == key
        )
    )
    return found.scalar_one_or_none()


async def find_posted(
    session: Session, workspace_id: int, message: str, subject_id: int, member_id: int | None = None
) -> Posted | None:
    """Return the first standing message of this name and subject (to this member, where given)."""
    query = select(Posted).where(
        Posted.workspace_id == workspace_id, Posted.message == message, Posted.subject_id == subject_id
    )
    if member_id is not None:
        query = query.where(Posted.member_id == member_id)
    return (await session.execute(query.order_by(col(Posted.id)).limit(1))).scalar_one_or_none()


async def next_due_at(session: Session, workspace_id: int) -> datetime | None:
    """Return when the next queued row's time comes; None when nothing is queued."""
    found = await session.execute(
        select(func.min(Outbox.not_before)).where(
            Outbox.workspace_id == workspace_id, Outbox.state == OutboxState.QUEUED
        )
    )
    return found.scalar_one_or_none()
