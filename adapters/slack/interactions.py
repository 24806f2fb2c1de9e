"""What people do with commands, buttons, forms and shortcuts: from Slack's payload to the core, and its reply back.

Bolt has told them apart and found the installation by the time they come here. Each returns what acknowledges it.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from adapters.slack.answering import Answering
from adapters.slack.connections import Connection
from adapters.slack.mrkdwn import people_in, to_markdown
from adapters.slack.payloads import pressed, ran_command, sent_form, used_shortcut
from adapters.slack.pictures import Pictures
from adapters.slack.pointing import pointing
from adapters.slack.roster import Roster
from bot.clock import Clock
from bot.surface import Core
from storage.people import find_member

log = structlog.get_logger()

Payload = Mapping[str, Any]


class Interactions:
    """Takes what people do on purpose. Everything has been committed when a method returns."""

    def __init__(self, core: Core, roster: Roster, answering: Answering, pictures: Pictures) -> None:
        """Hand on to the core, and show what it answers."""
        self._core = core
        self._roster = roster
        self._answering = answering
        self._pictures = pictures

    @property
    def _clock(self) -> Clock:
        return self._core.clock

    async def command(self, connection: Connection, body: Payload) -> None:
        """Run a slash command."""
        if await self._is_turned_away(connection, body):
            return
        event = pointing(ran_command(body, connection.key, self._now()), connection.url)
        reply = await self._core.take(event)
        self._answering.later(self._answering.to_command(connection, body, event, reply))
        self._learn(connection)

    async def shortcut(self, connection: Connection, body: Payload) -> None:
        """Use a message's shortcut."""
        if await self._is_turned_away(connection, body):
            return
        said = str((body.get("message") or {}).get("text") or "")
        words = to_markdown(said, await self._names(connection, said))
        event = pointing(used_shortcut(body, connection.key, self._now(), words), connection.url, by_menu=True)
        reply = await self._core.take(event)
        self._answering.later(self._answering.to_command(connection, body, event, reply))
        self._learn(connection)

    async def press(self, connection: Connection, body: Payload) -> None:
        """Press a button. What is not one of ours, such as a link or a choice in a form, asks for nothing."""
        if "." not in str(body["actions"][0].get("action_id", "")):
            return
        if await self._is_turned_away(connection, body):
            return
        event = pressed(body, connection.key, self._now())
        reply = await self._core.take(event)
        self._answering.later(self._answering.to_press(connection, body, event, reply))
        self._learn(connection)

    async def form(self, connection: Connection, body: Payload) -> dict[str, Any] | None:
        """Take a sent form; returns the acknowledgement."""
        event = sent_form(body, connection.key, self._now())
        if event is None or await self._is_turned_away(connection, body):
            return None
        event = pointing(event, connection.url)
        event = replace(event, files=await self._pictures.chosen(connection, body["view"]))
        reply = await self._core.take(event)
        self._learn(connection)
        return await self._answering.acknowledge_form(connection, body, event, reply)

    def _now(self) -> datetime:
        return self._clock.now()

    def _learn(self, connection: Connection) -> None:
        """Ask, once the answer is on its way, who somebody is of whom nothing is known yet."""
        self._answering.later(self._roster.learn_stubs(connection))

    async def _is_turned_away(self, connection: Connection, body: Payload) -> bool:
        """Whether somebody is an outsider, or may be one. Slack is asked after: a form would be too late by then."""
        user = body.get("user")
        told = user if isinstance(user, Mapping) else {"id": body.get("user_id"), "team_id": body.get("team_id")}
        person, belongs_to = str(told["id"]), told.get("team_id")
        known_from = belongs_to if isinstance(belongs_to, str) else None
        if await self._roster.is_remembered_outsider(connection, person, known_from):
            self._answering.later(self._answering.refuse(connection, body))
            return True
        if await self._roster.is_unsure_of(connection, person, known_from):
            self._answering.later(self._find_out(connection, person, body))
            return True
        return False

    async def _find_out(self, connection: Connection, person: str, body: Payload) -> None:
        """Ask Slack who somebody is, and tell them to try again, or that this is not for them."""
        if await self._roster.ask_about(connection, person):
            await self._answering.refuse(connection, body)
        else:
            await self._answering.ask_to_repeat(connection, body)

    async def _names(self, connection: Connection, said: str) -> dict[str, str]:
        names: dict[str, str] = {}
        async with self._core.database.read() as session:
            for person in people_in(said):
                member = await find_member(session, connection.workspace_id, person)
                if member is not None and member.name:
                    names[person] = member.name
        return names
