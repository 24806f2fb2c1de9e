"""How fast and how often the sender may try: a lane's bucket, its conversations' rests, the pauses between tries.

Seconds are the machine's monotonic ones; chance comes in as a number from 0 up to 1.
"""

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Generic, TypeVar

Place = TypeVar("Place", bound=Hashable)

# The pause before try n + 1 is by chance between half of 4 s, 16 s, 64 s ... and the whole ("equal jitter": those that
# failed together do not come back together, and none gives up within an hour, for which a platform may be down). After
# the last try, between one and three quarters of an hour and three and a half hours on, the sender gives up.
MOST_TRIES = 8
_FIRST_PAUSE = timedelta(seconds=4)
_PAUSE_GROWS = 4.0
_LONGEST_PAUSE = timedelta(hours=2)


def pause_after(tries: int, chance: float) -> timedelta | None:
    """Return how long to wait after so many tries that failed; None to give up."""
    if tries >= MOST_TRIES:
        return None
    longest: timedelta = min(_LONGEST_PAUSE, _FIRST_PAUSE * math.pow(_PAUSE_GROWS, max(0, tries - 1)))
    return longest * (1 + chance) / 2


@dataclass(frozen=True, slots=True)
class Bucket:
    """A token bucket: `burst` messages at once after a rest, `rate` a second in the long run.

    It held `level` at the moment `at`.
    """

    rate: float
    burst: int
    level: float
    at: float

    def level_at(self, now: float) -> float:
        """Return how many messages the bucket holds now, in fractions."""
        return min(float(self.burst), self.level + max(0.0, now - self.at) * self.rate)

    def ready(self, now: float) -> int:
        """Return how many messages may go now."""
        # What floating point leaves just below a whole message is one.
        return int(self.level_at(now) + 1e-9)

    def taken(self, count: int, now: float) -> "Bucket":
        """Return the bucket after so many messages; a negative count puts back."""
        return replace(self, level=min(float(self.burst), max(0.0, self.level_at(now) - count)), at=now)

    def wait(self, now: float, count: int = 1) -> float:
        """Return the seconds until so many messages may go."""
        return 0.0 if self.ready(now) >= count else (count - self.level_at(now)) / self.rate


class Rests(Generic[Place]):
    """Which conversations are to be left alone for a moment, while the others go on."""

    def __init__(self) -> None:
        """Begin with none."""
        self._until: dict[Place, float] = {}

    def leave(self, place: Place, until: float) -> None:
        """Leave a conversation alone until then, or longer where somebody has said so."""
        self._until[place] = max(until, self._until.get(place, until))

    def at(self, now: float) -> frozenset[Place]:
        """Return those that rest now, and forget the others."""
        self._until = {place: until for place, until in self._until.items() if until > now}
        return frozenset(self._until)

    def wait(self, now: float) -> float | None:
        """Return the seconds until the first one's rest ends; None when none rests."""
        return min((max(0.0, until - now) for until in self._until.values()), default=None)
