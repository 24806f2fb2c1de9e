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
from bot.events import REACTED, UNREACTED, WROTE, Event, Reply
from storage.counting import Sign
from storage.database import Database, Session
from storage.outbox import posted_at_place
from storage.tables import Kind
from storage.workspaces import find_workspace

log = structlog.get_logger()

# What becomes of writing under, or reacting to, a message of ours: a sign of having read it.
REPLIED_TO_US = "replied_to_us"
REACTED_TO_US = "reacted_to_us"
# A direct message to the bot. Never counted, and kept by nobody.
WROTE_TO_BOT = "wrote_to_bot"


class Intake:
    """Takes every event of one process."""

    def __init__(self, database: Database, counter: Counter, dispatcher: Dispatcher, wake: Callable[[], None]) -> None:
        """Stand before the counter and the dispatcher; `wake` is called when a handler may have queued something."""
        self._database = database
        self._counter = counter
        self._dispatcher = dispatcher
        self._wake = wake

    async def take(self, event: Event) -> Reply:
        """Count and handle an event; returns when all of it has been committed."""
        if event.action == WROTE and event.place.channel is None:
            return await self._handle(replace(event, action=WROTE_TO_BOT))
        if event.action in (WROTE, REACTED):
            return await self._count(event)
        if event.action == UNREACTED:
            # Taking a reaction back is no sign, and takes no sign back.
            return Reply()
        return await self._handle(event)

    async def _handle(self, event: Event) -> Reply:
        reply = await self._dispatcher.handle(event)
        self._wake()
        return reply

    async def _count(self, event: Event) -> Reply:
        """Count a sign; one given to a message of ours is told to its handler too."""
        async with self._database.read() as session:
            workspace = await find_workspace(session, event.workspace.platform, event.workspace.external_id)
            if workspace is None:
                log.warning("event.unknown_workspace", platform=event.workspace.platform, action=event.action)
                return Reply()
            workspace_id = known(workspace.id)
            to_us = await _is_to_us(session, workspace_id, event)
        wrote = Kind.THREAD_REPLY if event.place.thread else Kind.MESSAGE
        await self._counter.count(
            Sign(
                workspace_id=workspace_id,
                identity=event.identity,
                member=event.person,
                channel=event.place.channel,
                at=event.at.timestamp(),
                kind=Kind.REACTION if event.action == REACTED else wrote,
            )
        )
        if not to_us:
            return Reply()
        action = REACTED_TO_US if event.action == REACTED else REPLIED_TO_US
        return await self._handle(replace(event, action=action, identity=f"{event.identity}:ours"))


async def _is_to_us(session: Session, workspace_id: int, event: Event) -> bool:
    key = event.place.message if event.action == REACTED else event.place.thread
    if key is None or event.place.channel is None:
        return False
    return await posted_at_place(session, workspace_id, event.place.channel, key) is not None
