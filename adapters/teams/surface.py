"""Teams as the program sees it: its front door, its gateway, and the nightly look at who is where."""

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

import aiohttp
import structlog
from aiohttp import web

from adapters.teams.config import TeamsConfig
from adapters.teams.credentials import Credentials, credentials_of
from adapters.teams.door import PATH, Door
from adapters.teams.gateway import TeamsGateway
from adapters.teams.keys import FETCHED_WITHIN, METADATA, Keys
from adapters.teams.people import People
from adapters.teams.pictures import Pictures
from adapters.teams.places import Places
from adapters.teams.rest import BotConnector
from adapters.teams.roster import Rosters
from adapters.teams.speaking import Speaking
from adapters.teams.tokens import TokenCheck
from adapters.teams.turns import Turns
from adapters.teams.words import written_as
from bot.machine import Machine, ThisMachine
from bot.surface import Core, Surface

log = structlog.get_logger()

# How often it is looked whether somewhere it is night.
LOOKS_EVERY: Final = timedelta(minutes=30)


def teams_surface(
    core: Core,
    config: TeamsConfig,
    admins: Collection[str],
    *,
    base_url: str = "",
    machine: Machine | None = None,
    metadata: str = METADATA,
    credentials: Credentials | None = None,
) -> Surface:
    """Return Teams. An empty app id lets everybody on this machine in: only for Microsoft's local test client.

    People with e-mail addresses in `admins` are communications leads. `base_url` is where Teams' servers reach Samlas,
    if they do. The rest is for whoever brings another time,
    other keys (`metadata` says where they are) or other credentials.
    """
    machine = machine or ThisMachine()
    fetching = _Fetching()
    credentials = credentials or credentials_of(config)
    connector = BotConnector(credentials, fetching.session)
    pictures = Pictures(base_url, credentials.token)
    check = None
    if config.app_id:
        keys = Keys(fetching.json, machine.monotonic, metadata)
        check = TokenCheck(config.app_id, config.app_tenant_id, keys, time.time)
    rosters = Rosters(core.database, core.clock, connector, admins)
    people = People(core.database, core.clock, connector, admins)
    places = Places(core.database, core.clock, connector, rosters)
    speaking = Speaking(core.database, core.clock, machine, connector)
    door = Door(Turns(core, people, places, speaking, fetching.put, pictures), check, core.clock)

    def mount(application: web.Application) -> None:
        application.add_routes([web.post(PATH, door.messages)])

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        async with fetching:
            nights = asyncio.create_task(_nights(rosters, machine))
            try:
                yield
            finally:
                nights.cancel()
                await asyncio.wait([nights])

    return Surface(
        TeamsGateway(core.database, core.clock, machine, connector, config, pictures),
        mount,
        lifespan=lifespan,
        written_as=written_as,
    )


class _Fetching:
    """Fetches JSON, puts files where Teams wants them, and has the session for it, while the surface is served."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> None:
        self._session = aiohttp.ClientSession(timeout=FETCHED_WITHIN, cookie_jar=aiohttp.DummyCookieJar())

    async def __aexit__(self, *_failure: object) -> None:
        if self._session is not None:
            await self._session.close()

    def session(self) -> aiohttp.ClientSession:
        """Return the session. Raises TimeoutError before and after serving."""
        if self._session is None:
            raise TimeoutError("nothing is fetched before serving")
        return self._session

    async def json(self, address: str) -> Any:
        """Return what stands at an address."""
        async with self.session().get(address) as response:
            response.raise_for_status()
            return await response.json(content_type=None)

    async def put(self, address: str, content: bytes) -> None:
        """Put a file at an address; one that leads elsewhere is not followed."""
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Range": f"bytes 0-{len(content) - 1}/{len(content)}",
        }
        async with self.session().put(address, data=content, headers=headers, allow_redirects=False) as response:
            response.raise_for_status()


async def _nights(rosters: Rosters, machine: Machine) -> None:
    while True:
        await machine.sleep(LOOKS_EVERY.total_seconds())
        try:
            await rosters.bring_all()
        except Exception:
            log.exception("teams.night_failed")
