"""The outbox as everybody writes it: what is to be said is queued in the transaction that is the reason for it.

The sender takes it from there (storage/sending.py); what goes to many is a fan-out (storage/fan_out.py).
"""

import uuid
from datetime import datetime, timedelta
from enum import IntEnum

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, select

from storage.database import Session
from storage.tables import Operation, Outbox, OutboxState, Posted

EDIT_INTERVAL = timedelta(minutes=1)


class Urgency(IntEnum):
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
    session: Session,
    workspace_id: int,
    message: str,
    subject_id: int,
    *,
    now: datetime,
    member_id: int | None = None,
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
    for posted in (await session.execute(query)).scalars().all():
        found = await session.execute(
            select(Outbox.state).where(
                Outbox.workspace_id == workspace_id,
                Outbox.posted_id == posted.id,
                col(Outbox.state).in_([OutboxState.QUEUED, OutboxState.SENDING]),
            )
        )
        unsettled = set(found.scalars())
        if OutboxState.QUEUED in unsettled:
            # It is composed when its turn comes, and so will show this change too.
            continue
        # One that is being sent was composed before this change, and counts as an edit made now.
        edited_at = now if OutboxState.SENDING in unsettled else posted.edited_at
        session.add(
            Outbox(
                workspace_id=workspace_id,
                operation=Operation.EDIT,
                message=message,
                subject_id=subject_id,
                posted_id=posted.id,
                priority=Urgency.EDIT,
                not_before=now if edited_at is None else max(now, edited_at + EDIT_INTERVAL),
                created_at=now,
                resend_if_unknown=True,
                delivery_id=uuid.uuid4().hex,
            )
        )
    await session.flush()


async def posted_at_place(session: Session, workspace_id: int, place: str, key: str) -> Posted | None:
    """Return the message of ours that the platform names so, if it is one."""
    found = await session.execute(
        select(Posted).where(Posted.workspace_id == workspace_id, Posted.place == place, Posted.reference_key == key)
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
