"""Machine time, by which leases, limits and timeouts are measured: it only ever runs forward.

It is not the product time that rules know (bot/clock.py).
"""

import asyncio
import time
from typing import Protocol


class Machine(Protocol):
    """Tells how much time passes, and lets it."""

    def monotonic(self) -> float:
        """Return seconds since some moment of no meaning."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        ...


class ThisMachine:
    """The time of the machine that the program runs on."""

    def monotonic(self) -> float:
        """Return seconds since some moment of no meaning."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        await asyncio.sleep(seconds)
