"""A process that sends, beside others, what stands in an outbox to a platform that is a file, until told to stop."""

import asyncio
import logging
import sys
from pathlib import Path
from uuid import uuid4

import structlog

from bot.clock import WallClock
from bot.context import Spoken
from bot.machine import ThisMachine
from bot.sender import Sender
from storage.database import Database
from tests.bot.sending.sending_process import FilePlatform, compose
from tests.processes import die, stand_still

# For so long it has stood still by its own clock, and by the database's if the test says so there.
STOOD_STILL_SECONDS = 20.0


class AheadMachine(ThisMachine):
    """The machine's time, in which some has passed already."""

    def __init__(self) -> None:
        """Be the machine's time."""
        self.ahead = 0.0

    def monotonic(self) -> float:
        """Return seconds since some moment of no meaning."""
        return super().monotonic() + self.ahead


async def main(database_url: str, platform_file: Path, dies_at: str, stands_still_at: str) -> None:
    """Send, and stop in order when the line is said."""
    # Nobody reads it, and whoever writes into a full pipe stands still.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    machine = AheadMachine()

    def stand_still_for_long() -> None:
        stand_still()
        machine.ahead += STOOD_STILL_SECONDS

    database = Database(database_url)
    platform = FilePlatform(platform_file, {dies_at: die, stands_still_at: stand_still_for_long})
    gateways, spoken = {platform.platform: platform}, {"note": Spoken(compose)}
    sender = Sender(database, WallClock(), gateways, spoken, uuid4().hex, machine=machine)
    stop = asyncio.Event()
    sending = asyncio.create_task(sender.run(stop))
    await asyncio.to_thread(sys.stdin.readline)
    stop.set()
    await sending
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], sys.argv[4]))
