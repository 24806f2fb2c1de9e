"""The line in which this process's writers stand: SQLite has one, and among those who poll for it some never get on."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

Waiting = deque["asyncio.Future[None]"]


class Line:
    """Gives turns to write, one at a time and in the order in which they were asked for.

    Whoever may go ahead (the counter, for whom platforms wait) goes before the others, but never twice in a row while
    one of them waits: so nobody waits for more than one turn that is not in order.
    """

    def __init__(self) -> None:
        """Begin with nobody writing."""
        self._is_taken = False
        self._ahead: Waiting = deque()
        self._others: Waiting = deque()

    @asynccontextmanager
    async def turn(self, *, ahead: bool = False) -> AsyncIterator[None]:
        """Wait for one's turn, and have it for the length of a block."""
        await self._wait(ahead=ahead)
        try:
            yield
        finally:
            self._pass_on(was_ahead=ahead)

    async def _wait(self, *, ahead: bool) -> None:
        if not self._is_taken:
            # Nobody waits either: a turn is passed on without being given up in between.
            self._is_taken = True
            return
        line = self._ahead if ahead else self._others
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                # It was given just as we were told to wait no longer.
                self._pass_on(was_ahead=ahead)
            else:
                with suppress(ValueError):
                    line.remove(mine)
            raise

    def _pass_on(self, *, was_ahead: bool) -> None:
        for line in (self._others, self._ahead) if was_ahead else (self._ahead, self._others):
            while line:
                following = line.popleft()
                if not following.done():
                    following.set_result(None)
                    return
        self._is_taken = False
