"""The outbox as everybody writes it: what is to be said is queued in the transaction that is the reason for it.

The sender takes it from there (storage/sending.py); what goes to many is a fan-out (storage/fan_out.py).
"""

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import col, select, update

from storage.causes import current_cause
from storage.database import Session
from storage.dialect import POSTGRESQL, dialect_of, insert
from storage.moment import asked_once
from storage.tables import Copies, FanOut, Operation, Outbox, OutboxState, Posted

# Written out and not bound: SQLite uses a partial index only where it can see that its condition holds.
QUEUED: ColumnElement[bool] = col(Outbox.state) == literal_column(f"'{OutboxState.QUEUED.value}'")
SENDING: ColumnElement[bool] = col(Outbox.state) == literal_column(f"'{OutboxState.SENDING.value}'")

EDIT_INTERVAL = timedelta(minutes=1)
# What stands with more people than this is edited by a fan-out, a page at a time: 20,000 edits in one transaction take
# 18 seconds, in which nobody else writes.
MOST_EDITED_AT_ONCE = 100
# A change is a matter of milliseconds, and no platform takes more than 50 messages a second from us.
COULD_GO_MEANWHILE = 200


class Urgency(IntEnum):
    """How soon a row's turn comes (lower first).

    What stands and is no longer true is mended before more copies go out: an author's picture, of which there is
    one, before anything that is posted; what many have, after the home posts, which nobody is to wait for.
    """

    ANSWER = 0
    WORK_CARD = 10
    EDIT = 15
    HOME_POST = 20
    IMPORTANT_COPY = 30
    EDIT_OF_MANY = 35
    COPY = 40
    NUDGE = 50


def outbox_row(
    workspace_id: int, message: str, subject_id: int, *, now: datetime, urgency: int, **more: Any
) -> dict[str, Any]:
    """Return the values of a new outbox row, for an INSERT. All rows are made here; `more` is what this one adds."""
    return {
        "workspace_id": workspace_id,
        "operation": Operation.POST,
        "message": message,
        "subject_id": subject_id,
        "priority": urgency,
        "not_before": now,
        "created_at": now,
        "delivery_id": uuid.uuid4().hex,
        "cause": current_cause(),
    } | more


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
    row = outbox_row(
        workspace_id,
        message,
        subject_id,
        now=now,
        urgency=urgency,
        member_id=member_id,
        not_before=not_before or now,
        once=once,
        is_record=once is not None,
        resend_if_unknown=resend_if_unknown,
    )
    await session.execute(insert(Outbox).values(row).on_conflict_do_nothing())


@dataclass(frozen=True, slots=True)
class ToMember:
    """A direct message to one member, about a row, not before a moment."""

    member_id: int
    subject_id: int
    not_before: datetime
    once: str


async def say_to_members(
    session: Session, workspace_id: int, message: str, each: Sequence[ToMember], *, now: datetime, urgency: int
) -> None:
    """Queue direct messages of one name, some hundreds at most. A second one of a meaning (`once`) never is."""
    rows = [outbox_row(workspace_id, message, urgency=urgency, now=now, is_record=True, **asdict(one)) for one in each]
    if rows:
        await session.execute(insert(Outbox).on_conflict_do_nothing(), rows)


async def say_to_both(
    session: Session,
    workspace_id: int,
    member_id: int,
    with_member_id: int,
    message: str,
    subject_id: int,
    *,
    now: datetime,
    urgency: int,
    not_before: datetime,
    once: str,
) -> None:
    """Queue a message to the conversation that two people have with the bot. A second one of that meaning never is."""
    row = outbox_row(
        workspace_id,
        message,
        subject_id,
        now=now,
        urgency=urgency,
        member_id=member_id,
        with_member_id=with_member_id,
        not_before=not_before,
        once=once,
        is_record=True,
    )
    await session.execute(insert(Outbox).values(row).on_conflict_do_nothing())


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
    under: str | None = None,
    once: str | None = None,
) -> None:
    """Queue a post in a channel, under `thread_id` (a row of `posted`) or somebody's message `under`, where given.

    Sent again if unknown.
    """
    row = outbox_row(
        workspace_id,
        message,
        subject_id,
        now=now,
        urgency=urgency,
        channel_id=channel_id,
        thread_id=thread_id,
        under=under,
        once=once,
        is_record=once is not None,
        resend_if_unknown=True,
    )
    await session.execute(insert(Outbox).values(row).on_conflict_do_nothing())


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
    (PRODUCT chapter 1, "The picture"): several changes within it become one edit. What is being posted at this
    moment was perhaps made before the change, and is edited when it stands.
    """
    if dialect_of(session) == POSTGRESQL:
        await _hold_what_comes_next(session, workspace_id, message, subject_id, now)
    # Then: what is recorded as standing after this is found below.
    on_the_way = update(Outbox).where(
        col(Outbox.workspace_id) == workspace_id,
        SENDING,
        col(Outbox.operation) == Operation.POST,
        col(Outbox.message) == message,
        col(Outbox.subject_id) == subject_id,
    )
    query = select(Posted).where(
        Posted.workspace_id == workspace_id, Posted.message == message, Posted.subject_id == subject_id
    )
    if member_id is not None:
        on_the_way = on_the_way.where(col(Outbox.member_id) == member_id)
        query = query.where(Posted.member_id == member_id)
    await session.execute(on_the_way.values(changed=True).execution_options(synchronize_session=False))
    standing = (await session.execute(query.limit(MOST_EDITED_AT_ONCE + 1))).scalars().all()
    is_of_many = len(standing) > MOST_EDITED_AT_ONCE
    if is_of_many:
        standing = (await session.execute(query.where(col(Posted.member_id).is_(None)))).scalars().all()
    # In channels first, where everybody sees it.
    await queue_edits(session, workspace_id, sorted(standing, key=lambda it: it.member_id is not None), now=now)
    if is_of_many:
        await _edit_many(session, workspace_id, message, subject_id, now)


async def _hold_what_comes_next(
    session: Session, workspace_id: int, message: str, subject_id: int, now: datetime
) -> None:
    """Have what comes next of this name and subject wait for this change, and so show it. SQLite has one writer anyway.

    Only as many as could be sent meanwhile: of a fan-out to everybody there may be a hundred thousand.
    """
    soon = (
        select(Outbox.id)
        .where(Outbox.workspace_id == workspace_id, QUEUED, col(Outbox.not_before) <= now)
        .order_by(col(Outbox.priority), col(Outbox.id))
        .limit(COULD_GO_MEANWHILE)
    )
    await session.execute(
        select(Outbox.id)
        .where(col(Outbox.id).in_(soon), QUEUED, Outbox.message == message, Outbox.subject_id == subject_id)
        .order_by(col(Outbox.id))
        .with_for_update()
    )


async def _edit_many(session: Session, workspace_id: int, message: str, subject_id: int, now: datetime) -> None:
    """Have a fan-out edit what many were sent; one that is under way begins anew, to show this change too."""
    values = {
        "workspace_id": workspace_id,
        "operation": Operation.EDIT,
        "message": message,
        "subject_id": subject_id,
        "audience_kind": "",
        "copies": Copies.ALL,
        "priority": Urgency.EDIT_OF_MANY,
        "audience_as_of": now,
        "cursor": 0,
        "attempts": 0,
        "not_before": None,
        "done_at": None,
        "reason": "",
        "cause": current_cause(),
    }
    await session.execute(
        insert(FanOut)
        .values(**values, revision=1)
        .on_conflict_do_update(
            index_elements=["workspace_id", "operation", "message", "subject_id", "revision"], set_=values
        )
    )


async def queue_edits(
    session: Session, workspace_id: int, standing: Sequence[Posted], *, now: datetime, urgency: int = Urgency.EDIT
) -> None:
    """Queue an edit of each of these, some hundreds at most, unless one waits already."""
    if not standing:
        return
    found = await session.execute(
        select(Outbox.posted_id, Outbox.state).where(
            Outbox.workspace_id == workspace_id,
            col(Outbox.posted_id).in_([posted.id for posted in standing]),
            col(Outbox.state).in_([OutboxState.QUEUED, OutboxState.SENDING]),
        )
    )
    unsettled = found.all()
    # It is composed when its turn comes, and so will show this change too.
    waiting = {posted_id for posted_id, state in unsettled if state == OutboxState.QUEUED}
    # One that is being sent was composed before this change, and counts as an edit made now.
    being_sent = {posted_id for posted_id, state in unsettled if state == OutboxState.SENDING}
    rows = []
    for posted in standing:
        if posted.id in waiting:
            continue
        edited_at = now if posted.id in being_sent else posted.edited_at
        rows.append(
            outbox_row(
                workspace_id,
                posted.message,
                posted.subject_id,
                now=now,
                urgency=urgency,
                operation=Operation.EDIT,
                posted_id=posted.id,
                member_id=posted.member_id,
                channel_id=posted.channel_id,
                not_before=now if edited_at is None else max(now, edited_at + EDIT_INTERVAL),
                resend_if_unknown=True,
            )
        )
    if rows:
        await session.execute(insert(Outbox), rows)


async def posted_at_place(session: Session, workspace_id: int, place: str, key: str) -> Posted | None:
    """Return the message of ours that the platform names so, if it is one."""
    found = await session.execute(
        select(Posted).where(Posted.workspace_id == workspace_id, Posted.place == place, Posted.reference_key == key)
    )
    return found.scalar_one_or_none()


async def posted_to_member(session: Session, workspace_id: int, member_id: int, key: str) -> Posted | None:
    """Return the message of ours that the platform names so in a member's conversation with the bot, if it is one."""
    found = await session.execute(
        select(Posted).where(
            Posted.workspace_id == workspace_id, Posted.member_id == member_id, Posted.reference_key == key
        )
    )
    return found.scalar_one_or_none()


async def last_said_to(session: Session, workspace_id: int, member_id: int, *, since: datetime) -> Posted | None:
    """Return what we said to a member last, if that was not before `since`."""
    found = await session.execute(
        select(Posted)
        .where(Posted.workspace_id == workspace_id, Posted.member_id == member_id, Posted.posted_at >= since)
        .order_by(col(Posted.posted_at).desc(), col(Posted.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def is_last_posted(session: Session, workspace_id: int, posted_id: int) -> bool:
    """Whether a member was sent nothing newer of the same name and subject than this message."""
    this = (
        await session.execute(select(Posted).where(Posted.workspace_id == workspace_id, col(Posted.id) == posted_id))
    ).scalar_one()
    newer = await session.execute(
        select(col(Posted.id))
        .where(
            Posted.workspace_id == workspace_id,
            Posted.message == this.message,
            Posted.subject_id == this.subject_id,
            Posted.member_id == this.member_id,
            col(Posted.id) > posted_id,
        )
        .limit(1)
    )
    return newer.first() is None


@asked_once
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
