"""What Slack tells of people and places between two nights: who came, changed, left, and what became of channels."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

import structlog

from adapters.slack.connections import Connection, Connections
from adapters.slack.payloads import ended_place
from adapters.slack.roster import GROUPS, Roster
from bot.clock import Clock
from bot.directory import ChannelSeen
from storage.database import Database
from storage.directory import join_channel, leave_channel, see_channel
from storage.directory_parts import note_part

log = structlog.get_logger()

# Samlas is no longer installed where it was.
ENDED: Final = frozenset({"app_uninstalled", "tokens_revoked"})

News = Callable[[Connection, Mapping[str, Any]], Awaitable[None]]


class Places:
    """Keeps the directory by events. Each can come twice or late: it says what is, not what to add."""

    def __init__(self, database: Database, clock: Clock, connections: Connections, roster: Roster) -> None:
        """Write to the database, and have the roster ask for what an event does not say."""
        self._database = database
        self._clock = clock
        self._connections = connections
        self._roster = roster

    def handlers(self) -> Mapping[str, News]:
        """Return what is done with each kind of event, by Slack's name for it."""
        return {
            "team_join": self._person,
            "user_change": self._person,
            "member_joined_channel": self._joined,
            "member_left_channel": self._left,
            "channel_created": self._channel_with(),
            "channel_rename": self._channel_with(),
            "group_rename": self._channel_with(is_private=True),
            "channel_archive": self._channel_with(is_archived=True),
            "group_archive": self._channel_with(is_private=True, is_archived=True),
            "channel_unarchive": self._channel_with(is_archived=False),
            "group_unarchive": self._channel_with(is_private=True, is_archived=False),
            "channel_deleted": self._channel_with(is_archived=True, bot_is_in=False),
            "group_deleted": self._channel_with(is_private=True, is_archived=True, bot_is_in=False),
            "channel_left": self._channel_with(bot_is_in=False),
            "group_left": self._channel_with(is_private=True, bot_is_in=False),
            "subteam_created": self._groups,
            "subteam_updated": self._groups,
            "subteam_members_changed": self._groups,
        }

    async def ended(self, envelope: Mapping[str, Any]) -> None:
        """Take a place's token away, where Samlas was taken out of it or the bot's own token was revoked.

        Such news may come late or again: it is about that very place, and about no installation made since.
        """
        event = envelope["event"]
        place, told_at = ended_place(envelope), datetime.fromtimestamp(float(envelope.get("event_time") or 0), UTC)
        bot = None if event["type"] == "app_uninstalled" else (event.get("tokens") or {}).get("bot") or []
        workspace = await self._connections.remove(place, told_at, of_bots=bot)
        if workspace is not None:
            log.info("slack.ended", kind=event["type"], workspace=workspace)

    async def _person(self, connection: Connection, event: Mapping[str, Any]) -> None:
        await self._roster.see_users(connection, [event["user"]])

    async def _joined(self, connection: Connection, event: Mapping[str, Any]) -> None:
        channel, person = str(event["channel"]), str(event["user"])
        if person == connection.bot_user_id:
            # The bot itself was let in: from now on it counts there, and has to know who is in it. Slack gives up on
            # an event sooner than a long list of people is read.
            seen = ChannelSeen(
                channel,
                is_private=True if event.get("channel_type") == "G" else None,
                bot_is_in=True,
                installation_id=connection.installation_id,
            )
            async with self._database.begin() as session:
                await see_channel(session, connection.workspace_id, seen)
                await note_part(session, connection.workspace_id, connection.place, channel, self._clock.now())
            self._roster.wake()
            return
        if await self._roster.is_outsider(connection, person):
            await self._ask_for(connection, channel)
            return
        async with self._database.begin() as session:
            await join_channel(session, connection.workspace_id, channel, person)

    async def _left(self, connection: Connection, event: Mapping[str, Any]) -> None:
        channel, person = str(event["channel"]), str(event["user"])
        async with self._database.begin() as session:
            if person == connection.bot_user_id:
                await see_channel(session, connection.workspace_id, ChannelSeen(channel, bot_is_in=False))
                return
            await leave_channel(session, connection.workspace_id, channel, person)
        if await self._roster.is_remembered_outsider(connection, person):
            await self._ask_for(connection, channel)

    async def _ask_for(self, connection: Connection, channel: str) -> None:
        """Have a channel asked for: how many people from outside are in it is another number by now."""
        async with self._database.begin() as session:
            await note_part(session, connection.workspace_id, connection.place, channel, self._clock.now())
        self._roster.wake()

    def _channel_with(
        self, *, is_private: bool | None = None, is_archived: bool | None = None, bot_is_in: bool | None = None
    ) -> News:
        async def note(connection: Connection, event: Mapping[str, Any]) -> None:
            # Some of these events name the channel, others have the whole of it.
            channel = event["channel"]
            told = channel if isinstance(channel, Mapping) else {"id": channel}
            seen = ChannelSeen(
                str(told["id"]),
                told.get("name"),
                # A group is what Slack calls a private channel here; it may be one that was not heard of before.
                is_private=is_private if is_private is not None else told.get("is_private"),
                is_archived=is_archived,
                bot_is_in=bot_is_in,
            )
            async with self._database.begin() as session:
                await see_channel(session, connection.workspace_id, seen)

        return note

    async def _groups(self, connection: Connection, event: Mapping[str, Any]) -> None:  # noqa: ARG002 - the form
        async with self._database.begin() as session:
            await note_part(session, connection.workspace_id, connection.place, GROUPS, self._clock.now())
        self._roster.wake()
