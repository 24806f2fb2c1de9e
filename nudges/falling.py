"""Who of many members fell to under a quarter of their own usual level: the rule of nudges/quiet.py, for all at once.

Pure. The members share their working days and what was watched of them, so that the weeks that are compared are found
once, and what each gave in them is summed up and compared as columns of numbers. It says of everybody what the rule
says of each.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bot.calendars import MINUTES_IN_DAY, Calendar
from nudges.quiet import (
    FELL_TO,
    FEWEST_USUAL_SIGNS_A_WEEK,
    FEWEST_USUAL_WEEKS,
    LOOK_BACK,
    RECENT_WORKING_DAYS,
    Watched,
    recent_since,
    usual_weeks,
)
from storage.columns import Counts, Numbers, Spans

_DAYS_IN_WEEK: Final = 7
_ANYWHERE: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Compared:
    """What members have in common whose signs are compared with what is usual for them, looked at up to a day."""

    calendar: Calendar
    watched: Watched
    as_of: date


def compared(calendar: Calendar, watched: Watched, as_of: date) -> Compared:
    """Return what is compared of a member, without what makes no difference: hours, zone, what lies long ago."""
    looked_from = as_of - LOOK_BACK
    is_away = (calendar.leave_from or date.min) <= as_of and (calendar.leave_to or date.max) >= looked_from
    return Compared(
        replace(
            calendar,
            zone=_ANYWHERE,
            work_start=0,
            work_end=MINUTES_IN_DAY,
            leave_from=calendar.leave_from if is_away else None,
            leave_to=calendar.leave_to if is_away else None,
        ),
        watched.within(looked_from),
        as_of,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """What some members gave: by row the day of their first sign, and for each entry the row, the day and the count.

    A row that is one past the last is nobody's.
    """

    first: Numbers
    row: Numbers
    day: Numbers
    count: Numbers

    def of(self, rows: Numbers) -> "Given":
        """Return what these of them gave."""
        is_theirs = np.zeros(len(self.first) + 1, np.bool_)
        is_theirs[rows] = True
        number = np.full(len(self.first) + 1, len(rows), np.int64)
        number[rows] = np.arange(len(rows))
        entries = np.flatnonzero(is_theirs[self.row])
        return Given(self.first[rows], number[self.row[entries]], self.day[entries], self.count[entries])


def given(spans: Spans, counts: Counts, after: int, until: int) -> Given:
    """Return what the members of some spans gave, whose row ids lie after one and up to another."""
    row_of = np.full(until - after + 1, len(spans.member), np.int64)
    row_of[spans.member - after] = np.arange(len(spans.member))
    return Given(spans.first, row_of[counts.member - after], counts.day, counts.count)


def fallen(common: Compared, given: Given) -> NDArray[np.bool_]:
    """Return for each member whether they fell."""
    calendar, watched, as_of = common.calendar, common.watched, common.as_of
    looked_from = max(watched.since, as_of - LOOK_BACK)
    began = recent_since(calendar, watched, looked_from, as_of)
    weeks = [] if began is None else usual_weeks(calendar, watched, looked_from, began)
    if began is None or len(weeks) < FEWEST_USUAL_WEEKS:
        return np.zeros(len(given.first), np.bool_)
    earliest = np.maximum(given.first, looked_from.toordinal())
    # Whole weeks after their first sign: as many of the weeks, from the latest on, as begin on that Monday or later.
    monday = earliest - 1 - (earliest - 2) % _DAYS_IN_WEEK + _DAYS_IN_WEEK
    mondays = np.array([day.toordinal() for day, _ in weeks])
    behind = len(weeks) - np.searchsorted(mondays[::-1], monday)
    sums = _sums(given, mondays, began.toordinal(), as_of.toordinal())
    recent = sums[:, len(weeks)] / RECENT_WORKING_DAYS
    rates = sums[:, : len(weeks)] / np.array([working for _, working in weeks])
    rates[np.arange(len(weeks)) >= behind[:, None]] = np.inf
    rates.sort(axis=1)
    everyone, half = np.arange(len(rates)), behind // 2
    usual = (rates[everyone, np.maximum(behind - 1, 0) // 2] + rates[everyone, half]) / 2
    fell: NDArray[np.bool_] = (
        (behind >= FEWEST_USUAL_WEEKS)
        & (earliest <= began.toordinal())
        & (usual * len(calendar.weekdays) >= FEWEST_USUAL_SIGNS_A_WEEK)
        & (recent < usual * FELL_TO)
    )
    return fell


def _sums(given: Given, mondays: Numbers, began: int, as_of: int) -> NDArray[np.float64]:
    """Return for each member what they gave in each of the weeks, and last what they gave lately."""
    weeks = len(mondays)
    begins = int(mondays[-1])
    # By day, from the one before the first week to the one after the last that is looked at: which sum it belongs to.
    place = np.full(as_of - begins + 3, weeks + 1, np.int64)
    for week, monday in enumerate(mondays):
        place[monday - begins + 1 : monday - begins + 1 + _DAYS_IN_WEEK] = week
    place[began - begins + 1 : as_of - begins + 2] = weeks
    day = np.clip(given.day - (begins - 1), 0, len(place) - 1)
    summed_up = np.bincount(
        given.row * (weeks + 2) + place[day], weights=given.count, minlength=(len(given.first) + 1) * (weeks + 2)
    )
    return np.asarray(summed_up, np.float64).reshape(-1, weeks + 2)[: len(given.first)]
