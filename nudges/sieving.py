"""On which day members are looked at, and which of them need a look for their own row's sake. Pure.

What comes of it is asked of the database a page of members at a time (nudges/looking.py).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from bot.calendars import DAY, Calendar
from bot.settings import OrganisationSettings
from nudges.quiet import LOOK_BACK, Watched, silence_began
from storage.glancing import Sieve


@dataclass(frozen=True, slots=True)
class AsOf:
    """Up to which day members are looked at.

    `of` gives the last day that is looked at of a member, whole, in their own zone; None: they are not looked at. It
    is none before `earliest` or after `latest`. With `until`, no sign after that day is looked at. Without it all are,
    and a sign after the day looked at stops everything.
    """

    of: Callable[[Calendar], date | None]
    earliest: date
    latest: date
    until: date | None = None


def the_day_before(now: datetime) -> AsOf:
    """Look at each member up to their last whole day."""
    # A day is over first in the Line Islands (UTC+14), and last at UTC-12.
    return AsOf(lambda calendar: calendar.local_day(now) - DAY, now.date() - 2 * DAY, now.date())


def through(day: date) -> AsOf:
    """Look at everybody up to and with the same day, as if it were the next."""
    return AsOf(lambda _: day, day, day, until=day)


def sieve_of(
    weeks: Iterable[tuple[Calendar, date]], settings: OrganisationSettings, as_of: AsOf, first: date | None
) -> Sieve:
    """Return who need a look whatever they gave: the silent, and whose calendar or watched days are their own.

    `weeks` are all that are worked, without leave, each with the day up to which it is looked at. `first` is the day of
    the first sign of all: silence that began before it is nobody's who ever gave one.
    """
    looked_from = as_of.earliest - LOOK_BACK
    # Of whoever was away, or was watched later, it began no later.
    days = Watched(first or as_of.earliest)
    began = [day for week, until in weeks if (day := silence_began(week, days, settings, until)) is not None]
    return Sieve(
        silent_since=max(began, default=date.min + DAY) - DAY,
        until=as_of.until,
        away_since=looked_from,
        away_until=as_of.latest,
        told_after=datetime.combine(looked_from, time(), UTC),
        may_have_fallen=settings.quiet_fell,
    )
