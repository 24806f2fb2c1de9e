"""On which day members are looked at, and which of them need a look for their own row's sake. Pure.

What comes of it is asked of the database a page of members at a time (nudges/looking.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from bot.calendars import DAY, Calendar
from bot.settings import OrganisationSettings
from nudges.quiet import LOOK_BACK
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


def sieve_of(settings: OrganisationSettings, as_of: AsOf) -> Sieve:
    """Return who need a look whatever they gave: the silent, and whose calendar or watched days are their own."""
    looked_from = as_of.earliest - LOOK_BACK
    return Sieve(
        silent_since=as_of.latest - timedelta(days=settings.quiet_no_sign_working_days),
        until=as_of.until,
        away_since=looked_from,
        away_until=as_of.latest,
        told_after=datetime.combine(looked_from, time(), UTC),
        may_have_fallen=settings.quiet_fell,
    )
