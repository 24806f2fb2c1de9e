"""What the bot says at once, in answer to something: in the personal chat, or in private to whoever wrote in a channel.

It goes out directly and not through the outbox: whoever asked is there, and would rather ask again than wait.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog

from adapters.teams.activities import Origin, Scope
from adapters.teams.answers import Reader, Shows, messages_of
from adapters.teams.connector import Connector, NoAnswer, NotReached, Refused, Spot
from adapters.teams.files import offered
from adapters.teams.gateway import link_to
from adapters.teams.outcomes import PASSING, is_uncertain
from adapters.teams.people import Met
from adapters.teams.pressing import Pressed, Whence
from adapters.teams.ways import way_to_person
from bot.clock import Clock
from bot.events import File, Reply
from bot.machine import Machine
from bot.messages import Link, Message, Words
from storage.database import Database
from storage.references import keep_reference, person

log = structlog.get_logger()

# Teams waits 15 s for an answer; what cannot be said by then is not said.
TRIES: Final = 3
LONGEST_PAUSE_SECONDS: Final = 2.0


class Speaking:
    """Says what answers somebody, where they alone see it."""

    def __init__(self, database: Database, clock: Clock, machine: Machine, connector: Connector) -> None:
        """Speak by `connect`."""
        self._database = database
        self._clock = clock
        self._machine = machine
        self._connector = connector

    async def answer(
        self, origin: Origin, met: Met, reply: Reply, whence: Whence | None = None, *, is_asked_for: bool = True
    ) -> None:
        """Say a reply to somebody: here in their own chat, and elsewhere there, with the way back.

        `whence` is where they asked first, when they go on here with what they were answered. What nobody asked for
        is said to nobody else either: not to somebody who has no chat with Samlas.
        """
        if reply.is_nothing:
            # What is only counted is answered by nothing, and comes by the thousand.
            return
        if origin.channel is not None:
            whence = Whence(origin.channel, origin.thread)
        reader = Reader(met.say, whence)
        shown = await asyncio.to_thread(messages_of, reply, reader)
        if not shown:
            return
        if origin.scope is Scope.PERSONAL:
            for shows in shown:
                await self._say(Spot(origin.service_url, origin.conversation), shows)
            return
        spot = await self._own_chat(origin, met)
        if spot is None:
            if is_asked_for:
                await self._ask_to_install(origin, met)
            return
        for shows in shown:
            await self._say(spot, shows)
        sentence = (
            met.say("You asked me this in a channel. I answer here, so that only you see it.")
            if is_asked_for
            else met.say("This is about what you wrote in a channel. I say it here, so that only you see it.")
        )
        await self._say(spot, Reader(met.say).message(_way_back(origin, met, sentence)))

    async def replace(self, origin: Origin, message: str, activity: Mapping[str, Any]) -> None:
        """Put another activity in the place of a message of ours."""
        spot = Spot(origin.service_url, origin.conversation)
        await self._try(lambda: self._connector.update(spot, message, activity), is_seen_twice=False)

    async def offer(self, origin: Origin, met: Met, file: File, asked: Pressed) -> None:
        """Offer a file to somebody in their own chat, wherever they asked for it, and by which button."""
        spot: Spot | None = Spot(origin.service_url, origin.conversation)
        if origin.scope is not Scope.PERSONAL:
            spot = await self._own_chat(origin, met)
        if spot is None:
            await self._ask_to_install(origin, met)
        else:
            await self._send(spot, offered(file, asked))

    async def _own_chat(self, origin: Origin, met: Met) -> Spot | None:
        async with self._database.read() as session:
            way = await way_to_person(session, met.workspace_id, met.external_id)
        if way is None or way.removed:
            return None
        if way.conversation is not None:
            return Spot(way.service_url, way.conversation)
        made = await self._try(
            lambda: self._connector.create_direct(way.service_url, origin.tenant, way.bot, way.user or met.external_id),
            is_seen_twice=False,
        )
        if made is None:
            return None
        kept = {**way.as_json(), "conversation": made}
        async with self._database.begin() as session:
            await keep_reference(session, met.workspace_id, person(met.external_id), kept, self._clock.now())
        return Spot(way.service_url, str(made))

    async def _ask_to_install(self, origin: Origin, met: Met) -> None:
        """Say where everybody sees it, since there is no other place, only that the answer is for one person."""
        sentence = met.say(
            "I answer in private. Please add Samlas for yourself first (Apps, then Samlas), and ask again."
        )
        await self._say(
            Spot(origin.service_url, origin.conversation),
            Reader(met.say).message(Message(sentence, (Words(sentence),))),
        )

    async def _say(self, spot: Spot, shows: Shows) -> None:
        await self._send(spot, shows.activity)

    async def _send(self, spot: Spot, activity: Mapping[str, Any]) -> None:
        await self._try(lambda: self._connector.send(spot, activity), is_seen_twice=True)

    async def _try(self, call: Callable[[], Awaitable[str | None]], *, is_seen_twice: bool) -> str | None:
        """Ask Teams, a few times while the reason may pass; what cannot be said is logged and left.

        What may have been done is asked for again only where nobody sees it twice.
        """
        pause = 0.2
        for number in range(1, TRIES + 1):
            try:
                return await call()
            except (Refused, NotReached, NoAnswer) as failure:
                if number == TRIES or not _may_pass(failure) or (is_seen_twice and is_uncertain(failure)):
                    log.warning("teams.not_said", reason=str(failure))
                    return None
                asked = failure.retry_after if isinstance(failure, Refused) else None
                pause = min(max(asked or pause, pause), LONGEST_PAUSE_SECONDS)
            await self._machine.sleep(pause)
            pause *= 2
        return None


def _may_pass(failure: Refused | NotReached | NoAnswer) -> bool:
    if isinstance(failure, Refused) and not is_uncertain(failure):
        return failure.status in PASSING or failure.retry_after is not None
    return True


def _way_back(origin: Origin, met: Met, sentence: str) -> Message:
    message = origin.thread or origin.activity
    if origin.scope is not Scope.CHANNEL or message is None:
        return Message(sentence, (Words(sentence),))
    url = link_to(origin.tenant, str(origin.channel), origin.activity or message, message, origin.team_group)
    return Message(sentence, (Words(sentence), Link(met.say("Back to the channel"), url)))
