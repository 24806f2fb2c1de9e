"""When a member works, or the organisation: working days and hours in a zone. Pure; everything that waits asks here.

What a member has not set is the organisation's default. A zone, country or region that nobody knows falls back the
same way: a calendar never stops a round.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from bot import clock
from bot.settings import OrganisationSettings
from bot.texts import text

DAY = timedelta(days=1)
MINUTES_IN_DAY = 24 * 60
# By ISO number, from 1.
WEEKDAYS = {
    1: text("Monday"),
    2: text("Tuesday"),
    3: text("Wednesday"),
    4: text("Thursday"),
    5: text("Friday"),
    6: text("Saturday"),
    7: text("Sunday"),
}


@dataclass(frozen=True, slots=True)
class Calendar:
    """When one member works. `weekdays` are ISO numbers; `work_start` and `work_end` minutes after midnight.

    Hours that end before they begin go past midnight and belong to the day on which they begin. Leave includes both
    its days; an end that is not set is open.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    work_start: int
    work_end: int
    country: str
    region: str | None = None
    quiet_weeks: frozenset[int] = frozenset()
    leave_from: date | None = None
    leave_to: date | None = None
    # Other days on which the member was away, first and last; they say nothing about them, and nothing else.
    away: tuple[tuple[date, date], ...] = ()

    def is_on_leave(self, day: date) -> bool:
        """Whether the member is on leave that day."""
        if self.leave_from is None and self.leave_to is None:
            return False
        return (self.leave_from or date.min) <= day <= (self.leave_to or date.max)

    def is_public_holiday(self, day: date) -> bool:
        """Whether the day is a public holiday where the member is."""
        return day in public_holidays(self.country, self.region, day.year)

    def works_on(self, day: date) -> bool:
        """Whether it is a working day: no leave or days away, no public holiday, none of the quiet weeks."""
        return day in _working_days(self.weekdays, self.country, self.region, self.quiet_weeks, day.year) and not (
            self.is_on_leave(day) or any(first <= day <= last for first, last in self.away)
        )

    def working_days(self, after: date, through: date) -> int:
        """Return how many working days lie between two days, the first not counted and the last counted."""
        return sum(1 for _ in self.working_days_back(through, after))

    def working_days_back(self, through: date, after: date) -> Iterator[date]:
        """Go through the working days from `through` back to, and without, `after`."""
        day = through
        while day > after:
            if self.works_on(day):
                yield day
            day -= DAY

    def whole_working_days(self, since: datetime, until: datetime) -> int:
        """Return how many working days have gone by wholly between two moments.

        The first is over at the time of day of `since` on the next working day.
        """
        first, last = since.astimezone(self.zone), until.astimezone(self.zone)
        begun = self.working_days(first.date(), last.date())
        # The last of them is not over before the time of day has come round again.
        is_under_way = self.works_on(last.date()) and last.time() < first.time()
        return max(0, begun - 1 if is_under_way else begun)

    def local_day(self, moment: datetime) -> date:
        """Return the day that it is for the member at that moment."""
        return moment.astimezone(self.zone).date()

    def is_working_at(self, moment: datetime) -> bool:
        """Whether a moment is within the member's hours on a working day, and not on a public holiday or on leave."""
        local = moment.astimezone(self.zone)
        day, minute = local.date(), local.hour * 60 + local.minute
        if self.work_start < self.work_end:
            return self.work_start <= minute < self.work_end and self.works_on(day)
        if minute >= self.work_start:
            return self.works_on(day)
        # After midnight the hours are yesterday's, but a holiday or a leave that has begun has begun.
        has_begun = self.is_public_holiday(day) or self.is_on_leave(day)
        return minute < self.work_end and self.works_on(day - DAY) and not has_begun

    def slot(self, week: date, weekday: int, minute: int, now: datetime) -> datetime | None:
        """Return the next moment, not before `now`, at which something unasked-for may reach the member.

        It is at `minute` of the first working day from `weekday` on in the ISO week that begins on `week`; where
        that minute is outside their hours, when these begin. None when no such moment is left in that week.
        """
        return self.slot_between(week + timedelta(days=weekday - 1), week + timedelta(days=6), minute, now)

    def slot_between(self, first: date, last: date, minute: int, now: datetime) -> datetime | None:
        """Return the next such moment on one of the days from `first` to `last`, both included; None: none is left."""
        local_minute = minute if self._is_within_hours(minute) else self.work_start
        day = first
        while day <= last:
            moment = to_utc(day, local_minute, self.zone)
            if moment >= now and self.is_working_at(moment):
                return moment
            day += DAY
        return None

    def _is_within_hours(self, minute: int) -> bool:
        # Only the hours of the day itself: what comes after midnight is another day.
        end = self.work_end if self.work_start < self.work_end else MINUTES_IN_DAY
        return self.work_start <= minute < end


class Works(Protocol):
    """What a member has set of when they work; None: the organisation's default."""

    @property
    def zone(self) -> str | None: ...  # noqa: D102 - as the row's own column
    @property
    def working_days(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def work_start(self) -> int | None: ...  # noqa: D102 - as above
    @property
    def work_end(self) -> int | None: ...  # noqa: D102 - as above
    @property
    def country(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def region(self) -> str | None: ...  # noqa: D102 - as above
    @property
    def leave_from(self) -> date | None: ...  # noqa: D102 - as above
    @property
    def leave_to(self) -> date | None: ...  # noqa: D102 - as above


def calendar_of(member: Works, settings: OrganisationSettings) -> Calendar:
    """Return a member's calendar, with the organisation's defaults for what they have not set.

    A member who names a country and no region is not given the region of another country.
    """
    return Calendar(
        zone=_zone(member.zone, settings.zone),
        weekdays=frozenset(int(day) for day in member.working_days or settings.working_days),
        work_start=settings.work_start if member.work_start is None else member.work_start,
        work_end=settings.work_end if member.work_end is None else member.work_end,
        country=member.country or settings.country,
        region=member.region if member.country else member.region or settings.region,
        quiet_weeks=frozenset(settings.quiet_weeks),
        leave_from=member.leave_from,
        leave_to=member.leave_to,
    )


def calendar_of_organisation(settings: OrganisationSettings) -> Calendar:
    """Return the organisation's own calendar, for what waits on several people at once.

    Its quiet weeks are about who is called quiet, and are working days like others here.
    """
    return Calendar(
        zone=ZoneInfo(settings.zone),
        weekdays=frozenset(int(day) for day in settings.working_days),
        work_start=settings.work_start,
        work_end=settings.work_end,
        country=settings.country,
        region=settings.region,
    )


def to_utc(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return a local time, in minutes after midnight, as UTC."""
    return clock.to_utc(day, time(minute // 60, minute % 60), zone)


def monday_of(day: date) -> date:
    """Return the first day of the ISO week that a day is in."""
    return day - timedelta(days=day.isoweekday() - 1)


@cache
def public_holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    """Return a country's public holidays; where a region ("BY" or "DE-BY") has more, those too.

    Days that are kept as holidays by everybody without the law saying so count as well, where the library knows them:
    in Sweden the eves of midsummer, Christmas and New Year (semesterlagen treats them like Sundays). A country or
    region the library does not know has none of its own.
    """
    try:
        known = holidays.country_holidays(country, years=year)
    except NotImplementedError:
        # What the library raises for a country it does not know.
        return frozenset()
    categories = tuple(c for c in (holidays.PUBLIC, holidays.DE_FACTO) if c in known.supported_categories)
    part = (region or "").removeprefix(f"{country}-") or None
    if part not in known.subdivisions:
        part = None
    return frozenset(holidays.country_holidays(country, subdiv=part, years=year, categories=categories))


@lru_cache(maxsize=512)
def regions_of(country: str) -> tuple[str, ...] | None:
    """Return the regions of a country ("SE") whose own holidays are known; None for a country that nobody knows."""
    if not (len(country) == len("SE") and country.isascii() and country.isalpha()):
        return None
    try:
        return tuple(holidays.country_holidays(country).subdivisions)
    except NotImplementedError:
        # What the library raises for a country it does not know.
        return None


def is_zone(name: str) -> bool:
    """Whether a name is that of a time zone, such as "Europe/Stockholm"."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@cache
def _working_days(
    weekdays: frozenset[int], country: str, region: str | None, quiet_weeks: frozenset[int], year: int
) -> frozenset[date]:
    # Shared by everybody with the same week in the same place, so that a round need not work it out per member.
    free = public_holidays(country, region, year)
    first = date(year, 1, 1)
    days = (first + timedelta(days=offset) for offset in range(366))
    return frozenset(
        day
        for day in days
        if day.year == year
        and day.isoweekday() in weekdays
        and day not in free
        and day.isocalendar().week not in quiet_weeks
    )


def _zone(name: str | None, default: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or default)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(default)
