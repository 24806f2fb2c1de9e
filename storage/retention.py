"""How long is kept what has done its work: one table, and one function that sweeps by it.

Messages of ours that stand (`posted`) are kept as long as they stand, since each may be edited years later; no row of
the outbox is needed for that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, literal_column, true
from sqlalchemy.orm import Mapped
from sqlmodel import col, select

from storage.database import Session
from storage.tables import FanOut, Outbox, Question, Search, StoredImage


@dataclass(frozen=True, slots=True)
class Kept:
    """Rows of a table: how long after the moment in `since` they are kept, and which may go at all."""

    table: type[Outbox | FanOut | Question | StoredImage | Search]
    since: Mapped[datetime | None] | Mapped[datetime]
    age: timedelta
    may_go: ColumnElement[bool]


RETENTION = (
    # Settled long since: nothing looks it up any more. What alone tells that it was said (`is_record`) stays; written
    # out, so that SQLite sees that the partial index holds it.
    Kept(
        Outbox,
        col(Outbox.settled_at),
        timedelta(days=30),
        and_(col(Outbox.settled_at).is_not(None), literal_column("NOT outbox.is_record")),
    ),
    # After its last row, which is queued before it is done.
    Kept(FanOut, col(FanOut.done_at), timedelta(days=90), col(FanOut.done_at).is_not(None)),
    # Whoever has not chosen by now what becomes of their reply has chosen nothing.
    Kept(Question, col(Question.asked_at), timedelta(days=7), col(Question.is_waiting).is_(True)),
    # So has whoever has not said what the picture is for that they sent.
    Kept(StoredImage, col(StoredImage.stored_at), timedelta(days=7), col(StoredImage.waiting_for_id).is_not(None)),
    # Nobody goes on the next day with what they searched for.
    Kept(Search, col(Search.searched_at), timedelta(days=1), true()),
)


async def sweep(session: Session, workspace_id: int, now: datetime, *, at_once: int) -> int:
    """Delete what has been kept long enough, the oldest first; returns how many rows, `at_once` or fewer of all."""
    left = at_once
    for kept in RETENTION:
        oldest = (
            select(col(kept.table.id))
            .where(col(kept.table.workspace_id) == workspace_id, kept.may_go, kept.since < now - kept.age)
            .order_by(kept.since)
            .limit(left)
        )
        # By row id alone: asked for the workspace once more, SQLite would look through all its rows.
        gone = await session.execute(
            delete(kept.table)
            .where(col(kept.table.id).in_(oldest))
            .returning(col(kept.table.id))
            .execution_options(synchronize_session=False)
        )
        left -= len(gone.all())
        if left <= 0:
            break
    return at_once - left
