"""Long tests run small in `make test` and whole in `make soak`: the same test with other numbers, marked `soak`."""

import json
import os
import random

import pytest

from tests.databases import is_twin_for_soak
from tools.tree import ROOT

WHOLE = bool(os.environ.get("SAMLAS_SOAK"))
RESULTS = ROOT / "benchmarks" / "soak.json"


def times(small: int, whole: int) -> int:
    """Return how often a long test does what it does: `small` in make test, `whole` in make soak."""
    return whole if WHOLE else small


def drawn_from(seed: int) -> random.Random:
    """Return chance drawn from a seed, which stands in what a failing test has printed."""
    print(f"seed {seed}")
    return random.Random(seed)


def report(name: str, **figures: int) -> None:
    """Write down what a long test has seen, beside the other measurements; of whole runs only."""
    if not WHOLE:
        return
    results = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    results[name] = figures
    RESULTS.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def leave_for_soak(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Take out of a run what is for `make soak` alone: marked `whole`, or the twin of a test on PostgreSQL."""
    for item in items:
        callspec = getattr(item, "callspec", None)
        if callspec is not None and is_twin_for_soak(item.nodeid, callspec.params):
            item.add_marker(pytest.mark.soak)
            item.add_marker(pytest.mark.whole)
    if WHOLE:
        return
    left = [item for item in items if item.get_closest_marker("whole") is not None]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item.get_closest_marker("whole") is None]
