"""Lanes: who may send for a workspace, and how full the platform's bucket is.

All times here are the database's own (seconds since 1970), so that processes on machines with different clocks
agree on who holds a lease.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import or_, text
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, select, update

from storage.database import Session
from storage.tables import Lane, Outbox, OutboxState

LEASE_SECONDS = 15.0
RENEW_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to send for a workspace until `until` (database time), in this `term`."""

    workspace_id: int
    term: int
    until: float


async def database_time(session: Session) -> float:
    """Return the database's own time, in seconds since 1970."""
    found = await session.execute(text("SELECT (julianday('now') - 2440587.5) * 86400.0"))
    return float(found.scalar_one())


async def take_lane(session: Session, workspace_id: int, owner: str, *, even_if_held: bool = False) -> Lease | None:
    """Take, or keep, a workspace's lane; None while another owner's lease runs.

    A change of hands raises the term, so that nothing of the old holder's is written any more. `even_if_held`:
    the caller knows that the holder is gone (SQLite's one serving process has started anew).
    """
    now = await database_time(session)
    await session.execute(insert(Lane).values(workspace_id=workspace_id).on_conflict_do_nothing())
    lane = (
        await session.execute(select(Lane).where(Lane.workspace_id == workspace_id).with_for_update())
    ).scalar_one()
    if lane.owner not in (None, owner) and lane.lease_until > now and not even_if_held:
        return None
    if lane.owner != owner:
        lane.term += 1
        lane.owner = owner
    lane.lease_until = now + LEASE_SECONDS
    session.add(lane)
    await session.flush()
    return Lease(workspace_id, lane.term, lane.lease_until)


async def holds(session: Session, workspace_id: int, lease: Lease) -> bool:
    """Whether the lease's term still runs, so that its results may be written."""
    found = await session.execute(select(Lane.term).where(Lane.workspace_id == workspace_id).with_for_update())
    return found.scalar_one() == lease.term


async def give_back(session: Session, workspace_id: int, lease: Lease) -> None:
    """End a lease at once, so that a successor need not wait for it."""
    await session.execute(
        update(Lane)
        .where(col(Lane.workspace_id) == workspace_id, col(Lane.term) == lease.term)
        .values(owner=None, lease_until=0.0)
    )


async def bucket(session: Session, workspace_id: int) -> tuple[float, float, float]:
    """Return the lane's bucket: level, the database time it was measured at, and `not_before`."""
    lane = (await session.execute(select(Lane).where(Lane.workspace_id == workspace_id))).scalar_one()
    return lane.tokens, lane.tokens_at, lane.not_before


async def store_bucket(
    session: Session, workspace_id: int, tokens: float, tokens_at: float, not_before: float
) -> None:
    """Keep the bucket for whoever sends next."""
    await session.execute(
        update(Lane)
        .where(col(Lane.workspace_id) == workspace_id)
        .values(tokens=tokens, tokens_at=tokens_at, not_before=not_before)
    )


