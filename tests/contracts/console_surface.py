"""The driver of the console (tests/console), a platform that the core has never heard of: writes and reads lines."""

import re
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.events import WorkspaceKey
from bot.messages import Target
from bot.surface import Core, Surface
from bot.wiring import Room, Serving, wire
from storage.database import Database
from tests.conftest import StillClock
from tests.console.chat import HOME
from tests.console.surface import KEY, Lines, console_surface
from tests.contracts.serving import Client, figures, served
from tests.contracts.surface import (
    FieldKind,
    Seen,
    SeenField,
    SeenForm,
    SeenMessage,
    SeenPicture,
    SurfaceUnderTest,
    all_words,
    filled,
    words,
)
from tests.support import Organisation, organisation, own_name

HEADER = re.compile(r"\[(\d+|home)\](\*?)( <.+>)?")
BUTTON = re.compile(r"\((\d+)\) (.*)")
LINK = re.compile(r"-> (.*) <(.*)>")
FIELD = re.compile(r": (\S+) \((\w+)\) (.*)")
PROBLEM = re.compile(r"! (\S*): (.*)")


@dataclass(frozen=True)
class Here:
    """A message or a form by its number, the numbers of its buttons, and where its links lead."""

    number: str
    presses: Mapping[str, str] = field(default_factory=dict, compare=False)
    addresses: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass
class ConsoleSurface:
    """Implements tests.contracts.surface.SurfaceUnderTest."""

    client: Client
    serving: Serving
    lines: Lines
    database: Database
    organisation: Organisation
    clock: StillClock
    name: str = "console"
    key: WorkspaceKey = KEY
    last: tuple[str, str, str] = ("", "", "")

    def id_of(self, name: str) -> str:
        """Return the platform's own id of a person or a channel."""
        return own_name(name)

    async def command(self, person: str, name: str, words: str = "", *, channel: str | None = None) -> Seen:
        """Write a line that begins with a slash."""
        return await self._act(person, f"{_at(channel)}/{name} {words}".strip())

    async def submit(self, person: str, form: SeenForm, **values: str) -> Seen:
        """Fill the form in, line by line, and send it."""
        assert form.submit is not None, form
        await self._fill(person, form, values)
        return await self._act(person, f"(send {form.reference.number})")

    async def press(self, person: str, on: SeenMessage | SeenForm, label: str, **values: str) -> Seen:
        """Write the button's number."""
        if isinstance(on, SeenForm):
            await self._fill(person, on, values)
        return await self._act(person, f"({on.reference.presses[label]}) yes")

    async def press_made_up(self, person: str, on: SeenMessage, label: str, target: Target) -> Seen:
        """Press it with another target: no line can say one, so it is put behind the console's own reading."""
        shown = self.lines.console.shown[int(on.reference.presses[label])]
        made_up = replace(shown, what=replace(shown.what, target=target))
        return _seen(await self.lines.press(person, uuid.uuid4().hex, made_up))

    async def write(self, person: str, words: str, *, channel: str, under: SeenMessage | None = None) -> SeenMessage:
        """Write a line in a channel, or below a message there."""
        await self._act(person, f"{_at(channel)}{words}" if under is None else f"[{under.reference.number}] {words}")
        return SeenMessage(words, reference=Here(str(max(self.lines.console.standing))))

    async def write_to_everybody(self, person: str, words: str, *, channel: str) -> Seen:
        """Write to @everybody."""
        return await self._act(person, f"{_at(channel)}@everybody {words}")

    async def write_to_bot(self, person: str, words: str) -> Seen:
        """Write a line to the bot."""
        return await self._act(person, words)

    async def delete_by_hand(self, message: SeenMessage) -> None:
        """Let it be gone."""
        del self.lines.console.standing[int(message.reference.number)]

    async def put_picture(self, person: str, form: SeenForm, content: bytes, alt: str, **values: str) -> Seen:
        """Fail the test: a console takes no files."""
        # No test of the suite may come here: a console has nowhere to take a file from.
        raise NotImplementedError

    async def pictures(self, shown: SeenMessage | SeenForm) -> Sequence[SeenPicture]:  # noqa: ARG002 - the port's form
        """Return none: a console shows what a picture says."""
        return ()

    async def react(self, person: str, message: SeenMessage) -> None:
        """Put a thumb on a message."""
        await self._act(person, f"[{message.reference.number}]+")

    async def take_reaction_back(self, person: str, message: SeenMessage) -> None:
        """Take it off again."""
        await self._act(person, f"[{message.reference.number}]-")

    async def open_home(self, person: str) -> SeenMessage:
        """Ask for Home."""
        [home] = _messages(await self._line(person, f".{HOME}"))
        return home

    async def redeliver(self) -> Seen:
        """Send the last line again, under its number."""
        return _seen(await self.lines.line(*self.last))

    async def direct(self, person: str) -> Sequence[SeenMessage]:
        """Look at the conversation with the bot."""
        return _messages(await self._looked(person, ".log"), whispers=False)

    async def in_channel(self, channel: str) -> Sequence[SeenMessage]:
        """Look at a channel."""
        return _messages(await self._looked("anna", f"{_at(channel)}.log"), whispers=False)

    async def in_thread(self, message: SeenMessage) -> Sequence[SeenMessage]:
        """Look at a thread."""
        return _messages(await self._looked("anna", f".thread {message.reference.number}"), whispers=False)

    async def together(self, *people: str) -> Sequence[SeenMessage]:  # noqa: ARG002 - the port's form
        """Return nothing: no bot opens a conversation here."""
        return ()

    async def as_it_stands(self, person: str, message: SeenMessage) -> SeenMessage | None:
        """Look at it again."""
        return next(iter(_messages(await self._looked(person, f".look {message.reference.number}"))), None)

    async def follow(self, person: str, message: SeenMessage, label: str) -> SeenMessage:
        """Look at the message whose number the link has."""
        number = message.reference.addresses[label].partition(":")[2]
        [led_to] = _messages(await self._looked(person, f".look {number}"))
        return led_to

    async def whole(self, person: str, shown: SeenMessage | SeenForm) -> str:  # noqa: ARG002 - the port's form
        """Return everything: a console shortens nothing."""
        return all_words(shown)

    async def files(self, person: str) -> Sequence[bytes]:
        """Take what was handed over."""
        return self.lines.console.files.pop(person, [])

    async def metrics(self) -> str:
        """Ask the process for its figures."""
        return await figures(self.client)

    async def settle(self) -> None:
        """Do and send what is due."""
        await self.serving.core.do_due()

    async def send(self) -> None:
        """Send what is to be sent."""
        await self.serving.sender.drain()

    async def _fill(self, person: str, form: SeenForm, values: Mapping[str, str]) -> None:
        for key, value in filled(form, values).items():
            first, *more = value.splitlines() or [""]
            for line in (f"{key} = {first}", *(f"{key} + {line}" for line in more)):
                await self._looked(person, f"{{{form.reference.number}}} {line}")

    async def _act(self, person: str, line: str) -> Seen:
        return _seen(await self._line(person, line))

    async def _line(self, person: str, line: str) -> list[str]:
        self.last = (person, line, uuid.uuid4().hex)
        return await self.lines.line(*self.last)

    async def _looked(self, person: str, line: str) -> list[str]:
        return await self.lines.line(person, line, uuid.uuid4().hex)


def _at(channel: str | None) -> str:
    return "" if channel is None else f"#{channel} "


def _seen(lines: Sequence[str]) -> Seen:
    """Return what lines that answer something show: a form at their end, whispers before it."""
    begins = next((number for number, line in enumerate(lines) if line.startswith("{")), len(lines))
    problems = [PROBLEM.fullmatch(line) for line in lines[begins:]]
    return Seen(
        _form(lines[begins:]) if lines[begins:] else None,
        {problem[1]: problem[2] for problem in problems if problem is not None},
        tuple(it for it in _messages(lines[:begins]) if it.reference.number != HOME),
    )


def _messages(lines: Sequence[str], *, whispers: bool = True) -> list[SeenMessage]:
    """Return the bot's messages among lines."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in lines:
        header = HEADER.fullmatch(line)
        if header is not None:
            found.append((header, []))
        else:
            found[-1][1].append(line)
    return [_message(header[1], body) for header, body in found if not header[3] and (whispers or not header[2])]


def _message(number: str, body: Sequence[str]) -> SeenMessage:
    presses, questions, addresses = _presses(body), {}, {}
    for before, line in zip(["", *body], body, strict=False):
        button, link = BUTTON.fullmatch(before), LINK.fullmatch(line)
        if button is not None and line.startswith("? "):
            questions[words(button[2])] = words(line[2:])
        if link is not None:
            addresses[words(link[1])] = link[2]
    return SeenMessage(_text(body), tuple(presses), tuple(addresses), questions, Here(number, presses, addresses))


def _form(lines: Sequence[str]) -> SeenForm:
    fields: dict[str, SeenField] = {}
    key, submit = "", None
    for line in lines[1:]:
        begun = FIELD.fullmatch(line)
        if begun is not None:
            key = begun[1]
            fields[key] = SeenField(key, FieldKind(begun[2]), words(begun[3]))
        elif line.startswith("(send "):
            submit = words(line.partition(") ")[2])
        elif key and line[:2] in ("= ", "~ ", ". ", "x "):
            fields[key] = _with(fields[key], line[0], line[2:])
    number, _, title = lines[0][1:].partition("} ")
    # A form's links are words among its words.
    text = _text([re.sub(LINK, r"  \1", line) for line in lines])
    presses = _presses(lines)
    return SeenForm(words(title), text, fields, tuple(presses), submit, Here(number, presses))


def _with(shown: SeenField, mark: str, said: str) -> SeenField:
    if mark == "~":
        return replace(shown, hint=words(said))
    if mark == "=":
        return replace(shown, value=f"{shown.value}\n{said}" if shown.value else said)
    with_option = replace(shown, options=(*shown.options, words(said)))
    if mark == ".":
        return with_option
    return replace(with_option, value="\n".join(filter(None, (shown.value, words(said)))))


def _presses(lines: Sequence[str]) -> dict[str, str]:
    found = [BUTTON.fullmatch(line) for line in lines]
    return {words(button[2]): button[1] for button in found if button is not None}


def _text(lines: Sequence[str]) -> str:
    return words(" ".join(line for line in lines if line.startswith("  ")))


@asynccontextmanager
async def opened(database: Database, clock: StillClock, rooms: Sequence[Room]) -> AsyncIterator[SurfaceUnderTest]:
    """Serve the console."""
    made = await organisation(database, clock, key=KEY)
    lines: list[Lines] = []

    def console(core: Core) -> Surface:
        lines.append(Lines(core))
        return console_surface(core, lines[0])

    serving = wire(database, clock, [console], rooms)
    async with served(serving) as client:
        yield ConsoleSurface(client, serving, lines[0], database, made, clock)
