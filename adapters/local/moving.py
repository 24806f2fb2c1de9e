"""Moves the local chat's clock forward, and lets happen on the way what would have happened."""

from datetime import timedelta

from bot.clock import MovableClock
from bot.surface import Core
from storage.workspaces import store_product_offset

# What is planned for a person comes within their working hours: a longer step could jump over these.
STEP = timedelta(hours=1)


async def move_days(core: Core, clock: MovableClock, days: int) -> None:
    """Move product time forward by whole days, an hour at a time, doing after each step what is due by then.

    How far the clock has been moved is stored before anything is done at the new time: it never goes back, also when
    the process is killed on the way.
    """
    for _ in range(timedelta(days=days) // STEP):
        clock.move(STEP)
        async with core.database.begin() as session:
            await store_product_offset(session, clock.offset)
        await core.do_due()
