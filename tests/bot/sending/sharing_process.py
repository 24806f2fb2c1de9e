"""A process that sends, beside others, what stands in an outbox to a platform that is a file, until told to stop."""

import asyncio
import sys
from pathlib import Path
from uuid import uuid4

from bot.clock import WallClock
from bot.context import Spoken
from bot.sender import Sender
from storage.database import Database
from tests.bot.sending.sending_process import FilePlatform, compose


async def main(database_url: str, platform_file: Path) -> None:
    """Send, and stop in order when the line is said."""
    database = Database(database_url)
    platform = FilePlatform(platform_file)
    sender = Sender(database, WallClock(), {platform.platform: platform}, {"note": Spoken(compose)}, uuid4().hex)
    stop = asyncio.Event()
    sending = asyncio.create_task(sender.run(stop))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    stop.set()
    await sending
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
