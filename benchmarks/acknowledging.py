"""How long Slack waits for an acknowledgement while much else goes on, against a process that does nothing else.

Fifty events a second, six times as many as Slack sends of one workspace in its busiest hour. Meanwhile the same process
expands and sends an announcement to 100,000 people, and looks who of them is quiet, again and again. The figure is the
99th percentile of the waits, in ms and against that of the idle process; one of the two has to be reached.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from benchmarks.measuring import Goal, Measurement, Round, Size
from benchmarks.processes import running
from benchmarks.slack import serving_slack

RATE: Final = 50.0


def measurements() -> list[Measurement]:
    """Return what is measured of acknowledging."""
    goals = {
        "ack_p99_under_load": Goal(4.0, at_most=True),
        "ack_p99_under_load_ms": Goal(100.0, at_most=True),
    }
    return [Measurement(goals, under_load)]


@contextmanager
def under_load(size: Size) -> Iterator[Round]:
    """Prepare a process that serves; each round asks it while it is idle, and while it is busy."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        api = stack.enter_context(running("peers.slack", 0)).ready["port"]
        asker = stack.enter_context(running("asking"))
        path = Path(folder) / "ours.db"
        served = stack.enter_context(serving_slack(path, api, people=size.of(100_000, 600)))
        number = 0

        def p99() -> float:
            nonlocal number
            count = size.of(400, 20)
            waits = asker.told(
                kind="slack", port=served.ready["port"], first=number, count=count, rate=RATE, connections=32
            )
            number += count
            return float(sorted(waits)[int(len(waits) * 0.99)])

        def measure_once() -> dict[str, float]:
            idle = p99()
            served.told(busy=True)
            busy = p99()
            served.told(busy=False)
            return {"ack_p99_under_load": busy / idle, "ack_p99_under_load_ms": busy * 1000}

        yield measure_once
