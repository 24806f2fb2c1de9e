"""Teams with tokens: the whole program before a Bot Connector and an issuer of the tests' own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiosqlite
import pytest
from aiohttp import ClientResponse, ClientSession
from pydantic import SecretStr

from adapters.teams.config import TeamsConfig
from adapters.teams.connector import Connector
from adapters.teams.credentials import AppCredentials, Credentials, NoCredentials
from adapters.teams.gateway import TeamsGateway
from adapters.teams.pictures import Pictures
from adapters.teams.rest import BotConnector
from adapters.teams.roster import Rosters
from adapters.teams.surface import teams_surface
from bot.machine import Machine
from bot.messages import Message, Words
from bot.surface import Core
from bot.wiring import Serving, rooms, wire
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.serving import Client, served
from tests.faults.quiet import broken
from tests.teams.issuer import APP_ID, TENANT, Issuer, issuer
from tests.teams.service import ConnectorService, connector_service, rostered
from tests.transport import PassingTime

__all__ = ["broken"]

Json = dict[str, Any]
BOT = f"28:{APP_ID}"
TEAM = "19:team@thread.tacv2"
LUNCH = "19:lunch@thread.tacv2"
LONGEST_NAP_SECONDS = 60


class DayTime(PassingTime):
    """Machine time in which no night comes: whoever sleeps until then does not wake up."""

    async def sleep(self, seconds: float) -> None:
        """Let a short time pass at once."""
        if seconds > LONGEST_NAP_SECONDS:
            await asyncio.Event().wait()
        await super().sleep(seconds)


@dataclass
class Tenant:
    """One tenant of Teams and the bot in it; anna and bo are of the organisation, gus is a guest."""

    client: Client
    service: ConnectorService
    issuer: Issuer
    core: Core
    database: Database
    clock: StillClock
    machine: PassingTime
    session: ClientSession
    numbers: Any = field(default_factory=lambda: iter(range(1_600_000_000_001, 1_700_000_000_000)))

    def activity(self, kind: str = "message", person: str = "anna", **more: Any) -> Json:
        """Return an activity of the personal chat."""
        return {
            "type": kind,
            "id": str(next(self.numbers)),
            "timestamp": self.clock.now().isoformat(),
            "channelId": "msteams",
            "locale": "en-GB",
            "serviceUrl": self.service.url,
            "from": {"id": f"29:{person}", "name": person.capitalize(), "aadObjectId": person},
            "recipient": {"id": BOT, "name": "Samlas"},
            "conversation": {"id": f"a:29:{person}", "conversationType": "personal", "tenantId": TENANT},
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }

    def in_team(self, kind: str = "message", person: str = "anna", *, root: str | None = None, **more: Any) -> Json:
        """Return an activity of the team's channel *Lunch*; `root` is the thread it stands in."""
        made = self.activity(kind, person, **more)
        made["conversation"] = {
            "id": f"{LUNCH};messageid={root or made['id']}",
            "conversationType": "channel",
            "tenantId": TENANT,
            "isGroup": True,
        }
        data = {"tenant": {"id": TENANT}, "team": {"id": TEAM, "name": "Samlas AB"}, "channel": {"id": LUNCH}}
        made["channelData"] = {**data, **more.get("channelData", {})}
        return made

    async def post(self, activity: Any, *, token: str | None = None, **options: Any) -> ClientResponse:
        """Post an activity as Teams does; by default with a good token."""
        header = f"Bearer {token or self.issuer.token(self.service.url)}"
        headers = {"Authorization": header, **options.pop("headers", {})}
        sent = {"json": activity} if "data" not in options else {}
        response = await self.client.post("/api/messages", headers=headers, **sent, **options)
        await response.read()
        return response

    async def take(self, activity: Json) -> Any:
        """Post an activity that is taken; returns what it is answered."""
        response = await self.post(activity)
        assert response.status == 200, (response.status, await response.text())
        return await response.json() if response.content_type == "application/json" else None

    async def kept(self) -> str:
        """Return everything that is stored, as text."""
        connection = await aiosqlite.connect(self.database.path)
        try:
            return "\n".join([line async for line in connection.iterdump()])
        finally:
            await connection.close()

    def gateway(self, connector: Connector | None = None) -> TeamsGateway:
        """Return Teams as the sender of another process sees it."""
        connector = connector or self.connector(lasting())
        return TeamsGateway(
            self.database, self.clock, self.machine, connector, app_config(), Pictures("", NoCredentials().token)
        )

    def connector(self, credentials: Credentials) -> BotConnector:
        """Return the way to Teams, with these credentials."""
        return BotConnector(credentials, lambda: self.session)

    def rosters(self) -> Rosters:
        """Return the nightly look at who is where."""
        return Rosters(self.database, self.clock, self.connector(lasting()), ())

    @staticmethod
    def note(sentence: str) -> Message:
        """Return a message of one sentence."""
        return Message(sentence, (Words(sentence),))

    def said_to(self, person: str) -> list[Json]:
        """Return the cards that stand in a person's chat."""
        stands = self.service.in_conversation(f"a:29:{person}")
        return [it.activity["attachments"][0]["content"] for it in stands]


def app_config(**more: Any) -> TeamsConfig:
    """Return the configuration of a single-tenant bot."""
    return TeamsConfig(app_id=APP_ID, app_password=SecretStr("secret"), app_tenant_id=TENANT, **more)


def lasting(token: str = "ours") -> AppCredentials:
    """Return credentials whose token lasts."""
    return AppCredentials(lambda: {"access_token": token, "expires_in": 3600})


@asynccontextmanager
async def open_tenant(database: Database, clock: StillClock, **options: Any) -> AsyncIterator[Tenant]:
    """Serve the program for one tenant; `options` are teams_surface's."""
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(connector_service())
        made_issuer = await stack.enter_async_context(issuer())
        machine = options.pop("machine", DayTime())
        config = options.pop("config", app_config())
        everybody = [rostered(name, tenant=TENANT) for name in ("anna", "bo")]
        guest = rostered("gus", tenant=TENANT, role="guest", principal="gus_else.example#EXT#@company.example")
        for name in ("anna", "bo", "gus"):
            service.rosters[f"a:29:{name}"] = [*everybody, guest]
        service.rosters[TEAM] = service.rosters[LUNCH] = [*everybody, guest]
        service.teams[TEAM] = {"id": TEAM, "name": "Samlas AB", "aadGroupId": "group-1"}
        service.channels[TEAM] = [{"id": TEAM}, {"id": LUNCH, "name": "Lunch"}]
        surface_options = {"credentials": lasting(), "metadata": made_issuer.metadata, **options}
        serving = _wire(database, clock, config, machine, surface_options)
        client = await stack.enter_async_context(served(serving))
        session = await stack.enter_async_context(ClientSession())
        yield Tenant(client, service, made_issuer, serving.core, database, clock, machine, session)


def _wire(database: Database, clock: StillClock, config: TeamsConfig, machine: Machine, options: Json) -> Serving:
    def surface(core: Core) -> Any:
        return teams_surface(core, config, ("greta@company.example",), machine=machine, **options)

    return wire(database, clock, [surface], rooms())


@pytest.fixture
async def tenant(database: Database, clock: StillClock) -> AsyncIterator[Tenant]:
    """Return a tenant that has just been met by nobody."""
    async with open_tenant(database, clock) as made:
        yield made
