"""Long tests run small in `make test` and whole in `make soak`: same test, other numbers. Marked `soak`."""

import os

WHOLE = bool(os.environ.get("SAMLAS_SOAK"))


def times(small: int, whole: int) -> int:
    """Return how often a long test does what it does: `small` in make test, `whole` in make soak."""
    return whole if WHOLE else small
