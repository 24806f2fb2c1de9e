"""The front door behind every adapter: what is only counted goes to the counter, the rest to its handler.

An adapter acknowledges an event to its platform after `take` has returned: by then the count, and whatever the
handler did, has been committed.
"""

from collections.abc import Callable
from dataclasses import replace

from bot.counter import Counter
from bot.dispatcher import Dispatcher
from bot.events import REACTED, UNREACTED, WROTE, Event, Reply
from storage.counting import Sign
from storage.database import Database
from storage.outbox import posted_at_place
from storage.tables import Kind
from storage.workspaces import find_workspace

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
            await self._count(event)
            return await self._tell_if_ours(event)
        if event.action == UNREACTED:
            # Taking a reaction back is no sign, and takes no sign back.
            return Reply()
        return await self._handle(event)

    async def _handle(self, event: Event) -> Reply:
        reply = await self._dispatcher.handle(event)
        self._wake()
        return reply

    async def _count(self, event: Event) -> None:
        async with self._database.read() as session:
            workspace = await find_workspace(session, event.workspace.platform, event.workspace.external_id)
        if workspace is None or workspace.id is None:
            return
        wrote = Kind.THREAD_REPLY if event.place.thread else Kind.MESSAGE
        await self._counter.count(
            Sign(
                workspace_id=workspace.id,
                identity=event.identity,
                member=event.person,
                channel=event.place.channel,
                at=event.at.timestamp(),
                kind=Kind.REACTION if event.action == REACTED else wrote,
            )
        )

    async def _tell_if_ours(self, event: Event) -> Reply:
        key = event.place.message if event.action == REACTED else event.place.thread
        if key is None or event.place.channel is None:
            return Reply()
        async with self._database.read() as session:
            workspace = await find_workspace(session, event.workspace.platform, event.workspace.external_id)
            if workspace is None or workspace.id is None:
                return Reply()
            ours = await posted_at_place(session, workspace.id, event.place.channel, key)
        if ours is None:
            return Reply()
        action = REACTED_TO_US if event.action == REACTED else REPLIED_TO_US
        return await self._handle(replace(event, action=action, identity=f"{event.identity}:ours"))
