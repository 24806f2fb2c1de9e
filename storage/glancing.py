"""Who may be quiet, found among all members by one query: the few whose rows do not rule it out.

The rule itself is nudges/quiet.py's. What is asked for here never leaves out anybody whom it would call quiet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, case, func, literal, literal_column, or_, type_coerce
from sqlmodel import col, exists, select

from storage.database import Session
from storage.people import here
from storage.tables import Away, LastSign, Member, Participation


@dataclass(frozen=True, slots=True)
class Glance:
    """What the rule asks of a member, but for their counts: signs (None: none yet), when they work, what they said."""

    member_id: int
    first: date | None
    last: date | None
    zone: str | None
    working_days: str | None
    work_start: int | None
    work_end: int | None
    country: str | None
    region: str | None
    leave_from: date | None
    leave_to: date | None
    told_at: datetime | None
    state: str
    is_bot: bool
    not_counted: bool
    joined_on: date | None
    created_at: datetime
    paused_until: date | None
    reading_along_until: date | None


@dataclass(frozen=True, slots=True)
class Fallen:
    """Which sums do not rule out that a member fell.

    `recent` is what they gave from `split` to `last`, `before` what they gave from `first` on before it. They may have
    fallen when `before` times `ratio` is more than `recent` times their bar, and `before` times `weekdays` is at least
    their bar times `a_week`. `bars` are (day, bar) by day: the bar of whoever gave their first sign up to and with that
    day; nobody whose first sign came later has fallen.
    """

    first: date
    split: date
    last: date
    ratio: int
    weekdays: int
    a_week: int
    bars: Sequence[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Sieve:
    """Whom to look at: with no sign after `silent_since`, or one after `until` (which is not to be seen), days away
    that end on `away_since` or later, or with sums that speak of a fall.

    `told_after`: whoever had the notice later is looked at in any case. `fallen` None: everybody is, if `fell` counts.
    """

    silent_since: date
    until: date | None
    away_since: date
    told_after: datetime | None
    fell: bool
    fallen: Fallen | None


_COLUMNS: Final = (
    Member.id,
    LastSign.first_day,
    LastSign.last_day,
    Member.zone,
    Member.working_days,
    Member.work_start,
    Member.work_end,
    Member.country,
    Member.region,
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


@dataclass(frozen=True, slots=True)
class Week:
    """When some members work, as far as it says which days are working days; their other settings are their own."""

    zone: str | None
    working_days: str | None
    work_start: int | None
    work_end: int | None
    country: str | None
    region: str | None
    leave_from: date | None = None
    leave_to: date | None = None


async def weeks_worked(session: Session, workspace_id: int) -> Sequence[Week]:
    """Return every week that is worked by any member, in the country and region where it is."""
    found = await session.execute(
        select(Member.working_days, Member.country, Member.region).where(Member.workspace_id == workspace_id).distinct()
    )
    return [Week(None, days, None, None, country, region) for days, country, region in found]


async def glances(session: Session, workspace_id: int, sieve: Sieve, *, after: int, limit: int) -> Sequence[Glance]:
    """Return the next members who may be quiet, by row id: present, counted, and not saying no to nudges for good."""
    found = await session.execute(
        select(*_COLUMNS)  # type: ignore[call-overload]  # SQLModel's own select names at most four columns
        .outerjoin(
            LastSign,
            and_(col(LastSign.workspace_id) == workspace_id, col(LastSign.member_id) == col(Member.id)),
        )
        .where(
            Member.workspace_id == workspace_id,
            col(Member.id) > after,
            *here(),
            col(Member.not_counted).is_(False),
            col(Member.nudges_off).is_(False),
            or_(*_caught(workspace_id, sieve)),
        )
        .order_by(col(Member.id))
        .limit(limit)
    )
    return [Glance(*row) for row in found]


def _caught(workspace_id: int, sieve: Sieve) -> list[ColumnElement[bool]]:
    last = col(LastSign.last_day)
    ways: list[ColumnElement[bool]] = [last.is_(None), last <= sieve.silent_since]
    if sieve.until is not None:
        ways.append(last > sieve.until)
    if not sieve.fell:
        return ways
    if sieve.told_after is not None:
        ways.append(col(Member.told_at) > sieve.told_after)
    ways += [
        col(Member.leave_from).is_not(None),
        col(Member.leave_to).is_not(None),
        exists(
            select(Away.member_id).where(
                col(Away.workspace_id) == workspace_id,
                col(Away.member_id) == col(Member.id),
                col(Away.last_day) >= sieve.away_since,
            )
        ),
        literal(value=True) if sieve.fallen is None else _fell(workspace_id, sieve.fallen),
    ]
    return ways


def _fell(workspace_id: int, fallen: Fallen) -> ColumnElement[bool]:
    if not fallen.bars:
        return literal(value=False)
    first_day, count = col(LastSign.first_day), col(Participation.count)
    bar: Any = case(*((first_day <= day, _number(bar)) for day, bar in fallen.bars), else_=_number(0))
    # Written out: what is said twice with a parameter in it would be added up twice.
    is_recent = type_coerce(col(Participation.day), Integer) >= _number(fallen.split.toordinal())
    nothing = _number(0)
    recent, before = (
        func.sum(case((is_recent, count), else_=nothing)),
        func.sum(case((is_recent, nothing), else_=count)),
    )
    sums = (
        select(col(Participation.member_id))
        .where(
            col(Participation.workspace_id) == workspace_id,
            col(Participation.member_id) == col(Member.id),
            col(Participation.day) >= fallen.first,
            col(Participation.day) <= fallen.last,
        )
        .correlate(Member, LastSign)
        .group_by(col(Participation.member_id))
        .having(
            and_(
                before * _number(fallen.ratio) > recent * bar,
                before * _number(fallen.weekdays) >= _number(fallen.a_week) * bar,
            )
        )
    )
    return and_(first_day <= fallen.bars[-1][0], exists(sums))


def _number(number: int) -> ColumnElement[int]:
    return literal_column(str(number), Integer)
