"""Days that pass on a surface."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

from tests.contracts.surface import SurfaceUnderTest

SUNDAY = 6
TUESDAY = 1


async def until(surface: SurfaceUnderTest, moment: datetime) -> None:
    """Live through the weeks until then; what is due is done on Sundays and Tuesdays, and at the end.

    That is enough: what is due is computed, so that no day on which nobody looks loses anything.
    """
    for stop in stops(surface.clock.now(), moment, lambda day: day.weekday() in (SUNDAY, TUESDAY)):
        surface.clock.moment = stop
        await surface.settle()


def stops(begin: datetime, end: datetime, is_one: Callable[[date], bool]) -> Iterator[datetime]:
    """Return the moments on such days, at the time of day at which it begins; and the end, if it is later at all."""
    moment = begin + timedelta(days=1)
    while moment < end:
        if is_one(moment.date()):
            yield moment
        moment += timedelta(days=1)
    if begin < end:
        yield end
