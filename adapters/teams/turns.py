"""Acts on what happened in Teams: hands it to the core as an event, and shows what the core answers.

Called by the front door (door.py) with activities that are from Teams and well-formed.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Final, assert_never

import structlog

from adapters.teams import answers
from adapters.teams.activities import (
    Acted,
    Activity,
    Answering,
    AskedOfMessage,
    BotCame,
    BotLeft,
    FileAnswered,
    Nothing,
    Origin,
    PeopleCame,
    PeopleLeft,
    Reacted,
    Scope,
    TeamChanged,
    Wrote,
)
from adapters.teams.answers import Reader, Shows
from adapters.teams.counted import Counted
from adapters.teams.files import Put, handed_over, not_handed_over, upload
from adapters.teams.people import Met, People
from adapters.teams.pictures import Pictures
from adapters.teams.places import Places, coming
from adapters.teams.pointing import pointing
from adapters.teams.reading import identity_of
from adapters.teams.speaking import Speaking
from adapters.teams.words import Asked, asked_for, wants_home
from bot.announcements.images import SENT
from bot.events import NOTHING, OPENED_HOME, REACTED, UNREACTED, WROTE, Event, Place, Reply, whisper
from bot.forms import FormField
from bot.surface import Core
from bot.whole import WHOLE

log = structlog.get_logger()

# Commands of the message extensions, as the package names them, and the core's.
ANNOUNCE_THIS: Final = "announce_this"
OF_MESSAGES: Final = {"announceThis": ANNOUNCE_THIS, "inviteIn": "invite-in"}


@dataclass(frozen=True, slots=True)
class Response:
    """What the front door answers."""

    status: HTTPStatus = HTTPStatus.OK
    body: Mapping[str, Any] | None = None


class Turns:
    """Takes one activity after the other, many at a time."""

    def __init__(
        self, core: Core, people: People, places: Places, speaking: Speaking, put: Put, pictures: Pictures
    ) -> None:
        """Know the core, whom the bot meets, where it is, how it speaks, puts files somewhere, and gets pictures."""
        self._core = core
        self._people = people
        self._places = places
        self._speaking = speaking
        self._put = put
        self._pictures = pictures

    async def take(self, activity: Activity) -> Response:  # noqa: C901 - one line for each kind of activity
        """Act on an activity; returns when all of it has been committed.

        Raises people.NobodyKnows when Teams is to send it again.
        """
        match activity:
            case Nothing():
                return Response()
            case Wrote():
                return await self._wrote(activity)
            case Reacted():
                return await self._reacted(activity)
            case Acted():
                return await self._acted(activity)
            case AskedOfMessage():
                return await self._asked_of_message(activity)
            case FileAnswered():
                return await self._file_answered(activity)
            case BotCame():
                await self._came(activity.origin)
            case BotLeft():
                await self._places.bot_left(activity.origin)
                self._people.forget(activity.origin)
            case PeopleCame():
                await self._places.people_came(activity)
            case PeopleLeft():
                await self._places.people_left(activity)
            case TeamChanged():
                await self._places.changed(activity)
            case _:
                assert_never(activity)
        return Response()

    async def count(self, counted: Counted) -> Reply | None:
        """Count what somebody wrote in a channel, and return the reply to it, which is mostly nothing.

        None for somebody who has not been met as they write here: then it is to be read whole.
        """
        remembered = self._people.remembered(counted.tenant, counted.seen.person, counted.told)
        if remembered is None:
            return None
        return NOTHING if remembered.met is None else await self._core.take(counted.seen)

    async def say_besides(self, origin: Origin, reply: Reply) -> None:
        """Say what follows from something that was counted, and that nobody asked for."""
        met = await self._people.meet(origin)
        if met is not None:
            reply = self._pictures.reply_addressed(reply)
            await self._speaking.answer(origin, met, reply, is_asked_for=False)

    async def _take(self, event: Event) -> Reply:
        return self._pictures.reply_addressed(await self._core.take(event))

    async def _wrote(self, wrote: Wrote) -> Response:
        origin = wrote.origin
        met = await self._people.meet(origin)
        if met is None:
            return Response()
        to_bot = origin.scope is Scope.PERSONAL or wrote.mentions_bot
        if to_bot and origin.scope is Scope.PERSONAL and wants_home(wrote.text):
            reply = await self._take(_event(origin, OPENED_HOME, met))
        elif to_bot and (asked := self._asked(origin, wrote.text)) is not None:
            reply = await self._take(pointing(replace(_event(origin, asked.command, met), text=asked.text), origin))
        elif origin.scope is Scope.GROUP:
            # Chats are not counted, so what is not for the bot is nobody's business.
            return Response()
        else:
            # What is written in channels is only counted.
            said = replace(_event(origin, WROTE, met), to_everybody=wrote.to_everybody)
            if origin.scope is Scope.PERSONAL:
                sent = await self._pictures.fetched(wrote.files, origin.service_url)
                said = replace(said, text=wrote.text, files={} if sent is None else {SENT: sent})
            reply = await self._take(said)
            await self._speaking.answer(origin, met, reply, is_asked_for=origin.scope is Scope.PERSONAL)
            return Response()
        await self._speaking.answer(origin, met, reply)
        return Response()

    def _asked(self, origin: Origin, text: str) -> Asked | None:
        asked = asked_for(text, self._core.commands)
        if asked is None and origin.scope is not Scope.PERSONAL:
            # Whoever mentions the bot without a command wants to know what it can do.
            return Asked("samlas", "")
        return asked

    async def _reacted(self, reacted: Reacted) -> Response:
        origin = reacted.origin
        # Chats are not counted; in the conversation with the bot it is a sign of having read.
        if origin.scope is Scope.GROUP or await self._people.meet(origin) is None:
            return Response()
        for action, kinds in ((REACTED, reacted.put), (UNREACTED, reacted.taken_off)):
            for kind in kinds:
                identity = f"{action}:{origin.channel}:{reacted.message}:{kind}:{origin.person.person}:{origin.at}"
                event = Event(
                    action, origin.workspace, origin.person.person, identity, origin.at, origin.place(reacted.message)
                )
                reply = await self._take(event)
                log.debug("teams.reacted", action=action, answered=not reply.is_nothing)
        return Response()

    async def _acted(self, acted: Acted) -> Response:
        origin, pressed = acted.origin, acted.pressed
        met = await self._people.meet(origin)
        if met is None:
            return Response(HTTPStatus.FORBIDDEN)
        event = replace(
            _event(origin, pressed.action, met),
            place=origin.place(acted.message),
            asked_in=_asked_in(acted),
            target=pressed.target,
            values=pressed.values,
        )
        reply = await self._take(pointing(event, origin))
        if reply.file is not None:
            await self._speaking.offer(origin, met, reply.file, pressed)
        reader = Reader(met.say, pressed.whence)
        match acted.answering:
            case Answering.CARD:
                return await self._in_place(acted, event, reply, met)
            case Answering.FETCH:
                if reply.refreshed is not None:
                    await self._renew(acted, await asyncio.to_thread(reader.message, reply.refreshed))
                return Response(body=await asyncio.to_thread(answers.in_dialog, reply, None, reader))
            case Answering.SUBMIT:
                return Response(body=await asyncio.to_thread(answers.in_dialog, reply, pressed, reader))
            case Answering.MESSAGE:
                await self._speaking.answer(origin, met, reply, pressed.whence)
                return Response()
            case _:
                assert_never(acted.answering)

    async def _in_place(self, acted: Acted, event: Event, reply: Reply, met: Met) -> Response:
        """Answer a button that was executed.

        In a personal chat the message itself is changed; in a channel Teams shows the answer to this person alone,
        and the message stays as it is for everybody else.
        """
        reader = Reader(met.say, acted.pressed.whence)
        shows, whisper = await asyncio.to_thread(answers.in_place, reply, acted.pressed, reader)
        if shows is None and whisper is not None and acted.origin.channel is not None:
            # A card that somebody has answered shows so for them.
            standing = await self._take(replace(event, action=WHOLE, identity=f"{event.identity}:standing"))
            if standing.form is not None:
                said = tuple(part for part in standing.form.parts if not isinstance(part, FormField))
                noted = answers.answered(said, whisper)
                return Response(body=answers.as_response(await asyncio.to_thread(reader.message, noted)))
        if shows is not None:
            await self._renew(acted, shows)
        if whisper is not None:
            await self._speaking.answer(acted.origin, met, Reply(whisper=whisper), acted.pressed.whence)
        if shows is not None:
            return Response(body=answers.as_response(shows))
        return Response(body=answers.as_sentence(whisper.summary if whisper is not None else met.say("Done.")))

    async def _renew(self, acted: Acted, shows: Shows) -> None:
        if acted.message is not None and acted.origin.scope is Scope.PERSONAL:
            await self._speaking.replace(acted.origin, acted.message, shows.activity)

    async def _asked_of_message(self, asked: AskedOfMessage) -> Response:
        met = await self._people.meet(asked.origin)
        if met is None:
            return Response(HTTPStatus.FORBIDDEN)
        command = OF_MESSAGES.get(asked.command)
        if command is None:
            return Response(HTTPStatus.NOT_IMPLEMENTED)
        event = replace(
            _event(asked.origin, command, met),
            text=asked.text,
            place=asked.origin.place(asked.message),
        )
        reply = await self._take(pointing(event, asked.origin, by_menu=True))
        return Response(body=await asyncio.to_thread(answers.in_dialog, reply, None, Reader(met.say)))

    async def _file_answered(self, answered: FileAnswered) -> Response:
        """Put the file that somebody has accepted where Teams says, made anew.

        What comes back is as good as another press of the button that it was asked for by, and no better: whether it
        is theirs to have is looked at again.
        """
        origin = answered.origin
        met = await self._people.meet(origin)
        if met is None:
            return Response(HTTPStatus.FORBIDDEN)
        event = replace(_event(origin, answered.asked.action, met), target=answered.asked.target)
        reply = await self._core.take(event)
        if reply.file is None:
            return Response()
        if await upload(self._put, answered, reply.file):
            if answered.message is not None:
                await self._speaking.replace(origin, answered.message, handed_over(answered.upload))
        else:
            await self._speaking.answer(origin, met, whisper(not_handed_over(met.say)))
        return Response()

    async def _came(self, origin: Origin) -> None:
        """Remember where the app was installed, and say hello to whoever installed it for themselves."""
        if origin.scope is Scope.PERSONAL:
            self._people.forget(origin)
            met = await self._people.meet(origin)
            if met is not None:
                # One hello for each coming, however often and by whichever activity it is told.
                hello = replace(_event(origin, "samlas", met), identity=coming(origin))
                await self._speaking.answer(origin, met, await self._take(hello))
            return
        await self._places.bot_came(origin)


def _event(origin: Origin, action: str, met: Met) -> Event:
    """Return something that somebody did here. Its identity is that of the activity, told once or more often."""
    return Event(
        action=action,
        workspace=origin.workspace,
        person=met.external_id,
        identity=identity_of(origin.conversation, origin.activity, action, met.external_id),
        at=origin.at,
        place=origin.place(origin.activity),
    )


def _asked_in(acted: Acted) -> Place | None:
    """Return where what was pressed in private had been asked for; the button says so, and may say anything."""
    whence = acted.pressed.whence
    if whence is None or acted.origin.channel is not None:
        return None
    return Place(whence.channel, None, whence.thread)
