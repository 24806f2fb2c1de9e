"""Days that somebody was on leave or had paused: kept when their row moves on, since silence on them says nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, delete
from sqlmodel import col, select, update

from storage.database import Session
from storage.dialect import insert
from storage.tables import Away, Member

Days = tuple[date, date]
# Nobody looks further back than this; the days of a leave that began before are kept from here on.
_KEPT_BEFORE = timedelta(days=400)


def days_gone_by(first: date | None, last: date | None, today: date) -> Days | None:
    """Return the days of a leave that have gone by before `today`, both included; None when none have.

    An end that is not set is open, and so is a beginning.
    """
    earliest, yesterday = today - _KEPT_BEFORE, today - timedelta(days=1)
    if first is None and last is None:
        return None
    begins, ends = max(first or earliest, earliest), min(last or yesterday, yesterday)
    return (begins, ends) if begins <= ends else None


async def keep_away(session: Session, workspace_id: int, days: Mapping[int, Days]) -> None:
    """Keep days that members were away, by row id."""
    if days:
        adding = insert(Away)
        await session.execute(
            adding.on_conflict_do_update(
                index_elements=["member_id", "first_day"], set_={"last_day": adding.excluded.last_day}
            ),
            [
                {"workspace_id": workspace_id, "member_id": member_id, "first_day": first, "last_day": last}
                for member_id, (first, last) in days.items()
            ],
        )


async def end_away(session: Session, workspace_id: int, member_id: int, today: date) -> None:
    """Let the days that a member is away, and that lie ahead, end with yesterday."""
    theirs = (col(Away.workspace_id) == workspace_id, col(Away.member_id) == member_id)
    under_way = await session.execute(select(Away).where(*theirs, col(Away.last_day) >= today))
    kept = {
        row.first_day: gone
        for row in under_way.scalars().all()
        if (gone := days_gone_by(row.first_day, row.last_day, today)) is not None
    }
    await session.execute(delete(Away).where(*theirs, col(Away.last_day) >= today))
    for gone in kept.values():
        await keep_away(session, workspace_id, {member_id: gone})


async def begin_pause(session: Session, workspace_id: int, member_id: int, today: date, until: date) -> None:
    """Let a member pause from today until a day, which is not part of it."""
    await _pause(session, workspace_id, member_id, until)
    await keep_away(session, workspace_id, {member_id: (today, until - timedelta(days=1))})


async def end_pause(session: Session, workspace_id: int, member_id: int, today: date) -> None:
    """Let a member pause no longer; the days that have gone by stay days away."""
    await _pause(session, workspace_id, member_id, None)
    await end_away(session, workspace_id, member_id, today)


async def _pause(session: Session, workspace_id: int, member_id: int, until: date | None) -> None:
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(paused_until=until)
    )


async def away_days(
    session: Session, workspace_id: int, member_ids: Sequence[int], *, since: date
) -> dict[int, list[Days]]:
    """Return the days that each of the members was away, as far as they end on `since` or later."""
    return await _away(session, workspace_id, since, col(Away.member_id).in_(member_ids))


async def away_days_between(
    session: Session, workspace_id: int, *, after: int, until: int, since: date
) -> dict[int, list[Days]]:
    """Return the same of all members from after one row id up to and with another."""
    return await _away(session, workspace_id, since, col(Away.member_id) > after, col(Away.member_id) <= until)


async def _away(session: Session, workspace_id: int, since: date, *whose: ColumnElement[bool]) -> dict[int, list[Days]]:
    found = await session.execute(
        select(col(Away.member_id), col(Away.first_day), col(Away.last_day)).where(
            Away.workspace_id == workspace_id, *whose, col(Away.last_day) >= since
        )
    )
    by_member: dict[int, list[Days]] = defaultdict(list)
    for member_id, first, last in found:
        by_member[member_id].append((first, last))
    return by_member
