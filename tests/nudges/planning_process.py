"""A process that does what is due in the rounds, again and again, beside others, each time that it is told to."""

import asyncio
import sys
from datetime import datetime

from nudges import room
from nudges.schedule import run_due
from storage.database import Database

TIMES = 5


async def main(database_url: str, now: datetime) -> None:
    """Say that we are ready, and begin when told to."""
    database = Database(database_url)
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    for _ in range(TIMES):
        await run_due(database, room.jobs(), now)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2])))
