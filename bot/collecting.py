"""How often a serving process looks for objects that keep each other alive (Python's garbage collector).

A process that serves holds two hundred thousand objects from its imports and its tables, which live as long as it does.
With Python's own settings events make enough new ones that all of these are walked through again and again: a third of
what an event costs, and each time a pause of 50 ms for whoever waits.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# So many new objects before the young ones are looked through (Python's own: 700), and so many times before the older
# ones are, as Python counts them. The young ones that are left lying meanwhile take some MB at most.
SELDOM: Final = (20_000, 20, 20)


@contextmanager
def collected_seldom() -> Iterator[None]:
    """Leave what is there by now alone for the length of a block, and look for new garbage seldom."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
