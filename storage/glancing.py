"""Who may be quiet, found among a page of members by one query: those whose rows do not rule it out.

The rule itself is nudges/quiet.py's. What is asked for here leaves out nobody whom it would call quiet for giving no
sign; who may have fallen is told by what they gave by day (storage/columns.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, func, or_, type_coerce
from sqlalchemy import select as select_columns
from sqlmodel import col, select

from storage.database import Session
from storage.dialect import as_kept, moment_of, ordinal_of
from storage.people import here
from storage.tables import LastSign, Member


class Week(NamedTuple):
    """When some members work, and where."""

    zone: str | None
    working_days: str | None
    work_start: int | None
    work_end: int | None
    country: str | None
    region: str | None
    leave_from: date | None = None
    leave_to: date | None = None


class Glance(NamedTuple):
    """What the rule asks of a member, but for their counts: signs (None: none yet), when they work, what they said."""

    member_id: int
    first: date | None
    last: date | None
    week: Week
    told_at: datetime | None
    state: str
    is_bot: bool
    not_counted: bool
    joined_on: date | None
    created_at: datetime
    paused_until: date | None
    reading_along_until: date | None


@dataclass(frozen=True, slots=True)
class Sieve:
    """Whom to look at, whatever they gave before: with no sign after `silent_since`, or one after `until` (which is not
    to be seen), or none at all.

    With `may_have_fallen`, also those with leave between `away_since` and `away_until`, and those who had their notice
    after `told_after` and gave signs before it. What the others gave by day is looked at elsewhere.
    """

    silent_since: date
    until: date | None
    away_since: date
    away_until: date
    told_after: datetime
    may_have_fallen: bool


_WEEK: Final = (
    Member.zone,
    Member.working_days,
    Member.work_start,
    Member.work_end,
    Member.country,
    Member.region,
)
# As they are kept: of most members, little of it is looked at.
_READ: Final = [
    as_kept(column)
    for column in (
        Member.id,
        LastSign.first_day,
        LastSign.last_day,
        *_WEEK,
        Member.leave_from,
        Member.leave_to,
        Member.told_at,
        Member.state,
        Member.is_bot,
        Member.not_counted,
        Member.joined_on,
        Member.created_at,
        Member.paused_until,
        Member.reading_along_until,
    )
]


async def weeks_worked(session: Session, workspace_id: int) -> Sequence[Week]:
    """Return every week that is worked by any member, in the zone, country and region where it is; no leave."""
    found = await session.execute(
        select(*_WEEK)  # type: ignore[call-overload]  # SQLModel's own select names at most four columns
        .where(Member.workspace_id == workspace_id)
        .distinct()
    )
    return [Week(*week) for week in found]


async def last_row(session: Session, workspace_id: int) -> int:
    """Return the row id of the member who was added last; 0 where there is nobody."""
    found = await session.execute(select(func.max(Member.id)).where(Member.workspace_id == workspace_id))
    return found.scalar_one() or 0


async def glances(
    session: Session,
    workspace_id: int,
    sieve: Sieve,
    *,
    after: int,
    until: int,
    limit: int,
    among: Sequence[int] | None = None,
) -> Sequence[Glance]:
    """Return the next members who may be quiet, by row id: present, counted, and not saying no to nudges for good.

    They come after one row id, up to and with another; those `among` them are looked at in any case (None: all).
    """
    found = await session.execute(
        select_columns(*_READ)
        .outerjoin(
            LastSign,
            and_(col(LastSign.workspace_id) == workspace_id, col(LastSign.member_id) == col(Member.id)),
        )
        .where(
            col(Member.workspace_id) == workspace_id,
            col(Member.id) > after,
            col(Member.id) <= until,
            *here(),
            col(Member.not_counted).is_(False),
            col(Member.nudges_off).is_(False),
            *([] if among is None else [or_(*_caught(sieve), col(Member.id).in_(among))]),
        )
        .order_by(col(Member.id))
        .limit(limit)
    )
    return [_glance(*row) for row in found]


# Most members share theirs with many.
_week: Final = lru_cache(maxsize=1024)(Week)


def _glance(
    member_id: int,
    first: int | None,
    last: int | None,
    zone: str | None,
    working_days: str | None,
    work_start: int | None,
    work_end: int | None,
    country: str | None,
    region: str | None,
    leave_from: int | None,
    leave_to: int | None,
    told_at: Any,
    state: str,
    is_bot: int,
    not_counted: int,
    joined_on: int | None,
    created_at: Any,
    paused_until: int | None,
    reading_along_until: int | None,
) -> Glance:
    return Glance(
        member_id,
        date.fromordinal(first) if first else None,
        date.fromordinal(last) if last else None,
        _week(
            zone,
            working_days,
            work_start,
            work_end,
            country,
            region,
            date.fromordinal(leave_from) if leave_from else None,
            date.fromordinal(leave_to) if leave_to else None,
        ),
        None if told_at is None else moment_of(told_at),
        state,
        bool(is_bot),
        bool(not_counted),
        date.fromordinal(joined_on) if joined_on else None,
        moment_of(created_at),
        date.fromordinal(paused_until) if paused_until else None,
        date.fromordinal(reading_along_until) if reading_along_until else None,
    )


def _caught(sieve: Sieve) -> list[ColumnElement[bool]]:
    last = col(LastSign.last_day)
    ways: list[ColumnElement[bool]] = [last.is_(None), last <= sieve.silent_since]
    if sieve.until is not None:
        ways.append(last > sieve.until)
    if sieve.may_have_fallen:
        begins, ends = col(Member.leave_from), col(Member.leave_to)
        ways += [
            and_(
                col(Member.told_at) > sieve.told_after,
                type_coerce(col(LastSign.first_day), Integer) < ordinal_of(Member.told_at),
            ),
            and_(
                or_(begins.is_not(None), ends.is_not(None)),
                or_(begins.is_(None), begins <= sieve.away_until),
                or_(ends.is_(None), ends >= sieve.away_since),
            ),
        ]
    return ways
