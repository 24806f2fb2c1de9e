"""Every figure that is measured, by name; each module adds its own."""

from benchmarks import (
    acknowledging,
    flushing,
    importing,
    insights,
    memory,
    pacing,
    quiet,
    sending,
    slack,
    teams,
)
from benchmarks.measuring import Measurement


def measurements() -> list[Measurement]:
    """Return everything that is measured."""
    return [
        measurement
        for module in (
            slack,
            teams,
            flushing,
            quiet,
            sending,
            pacing,
            memory,
            acknowledging,
            importing,
            insights,
        )
        for measurement in module.measurements()
    ]


def by_name() -> dict[str, Measurement]:
    """Return the measurements by the figures that come out of them."""
    return {name: measurement for measurement in measurements() for name in measurement.goals}
