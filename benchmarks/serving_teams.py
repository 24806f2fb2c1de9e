"""Samlas in Teams, served as `samlas serve` does: given the database and the stand-in's address."""

import asyncio
import sys
from contextlib import AsyncExitStack

from pydantic import SecretStr

from adapters.teams.config import TeamsConfig
from adapters.teams.credentials import AppCredentials
from adapters.teams.surface import teams_surface
from benchmarks.floors.serving import opened
from benchmarks.processes import tell_parent
from benchmarks.requests import APP_ID, TENANT
from bot.__main__ import log_to_stderr
from bot.clock import WallClock
from bot.collecting import collected_seldom
from bot.commands.serve import application
from bot.wiring import rooms, wire
from storage.database import Database


def config() -> TeamsConfig:
    """Return the configuration of a single-tenant bot."""
    return TeamsConfig(app_id=APP_ID, app_password=SecretStr("secret"), app_tenant_id=TENANT)


def held() -> AppCredentials:
    """Return credentials whose token has been fetched."""
    return AppCredentials(lambda: {"access_token": "ours", "expires_in": 3600})


async def main(database_url: str, url: str) -> None:
    """Serve until the process is ended."""
    log_to_stderr()
    database = Database(database_url)
    serving = wire(
        database,
        WallClock(),
        [lambda core: teams_surface(core, config(), (), credentials=held(), metadata=f"{url}metadata")],
        rooms(),
    )
    async with AsyncExitStack() as stack:
        for surface in serving.surfaces:
            await stack.enter_async_context(surface.lifespan())
        sending = asyncio.create_task(serving.sender.run(asyncio.Event()))
        serving.ticker.start()
        stack.enter_context(collected_seldom())
        tell_parent({"port": await opened(application(serving, database))})
        await sending


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
