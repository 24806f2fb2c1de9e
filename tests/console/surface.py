"""A minimal fourth platform, made by docs/adding-a-platform.md: Samlas by lines of text, which go by person and number.

`#channel` before a line says where it is written; without, it is to the bot. What a line may be:

    /command words     [12] a reply          [12]+ and [12]-   a thumb, and off again
    any other words    (57) yes              press a button; `yes` where it asks first
    .home  .log  .look 12  .thread 12        look at Home, a conversation, a message, a thread
    {58} key = value   {58} key + one more   fill a form in
    (send 58)                                send it
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from bot.context import known, person_context_for
from bot.directory import PersonSeen, begin_directory, see_everybody
from bot.events import OPENED_HOME, REACTED, UNREACTED, WROTE, Event, Place, Reply, WorkspaceKey
from bot.forms import YES, ChoiceField, ChoicesField, Form, FormField, TickField
from bot.messages import Button, Message, Target, Words
from bot.surface import Core, Surface
from bot.texts import Voice
from storage.directory import ChannelSeen, fill_channel, name_leads, see_channel
from storage.people import find_member
from storage.workspaces import add_workspace, find_workspace
from tests.console.chat import HOME, Console, Shown, Standing
from tests.console.gateway import PLATFORM, ConsoleGateway
from tests.console.rendering import form_lines, message_lines

KEY: Final = WorkspaceKey(PLATFORM, "console")
TO_EVERYBODY: Final = re.compile(r"(?<!\w)@everybody(?!\w)")
WHERE: Final = re.compile(r"(?:#(\S+) )?(.*)", re.DOTALL)
COMMAND: Final = re.compile(r"/([a-z-]+)\s*(.*)", re.DOTALL)
LOOK: Final = re.compile(r"\.(home|log|look|thread)(?: (\d+|home))?")
PRESS: Final = re.compile(r"\((\d+)\)( yes)?")
REACTION: Final = re.compile(r"\[(\d+)\]([+-])")
REPLY: Final = re.compile(r"\[(\d+)\] (.+)", re.DOTALL)
FILLED: Final = re.compile(r"\{(\d+)\} ([\w.-]+) ([=+]) ?(.*)", re.DOTALL)
SEND: Final = re.compile(r"\(send (\d+)\)")


@dataclass(frozen=True)
class Organisation:
    """Who sits before the consoles: people's e-mail addresses by id, the channels, and who leads communications."""

    people: dict[str, str]
    channels: dict[str, Sequence[str]]
    lead: str


@dataclass
class Lines:
    """Takes people's lines, and answers with lines."""

    core: Core
    console: Console = field(default_factory=Console)

    async def line(self, person: str, line: str, number: str) -> list[str]:
        """Take one line; the same number again is the same line, whose answer got lost."""
        if number in self.console.told:
            again = self.console.told[number]
            return await self._answer(again, await self.core.take(again))
        channel, words = _where(line)
        looked = LOOK.fullmatch(words)
        if looked is not None and looked[1] != HOME:
            return await self._look(person, channel, looked[1], looked[2])
        filled, pressed, sent = FILLED.fullmatch(words), PRESS.fullmatch(words), SEND.fullmatch(words)
        if filled is not None:
            return self._fill(person, filled)
        if pressed is not None:
            shown = self.console.shown[int(pressed[1])]
            if isinstance(shown.what, Button) and shown.what.confirm is not None and not pressed[2]:
                return [f"? {shown.what.confirm}"]
            return await self.press(person, number, shown)
        if sent is not None:
            return await self.press(person, number, self.console.shown[int(sent[1])], int(sent[1]))
        event = self._said(person, channel, words, number)
        return ["?"] if event is None else await self._tell(event)

    def _said(self, person: str, channel: str | None, words: str, number: str) -> Event | None:
        """Return what somebody does by a line that neither looks, presses nor fills in."""
        if words == f".{HOME}":
            return self._event(OPENED_HOME, person, number)
        command, reaction, reply = COMMAND.fullmatch(words), REACTION.fullmatch(words), REPLY.fullmatch(words)
        if command is not None:
            asked = self._event(command[1], person, number, channel)
            return replace(asked, text=command[2]) if command[1] in self.core.commands else None
        if reaction is not None:
            stands = self.console.standing[int(reaction[1])]
            action = REACTED if reaction[2] == "+" else UNREACTED
            return self._event(action, person, number, stands.channel, stands)
        under = None if reply is None else self.console.standing[int(reply[1])]
        said = words if reply is None else reply[2]
        thread = None if under is None else under.thread or under.number
        wrote = self._event(WROTE, person, number, channel if under is None else under.channel)
        stands = self.console.add(wrote.place.channel, person, thread=thread, words=said)
        place = Place(wrote.place.channel, str(stands.number), None if thread is None else str(thread))
        if place.channel is None:
            # What is written in a channel, the core never sees.
            return replace(wrote, place=place, text=said)
        return replace(wrote, place=place, to_everybody=TO_EVERYBODY.search(said) is not None)

    async def press(self, person: str, number: str, shown: Shown, form: int | None = None) -> list[str]:
        """Press a button, or send a form: with what its fields hold, and what this person has filled in."""
        form = form or shown.form
        event = self._event(shown.what.action, person, number, shown.channel, shown.on, shown.what.target)
        if form is not None:
            event = replace(event, values=self._holding(person, form).values())
        return await self._tell(event, form)

    def _holding(self, person: str, number: int) -> Form:
        """Return a form that was shown, as this person has filled it in."""
        form = self.console.shown[number].what
        assert isinstance(form, Form)
        return form.holding(self.console.filled.get((number, person), {}))

    def _fill(self, person: str, filled: re.Match[str]) -> list[str]:
        number, key = int(filled[1]), filled[2]
        form, values = self._holding(person, number), self.console.filled.setdefault((number, person), {})
        field = next(part for part in form.parts if isinstance(part, FormField) and part.key == key)
        values[key] = _value(field, filled[4], values.get(key, "") if filled[3] == "+" else None)
        return []

    async def _look(self, person: str, channel: str | None, what: str, which: str | None) -> list[str]:
        say = await self._voice(person)
        if which == HOME:
            return self._home(person, say)
        seen = [it for it in self.console.standing.values() if it.is_seen_by(person, channel)]
        if what == "look":
            seen = [it for it in self.console.standing.values() if str(it.number) == which]
        elif what == "thread":
            seen = [it for it in self.console.standing.values() if str(it.thread) == which]
        elif channel is not None:
            seen = [it for it in seen if it.thread is None]
        return [line for it in seen for line in self._standing(it, say)]

    async def _tell(self, event: Event, form: int | None = None) -> list[str]:
        self.console.told[event.identity] = event
        return await self._answer(event, await self.core.take(event), form)

    async def _answer(self, event: Event, reply: Reply, form: int | None = None) -> list[str]:
        """Show what the core answers: what stays is put up, the rest is these lines; `form`: where it was done."""
        person, lines, say = event.person, list[str](), await self._voice(event.person)
        errors, whisper = dict(reply.errors), reply.whisper
        if form is not None and whisper is not None and not reply.close and reply.form is None:
            # It says why the form is not taken.
            errors, whisper = {**errors, "": whisper.summary}, None
        elif errors and form is None:
            sentence = " ".join(errors.values())
            errors, whisper = {}, Message(sentence, (Words(sentence),))
        if reply.refreshed is not None and event.place.message is not None:
            self.console.standing[int(event.place.message)].said = reply.refreshed
        if reply.home is not None:
            self.console.homes[person] = reply.home
            lines += self._home(person, say)
        if reply.file is not None:
            self.console.files.setdefault(person, []).append(reply.file.content)
        if whisper is not None:
            stands = self.console.add(event.place.channel, person)
            stands.said, stands.only_for = whisper, person
            lines += self._standing(stands, say)
        if reply.form is not None and not errors:
            form = self.console.show(Shown(reply.form, event.place.channel))
        elif reply.close:
            form = None
        return lines if form is None else [*lines, *self._form(person, form, say, errors)]

    def _form(self, person: str, number: int, say: Voice, errors: Mapping[str, str]) -> list[str]:
        channel = self.console.shown[number].channel
        shown = partial(self._number, channel=channel, form=number)
        return form_lines(number, self._holding(person, number), say, shown, errors)

    def _home(self, person: str, say: Voice) -> list[str]:
        return [f"[{HOME}]", *message_lines(self.console.homes[person], say, self._number)]

    def _standing(self, stands: Standing, say: Voice) -> list[str]:
        if stands.said is None:
            return [f"[{stands.number}] <{stands.person}>", f"  {stands.words}"]
        shown = partial(self._number, channel=stands.channel, on=stands)
        return [f"[{stands.number}]{'' if stands.only_for is None else '*'}", *message_lines(stands.said, say, shown)]

    def _number(
        self, button: Button, channel: str | None = None, on: Standing | None = None, form: int | None = None
    ) -> int:
        return self.console.show(Shown(button, channel, on, form))

    async def _voice(self, person: str) -> Voice:
        async with self.core.database.read() as session:
            workspace = await find_workspace(session, KEY.platform, KEY.external_id)
            member = None if workspace is None else await find_member(session, known(workspace.id), person)
            if workspace is None or member is None:
                return Voice("en")
            return person_context_for(session, self.core.clock.now(), workspace, member).say

    def _event(
        self,
        action: str,
        person: str,
        number: str,
        channel: str | None = None,
        stands: Standing | None = None,
        target: Target | None = None,
    ) -> Event:
        message, thread = (None, None) if stands is None else (str(stands.number), stands.thread)
        place = Place(channel, message, None if thread is None else str(thread))
        return Event(action, KEY, person, number, self.core.clock.now(), place, target)


def _where(line: str) -> tuple[str | None, str]:
    found = WHERE.fullmatch(line)
    return (None, line) if found is None else (found[1], found[2])


def _value(field: FormField, said: str, before: str | None) -> str:
    """Return what was filled in as the core has it: of options their values, of several those with commas between."""
    if isinstance(field, ChoiceField | ChoicesField):
        # What is not offered is for the core to refuse.
        said = next((option.value for option in field.options if option.label == said), said)
    elif isinstance(field, TickField):
        said = YES if said else ""
    if before is None:
        return said
    return f"{before}{',' if isinstance(field, ChoicesField) else chr(10)}{said}"


def console_surface(core: Core, lines: Lines, organisation: Organisation | None = None) -> Surface:
    """Return the console; with an organisation, it moves in when it is first served."""

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        if organisation is not None:
            await _move_in(core, organisation)
        yield

    return Surface(ConsoleGateway(lines.console), lambda _application: None, lifespan=lifespan)


async def _move_in(core: Core, organisation: Organisation) -> None:
    now = core.clock.now()
    async with core.database.begin() as session:
        if await find_workspace(session, KEY.platform, KEY.external_id) is not None:
            return
        settings = {"announcement_channel": next(iter(organisation.channels)), "language": "en"}
        workspace = await add_workspace(session, KEY.platform, KEY.external_id, "Console", now, settings)
        workspace_id = known(workspace.id)
        await begin_directory(session, workspace_id, now)
        people = [PersonSeen(one, one.capitalize(), email, "en") for one, email in organisation.people.items()]
        await see_everybody(session, workspace_id, people, (), now)
        for channel, inside in organisation.channels.items():
            row = await see_channel(
                session, workspace_id, ChannelSeen(channel, channel, is_private=False, bot_is_in=True)
            )
            await fill_channel(session, workspace_id, row, inside)
        await name_leads(session, workspace_id, [organisation.people[organisation.lead]])
