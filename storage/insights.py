"""Insights: whole weeks are summed up once, by the membership frozen for their quarter, and read from then on.

The floor of 5 is part of the queries that sum up (storage/floor.py): what a smaller group did never leaves the
database. Since no week is summed up a second time, with other people in it, no two views of a week can be compared,
whoever joins, leaves, is erased or does not want to be counted any more in between.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Integer, Subquery, and_, case, exists, func, insert, literal, literal_column, or_
from sqlmodel import col, delete, select
from sqlmodel.sql.expression import Select

from storage.database import Session
from storage.floor import FLOOR, WEEK, about, after_quarter, groups_to_show, parts_of, quarter_of, roughly
from storage.people import here
from storage.tables import (
    EVERYBODY,
    FrozenMembership,
    FrozenQuarter,
    LastSign,
    Member,
    MemberState,
    Participation,
    SummedWeek,
    WeekFigure,
)
from storage.tables.base import Day

# How evenly participation is spread is told of so many weeks together, of one quarter.
SPREAD_WEEKS = 4
PERCENT = 100


async def freeze_quarter(session: Session, workspace_id: int, quarter: date, now: datetime) -> None:
    """Write down who belongs to which home team in a quarter, unless it has been written down.

    Until somebody has a home team it is written down anew: people are often known before their teams are. Of a
    quarter that is over, whoever is known to have been there by then, and did not leave before it began.
    """
    frozen = await session.get(FrozenQuarter, (workspace_id, quarter))
    if frozen is not None and frozen.has_teams:
        return
    belonged = [col(Member.workspace_id) == workspace_id, *_belonged(workspace_id, quarter, now.date())]
    in_a_team = select(col(Member.id)).where(*belonged, col(Member.home_team_id).is_not(None)).limit(1)
    has_teams = (await session.execute(in_a_team)).first() is not None
    if frozen is not None:
        if not has_teams:
            return
        await session.delete(frozen)
        await _thaw(session, workspace_id, quarter)
        await session.flush()
    session.add(FrozenQuarter(workspace_id=workspace_id, quarter=quarter, frozen_at=now, has_teams=has_teams))
    await session.flush()
    there = select(literal(workspace_id), literal(quarter, Day()), col(Member.id), col(Member.home_team_id)).where(
        *belonged
    )
    await session.execute(
        insert(FrozenMembership).from_select(["workspace_id", "quarter", "member_id", "home_team_id"], there)
    )


async def sum_up_week(session: Session, workspace_id: int, week: date) -> None:
    """Sum up a week that is over, for everybody and for each home team that may be shown beside them.

    Its quarter has been frozen. A week is summed up once; whoever is not counted counts as a member who gave no sign,
    so that nobody can tell, and not towards the floor.
    """
    if await session.get(SummedWeek, (workspace_id, week)) is not None:
        return
    session.add(SummedWeek(workspace_id=workspace_id, week=week))
    sizes = await _sizes(session, workspace_id, quarter_of(week))
    if sum(sizes.values()) >= FLOOR:
        shown = groups_to_show(
            {team_id: size for team_id, size in sizes.items() if team_id != EVERYBODY}, sizes.get(EVERYBODY, 0)
        )
        spread = await _spread(session, workspace_id, week)
        for team_id, members, active in await _active(session, workspace_id, week, shown):
            rough = about(active, members)
            session.add(
                WeekFigure(
                    workspace_id=workspace_id,
                    week=week,
                    team_id=team_id,
                    members=members,
                    active=rough.share,
                    bound=rough.bound,
                    spread=spread if team_id == EVERYBODY else [],
                )
            )
    await session.flush()


async def forget_membership(session: Session, workspace_id: int, before: date) -> None:
    """Forget who belonged where in the quarters that begin before a day; all their weeks have been summed up."""
    await session.execute(
        delete(FrozenMembership).where(
            col(FrozenMembership.workspace_id) == workspace_id, col(FrozenMembership.quarter) < before
        )
    )


async def summed_weeks(session: Session, workspace_id: int) -> frozenset[date]:
    """Return the Mondays of the weeks that have been summed up."""
    found = await session.execute(select(col(SummedWeek.week)).where(SummedWeek.workspace_id == workspace_id))
    return frozenset(found.scalars())


@dataclass(frozen=True, slots=True)
class GroupWeek:
    """One group in one whole week; as WeekFigure has it."""

    week: date
    team_id: int
    members: int
    active: int
    bound: str
    spread: tuple[int, ...]


async def week_figures(
    session: Session, workspace_id: int, *, since: date, team_id: int | None = None
) -> Sequence[GroupWeek]:
    """Return what was summed up of the weeks since a Monday, in order; of one group, or of all."""
    rows = await session.execute(
        select(WeekFigure)
        .where(
            WeekFigure.workspace_id == workspace_id,
            col(WeekFigure.week) >= since,
            *([] if team_id is None else [WeekFigure.team_id == team_id]),
        )
        .order_by(col(WeekFigure.week), col(WeekFigure.team_id))
    )
    return [
        GroupWeek(row.week, row.team_id, row.members, row.active, row.bound, tuple(row.spread))
        for row in rows.scalars()
    ]


async def own_weeks(
    session: Session, workspace_id: int, member_id: int, *, first: date, last: date
) -> Mapping[date, int]:
    """Return how many signs a member gave on each day between two days, both included; for themselves alone."""
    rows = await session.execute(
        select(col(Participation.day), func.sum(Participation.count))
        .where(
            Participation.workspace_id == workspace_id,
            Participation.member_id == member_id,
            col(Participation.day) >= first,
            col(Participation.day) <= last,
        )
        .group_by(col(Participation.day))
    )
    return {day: int(count) for day, count in rows}


def _belonged(workspace_id: int, quarter: date, today: date) -> list[ColumnElement[bool]]:
    """Return the conditions of having been there in a quarter.

    Of whom only the organisation's list tells, nothing can be seen: they would hide nobody among them.
    """
    end = min(after_quarter(quarter) - timedelta(days=1), today)
    joined = or_(col(Member.joined_on).is_(None), col(Member.joined_on) <= end)
    if after_quarter(quarter) > today:
        return [*here(), joined]
    gave_a_sign = exists().where(
        col(LastSign.workspace_id) == workspace_id,
        col(LastSign.member_id) == col(Member.id),
        col(LastSign.first_day) <= end,
        col(LastSign.last_day) >= quarter,
    )
    stayed = or_(
        col(Member.state) != MemberState.LEFT,
        col(Member.left_on) > quarter,
        and_(col(Member.left_on).is_(None), gave_a_sign),
    )
    return [col(Member.is_bot).is_(False), col(Member.state) != MemberState.LISTED, joined, stayed]


async def _thaw(session: Session, workspace_id: int, quarter: date) -> None:
    await session.execute(
        delete(FrozenMembership).where(
            col(FrozenMembership.workspace_id) == workspace_id, col(FrozenMembership.quarter) == quarter
        )
    )


def _of_quarter(workspace_id: int, quarter: date) -> list[ColumnElement[bool]]:
    return [col(FrozenMembership.workspace_id) == workspace_id, col(FrozenMembership.quarter) == quarter]


# Written out and not bound: PostgreSQL has to see that it groups by what it selects.
_NO_TEAM: ColumnElement[int] = literal_column(str(EVERYBODY), Integer)
_TEAM: ColumnElement[int] = func.coalesce(FrozenMembership.home_team_id, _NO_TEAM)
_COUNTED: ColumnElement[int] = func.sum(case((col(Member.not_counted).is_(True), 0), else_=1))


async def _sizes(session: Session, workspace_id: int, quarter: date) -> dict[int, int]:
    """Return how many counted people each home team has; EVERYBODY here holds those in none."""
    rows = await session.execute(
        select(_TEAM, _COUNTED)
        .join(Member, col(Member.id) == col(FrozenMembership.member_id))
        .where(*_of_quarter(workspace_id, quarter))
        .group_by(_TEAM)
    )
    return {int(team_id): int(size) for team_id, size in rows}


async def _active(session: Session, workspace_id: int, week: date, shown: frozenset[int]) -> list[tuple[int, int, int]]:
    """Return each group with its members and how many of them gave a sign in a week; none is under the floor."""
    gave = _signs(workspace_id, week, week + WEEK)
    quarter = quarter_of(week)

    def groups(group: Any) -> Select[Any, int, int]:
        return (
            select(group, func.count(), func.count(gave.c.member_id))
            .select_from(FrozenMembership)
            .join(Member, col(Member.id) == col(FrozenMembership.member_id))
            .outerjoin(gave, gave.c.member_id == col(FrozenMembership.member_id))
            .where(*_of_quarter(workspace_id, quarter))
            .having(_COUNTED >= FLOOR)
        )

    teams = groups(_TEAM).where(_TEAM.in_(shown)).group_by(_TEAM)
    everybody = groups(func.max(_NO_TEAM))
    return [
        (int(group), int(members), int(active))
        for query in (everybody, teams)
        for group, members, active in await session.execute(query)
    ]


async def _spread(session: Session, workspace_id: int, week: date) -> list[int]:
    """Return which shares of all signs equal parts of everybody gave in the weeks up to this one, in per cent.

    None where fewer than FLOOR people gave any.
    """
    quarter = quarter_of(week)
    first = max(quarter_first_week(quarter), week - (SPREAD_WEEKS - 1) * WEEK)
    gave = _signs(workspace_id, first, week + WEEK)
    members, active = (
        await session.execute(
            select(func.count(), func.count(gave.c.member_id))
            .select_from(FrozenMembership)
            .outerjoin(gave, gave.c.member_id == col(FrozenMembership.member_id))
            .where(*_of_quarter(workspace_id, quarter))
        )
    ).one()
    if active < FLOOR:
        return []
    signs = func.coalesce(gave.c.signs, 0)
    placed = (
        select(signs.label("signs"), func.ntile(parts_of(members)).over(order_by=signs.desc()).label("part"))
        .select_from(FrozenMembership)
        .outerjoin(gave, gave.c.member_id == col(FrozenMembership.member_id))
        .where(*_of_quarter(workspace_id, quarter))
        .subquery()
    )
    rows = await session.execute(
        select(func.sum(placed.c.signs)).group_by(placed.c.part).having(func.count() >= FLOOR).order_by(placed.c.part)
    )
    sums = [int(found) for found in rows.scalars()]
    return [roughly(round(PERCENT * part / sum(sums))) for part in sums]


def quarter_first_week(quarter: date) -> date:
    """Return the Monday of the first week that belongs to a quarter."""
    return quarter + timedelta(days=-quarter.weekday() % 7)


def _signs(workspace_id: int, first: date, before: date) -> Subquery:
    """Return how many signs each counted member gave from a day on and before another."""
    return (
        select(col(Participation.member_id).label("member_id"), func.sum(Participation.count).label("signs"))
        .where(
            Participation.workspace_id == workspace_id,
            col(Participation.day) >= first,
            col(Participation.day) < before,
        )
        .group_by(col(Participation.member_id))
        .subquery()
    )


def end_of(week: date) -> datetime:
    """Return the moment at which a week, whose days are UTC, is over."""
    return datetime.combine(week + WEEK, time(), UTC)
