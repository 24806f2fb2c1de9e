"""What a measurement is: rounds in which the floor and what is measured take turns. And each of them still runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.figures import by_name, measurements
from benchmarks.measuring import ROUNDS, Goal, Measurement, Size, measure, need, of_work
from benchmarks.pacing import exceeds
from bot.errors import Refused
from tests.command_line import CommandLine

# What docs/performance.md promises, by name.
PROMISED = (
    "slack_event_vs_floor",
    "slack_event_vs_bolt_orm",
    "dispatch_growth",
    "teams_activity_vs_floor",
    "teams_turn_vs_stock",
    "flush_vs_raw_sqlite",
    "flush_vs_raw_postgresql",
    "quiet_vs_scan_100k",
    "quiet_vs_scan_1m",
    "sender_vs_raw",
    "teams_sender_vs_stock",
    "pacing",
    "fanout_rss",
    "ack_p99_under_load",
    "replicas_2_vs_1",
)


def test_rounds_take_turns() -> None:
    """Each round runs both, one directly after the other, and the first, which warms up, is not counted."""
    ran: list[str] = []

    @contextmanager
    def prepare() -> Iterator[tuple[object, object]]:
        yield lambda: ran.append("work"), lambda: ran.append("floor")

    result = measure(of_work("figure", 2.0, prepare), rounds=3)["figure"]  # type: ignore[arg-type]

    assert ran == ["work", "floor"] * 4
    assert result.low <= result.median <= result.high
    assert result.goal == 2.0


def test_there_are_enough_rounds_of_every_figure() -> None:
    """No result stands on fewer than five rounds, and every figure that is promised is measured."""
    assert ROUNDS >= 5
    assert set(PROMISED) <= set(by_name())


def one_each() -> list[object]:
    """Return the measurements; what starts several processes takes seconds, and all but one of those is for soak."""
    quick = {"slack_event_vs_floor", "flush_vs_raw_sqlite", "quiet_vs_scan_100k", "pacing"}
    for_soak = (pytest.mark.soak, pytest.mark.whole)
    return [
        pytest.param(it, id=next(iter(it.goals)), marks=() if quick & it.goals.keys() else for_soak)
        for it in measurements()
    ]


@pytest.mark.parametrize("measurement", one_each())
def test_each_measurement_runs(measurement: Measurement) -> None:
    """Every measurement gives a number for each of its figures, also when it is made tiny."""
    found = measure(measurement, rounds=1, size=Size(is_whole=False))

    assert found.keys() == measurement.goals.keys()
    assert all(result.median > 0 for result in found.values())


def test_a_goal_is_a_floor_or_a_ceiling() -> None:
    """A goal says from which side it is reached."""
    assert Goal(0.6).is_reached_by(0.6)
    assert not Goal(0.6).is_reached_by(0.59)
    assert Goal(2.0, at_most=True).is_reached_by(2.0)
    assert not Goal(2.0, at_most=True).is_reached_by(2.01)


def test_what_is_not_installed_is_named() -> None:
    """Without a program that is measured against, one is told which package to install."""
    with pytest.raises(Refused) as refused:
        need("no_such_module.at_all")

    assert "no_such_module" in str(refused.value.sentence.values)


@pytest.mark.parametrize(
    ("asked", "exceeded"),
    [([0.0] * 8, None), ([0.0] * 9, 0.0), ([0.0] * 8 + [0.125], None), ([0.0] * 8 + [0.1], 0.1)],
)
def test_more_than_the_rate_is_seen(asked: list[float], exceeded: float | None) -> None:
    """Eight at once and eight a second are within Slack's rate; one more is not."""
    assert exceeds(asked, 8.0, 8) == exceeded


def test_a_figure_that_there_is_not(samlas: CommandLine) -> None:
    """Asking for an unknown figure names those that there are, and measures nothing."""
    ran = samlas("bench", "--only", "nothing")

    assert ran.status == 2
    assert "slack_event_vs_floor" in ran.err
