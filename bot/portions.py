"""How much of what is done a page at a time goes in one transaction, learnt from how long the last one took.

A transaction that deletes keeps everybody else from writing on SQLite as long as it lasts, and how long a page takes
nobody knows beforehand: that goes by the machine, the disk, and who else is at work. So each job begins with little.
"""

from datetime import timedelta
from typing import Final

# What is aimed at, so that with room to spare a page is over within a tenth of a second.
AIM: Final = timedelta(milliseconds=50)
LEAST: Final = 20
MOST: Final = 1_000
BEGINNING: Final = 200
# From one page to the next it grows no more than to twice, and shrinks no more than to an eighth: one slow page may
# have been the machine's affair.
_GROWS: Final = 2.0
_SHRINKS: Final = 1 / 8


def next_size(size: int, took: timedelta, *, is_full: bool) -> int:
    """Return how many rows the next page has, after one of `size` took so long; it grows only after a full one."""
    fitting = AIM / max(took, timedelta(microseconds=1))
    factor = min(_GROWS if is_full else 1.0, max(_SHRINKS, fitting))
    return max(LEAST, min(MOST, round(size * factor)))


class Portion:
    """What one job of one process takes at once."""

    def __init__(self, size: int = BEGINNING) -> None:
        """Begin with so many rows."""
        self.size = size

    def took(self, seconds: float, *, rows: int) -> None:
        """Learn from a page that took so long for so many rows."""
        self.size = next_size(self.size, timedelta(seconds=seconds), is_full=rows >= self.size)
