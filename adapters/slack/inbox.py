"""Slack's events, from whichever door they came in by: each ends at the core or in the directory, or is let go.

`take` returns when what the event says has been committed; only then is it acknowledged.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import structlog

from adapters.slack.answering import Answering
from adapters.slack.connections import Connection, Connections
from adapters.slack.envelopes import COUNTED, Limited
from adapters.slack.payloads import home_of_author, opened_home, places_of, reacted, workspace_key, wrote
from adapters.slack.places import ENDED, Places
from adapters.slack.roster import Roster
from bot.events import Event, Seen
from bot.surface import Core
from storage.people import find_channel

log = structlog.get_logger()

HOME: Final = "app_home_opened"


class Inbox:
    """Takes events. An installation that is not ours (any more) is told nothing and changes nothing."""

    def __init__(
        self, core: Core, connections: Connections, roster: Roster, places: Places, answering: Answering
    ) -> None:
        """Hand on to the core what people do, and to the directory what Slack says of people and places."""
        self._core = core
        self._database = core.database
        self._connections = connections
        self._roster = roster
        self._places = places.handlers()
        self._ended = places.ended
        self._answering = answering

    @property
    def known_events(self) -> frozenset[str]:
        """The kinds of event that are handled, by Slack's names."""
        return COUNTED | {HOME} | ENDED | frozenset(self._places)

    async def take(self, envelope: Mapping[str, Any]) -> None:
        """Count, handle or note one event.

        Raises what the database and Slack's Web API raise; then the event is not to be acknowledged.
        """
        event = envelope.get("event") or {}
        kind = str(event.get("type"))
        if kind in ENDED:
            await self._ended(envelope)
            return
        connection = await self._connections.at(*places_of(envelope))
        if connection is None:
            log.info("slack.event_of_nobody", kind=kind)
            return
        if kind in COUNTED:
            await self._did(connection, event)
        elif kind == HOME:
            if event.get("tab") == "home" and not await self._roster.is_outsider(connection, str(event["user"])):
                await self._hand_on(connection, opened_home(event, connection.key))
        elif kind in self._places:
            await self._places[kind](connection, event)
        else:
            log.info("slack.event_not_known", kind=kind)

    async def _did(self, connection: Connection, event: Mapping[str, Any]) -> None:
        read = wrote if event["type"] == "message" else reacted
        try:
            did = read(event, connection.key)
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            # Slack sends none such; to have it sent again would not mend it.
            log.warning("slack.event_malformed", kind=event["type"])
            return
        if did is None or did.person == connection.bot_user_id:
            return
        home = home_of_author(event)
        if not await self._roster.is_outsider(connection, did.person, home):
            await self._hand_on(connection, did)
            return
        # An event is delivered once, though Samlas may be on both sides of a shared channel.
        theirs = await self._other_side(home, did)
        if theirs is not None and not await self._roster.is_outsider(theirs, did.person, home):
            there = workspace_key(theirs.key)
            did = did._replace(workspace=there) if isinstance(did, Seen) else replace(did, workspace=there)
            await self._hand_on(theirs, did)

    async def _other_side(self, home: str | None, did: Event | Seen) -> Connection | None:
        """Return the installation in the workspace that somebody belongs to, if it was let in there."""
        theirs = await self._connections.at(home, None)
        name = did.channel if isinstance(did, Seen) else did.place.channel
        if theirs is None or name is None or did.person == theirs.bot_user_id:
            return None
        async with self._database.read() as session:
            channel = await find_channel(session, theirs.workspace_id, name)
        return theirs if channel is not None and channel.bot_is_in else None

    async def _hand_on(self, connection: Connection, did: Event | Seen) -> None:
        reply = await self._core.take(did)
        if reply.is_nothing:
            # What is only counted: looking up in which language to say nothing would take longer than counting.
            return
        event = did.event if isinstance(did, Seen) else did
        self._answering.later(self._answering.to_event(connection, event, reply))


def note_limit(limited: Limited) -> None:
    """Note that a minute's counts are short, since Slack has left events out."""
    log.warning("slack.too_many_events", team=limited.team, minute=limited.minute)
