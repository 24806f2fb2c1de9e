"""The outbox as its one sender sees it: what is due, what was left half-done, and what became of each row."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, or_
from sqlmodel import col, select, update
from sqlmodel.sql.expression import Select

from storage.database import Session
from storage.outbox import QUEUED, SENDING, Urgency, posted_at_place, queue_edits
from storage.tables import Operation, Outbox, OutboxState, Posted

# So many more rows are looked through for some whose conversations are free.
_LOOKED_THROUGH = 64


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where a row goes, one of the two. Two rows of one conversation are never under way together, so that they keep
    order; an edit belongs to the conversation in which its message stands.
    """

    member_id: int | None
    channel_id: int | None

    @classmethod
    def of(cls, row: Outbox) -> "Conversation":
        """Return the conversation of an outbox row."""
        return cls(row.member_id, row.channel_id)


async def claim_due(
    session: Session,
    workspace_id: int,
    now: datetime,
    *,
    limit: int,
    busy: Collection[Conversation] = (),
    waiting: Mapping[Conversation, int] | None = None,
    least_urgency: int | None = None,
) -> Sequence[Outbox]:
    """Mark the next due rows of a workspace *sending* and return them, most urgent and oldest first.

    At most one of each conversation is returned, and none of a busy one; where something of the caller's `waiting` has
    not begun yet, only what is more urgent than that. With `least_urgency`, what is less urgent waits. So does what is
    less urgent than a home post that is returned: copies lead people to it.
    """
    if limit <= 0:
        return []
    waiting = waiting or {}
    query = _due(workspace_id, now, busy, waiting).limit(limit + _LOOKED_THROUGH)
    if least_urgency is not None:
        query = query.where(Outbox.priority <= least_urgency)
    chosen: dict[Conversation, tuple[int | None, int]] = {}
    for row_id, member_id, channel_id, urgency in await session.execute(query):
        conversation = Conversation(member_id, channel_id)
        if len(chosen) == limit or (urgency > Urgency.HOME_POST and _has_home_post(chosen.values())):
            break
        if urgency < waiting.get(conversation, urgency + 1):
            chosen.setdefault(conversation, (row_id, urgency))
    if not chosen:
        return []
    # What somebody is just changing goes when they have, and then is made of what they left.
    free = select(Outbox.id).where(col(Outbox.id).in_([row_id for row_id, _ in chosen.values()]), QUEUED)
    marked = await session.execute(
        update(Outbox)
        .where(col(Outbox.workspace_id) == workspace_id, col(Outbox.id).in_(free.with_for_update(skip_locked=True)))
        # It is made after this, and so shows what changed before.
        .values(state=OutboxState.SENDING, attempts=col(Outbox.attempts) + 1, changed=False)
        .returning(Outbox)
        .execution_options(synchronize_session=False)
    )
    return sorted(_carried(session, marked.scalars().all()), key=lambda row: (row.priority, row.id))


def _due(
    workspace_id: int, now: datetime, busy: Collection[Conversation], waiting: Mapping[Conversation, int]
) -> Select[int | None, int | None, int | None, int]:
    query = (
        select(col(Outbox.id), col(Outbox.member_id), col(Outbox.channel_id), col(Outbox.priority))
        .where(Outbox.workspace_id == workspace_id, QUEUED, col(Outbox.not_before) <= now)
        .order_by(col(Outbox.priority), col(Outbox.id))
    )
    for place, name in ((col(Outbox.member_id), "member_id"), (col(Outbox.channel_id), "channel_id")):
        taken, claimed = _ids(name, busy), _ids(name, waiting)
        if taken:
            query = query.where(or_(place.is_(None), place.not_in(taken)))
        if claimed:
            could_overtake = col(Outbox.priority) < max(waiting.values())
            query = query.where(or_(place.is_(None), place.not_in(claimed), could_overtake))
    return query


def _ids(name: str, conversations: Collection[Conversation]) -> list[int]:
    return [row_id for it in conversations if (row_id := getattr(it, name)) is not None]


def _has_home_post(chosen: Collection[tuple[int | None, int]]) -> bool:
    return any(urgency == Urgency.HOME_POST for _, urgency in chosen)


async def anything_due(session: Session, workspace_id: int, now: datetime) -> bool:
    """Whether a row of a workspace waits to be sent now."""
    found = await session.execute(
        select(Outbox.id).where(Outbox.workspace_id == workspace_id, QUEUED, col(Outbox.not_before) <= now).limit(1)
    )
    return found.first() is not None


async def lost_rows(
    session: Session, workspace_id: int, now: datetime, *, limit: int, besides: Collection[int] = ()
) -> Sequence[Outbox]:
    """Return rows left *sending* that are to be looked up now: the platform may have taken them or not.

    `besides` are the rows that the caller itself has under way.
    """
    if limit <= 0:
        return []
    query = (
        select(Outbox)
        .where(Outbox.workspace_id == workspace_id, SENDING, col(Outbox.not_before) <= now)
        .where(col(Outbox.id).not_in(besides))
        .order_by(col(Outbox.id))
        .limit(limit)
    )
    return _carried(session, (await session.execute(query)).scalars().all())


def _carried(session: Session, rows: Sequence[Outbox]) -> Sequence[Outbox]:
    """Return rows that the caller may carry beyond this transaction and change without writing them."""
    for row in rows:
        session.expunge(row)
    return rows


async def still_there(session: Session, workspace_id: int, row_ids: Collection[int]) -> set[int]:
    """Return which rows of the outbox are still there: those to somebody who was erased meanwhile are not."""
    found = await session.execute(
        select(col(Outbox.id)).where(Outbox.workspace_id == workspace_id, col(Outbox.id).in_(row_ids))
    )
    return {row_id for row_id in found.scalars() if row_id is not None}


async def store_outcomes(session: Session, workspace_id: int, rows: Sequence[Outbox]) -> None:
    """Write where rows are now: their states and reasons, their attempts, their times, and whether they are records."""
    if not rows:
        return
    connection = await session.connection()
    await connection.execute(
        update(Outbox)
        .where(col(Outbox.workspace_id) == workspace_id, col(Outbox.id) == bindparam("row_id"))
        .values(
            {
                name: bindparam(f"new_{name}")
                for name in ("state", "reason", "attempts", "not_before", "settled_at", "is_record")
            }
        ),
        [
            {
                "row_id": row.id,
                "new_state": row.state,
                "new_reason": row.reason,
                "new_attempts": row.attempts,
                "new_not_before": row.not_before,
                "new_settled_at": row.settled_at,
                "new_is_record": row.is_record,
            }
            for row in rows
        ],
    )


async def record_posted(session: Session, workspace_id: int, posted: Sequence[Mapping[str, Any]]) -> None:
    """Keep where messages of ours stand: the values of rows of `Posted`."""
    if posted:
        connection = await session.connection()
        await connection.execute(
            insert(Posted), [{"edited_at": None, **row, "workspace_id": workspace_id} for row in posted]
        )


async def edit_changed(
    session: Session, workspace_id: int, places: Mapping[int, tuple[str, str]], now: datetime
) -> None:
    """Queue an edit of each message that changed while it was being posted.

    `places` says by outbox row where each stands now: the platform's names of the conversation and the message.
    """
    if not places:
        return
    changed = await session.execute(
        select(Outbox.id).where(
            Outbox.workspace_id == workspace_id, col(Outbox.id).in_(places), col(Outbox.changed).is_(True)
        )
    )
    for row_id in changed.scalars():
        if row_id is not None:
            posted = await posted_at_place(session, workspace_id, *places[row_id])
            await queue_edits(session, workspace_id, [] if posted is None else [posted], now=now)


async def forget_posted(session: Session, workspace_id: int, posted_ids: Sequence[int]) -> None:
    """Forget messages that do not stand any more, with everything that was to change them."""
    if posted_ids:
        await session.execute(
            delete(Posted).where(col(Posted.workspace_id) == workspace_id, col(Posted.id).in_(posted_ids))
        )


async def mark_edited(session: Session, workspace_id: int, posted_ids: Sequence[int], now: datetime) -> None:
    """Record when standing messages were last edited."""
    if posted_ids:
        await session.execute(
            update(Posted)
            .where(col(Posted.workspace_id) == workspace_id, col(Posted.id).in_(posted_ids))
            .values(edited_at=now)
            .execution_options(synchronize_session=False)
        )


async def get_posted(session: Session, workspace_id: int, posted_ids: Collection[int]) -> dict[int, Posted]:
    """Return standing messages of this workspace by row id."""
    if not posted_ids:
        return {}
    found = await session.execute(
        select(Posted).where(Posted.workspace_id == workspace_id, col(Posted.id).in_(posted_ids))
    )
    return {row.id: row for row in found.scalars() if row.id is not None}


def is_edit(row: Outbox) -> bool:
    """Whether a row changes a message that stands, instead of posting one."""
    return row.operation == Operation.EDIT
