"""A process that counts a list of signs, as a front door would, and writes down which it has acknowledged."""

import asyncio
import itertools
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from bot.clock import WallClock
from bot.counter import Counter
from storage.counting import Sign
from storage.database import Database
from storage.flushing import flusher_for
from storage.tables import Kind
from tests.processes import die

SIDE_BY_SIDE = 50


def sign(number: int, workspace_id: int) -> Sign:
    """Return a sign, always the same for a number."""
    at = datetime(2027, 3, 3, 12, 0, number % 60, tzinfo=UTC).timestamp()
    return Sign(workspace_id, f"sign-{number}", f"person{number % 40}", f"channel{number % 7}", at, Kind.MESSAGE)


async def main(database: str, acknowledged: Path, workspace_id: int, first: int, last: int, dies_after: int) -> None:
    """Count the signs from `first` up to `last`, some at a time, or die when so many are acknowledged.

    Its others are on their way then: some in a batch that another thread is writing, some in none yet.
    """
    counter = Counter(flusher_for(Database(database)), WallClock())
    numbers, done = iter(range(first, last)), itertools.count(1)
    # Written by the operating system, so that a killed process has written what it acknowledged.
    out = os.open(acknowledged, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def front_door() -> None:
        for number in numbers:
            await counter.count(sign(number, workspace_id))
            os.write(out, f"{number}\n".encode())
            if next(done) == dies_after:
                die()

    await asyncio.gather(*(front_door() for _ in range(SIDE_BY_SIDE)))
    await counter.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), *map(int, sys.argv[3:])))
