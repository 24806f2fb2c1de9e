"""Counts by member, summed to months without the member and deleted when they are old; a little at a time.

Called by a job (bot/privacy/keeping.py). Its own figures stand in `counts_swept`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import col

from storage.database import Session
from storage.tables import CountedDay, CountsSwept, Member, MonthlyParticipation, Participation

# Members whose counts are looked at in one transaction.
MEMBERS_AT_ONCE = 200

_KEY = ("whose", "on_day", "of_kind")


@dataclass(frozen=True, slots=True)
class Swept:
    """What one transaction came to: rows summed up, and the member to go on after (None: all have been dealt with)."""

    rows: int
    cursor: int | None


async def sum_up_old_counts(
    session: Session, workspace_id: int, *, kept_from: date, imported_since: datetime, after: int, at_once: int
) -> Swept:
    """Sum up and delete counts from before the day `kept_from`, of the next members after row id `after`.

    No more than `at_once` rows of them. Days that were imported since `imported_since` are left: they age from the day
    of import.
    """
    found = await session.execute(
        select(col(Member.id))
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) > after)
        .order_by(col(Member.id))
        .limit(MEMBERS_AT_ONCE)
    )
    page = [member_id for member_id in found.scalars() if member_id is not None]
    if not page:
        return Swept(0, None)
    # From each member to their old days, so that nobody's half a year is passed over.
    old = [
        col(Member.workspace_id) == workspace_id,
        col(Member.id).between(page[0], page[-1]),
        col(Participation.workspace_id) == workspace_id,
        col(Participation.member_id) == col(Member.id),
        col(Participation.day) < kept_from,
    ]
    young = await _imported(session, workspace_id, kept_from, imported_since)
    if young:
        old.append(col(Participation.day).not_in(young))
    key = (col(Participation.member_id), col(Participation.day), col(Participation.kind))
    rows = (
        await session.execute(select(*key, col(Participation.count)).where(*old).order_by(*key).limit(at_once))
    ).all()
    if rows:
        # One by one on their keys: of a list of keys SQLite would look through the whole table.
        connection = await session.connection()
        await connection.execute(
            delete(Participation).where(
                col(Participation.workspace_id) == workspace_id,
                *(column == bindparam(name) for column, name in zip(key, _KEY, strict=True)),
            ),
            [dict(zip(_KEY, row[:3], strict=True)) for row in rows],
        )
        sums: Counter[tuple[date, int]] = Counter()
        for _, day, kind, count in rows:
            sums[day.replace(day=1), kind] += count
        await _add(session, workspace_id, sums)
    if len(rows) == at_once:
        # The last member may have more of them.
        return Swept(len(rows), rows[-1][0] - 1)
    return Swept(len(rows), page[-1] if len(page) == MEMBERS_AT_ONCE else None)


async def _imported(session: Session, workspace_id: int, before: date, since: datetime) -> Sequence[date]:
    found = await session.execute(
        select(col(CountedDay.day))
        .where(
            col(CountedDay.workspace_id) == workspace_id,
            col(CountedDay.day) < before,
            col(CountedDay.imported_at) >= since,
        )
        .distinct()
    )
    return found.scalars().all()


async def _add(session: Session, workspace_id: int, sums: Counter[tuple[date, int]]) -> None:
    for (month, kind), count in sums.items():
        this = (
            col(MonthlyParticipation.workspace_id) == workspace_id,
            col(MonthlyParticipation.month) == month,
            col(MonthlyParticipation.kind) == kind,
        )
        added = await session.execute(
            update(MonthlyParticipation)
            .where(*this)
            .values(count=MonthlyParticipation.count + count)
            .returning(col(MonthlyParticipation.count))
            .execution_options(synchronize_session=False)
        )
        if added.first() is None:
            session.add(MonthlyParticipation(workspace_id=workspace_id, month=month, kind=kind, count=count))
            await session.flush()


async def note_swept(session: Session, workspace_id: int, swept: Swept, *, kept_from: date, now: datetime) -> None:
    """Keep the figures of one transaction; when it was the last, from which day on counts are kept now."""
    figures = await counts_swept(session, workspace_id)
    if figures is None:
        figures = CountsSwept(workspace_id=workspace_id)
        session.add(figures)
    figures.batches += 1
    figures.rows += swept.rows
    if swept.cursor is None:
        figures.kept_from, figures.done_at = kept_from, now
    await session.flush()


async def counts_swept(session: Session, workspace_id: int) -> CountsSwept | None:
    """Return how the sweeping of a workspace's counts went; None where it has not begun."""
    return await session.get(CountsSwept, workspace_id)


async def oldest_count(session: Session, workspace_id: int) -> date | None:
    """Return the oldest day of which something is kept by member; None where nothing is."""
    day = Participation.__table__.c.day  # type: ignore[attr-defined]  # SQLModel adds it
    found = await session.execute(
        select(func.min(day, type_=day.type)).where(col(Participation.workspace_id) == workspace_id)
    )
    return found.scalar_one_or_none()


def kept_from_day(today: date, kept_days: int) -> date:
    """Return the first day whose counts are kept by member: with one day, today's are."""
    return today - timedelta(days=kept_days - 1)
