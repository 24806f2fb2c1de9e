"""A process that adds one to a row so many times, from ten tasks at a time, each reading before it writes."""

import asyncio
import sys

from storage.database import Database
from storage.tables import ProductClock


async def add_one(database: Database) -> None:
    """Lock and read the row, let others go first, and write it one higher."""
    async with database.begin() as session:
        row = await session.get_one(ProductClock, 1, with_for_update=True)
        await asyncio.sleep(0)
        row.offset_seconds += 1
        session.add(row)


async def add(database: Database, times: int) -> None:
    """Add one so many times, from ten tasks at a time."""
    tasks = asyncio.Semaphore(10)

    async def once() -> None:
        async with tasks:
            await add_one(database)

    await asyncio.gather(*(once() for _ in range(times)))


async def main(url: str, times: int) -> None:
    """Say that we are ready, and begin when told to."""
    database = Database(url)
    print("ready", flush=True)
    sys.stdin.readline()
    await add(database, times)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
