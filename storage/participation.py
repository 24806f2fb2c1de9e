"""How much a workspace takes part: sums by day and kind, without members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, union_all
from sqlmodel import col, select

from storage.database import Session
from storage.tables import ChannelParticipation, DirectParticipation, Kind


@dataclass(frozen=True, slots=True)
class DaySum:
    """How often anybody took part in one way on one UTC day."""

    day: date
    kind: Kind
    count: int


async def day_sums(
    session: Session, workspace_id: int, *, first: date | None = None, last: date | None = None
) -> Sequence[DaySum]:
    """Return a workspace's sums by day and kind, in that order, between two days, both included.

    The channels' sums and those of what happens in no channel are the whole. Counts by member are part of them, are
    kept only after the notice, and go when a member wants them gone: they are not looked at.
    """
    parts = union_all(
        *(
            select(col(table.day).label("day"), col(table.kind).label("kind"), col(table.count).label("count")).where(
                table.workspace_id == workspace_id,
                *([col(table.day) >= first] if first is not None else []),
                *([col(table.day) <= last] if last is not None else []),
            )
            for table in (ChannelParticipation, DirectParticipation)
        )
    ).subquery()
    rows = await session.execute(
        select(parts.c.day, parts.c.kind, func.sum(parts.c.count))
        .group_by(parts.c.day, parts.c.kind)
        .order_by(parts.c.day, parts.c.kind)
    )
    return [DaySum(day, Kind(kind), int(count)) for day, kind, count in rows]
