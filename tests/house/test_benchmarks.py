"""What a measurement is: rounds in which the floor and what is measured take turns."""

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.__main__ import measurements
from benchmarks.measuring import ROUNDS, Measurement, Work, measure


def test_rounds_take_turns() -> None:
    """Each round runs both, one directly after the other, and the first, which warms up, is not counted."""
    ran: list[str] = []

    @contextmanager
    def prepare() -> Iterator[tuple[Work, Work]]:
        yield lambda: ran.append("work"), lambda: ran.append("floor")

    result = measure(Measurement(goal=2.0, prepare=prepare), rounds=3)

    assert ran == ["work", "floor"] * 4
    assert result.low <= result.median <= result.high
    assert result.goal == 2.0


def test_there_are_enough_rounds() -> None:
    """No result stands on fewer than five rounds."""
    assert ROUNDS >= 5
    assert {"import_racket_over_floor", "front_door_over_counter"} <= set(measurements())
