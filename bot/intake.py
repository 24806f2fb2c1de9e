"""The front door behind every adapter: what is only counted goes to the counter, the rest to its handler.

An adapter acknowledges an event to its platform after `take` has returned: by then the count, and whatever the
handler did, has been committed.
"""

from collections.abc import Callable
from dataclasses import replace

import structlog

from bot.context import known
from bot.counter import Counter
from bot.dispatcher import Dispatcher
from bot.events import NOTHING, REACTED, UNREACTED, WROTE, Event, Reply, Seen, WorkspaceKey
from bot.measures import Measures
from storage.causes import caused_by, new_cause
from storage.counting import Sign
from storage.database import Database
from storage.tables import Kind
from storage.workspaces import find_workspace

log = structlog.get_logger()

# What becomes of writing under, or reacting to, a message of ours: a sign of having read it.
REPLIED_TO_US = "replied_to_us"
REACTED_TO_US = "reacted_to_us"
# A direct message to the bot. Never counted, and kept only as a reply that waits for its writer's choice.
WROTE_TO_BOT = "wrote_to_bot"

# What becomes of a message that addresses everybody in its channel.
ADDRESSED_EVERYBODY = "addressed_everybody"

# So many workspaces' row ids are remembered, so that no sign asks the database for them.
MOST_REMEMBERED = 10_000


class Intake:
    """Takes every event of one process."""

    def __init__(
        self,
        database: Database,
        counter: Counter,
        dispatcher: Dispatcher,
        wake: Callable[[], None],
        measures: Measures | None = None,
    ) -> None:
        """Stand before the counter and the dispatcher; `wake` is called when a handler may have queued something."""
        self._measures = measures or Measures()
        self._database = database
        self._counter = counter
        self._dispatcher = dispatcher
        self._wake = wake
        self._workspace_ids: dict[WorkspaceKey, int] = {}

    async def take(self, event: Event | Seen) -> Reply:
        """Count and handle an event; returns when all of it has been committed."""
        if isinstance(event, Seen):
            return await self._count(event)
        if event.action == WROTE and event.place.channel is None:
            return await self._handle(replace(event, action=WROTE_TO_BOT))
        if event.action == REACTED and event.place.channel is None:
            # A sign of having read, and none of taking part in a channel: direct messages are not counted.
            return await self._handle(replace(event, action=REACTED_TO_US))
        if event.action in (WROTE, REACTED) and event.place.channel is not None:
            return await self._count(_seen(event, event.place.channel))
        if event.action == UNREACTED:
            # Taking a reaction back is no sign, and takes no sign back.
            return NOTHING
        return await self._handle(event)

    async def _handle(self, event: Event) -> Reply:
        self._measures.event("handled")
        with caused_by(new_cause()):
            reply = await self._dispatcher.handle(event)
        self._wake()
        return reply

    async def _count(self, seen: Seen) -> Reply:
        """Count a sign; one given to a message of ours is told to its handler too."""
        workspace_id = self._workspace_ids.get(seen.workspace) or await self._workspace_id(seen.workspace)
        if workspace_id is None:
            log.warning("event.unknown_workspace", platform=seen.workspace.platform, action=seen.action)
            return NOTHING
        if seen.action == REACTED:
            kind, towards = Kind.REACTION, seen.message
        else:
            kind, towards = Kind.THREAD_REPLY if seen.thread else Kind.MESSAGE, seen.thread
        sign = Sign(workspace_id, seen.identity, seen.person, seen.channel, seen.at, kind, towards)
        self._measures.event("counted")
        try:
            to_us = await self._counter.count(sign)
        except Exception:
            # Perhaps the workspace is gone: when the platform tells it again, the database is asked.
            self._workspace_ids.pop(seen.workspace, None)
            raise
        reply = NOTHING
        if to_us:
            action = REACTED_TO_US if seen.action == REACTED else REPLIED_TO_US
            reply = await self._handle(replace(seen.event, action=action, identity=f"{seen.identity}:ours"))
        if seen.to_everybody:
            told = replace(seen.event, action=ADDRESSED_EVERYBODY, identity=f"{seen.identity}:everybody")
            reply = await self._handle(told)
        return reply

    async def _workspace_id(self, key: WorkspaceKey) -> int | None:
        """Ask for a workspace's row id and remember it; of one that is not there nothing is remembered, it may come."""
        async with self._database.read() as session:
            workspace = await find_workspace(session, key.platform, key.external_id)
        if workspace is None:
            return None
        if len(self._workspace_ids) >= MOST_REMEMBERED:
            # The one that has been remembered longest.
            del self._workspace_ids[next(iter(self._workspace_ids))]
        self._workspace_ids[key] = known(workspace.id)
        return self._workspace_ids[key]


def _seen(event: Event, channel: str) -> Seen:
    """Return what counting takes of an event in a channel."""
    return Seen(
        event.action,
        event.workspace,
        event.person,
        event.identity,
        event.at.timestamp(),
        channel,
        event.place.message,
        event.place.thread,
        event.to_everybody,
    )
