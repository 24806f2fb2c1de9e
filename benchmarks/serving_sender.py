"""The sender of one process of Samlas: given the database, a platform, and the stand-in's address.

"slack" and "teams" are the adapters' own gateways, freed of the platforms' rates; "plain" posts JSON and has at most
eight posts under way in the whole process. Told {"queue": members, "subject"} it queues a message to each of so many
members of the first workspace and sends them, and answers with the seconds that sending took; "plain" sends what it
finds, by itself.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import perf_counter
from typing import Any, Final
from uuid import uuid4

import aiohttp
from sqlmodel import col, select

from benchmarks.messages import queue, spoken
from benchmarks.platforms import PostsOnly
from benchmarks.processes import tell_parent
from benchmarks.requests import SECRET
from bot.__main__ import log_to_stderr
from bot.clock import WallClock
from bot.messages import Message
from bot.platform import Gateway, Sent, To
from bot.sender import Sender
from bot.surface import Core
from bot.wiring import wire
from storage.database import Database
from storage.tables import Member, Platform

IN_FLIGHT: Final = 8
# Faster than any machine.
NO_LIMIT: Final = 1_000_000


class PlainGateway(PostsOnly):
    """A platform that takes a message as JSON."""

    platform = Platform.LOCAL.value
    timeout = timedelta(seconds=5)
    rate = float(NO_LIMIT)
    burst = NO_LIMIT

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        """Post there."""
        self._session = session
        self._url = url
        self._in_flight = asyncio.Semaphore(IN_FLIGHT)

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:  # noqa: ARG002 - the port
        """Post it."""
        async with (
            self._in_flight,
            self._session.post(f"{self._url}chat.postMessage", json={"text": message.summary}) as it,
        ):
            answer = await it.json()
        return Sent({"ts": answer["ts"]}, to.member or "", str(answer["ts"]))


@asynccontextmanager
async def slack(database: Database, url: str) -> AsyncIterator[Gateway]:
    """Open Slack's gateway."""
    from adapters.slack.config import SlackConfig
    from adapters.slack.gateway import SlackGateway
    from adapters.slack.surface import slack_surface
    from bot.config import Config

    config = SlackConfig(bot_token="xoxb-1", signing_secret=SECRET, api_url=url)
    serving = wire(database, WallClock(), [lambda core: slack_surface(core, Config(), config)], ())
    (surface,) = serving.surfaces
    gateway = surface.gateway
    if not isinstance(gateway, SlackGateway):
        raise TypeError
    gateway.rate, gateway.burst, gateway.spacing = float(NO_LIMIT), NO_LIMIT, timedelta()
    async with surface.lifespan():
        yield gateway


@asynccontextmanager
async def teams(database: Database, url: str) -> AsyncIterator[Gateway]:
    """Open Teams' gateway."""
    from adapters.teams.surface import teams_surface
    from benchmarks.serving_teams import config, held

    def surface(core: Core) -> Any:
        return teams_surface(core, free, (), credentials=held(), metadata=f"{url}metadata")

    free = config().model_copy(update={"app_limits_per_conversation": (), "app_limit_per_tenant": 2 * NO_LIMIT})
    serving = wire(database, WallClock(), [surface], ())
    async with serving.surfaces[0].lifespan():
        yield serving.surfaces[0].gateway


@asynccontextmanager
async def plain(_database: Database, url: str) -> AsyncIterator[Gateway]:
    """Open the plain gateway."""
    async with aiohttp.ClientSession() as session:
        yield PlainGateway(session, url)


PLATFORMS: Final = {"slack": slack, "teams": teams, "plain": plain}


async def main(database_url: str, platform: str, url: str) -> None:
    """Send what is told."""
    log_to_stderr()
    database = Database(database_url)
    async with PLATFORMS[platform](database, url) as gateway:
        sender = Sender(database, WallClock(), {gateway.platform: gateway}, spoken(), uuid4().hex)
        if platform == "plain":
            running = asyncio.create_task(sender.run(asyncio.Event()))
            tell_parent("ready")
            await running
        async with database.read() as session:
            found = await session.execute(
                select(col(Member.id)).where(Member.workspace_id == 1).order_by(col(Member.id))
            )
            everybody = [row_id for row_id in found.scalars() if row_id is not None]
        tell_parent("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            told = json.loads(line)
            await queue(database, 1, everybody[: told["queue"]], told["subject"])
            begin = perf_counter()
            await sender.drain()
            tell_parent(perf_counter() - begin)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3]))
