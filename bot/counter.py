"""Group commit: signs are gathered while the last batch commits, and acknowledged after their own commit.

Called by the adapters' front doors for what is only counted. An acknowledged sign is never lost; one that was not
acknowledged comes again from the platform and, known by its identity, counts once.
"""

import asyncio
import time
from collections.abc import Sequence

import structlog

from bot.clock import Clock
from bot.measures import Measures
from storage.counting import Sign
from storage.errors import CannotCommit
from storage.flushing import Flusher

log = structlog.get_logger()

# A batch this large commits in about 10 ms here; more would only make the last in it wait.
LARGEST_BATCH = 1000


class CounterClosed(Exception):
    """The counter is shutting down: the sign is not acknowledged, so that the platform sends it again."""


class Counter:
    """Counts signs in batches, one after the other; the next flush starts when the last one has committed."""

    def __init__(self, flusher: Flusher, clock: Clock, measures: Measures | None = None) -> None:
        """Count through a flusher, which is this counter's alone."""
        self._measures = measures or Measures()
        self._database = flusher
        self._clock = clock
        self._waiting: list[tuple[Sign, asyncio.Future[bool]]] = []
        self._flusher: asyncio.Task[None] | None = None
        self._closed = False

    async def count(self, sign: Sign) -> bool:
        """Return when the sign has been committed (or was known, or is not to be counted): whether it was given to a
        message of ours.

        Raises CounterClosed when shutting down, CannotCommit when the database did not take it, and what the driver
        raises for a sign that it cannot take at all; the platform is then not to be told that we have it.
        """
        if self._closed:
            raise CounterClosed
        committed: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((sign, committed))
        if self._flusher is None or self._flusher.done():
            self._flusher = asyncio.create_task(self._flush_all())
        return await committed

    async def close(self) -> None:
        """Commit what is waiting, then stop."""
        self._closed = True
        if self._flusher is not None:
            await self._flusher
        await self._database.close()

    async def _flush_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
            answers = await self._flush_batch([sign for sign, _ in batch])
            for (_, committed), answer in zip(batch, answers, strict=True):
                if committed.done():
                    # Whoever waited has given up; the platform sends it again.
                    continue
                if isinstance(answer, Exception):
                    committed.set_exception(answer)
                else:
                    committed.set_result(answer)

    async def _flush_batch(self, signs: list[Sign]) -> Sequence[bool | Exception]:
        """Count signs together; returns for each whether it was given to us, or what kept it from being committed.

        A sign that cannot be stored at all would take the others of its batch down with it, each time it comes
        again: then each is counted by itself.
        """
        begun = time.monotonic()
        try:
            flushed = await self._database.flush(signs, self._clock.now())
        except CannotCommit as trouble:
            log.warning("counter.not_taken", signs=len(signs), reason=str(trouble))
            self._measures.not_taken(len(signs))
            return [trouble] * len(signs)
        except Exception as failure:  # noqa: BLE001 - each waiting front door gets it, and answers its platform
            if len(signs) == 1:
                return [failure]
            return [answer for sign in signs for answer in await self._flush_batch([sign])]
        self._measures.batch(
            time.monotonic() - begun, counted=flushed.counted, duplicates=flushed.duplicates, ignored=flushed.ignored
        )
        return flushed.to_us
