"""When people of a simulated organisation really work, worked out anew: nothing here asks the calendars under test.

Plain and slow on purpose. Public holidays come straight from the library.
"""

from datetime import date, datetime, timedelta
from functools import cache

import holidays

from nudges.simulation.people import DAY, Person

MIDNIGHT = 24 * 60


def local_day(person: Person, moment: datetime) -> date:
    """Return the day that it is for somebody."""
    return moment.astimezone(person.zone).date()


def local_minute(person: Person, moment: datetime) -> int:
    """Return the minute of the day that it is for somebody."""
    local = moment.astimezone(person.zone)
    return local.hour * 60 + local.minute


def is_holiday(person: Person, day: date) -> bool:
    """Whether a day is a public holiday where somebody is, by law or kept as one by everybody."""
    return day in _holidays(person.place.country, person.place.region, day.year)


@cache
def _holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    found = holidays.country_holidays(country, subdiv=region, years=year)
    if holidays.DE_FACTO in found.supported_categories:
        found += holidays.country_holidays(country, subdiv=region, years=year, categories=(holidays.DE_FACTO,))
    return frozenset(found)


def is_on_leave(person: Person, day: date) -> bool:
    """Whether somebody is on leave on a day."""
    return any(first <= day <= last for first, last in person.away)


def is_paused(person: Person, moment: datetime) -> bool:
    """Whether somebody had paused at a moment."""
    day = local_day(person, moment)
    return any(at < moment and day < until for at, until in person.pauses)


def is_at_work(person: Person, moment: datetime) -> bool:
    """Whether somebody is at work: within their hours on a working day, not on a holiday and not on leave.

    Who works past midnight works on the next day's small hours, but not into a holiday or a leave.
    """
    day, minute = local_day(person, moment), local_minute(person, moment)
    if is_holiday(person, day) or is_on_leave(person, day):
        return False
    if person.work_start < person.work_end:
        return day.isoweekday() in person.weekdays and person.work_start <= minute < person.work_end
    if minute >= person.work_start:
        return day.isoweekday() in person.weekdays
    before = day - DAY
    was_free = is_holiday(person, before) or is_on_leave(person, before)
    return before.isoweekday() in person.weekdays and not was_free and minute < person.work_end


def counts_as_working_day(person: Person, day: date, quiet_weeks: frozenset[int]) -> bool:
    """Whether silence on a day would say anything about somebody."""
    return (
        day.isoweekday() in person.weekdays
        and not is_holiday(person, day)
        and not is_on_leave(person, day)
        and day.isocalendar().week not in quiet_weeks
        and not any(local_day(person, at) <= day < until for at, until in person.pauses)
    )


def working_days(person: Person, after: date, through: date, quiet_weeks: frozenset[int]) -> int:
    """Return how many such days lie between two days, the first not counted and the last counted."""
    days = (through - after).days
    return sum(
        counts_as_working_day(person, after + timedelta(days=offset), quiet_weeks) for offset in range(1, days + 1)
    )


def starts_work_at(person: Person) -> int:
    """Return a minute of the day, early in somebody's hours."""
    length = (person.work_end - person.work_start) % MIDNIGHT
    return (person.work_start + length // 8) % MIDNIGHT
