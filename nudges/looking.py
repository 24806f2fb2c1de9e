"""One page of a look at everybody: who of the next members counts as quiet, and why.

Whom nothing speaks of is never read: who gave signs lately is told by two days, and who fell by columns of numbers
(nudges/falling.py). The rule of nudges/quiet.py decides of the few who are left. numpy comes with this module, so
that nudges/due.py imports it when somebody looks.
"""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Final, TypeVar

import numpy as np

from bot.calendars import Calendar, calendar_of
from bot.context import known
from bot.settings import OrganisationSettings
from nudges.falling import Compared, Given, compared, fallen, given
from nudges.quiet import (
    FELL_NEEDS,
    LOOK_BACK,
    Reason,
    Signs,
    Watched,
    came_on,
    fell,
    may_be_quiet,
    silence,
    silence_began,
)
from nudges.sieving import AsOf, sieve_of
from nudges.watching import Watching
from nudges.welcome import PATH, is_on_path
from storage.away import Days, away_days_between
from storage.columns import MOST_ROW_IDS, Counts, Spans, counts_in_columns, spans_in_columns
from storage.database import Session
from storage.glancing import Glance, Sieve, Week, glances, last_row, weeks_worked
from storage.nudging import sign_spans
from storage.tables import Workspace

# Members are looked at so many at a time that their counts are about so many numbers: some megabytes, and some
# milliseconds of work. How many numbers a member has is known from the page before.
NUMBERS_AT_ONCE: Final = 200_000
FIRST_AT_ONCE: Final = 1_000
MOST_AT_ONCE: Final = 10_000
# Where more different weeks are worked, nobody is left out for what they gave before it is known which is theirs.
MOST_WEEKS: Final = 6
# Fewer with a calendar of their own, as for a leave, are compared one by one.
FEW: Final = 4
# With fewer numbers the event loop is held up for a millisecond or two, which is no longer than a thread takes.
MANY_COUNTS: Final = 20_000

Done = TypeVar("Done")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a workspace's members: by what, on which day, whom of them at all, and who is the last.

    `weeks` is what those have in common who are compared with what is usual for them; None: too much for one list.
    """

    workspace: Workspace
    settings: OrganisationSettings
    as_of: AsOf
    watched: Watching
    sieve: Sieve
    weeks: Sequence[Compared] | None
    last: int


@dataclass(frozen=True, slots=True)
class Found:
    """One member who counts as quiet, by row id, and why."""

    member_id: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Page:
    """Who of one page of members counts as quiet, by row id.

    `last` is the row id to go on after, None when these were the last; `limit` how many to look at then.
    """

    found: Sequence[Found]
    last: int | None
    limit: int


@dataclass(frozen=True, slots=True)
class _Standing:
    """What a member has in common with others who work the same week and had the notice at the same moment."""

    calendar: Calendar
    watched: Watched
    as_of: date
    silence_began: date | None
    compared: Compared


async def look_at(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf, watched: Watching
) -> Look:
    """Begin a look at a workspace's members."""
    workspace_id = known(workspace.id)
    common = _in_common(await weeks_worked(session, workspace_id), settings, as_of, watched)
    return Look(
        workspace,
        settings,
        as_of,
        watched,
        sieve_of([(one.calendar, one.as_of) for one in common], settings, as_of, watched.first),
        common if len(common) <= MOST_WEEKS else None,
        await last_row(session, workspace_id),
    )


def _in_common(
    weeks: Sequence[Week], settings: OrganisationSettings, as_of: AsOf, watched: Watching
) -> Sequence[Compared]:
    """Return what members are compared by who have no leave, and gave their first sign after their notice."""
    looked_from = as_of.earliest - LOOK_BACK
    days = Watched(max(watched.first or looked_from, looked_from) if watched.is_import else looked_from)
    calendars = {calendar_of(week, settings) for week in weeks}
    return list({compared(calendar, days, day) for calendar in calendars if (day := as_of.of(calendar)) is not None})


async def quiet_after(session: Session, look: Look, after: int, limit: int = FIRST_AT_ONCE) -> Page:
    """Return who is quiet among the next members, so many of whom gave any sign."""
    workspace_id, settings, as_of = known(look.workspace.id), look.settings, look.as_of
    spans = await spans_in_columns(session, workspace_id, after=after, limit=limit)
    until = int(spans.member[-1]) if len(spans.member) == limit else min(look.last, after + MOST_ROW_IDS - 1)
    theirs: Given | None = None
    suspected: list[int] | None = []
    if settings.quiet_fell:
        first = as_of.earliest - LOOK_BACK
        counts = await counts_in_columns(session, workspace_id, after=after, until=until, first=first, last=as_of.until)
        theirs, suspected = await _aside(len(counts.member), lambda: _suspected(look, spans, counts, after, until))
        # About as many numbers again.
        as_many = len(spans.member) * NUMBERS_AT_ONCE // max(len(counts.member), 1)
        limit = min(max(as_many, 1), 2 * limit, MOST_AT_ONCE)
    away = await away_days_between(session, workspace_id, after=after, until=until, since=as_of.earliest - LOOK_BACK)
    page = await glances(
        session,
        workspace_id,
        look.sieve,
        after=after,
        until=until,
        limit=MOST_AT_ONCE,
        among=None if suspected is None else [*suspected, *away],
    )
    if len(page) == MOST_AT_ONCE:
        until = page[-1].member_id
    hidden = [one.member_id for one in page if as_of.until is not None and one.last and one.last > as_of.until]
    earlier = await sign_spans(session, workspace_id, hidden, until=as_of.until) if hidden else {}
    signs = {member_id: Signs(span.first, span.last) for member_id, span in earlier.items()}
    found, compare = _silent(look, page, away, signs)
    if theirs is not None and compare:
        mine = theirs
        found += await _aside(len(mine.row), lambda: _fallen(compare, spans, mine))
    return Page(sorted(found, key=lambda it: it.member_id), until if until < look.last else None, limit)


async def _aside(numbers: int, work: Callable[[], Done]) -> Done:
    """Work on so many numbers, on a thread where they are many: whoever waits for an answer is not held up."""
    return work() if numbers < MANY_COUNTS else await asyncio.to_thread(work)


def _suspected(look: Look, spans: Spans, counts: Counts, after: int, until: int) -> tuple[Given, list[int] | None]:
    """Return what the members gave, and the row ids of those who fell in any of the weeks worked (None: anybody)."""
    theirs = given(spans, counts, after, until)
    if look.weeks is None:
        return theirs, None
    fell_in_any = np.zeros(len(spans.member), np.bool_)
    for common in look.weeks:
        fell_in_any |= fallen(common, theirs)
    return theirs, spans.member[fell_in_any].tolist()


def _silent(
    look: Look, page: Sequence[Glance], away: Mapping[int, Sequence[Days]], earlier: Mapping[int, Signs]
) -> tuple[list[Found], Mapping[Compared, list[int]]]:
    """Return who counts as quiet for giving no sign, and whom to compare with what is usual for them, by row id."""
    settings, as_of, arrived = look.settings, look.as_of, look.watched.arrived

    @cache
    def standing_of(week: Week, told_at: datetime | None) -> _Standing | None:
        calendar, days = calendar_of(week, settings), look.watched.of(told_at)
        day = as_of.of(calendar)
        return None if days is None or day is None else _standing(calendar, days, day, settings)

    found: list[Found] = []
    compare: dict[Compared, list[int]] = defaultdict(list)
    for one in page:
        standing = standing_of(one.week, one.told_at)
        if standing is None:
            continue
        if one.member_id in away:
            calendar = replace(standing.calendar, away=tuple(away[one.member_id]))
            standing = _standing(calendar, standing.watched, standing.as_of, settings)
        calendar, day = standing.calendar, standing.as_of
        signs = earlier.get(one.member_id) or Signs(one.first, one.last)
        came = came_on(one, signs)
        is_newcomer = day < came + PATH and is_on_path(one, signs.first, arrived, day)
        if is_newcomer or not may_be_quiet(one, calendar, came, signs, day):
            continue
        reason = silence(one, came, signs, standing.watched, settings, day, standing.silence_began)
        if reason is not None:
            found.append(Found(one.member_id, reason))
        elif settings.quiet_fell and signs.first is not None and signs.first <= day - FELL_NEEDS:
            compare[standing.compared].append(one.member_id)
    return found, compare


def _standing(calendar: Calendar, days: Watched, day: date, settings: OrganisationSettings) -> _Standing:
    return _Standing(calendar, days, day, silence_began(calendar, days, settings, day), compared(calendar, days, day))


def _fallen(compare: Mapping[Compared, Sequence[int]], spans: Spans, theirs: Given) -> list[Found]:
    found: list[Found] = []
    few: dict[int, Compared] = {}
    for common, member_ids in compare.items():
        rows = np.searchsorted(spans.member, member_ids)
        if len(rows) < FEW:
            few.update(dict.fromkeys(rows.tolist(), common))
            continue
        fell_now = fallen(common, theirs.of(rows))
        found += [Found(member_ids[at], Reason.FELL) for at in np.flatnonzero(fell_now).tolist()]
    if few:
        # Each has a number of their own again, in this order.
        rows = np.array(list(few))
        mine = theirs.of(rows)
        by_day: list[dict[date, int]] = [defaultdict(int) for _ in few]
        for row, day, count in zip(mine.row.tolist(), mine.day.tolist(), mine.count.tolist(), strict=True):
            by_day[row][date.fromordinal(day)] += count
        for row, counted, common in zip(rows.tolist(), by_day, few.values(), strict=True):
            signs = Signs(date.fromordinal(int(spans.first[row])), None, counted)
            if fell(common.calendar, signs, common.watched, common.as_of):
                found.append(Found(int(spans.member[row]), Reason.FELL))
    return found
