"""Moves the local chat's clock forward, and lets happen on the way what would have happened."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.clock import MovableClock
from bot.surface import Core
from storage.workspaces import store_product_offset

HOUR: Final = timedelta(hours=1)
SECOND: Final = timedelta(seconds=1)


class Mover:
    """Moves one clock, for one visitor at a time: two at once would each go only part of their way."""

    def __init__(self, core: Core, clock: MovableClock) -> None:
        """Move `clock`, which the whole program goes by."""
        self._core = core
        self._clock = clock
        self._moving = asyncio.Lock()

    async def move_days(self, days: int) -> None:
        """Move product time forward by whole days, from hour to hour, doing at each what is due by then.

        What is planned for a person comes within their working hours, which a longer step could jump over. How far
        the clock has been moved is stored before anything is done at the new time: it never goes back, also when the
        process is killed on the way.
        """
        async with self._moving:
            await self._core.do_due()
            end = self._clock.offset + timedelta(days=days)
            while self._clock.offset < end:
                self._clock.move(min(to_next_hour(self._clock.now()), end - self._clock.offset))
                async with self._core.database.begin() as session:
                    await store_product_offset(session, self._clock.offset)
                await self._core.do_due()


def to_next_hour(now: datetime) -> timedelta:
    """Return how long it is to the next full hour, in whole seconds rounded up, and never nothing."""
    gone = (now - datetime.min.replace(tzinfo=UTC)) % HOUR
    return HOUR - (gone // SECOND) * SECOND
