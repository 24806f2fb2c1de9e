"""Group commit: signs are gathered while the last batch commits, and acknowledged after their own commit.

Called by the adapters' front doors for what is only counted. An acknowledged sign is never lost; one that was not
acknowledged comes again from the platform and, known by its identity, counts once.
"""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.clock import Clock
from storage.counting import Flushed, Sign, flush
from storage.database import open_raw

# A batch this large commits in about 10 ms here; more would only make the last in it wait.
LARGEST_BATCH = 1000


class CounterClosed(Exception):
    """The counter is shutting down: the sign is not acknowledged, so that the platform sends it again."""


class Counter:
    """Counts signs in batches on one writer thread; the next flush starts when the last one has committed."""

    def __init__(self, path: Path, clock: Clock) -> None:
        """Count into the SQLite file at `path`; opened at the first sign."""
        self._path = path
        self._clock = clock
        self._waiting: list[tuple[Sign, asyncio.Future[None]]] = []
        self._flusher: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counter")
        self._connection: sqlite3.Connection | None = None
        self._closed = False

    async def count(self, sign: Sign) -> None:
        """Return when the sign has been committed (or was known, or is not to be counted).

        Raises CounterClosed when shutting down, and sqlite3.Error when the commit failed; either way the platform
        is not to be told that we have it.
        """
        if self._closed:
            raise CounterClosed
        committed = asyncio.get_running_loop().create_future()
        self._waiting.append((sign, committed))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_all())
        await committed

    async def close(self) -> None:
        """Commit what is waiting, then stop."""
        self._closed = True
        if self._flusher is not None:
            await self._flusher
        self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()

    async def _flush_all(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            failures = await loop.run_in_executor(self._thread, self._flush_batch, [sign for sign, _ in batch])
            for (_, committed), failure in zip(batch, failures, strict=True):
                if committed.done():
                    # Whoever waited has given up; the platform sends it again.
                    continue
                if failure is None:
                    committed.set_result(None)
                else:
                    committed.set_exception(failure)

    def _flush_batch(self, signs: list[Sign]) -> list[Exception | None]:
        """Count signs together; returns for each what kept it from being committed.

        A sign that cannot be stored at all would take the others of its batch down with it, each time it comes
        again: then each is counted by itself.
        """
        try:
            self._flush(signs)
        except sqlite3.OperationalError as trouble:
            return [trouble] * len(signs)
        except Exception as failure:  # noqa: BLE001 - each waiting front door gets it, and answers its platform
            if len(signs) == 1:
                return [failure]
            return [failed for sign in signs for failed in self._flush_batch([sign])]
        return [None] * len(signs)

    def _flush(self, signs: list[Sign]) -> Flushed:
        if self._connection is None:
            self._connection = open_raw(self._path)
        return flush(self._connection, signs, self._clock.now())
