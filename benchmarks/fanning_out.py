"""A process that has one message go to many, and says how many kB more it took for it: given a way and how many.

"ours": a fan-out expanded and sent from the outbox of the given database, by the lane. "tasks": a task for each
recipient, eight of which send at a time.
"""

import asyncio
import os
import sys
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from benchmarks.messages import NAME, NOTE, spoken
from benchmarks.platforms import PostsOnly
from benchmarks.processes import tell_parent
from bot.__main__ import log_to_stderr
from bot.clock import WallClock
from bot.messages import Heading, Message, Words
from bot.platform import Sent, To
from bot.sender import Sender
from storage.database import Database
from storage.fan_out import start_fan_out
from storage.outbox import Urgency
from storage.tables import AudienceKind, Copies, FanOut, Platform

SIDE_BY_SIDE: Final = 8
PAGE_KB: Final = os.sysconf("SC_PAGE_SIZE") // 1024


class Taking(PostsOnly):
    """A platform that takes everything at once."""

    platform = Platform.LOCAL.value
    timeout = timedelta(seconds=5)
    rate = 1_000_000.0
    burst = 1_000_000

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:  # noqa: ARG002 - the port
        """Take a message."""
        await asyncio.sleep(0)
        return Sent({}, to.member or "", delivery_id)


def resident_kb() -> int:
    """Return how much memory this process takes at this moment."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * PAGE_KB


class _Watch:
    """Looks at the memory every few milliseconds, beside whatever is done."""

    def __init__(self) -> None:
        self.most = resident_kb()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look)

    @contextmanager
    def looking(self) -> Any:
        """Look for the length of a block."""
        self._thread.start()
        try:
            yield
        finally:
            self._ended.set()
            self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.005):
            self.most = max(self.most, resident_kb())


async def ours(url: Path, recipients: int) -> int:
    """Let the lane expand the fan-out and send; what is sent of it meanwhile is sent as all the rest will be."""
    # Whether a page waits for the disk makes no difference to what it takes.
    database, gateway = Database(url, fleeting=True), Taking()
    sender = Sender(database, WallClock(), {gateway.platform: gateway}, spoken(), "the only one")
    # What a process has in its hands anyway once it has sent something.
    await _start(database, 1, audience=2)
    await sender.drain()
    before, watch = resident_kb(), _Watch()
    with watch.looking():
        await _start(database, 2, audience=recipients)
        stop = asyncio.Event()
        running = asyncio.create_task(sender.run(stop))
        while not await _is_expanded(database):  # noqa: ASYNC110 - nobody tells, but the database
            await asyncio.sleep(0.05)
        stop.set()
        await running
    await database.close()
    return watch.most - before


async def _start(database: Database, subject: int, audience: int) -> None:
    now = datetime.now(UTC)
    async with database.begin() as session:
        await start_fan_out(
            session,
            1,
            FanOut(
                workspace_id=1,
                message=NAME,
                subject_id=subject,
                audience_kind=AudienceKind.EVERYONE,
                copies=Copies.ALL,
                priority=Urgency.COPY,
                audience_as_of=now,
                # Only the last so many.
                cursor=await _first_of(database, audience),
            ),
        )


async def _first_of(database: Database, audience: int) -> int:
    async with database.read() as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql("SELECT max(id) FROM member")
        return int(found.scalar_one()) - audience


async def _is_expanded(database: Database) -> bool:
    async with database.read() as session:
        connection = await session.connection()
        found = await connection.exec_driver_sql("SELECT count(*) FROM fan_out WHERE done_at IS NULL")
        return int(found.scalar_one()) == 0


async def tasks(recipients: int) -> int:
    """Make a task for each recipient."""
    gateway, free = Taking(), asyncio.Semaphore(SIDE_BY_SIDE)
    before, watch = resident_kb(), _Watch()

    async def send(member: str) -> None:
        async with free:
            message = Message(NOTE[0], (Heading(NOTE[0]), *(Words(line) for line in NOTE[1:])))
            await gateway.post("W", To(member=member), message, member)

    with watch.looking():
        await asyncio.gather(*(send(f"U{number}") for number in range(recipients)))
    return watch.most - before


async def main(way: str, recipients: int, url: Path) -> None:
    """Have it go out."""
    log_to_stderr()
    tell_parent("ready")
    tell_parent(await (ours(url, recipients) if way == "ours" else tasks(recipients)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
