"""Lanes: who may send for a workspace, and how full the platform's bucket is. Called by the sender alone.

Leases run on the database's own time, so that processes whose clocks differ agree on who holds one. Only lengths
of time, in seconds, cross this border: each process measures them on by its own monotonic clock.
"""

from dataclasses import dataclass

from sqlalchemy import func, or_
from sqlmodel import col, select, update

from storage.database import Session
from storage.dialect import database_seconds, insert
from storage.tables import Lane

LEASE_SECONDS = 15.0
RENEW_SECONDS = 5.0

_NOW = database_seconds()


@dataclass(frozen=True, slots=True)
class Taken:
    """A lane as it was taken.

    The bucket held `level` messages `rested` seconds ago; the platform wants to be left alone for `wait` seconds.
    """

    term: int
    level: float
    rested: float
    wait: float


async def take_lane(session: Session, workspace_id: int, owner: str) -> Taken | None:
    """Take a workspace's lane for LEASE_SECONDS; None while somebody else's lease runs.

    Each taking raises the term, so that nothing is written any more of what was sent in an earlier one. An owner
    who comes back takes the lane at once: two living processes never share a name.
    """
    await session.execute(insert(Lane).values(workspace_id=workspace_id).on_conflict_do_nothing())
    taken = await session.execute(
        update(Lane)
        .where(
            col(Lane.workspace_id) == workspace_id,
            or_(
                col(Lane.owner).is_(None),
                col(Lane.owner) == owner,
                col(Lane.lease_until) <= _NOW,
                # The database's clock was set back: no lease is longer than this.
                col(Lane.lease_until) > _NOW + LEASE_SECONDS,
            ),
        )
        .values(owner=owner, term=col(Lane.term) + 1, lease_until=_NOW + LEASE_SECONDS)
        .returning(col(Lane.term), col(Lane.tokens), _NOW - col(Lane.tokens_at), col(Lane.not_before) - _NOW)
        .execution_options(synchronize_session=False)
    )
    row = taken.first()
    if row is None:
        return None
    term, level, rested, wait = row
    return Taken(term, level, max(0.0, rested), max(0.0, wait))


async def keep_lane(session: Session, workspace_id: int, term: int, *, level: float, wait: float) -> bool:
    """Renew the lease and keep the bucket for whoever sends next; False when the lane has changed hands.

    The caller then rolls back: what it wanted to write is its successor's to find out.
    """
    kept = await session.execute(
        update(Lane)
        .where(col(Lane.workspace_id) == workspace_id, col(Lane.term) == term)
        .values(lease_until=_NOW + LEASE_SECONDS, tokens=level, tokens_at=_NOW, not_before=_NOW + wait)
        .returning(col(Lane.term))
        .execution_options(synchronize_session=False)
    )
    return kept.first() is not None


async def holds_lane(session: Session, workspace_id: int, term: int) -> bool:
    """Whether the lane is still in this term's hands; it stays so until the transaction ends."""
    found = await session.execute(select(Lane.term).where(Lane.workspace_id == workspace_id).with_for_update())
    return found.scalar_one() == term


async def give_lane_back(session: Session, workspace_id: int, term: int) -> None:
    """End a lease at once, so that a successor need not wait for it."""
    await session.execute(
        update(Lane)
        .where(col(Lane.workspace_id) == workspace_id, col(Lane.term) == term)
        .values(owner=None, lease_until=0.0)
        .execution_options(synchronize_session=False)
    )


async def lease_left(session: Session, workspace_id: int) -> float:
    """Return for how many seconds the lane is in somebody's hands, if they do not renew the lease; 0: in nobody's."""
    found = await session.execute(
        select(col(Lane.lease_until) - _NOW).where(Lane.workspace_id == workspace_id, col(Lane.owner).is_not(None))
    )
    return max(0.0, found.scalar_one_or_none() or 0.0)


async def lane_holders(session: Session) -> dict[str, int]:
    """Return how many workspaces' lanes each process holds at this moment, by the name it takes them under."""
    found = await session.execute(
        select(col(Lane.owner), func.count())
        .where(col(Lane.owner).is_not(None), col(Lane.lease_until) > _NOW)
        .group_by(col(Lane.owner))
        .order_by(col(Lane.owner))
    )
    return {owner: lanes for owner, lanes in found.all() if owner is not None}
