"""Product time: what "now" means for every rule, and the only thing that may be moved."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells product time, aware and in UTC."""

    def now(self) -> datetime:
        """Return the present moment."""
        ...


class WallClock:
    """Product time that is simply the time."""

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(UTC)


class MovableClock:
    """Product time that can be moved forward, never back (the local chat's control, and tests)."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        """Start `offset` ahead of the time."""
        self.offset = offset

    def now(self) -> datetime:
        """Return the present moment, moved."""
        return datetime.now(UTC) + self.offset

    def move(self, step: timedelta) -> None:
        """Go forward by `step`.

        Raises ValueError for a step back.
        """
        if step < timedelta():
            raise ValueError("product time only moves forward")
        self.offset += step


def to_utc(day: date, clock_time: time, zone: ZoneInfo) -> datetime:
    """Return a local time as UTC.

    A time that a clock change leaves out moves forward by the length of the gap; of one that comes twice, the first
    is meant. That is what zoneinfo does with `fold=0` (PEP 495).
    """
    return datetime.combine(day, clock_time, zone).astimezone(UTC)
