"""What many are told alike is drawn once: used by whoever puts messages into a platform's form (adapters/)."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Made = TypeVar("Made")

# A message to many is in two languages and some zones; the rest are about one person each, and soon forgotten.
MOST_KEPT = 64


class Alike(Generic[Key, Made]):
    """Keeps what was made last, by what it was made of."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._made: OrderedDict[Key, asyncio.Future[Made]] = OrderedDict()

    async def made(self, key: Key, make: Callable[[], Made]) -> Made:
        """Return what `make` makes, or has made of the same before. Nobody changes what they are given.

        It is made beside the event loop, and once for all who ask meanwhile. Raises what making raises, each time.
        """
        making = self._made.get(key)
        if making is None:
            making = asyncio.ensure_future(asyncio.to_thread(make))
            self._made[key] = making
            if len(self._made) > MOST_KEPT:
                self._made.popitem(last=False)
        else:
            self._made.move_to_end(key)
        try:
            # Whoever gives up waits for it alone.
            return making.result() if making.done() else await asyncio.shield(making)
        except Exception:
            self._made.pop(key, None)
            raise
