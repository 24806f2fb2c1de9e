"""How much a workspace takes part: sums by day and kind, without members; and one member's own, for them alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, union_all
from sqlmodel import col, select

from storage.database import Session
from storage.tables import ChannelParticipation, DirectParticipation, Kind, Participation


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


async def own_sums(
    session: Session, workspace_id: int, member_id: int, *, first: date, last: date
) -> Mapping[Kind, int]:
    """Return how often one member took part in each way between two UTC days, both included."""
    rows = await session.execute(
        select(col(Participation.kind), func.sum(Participation.count))
        .where(
            Participation.workspace_id == workspace_id,
            Participation.member_id == member_id,
            col(Participation.day) >= first,
            col(Participation.day) <= last,
        )
        .group_by(col(Participation.kind))
        .order_by(col(Participation.kind))
    )
    return {Kind(kind): int(count) for kind, count in rows}
