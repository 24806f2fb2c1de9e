"""Teams as the sender sees it: posts and edits cards in channels, threads and personal chats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson

from adapters.teams.cards import activity, card_of
from adapters.teams.config import TeamsConfig
from adapters.teams.connector import Connector, NoAnswer, NotReached, Refused, Spot
from adapters.teams.outcomes import BLOCKED, CHANNEL_GONE, NO_CHATS, NOT_INSTALLED, Asked, outcome_of
from adapters.teams.pace import Pace
from adapters.teams.pictures import Pictures
from adapters.teams.voices import voice_for
from adapters.teams.ways import Way, way_from, way_to_channel, ways_to_people
from bot.alike import Alike
from bot.clock import Clock
from bot.context import known
from bot.machine import Machine
from bot.messages import Message
from bot.platform import MaybeSent, NotSent, RateLimited, Sent, To
from bot.texts import Voice
from storage.database import Database, Session
from storage.references import keep_reference, person
from storage.tables import OutboxState, Platform
from storage.workspaces import find_workspace

# A conversation that may be written to this soon is waited for; one that may not, is left alone for so long.
WAITS_AT_MOST: Final = 2.0
# A message to somebody new takes two requests, so half of what Teams takes in a second is on the safe side.
REQUESTS_A_MESSAGE: Final = 2


class TeamsGateway:
    """Implements bot.platform.Gateway."""

    platform = Platform.TEAMS.value
    # Making the conversation and sending, each within the connector's own limit.
    timeout = timedelta(seconds=10)
    # Activities carry nothing of ours by which one could be found again.
    can_tell = False

    def __init__(
        self,
        database: Database,
        clock: Clock,
        machine: Machine,
        connector: Connector,
        config: TeamsConfig,
        pictures: Pictures,
    ) -> None:
        """Find the ways in the database, and keep the configured limits."""
        self._database = database
        self._clock = clock
        self._machine = machine
        self._connector = connector
        self._pictures = pictures
        self._drawings: Alike[tuple[Message, str, str], Mapping[str, Any]] = Alike()
        self._pace = Pace(config.app_limits_per_conversation, machine.monotonic)
        self.rate = config.app_limit_per_tenant / REQUESTS_A_MESSAGE
        self.burst = max(1, config.app_limit_per_tenant // REQUESTS_A_MESSAGE)

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:  # noqa: ARG002 - Teams keeps none
        """Post a card; the conversation with a person is made where there is none yet."""
        if to.others:
            raise NotSent(OutboxState.UNREACHABLE, NO_CHATS)
        shown = await self._draw(workspace, to.member, message, to.voice)
        if to.member is not None:
            found = to.way or (await self._found(workspace, [to.member])).get(to.member)
            if found is None:
                raise NotSent(OutboxState.UNREACHABLE, NOT_INSTALLED)
            return await self._to_person(workspace, to.member, found, shown)
        return await self._to_channel(workspace, to, shown)

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:
        """Change a card of ours where it stands."""
        spot = Spot(str(reference["service_url"]), str(reference["conversation"]))
        await self._leave_alone(spot)
        reader = reference.get("person")
        shown = await self._draw(workspace, reader, message)
        try:
            await self._connector.update(spot, str(reference["activity"]), shown)
        except (Refused, NotReached, NoAnswer) as failure:
            raise outcome_of(failure, to_person=reader is not None, asked=Asked.EDIT) from failure

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:  # noqa: ARG002 - nothing can be looked up
        """Say that Teams cannot tell whether something was posted."""
        raise MaybeSent

    async def addressed(self, workspace: str, to: Sequence[To]) -> Sequence[To]:
        """Return the same with the ways to the people among them."""
        found = await self._found(workspace, [one.member for one in to if one.member is not None and not one.others])
        return [replace(one, way=found.get(one.member or "")) for one in to]

    async def _found(self, workspace: str, people: Sequence[str]) -> Mapping[str, "_Found"]:
        async with self._database.read() as session:
            workspace_id = await _workspace_id(session, workspace)
            ways = await ways_to_people(session, workspace_id, people)
        return {external_id: _Found(workspace_id, way) for external_id, way in ways.items()}

    async def _to_person(self, workspace: str, external_id: str, found: "_Found", shown: Mapping[str, Any]) -> Sent:
        way = found.way
        if way.removed:
            raise NotSent(OutboxState.BLOCKED, BLOCKED)
        if way.conversation is None:
            way = await self._meet(workspace, found.workspace_id, external_id, way)
        try:
            spot = Spot(way.service_url, str(way.conversation))
            key = await self._send(spot, shown)
        except (Refused, NotReached, NoAnswer) as failure:
            raise outcome_of(failure, to_person=True) from failure
        return Sent({**_reference(spot, key), "person": external_id}, f"direct:{external_id}", key)

    async def _meet(self, workspace: str, workspace_id: int, external_id: str, way: Way) -> Way:
        try:
            made = await self._connector.create_direct(way.service_url, workspace, way.bot, way.user or external_id)
        except (Refused, NotReached, NoAnswer) as failure:
            raise outcome_of(failure, to_person=True, asked=Asked.MEET) from failure
        met = replace(way, conversation=made)
        async with self._database.begin() as session:
            await keep_reference(session, workspace_id, person(external_id), met.as_json(), self._clock.now())
        return met

    async def _to_channel(self, workspace: str, to: To, shown: Mapping[str, Any]) -> Sent:
        channel = str(to.channel)
        root = to.under if to.thread is None else str(to.thread["root"])
        if to.thread is not None:
            way = way_from(to.thread)
        else:
            async with self._database.read() as session:
                found = await way_to_channel(session, await _workspace_id(session, workspace), channel)
            if found is None:
                raise NotSent(OutboxState.FAILED, CHANNEL_GONE)
            way = found
        spot = Spot(way.service_url, channel if root is None else f"{channel};messageid={root}")
        try:
            key = await self._send(spot, shown)
        except (Refused, NotReached, NoAnswer) as failure:
            raise outcome_of(failure, to_person=False) from failure
        reference = {**_reference(spot, key), "root": root or key, "bot": way.bot}
        if way.group is not None:
            reference["group"] = way.group
        return Sent(reference, channel, key, link_to(workspace, channel, key, root or key, way.group))

    async def _send(self, spot: Spot, shown: Mapping[str, Any]) -> str:
        await self._leave_alone(spot)
        return await self._connector.send(spot, shown)

    async def _leave_alone(self, spot: Spot) -> None:
        """Keep the limits of one conversation. Raises RateLimited where waiting here would take too long."""
        # All threads of a channel are one conversation to the limits.
        conversation = spot.conversation.partition(";")[0]
        wait = self._pace.wait(conversation)
        if wait > WAITS_AT_MOST:
            raise RateLimited(timedelta(seconds=wait), conversation_only=True)
        self._pace.sent(conversation, after=wait)
        if wait:
            await self._machine.sleep(wait)

    async def _draw(
        self, workspace: str, external_id: str | None, message: Message, voice: Voice | None = None
    ) -> Mapping[str, Any]:
        """Return a message as an activity, its card as JSON already.

        In a thread: a long text of nothing but marks takes a fifth of a second.
        """
        say = voice or await self._voice(workspace, external_id)
        shown = self._pictures.addressed(message)

        def draw() -> Mapping[str, Any]:
            drawn = activity(card_of(shown, say), shown.summary)
            return {**drawn, "attachments": orjson.Fragment(orjson.dumps(drawn["attachments"]))}

        return await self._drawings.made((shown, say.language, say.zone.key), draw)

    async def _voice(self, workspace: str, external_id: str | None) -> Voice:
        async with self._database.read() as session:
            found = await find_workspace(session, Platform.TEAMS, workspace)
            if found is None:
                raise NotSent(OutboxState.UNREACHABLE, NOT_INSTALLED)
            return await voice_for(session, found, external_id)


@dataclass(frozen=True, slots=True)
class _Found:
    """The way to a person of a workspace, by its row id."""

    workspace_id: int
    way: Way


async def _workspace_id(session: Session, external_id: str) -> int:
    workspace = await find_workspace(session, Platform.TEAMS, external_id)
    if workspace is None:
        raise NotSent(OutboxState.UNREACHABLE, NOT_INSTALLED)
    return known(workspace.id)


def _reference(spot: Spot, key: str) -> dict[str, Any]:
    return {"service_url": spot.service_url, "conversation": spot.conversation, "activity": key}


def link_to(tenant: str, channel: str, message: str, root: str, group: str | None) -> str:
    """Return the address that opens a message in Teams ("Create deep links to a Teams message")."""
    asked = {"tenantId": tenant, "parentMessageId": root}
    if group is not None:
        asked["groupId"] = group
    return (
        f"https://teams.microsoft.com/l/message/{quote(channel, safe='')}/{quote(message, safe='')}?{urlencode(asked)}"
    )
