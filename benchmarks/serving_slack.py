"""Samlas in Slack, served as `samlas serve` does: given the database, Slack's address, and how many commands more."""

import asyncio
import json
import sys
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from adapters.slack.config import SlackConfig
from adapters.slack.surface import slack_surface
from benchmarks.floors.serving import opened
from benchmarks.processes import tell_parent
from benchmarks.requests import SECRET
from bot.__main__ import log_to_stderr
from bot.clock import WallClock
from bot.collecting import collected_seldom
from bot.commands.serve import application
from bot.config import Config
from bot.context import Context, Handlers
from bot.decisions.path import PATH
from bot.events import Event, Reply
from bot.settings import OrganisationSettings
from bot.texts import Text
from bot.wiring import Room, Serving, rooms, wire
from nudges.due import count_due
from storage.database import Database
from storage.fan_out import start_fan_out
from storage.outbox import Urgency
from storage.tables import AudienceKind, Copies, FanOut
from storage.workspaces import get_workspace


async def nothing(_ctx: Context, _event: Event) -> Reply:
    """Handle a command that only is there."""
    return Reply()


def more_commands(count: int) -> Room:
    """Return a room that adds so many commands."""
    handlers: Handlers = {f"command-{number}": nothing for number in range(count)}
    return Room(handlers, commands={name: Text("A command") for name in handlers})


async def main(database_url: str, api_url: str, commands: int) -> None:
    """Serve until the process is ended."""
    log_to_stderr()
    database = Database(database_url)
    slack = SlackConfig(bot_token="xoxb-1", signing_secret=SECRET, api_url=api_url)
    serving = wire(
        database, WallClock(), [lambda core: slack_surface(core, Config(), slack)], [*rooms(), more_commands(commands)]
    )
    async with AsyncExitStack() as stack:
        for surface in serving.surfaces:
            await stack.enter_async_context(surface.lifespan())
        sending = asyncio.create_task(serving.sender.run(asyncio.Event()))
        serving.ticker.start()
        stack.enter_context(collected_seldom())
        tell_parent({"port": await opened(application(serving, database))})
        busy = Busy(database, serving)
        while line := await asyncio.to_thread(sys.stdin.readline):
            await (busy.begin() if json.loads(line)["busy"] else busy.end())
            tell_parent("done")
        sending.cancel()


class Busy:
    """Keeps a process busy: a message to everybody, and the look at who of them is quiet."""

    def __init__(self, database: Database, serving: Serving) -> None:
        """Begin idle."""
        self._database = database
        self._serving = serving
        self._looking: asyncio.Task[None] | None = None
        self._subject = 0

    async def begin(self) -> None:
        """Let the message go out, and look."""
        self._subject += 1
        now = datetime.now(UTC)
        path = FanOut(
            workspace_id=1,
            message=PATH,
            subject_id=self._subject,
            audience_kind=AudienceKind.EVERYONE,
            copies=Copies.ALL,
            priority=Urgency.COPY,
            audience_as_of=now,
        )
        async with self._database.begin() as session:
            await start_fan_out(session, 1, path)
        self._serving.sender.wake()
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while True:
            async with self._database.read() as session:
                await count_due(session, await get_workspace(session, 1), OrganisationSettings(), datetime.now(UTC))

    async def end(self) -> None:
        """Be idle again."""
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.wait([self._looking])
        async with self._database.begin() as session:
            connection = await session.connection()
            await connection.exec_driver_sql("UPDATE fan_out SET done_at = '2026-01-01 00:00:00.000000'")
            await connection.exec_driver_sql("DELETE FROM outbox")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
