"""How something is measured here: against the least that could do the work, in rounds that take turns.

On a machine that others use too, a time alone says little. So each round runs the floor and what is measured one
directly after the other, and the result is their ratio.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

ROUNDS = 7

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something to measure. `prepare` yields what is measured and, for a ratio, its floor (None: plain seconds).

    `goal` is what the median is to stay under: times the floor, or seconds.
    """

    goal: float
    prepare: Callable[[], AbstractContextManager[tuple[Work, Work | None]]]


@dataclass(frozen=True, slots=True)
class Result:
    """What came out, over all rounds."""

    median: float
    low: float
    high: float
    goal: float


def measure(measurement: Measurement, rounds: int = ROUNDS) -> Result:
    """Run a measurement; its first round warms up and is not counted."""
    with measurement.prepare() as (work, floor):
        found = [seconds(work) / (seconds(floor) if floor is not None else 1.0) for _ in range(rounds + 1)][1:]
    return Result(round(median(found), 3), round(min(found), 3), round(max(found), 3), measurement.goal)


def seconds(work: Work) -> float:
    """Return how long something takes."""
    begin = perf_counter()
    work()
    return perf_counter() - begin
