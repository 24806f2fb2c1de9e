"""Samlas in Slack as one process serves it, before a stand-in for Slack's Web API, and what Slack sends to it."""

import html
import itertools
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import ClientResponse

from adapters.slack.config import SlackConfig
from adapters.slack.surface import Slack
from bot.config import Config
from bot.surface import Core, Surface
from bot.wiring import Room, rooms, wire
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.serving import Client, served
from tests.slack.signing import SECRET, TOKEN_OF_ONE, signed
from tests.slack.standin import SlackStandIn
from tests.slack.team import Team

# Two Fernet keys, made up for these tests.
KEY = "mYrQzq2uV1r2J4k3s5T6u7V8w9X0y1Z2a3B4c5D6e7E="
OLDER_KEY = "b1rQzq2uV1r2J4k3s5T6u7V8w9X0y1Z2a3B4c5D6e7A="


@dataclass
class Stage:
    """One serving process; `post` sends what Slack would."""

    client: Client
    core: Core
    slack: Slack
    standin: SlackStandIn
    database: Database
    clock: StillClock
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def post(
        self, body: bytes, *, kind: str = "application/json", headers: Mapping[str, str] | None = None
    ) -> ClientResponse:
        """Send a body, signed as it is unless other headers are given; returns when its answers have been said."""
        given = {"Content-Type": kind, **(signed(body) if headers is None else headers)}
        response = await self.client.post("/slack/events", data=body, headers=given)
        await response.read()
        await self.slack.answering.done()
        return response

    async def event(
        self, event: Mapping[str, Any], *, team: str = "T1", grid: str | None = None, at: datetime | None = None
    ) -> int:
        """Deliver an event, one of now unless another time is given; returns the status."""
        response = await self.post(json.dumps(self.envelope(event, team=team, grid=grid, at=at)).encode())
        return response.status

    def envelope(
        self, event: Mapping[str, Any], *, team: str = "T1", grid: str | None = None, at: datetime | None = None
    ) -> dict[str, Any]:
        """Return an event as Slack delivers it, each time under another `event_id`."""
        seen = {"team_id": team, "enterprise_id": grid, "is_enterprise_install": False}
        return {
            "type": "event_callback",
            "team_id": team,
            "event_id": f"Ev{next(self.numbers)}",
            "event_time": int((at or self.clock.now()).timestamp()),
            "authorizations": [seen],
            "event": event,
        }

    async def command(self, person: str, name: str, words: str = "", *, team: str = "T1") -> int:
        """Run a slash command; returns the status."""
        fields = {
            "command": f"/{name}",
            "text": words,
            "team_id": team,
            "user_id": person,
            "channel_id": f"D{person}",
            "trigger_id": f"trigger.{next(self.numbers)}",
            "response_url": self.standin.response_url(f"{person}-{next(self.numbers)}"),
        }
        response = await self.post(urlencode(fields).encode(), kind="application/x-www-form-urlencoded")
        return response.status

    async def interact(self, person: str, payload: Mapping[str, Any], *, team: str = "T1") -> ClientResponse:
        """Send an interaction."""
        told = {
            "user": {"id": person, "team_id": team},
            "team": {"id": team},
            "trigger_id": f"trigger.{next(self.numbers)}",
            "response_url": self.standin.response_url(f"{person}-{next(self.numbers)}"),
            **payload,
        }
        body = urlencode({"payload": json.dumps(told)}).encode()
        return await self.post(body, kind="application/x-www-form-urlencoded")


def message(ts: str, user: str = "UANNA", channel: str = "C1", **more: str) -> dict[str, Any]:
    """Return a message event."""
    told = {"type": "message", "channel": channel, "channel_type": "channel", "user": user, "ts": ts, "team": "T1"}
    return {**told, "text": "words that are nobody's business", **more}


def reaction(event_ts: str, user: str = "UANNA", channel: str = "C1", ts: str = "1.0") -> dict[str, Any]:
    """Return a reaction event."""
    item = {"type": "message", "channel": channel, "ts": ts}
    return {"type": "reaction_added", "user": user, "reaction": "tada", "item": item, "event_ts": event_ts}


def user(user_id: str, team: str = "T1", **more: Any) -> dict[str, Any]:
    """Return a user as the Web API tells of one."""
    name = user_id.removeprefix("U").capitalize()
    told = {"id": user_id, "team_id": team, "name": name.lower(), "tz": "Europe/Stockholm", "locale": "sv-SE"}
    return {**told, "profile": {"real_name": name, "email": f"{name}@Example.com"}, **more}


def team_of(team_id: str = "T1", token: str = TOKEN_OF_ONE) -> Team:
    """Return a workspace with Anna, Bo and the bot in channel C1, and a channel C2 without the bot."""
    return Team(
        team_id,
        token,
        users=[user("UANNA", team_id), user("UBO", team_id), user("UBOT", team_id, is_bot=True)],
        channels=[
            {"id": "C1", "name": "all", "is_member": True, "is_private": False, "purpose": {"value": "For all"}},
            {"id": "C2", "name": "other", "is_member": False, "is_private": False},
        ],
        members={"C1": ["UANNA", "UBO", "UBOT"]},
    )


@asynccontextmanager
async def slack_stage(
    database: Database,
    clock: StillClock,
    standin: SlackStandIn,
    slack: SlackConfig,
    config: Config | None = None,
    more_rooms: Sequence[Room] = (),
) -> AsyncIterator[Stage]:
    """Serve Slack as configured for the length of a block, with its people known."""
    kept: list[Slack] = []

    def surface(core: Core) -> Surface:
        made = Slack(core, config or Config(), slack)
        kept.append(made)
        return Surface(made.gateway, made.mount, lifespan=made.lifespan)

    serving = wire(database, clock, [surface], [*rooms(), *more_rooms])
    async with served(serving) as client:
        await kept[0].roster.do_due()
        yield Stage(client, serving.core, kept[0], standin, database, clock)


def one_workspace(standin: SlackStandIn) -> SlackConfig:
    """Return the configuration of one workspace over HTTP."""
    return SlackConfig(bot_token=TOKEN_OF_ONE, signing_secret=SECRET, api_url=standin.api_url)


async def begun(stage: Stage) -> tuple[str, dict[str, str]]:
    """Open the install page; returns the state it leads on with, and the browser's cookie."""
    response = await stage.client.get("/slack/install")
    page = await response.text()
    link = html.unescape(next(found for found in re.findall('href="([^"]*)"', page) if "/oauth/v2/authorize" in found))
    query = parse_qs(urlsplit(link).query)
    assert query["redirect_uri"] == ["https://samlas.example.com/slack/oauth_redirect"]
    return query["state"][0], {name: morsel.value for name, morsel in response.cookies.items()}
