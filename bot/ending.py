"""How a serving process ends: one stretch of time for all that is under way, which is finished in it or let go.

Whatever is let go loses nothing: a request that was not answered comes again from its platform, what the sender has
not written is looked up by whoever sends next, and a sign that was not committed was not acknowledged.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.machine import Machine, ThisMachine

log = structlog.get_logger()

STOP_WITHIN_SECONDS = 10.0
# Of that, so much is kept for what comes after requests and sending: connections to close, the last batch to commit.
KEPT_FOR_THE_REST_SECONDS = 2.0
# A platform waits for an answer for three seconds; a request that has taken longer is sent again anyway.
REQUESTS_WITHIN_SECONDS = 4.0


class Ending:
    """The time in which a process ends. It begins to run when it is begun, or else with the first step."""

    def __init__(self, machine: Machine | None = None, within: float = STOP_WITHIN_SECONDS) -> None:
        """Have `within` seconds of machine time for all steps together."""
        self._machine = machine or ThisMachine()
        self._within = within
        self._until: float | None = None

    def begin(self) -> float:
        """Let the time run; returns the moment of machine time at which it is over."""
        if self._until is None:
            self._until = self._machine.monotonic() + self._within
        return self._until

    def left(self, *, besides: float = 0.0) -> float:
        """Return the seconds that are left, but for what is kept for later steps."""
        until = self.begin()
        return max(0.0, until - self._machine.monotonic() - besides)

    async def step(self, name: str, does: Callable[[], Awaitable[object]], *, besides: float = 0.0) -> None:
        """Do one step in the time that is left, but for `besides`; what takes longer is cancelled, and noted."""
        task = asyncio.ensure_future(does())
        timer = asyncio.ensure_future(self._machine.sleep(self.left(besides=besides)))
        try:
            await asyncio.wait([task, timer], return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
        if not task.done():
            log.warning("serve.let_go", step=name)
            task.cancel()
            await asyncio.wait([task])
        if not task.cancelled():
            # What went wrong is told as if it had happened here.
            task.result()
