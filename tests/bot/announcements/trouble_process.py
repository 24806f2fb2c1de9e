"""A process that sends an announcement to very many people, of whom a platform that is a file takes some only.

What becomes of whom stands in their name on the platform, so that each process that comes after a killed one finds the
same platform.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import structlog

from bot import room
from bot.machine import ThisMachine
from bot.messages import Message
from bot.platform import MaybeSent, NotSent, RateLimited, Sent, To
from bot.sender import Sender
from bot.texts import text
from storage.database import Database
from storage.tables import OutboxState
from storage.workspaces import next_sending_at
from tests.bot.sending.sending_process import FilePlatform
from tests.processes import die

WAIT = timedelta(milliseconds=40)
LONGEST_SLEEP = 0.05
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Fate(StrEnum):
    """What the platform does with a message to somebody, as their name there begins."""

    TAKEN = "taken"
    # Each is asked to wait for, once in a process: by themselves, or the whole workspace.
    LIMITED = "limited"
    LIMITS_ALL = "limits-all"
    FAILS = "fails"
    BLOCKED = "blocked"
    # The platform takes it, but its answer is always lost, and nobody can look.
    NEVER_TELLS = "never-tells"


def fate_of(member: str | None) -> Fate:
    """Return what becomes of a message to a member; who has another name gets theirs."""
    return next((fate for fate in Fate if (member or "").startswith(f"{fate}:")), Fate.TAKEN)


class TroubledPlatform(FilePlatform):
    """Takes posts into a file, and edits without a word; fails as it is fated."""

    def __init__(self, path: Path, happens: Mapping[str, Callable[[], None]]) -> None:
        """Take posts into the file at `path`; things happen to this process at the points of those that it takes."""
        super().__init__(path, happens)
        self.has_waited: set[str] = set()

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:
        """Write a line, unless it is not taken."""
        fate = fate_of(to.member)
        match fate:
            case Fate.LIMITED | Fate.LIMITS_ALL if to.member is not None and to.member not in self.has_waited:
                self.has_waited.add(to.member)
                raise RateLimited(WAIT, conversation_only=fate is Fate.LIMITED)
            case Fate.FAILS:
                raise NotSent(OutboxState.FAILED, text("Their account is closed."))
            case Fate.BLOCKED:
                raise NotSent(OutboxState.BLOCKED, text("They have blocked the app."))
            case _:
                sent = await super().post(workspace, to, message, delivery_id)
        if fate is Fate.NEVER_TELLS:
            raise MaybeSent
        return sent

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:
        """Take it."""

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:
        """Look whether a message has been written."""
        if fate_of(to.member) is Fate.NEVER_TELLS:
            raise MaybeSent
        return await super().find(workspace, to, delivery_id)

    def _sent(self, to: To, delivery_id: str) -> Sent:
        place = to.channel or f"direct:{to.member}"
        return Sent({"key": delivery_id, "place": place}, place, delivery_id)


class RunningClock:
    """Product time that begins at a given moment and runs like the machine's."""

    def __init__(self, start: datetime) -> None:
        """Begin at `start`."""
        self.start = start
        self.began = time.monotonic()

    def now(self) -> datetime:
        """Return the present moment."""
        return self.start + timedelta(seconds=time.monotonic() - self.began)


class ImpatientMachine(ThisMachine):
    """The machine's time, in which nobody sleeps long."""

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds, or sooner."""
        await asyncio.sleep(min(seconds, LONGEST_SLEEP))


async def main(database_url: str, platform_file: Path, start: datetime, dies_at: str) -> None:
    """Send until all that waits is the author's card, which is made anew once a minute only, or die on the way."""
    # Nobody reads the lines, one for each message: the pipe would be full before everybody is told.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    database = Database(database_url)
    platform, clock = TroubledPlatform(platform_file, {dies_at: die}), RunningClock(start)
    gateways = {platform.platform: platform}
    sender = Sender(
        database,
        clock,
        gateways,
        room.spoken(),
        "the only one",
        machine=ImpatientMachine(),
        chance=lambda: 0.0,
    )
    while True:
        await sender.drain()
        async with database.read() as session:
            next_at = await next_sending_at(session, list(gateways), LONG_AGO)
        if next_at is None or next_at - clock.now() > timedelta(seconds=1):
            break
        await asyncio.sleep(WAIT.total_seconds() / 2)
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), datetime.fromisoformat(sys.argv[3]), sys.argv[4]))
