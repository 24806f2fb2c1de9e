"""What a test can do on any surface, as a person: the port that each surface's driver implements.

A driver works at the transport: it sends what the platform would send for what a person does there, and reads from
what the surface answers, and from what it asks of the platform's own API, what the person then sees. It knows nothing
of the core. People and channels go by the names of the test's organisation ("anna", "allmant"); what a platform calls
them is the driver's affair.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from bot.events import WorkspaceKey
from bot.messages import Target
from bot.wiring import Room
from storage.database import Database
from tests.conftest import StillClock
from tests.support import Organisation


class FieldKind(StrEnum):
    """What a field lets a person do."""

    TEXT = "text"
    CHOICE = "choice"
    CHOICES = "choices"
    TICK = "tick"
    DAY = "day"
    TIME = "time"
    PERSON = "person"
    PICTURE = "picture"


@dataclass(frozen=True)
class SeenField:
    """One field as a person sees it.

    `value` is what it shows: of a choice the chosen option's label ("" for none), of choices those of the chosen ones,
    a line each, of a person their name in the organisation ("bo"), of a tick "yes" or "", of a day "2027-03-01", of a
    time "09:30". `options` are the labels, in order, of what there is to choose from.
    """

    key: str
    kind: FieldKind
    label: str
    value: str = ""
    hint: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class SeenPicture:
    """A picture as a person sees it: its bytes, none where their client gets none, and the words for what it shows."""

    alt: str
    content: bytes


@dataclass(frozen=True)
class SeenMessage:
    """A message as a person sees it: one that was sent or whispered, or the bot's Home.

    `text` is all its visible words, each run of white space as one space. Buttons' labels, and those of links that
    the bot offers, are not in it; links in what a person wrote are. `questions` are what is asked before a button's
    press counts, by its label; pressing it in a test answers yes. `reference` is the driver's own: two are equal
    when they are about the same message.
    """

    text: str
    buttons: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    questions: Mapping[str, str] = field(default_factory=dict)
    reference: Any = None


@dataclass(frozen=True)
class SeenForm:
    """A form that is open before a person: as SeenMessage, with its title, and its fields by key.

    `submit` is the label of what sends it; None where only its buttons lead on. Where a surface shows a form in a
    message, this is that form all the same.
    """

    title: str
    text: str
    fields: Mapping[str, SeenField]
    buttons: tuple[str, ...] = ()
    submit: str | None = None
    reference: Any = None


@dataclass(frozen=True)
class Seen:
    """What a person sees at once of what they did.

    `form` is what now is open before them: a new one, the same one after errors, or None. `errors` are sentences by
    the key of the field they stand at; those of the whole form under "". `whispers` are seen by this person alone,
    wherever the surface puts them: the last words of a form that a platform cannot close, a note of the platform's
    own kind, a message in the conversation with the bot. What a form's own errors say is no whisper.
    """

    form: SeenForm | None = None
    errors: Mapping[str, str] = field(default_factory=dict)
    whispers: tuple[SeenMessage, ...] = ()

    @property
    def told(self) -> str:
        """All whispers' words as one text to look in."""
        return " ".join(whisper.text for whisper in self.whispers)

    @property
    def opened(self) -> SeenForm:
        """The form that is open; fails the test when there is none."""
        assert self.form is not None, self
        return self.form


class SurfaceUnderTest(Protocol):
    """One surface, served whole over HTTP, with the test's organisation in it (tests/support.py).

    In the channel "allmant" are anna, bo and carl; eva is in none and has given no sign. Whoever is in a channel can
    write, reply and react there.
    """

    name: str
    key: WorkspaceKey
    database: Database
    organisation: Organisation
    # Product time, which stands still until it is moved.
    clock: StillClock

    def id_of(self, name: str) -> str:
        """Return the platform's own id of a person or a channel."""
        ...

    async def command(self, person: str, name: str, words: str = "", *, channel: str | None = None) -> Seen:
        """Run a chat command in a channel, or in the conversation with the bot."""
        ...

    async def submit(self, person: str, form: SeenForm, **values: str) -> Seen:
        """Send a form: each field with the value given by its key, else with what it shows.

        Values are given as SeenField shows them. A value that the surface cannot send (an option that is not
        offered) fails the test.
        """
        ...

    async def press(self, person: str, on: SeenMessage | SeenForm, label: str, **values: str) -> Seen:
        """Press a button as it was seen, though the message may have been changed since.

        In a form it brings the fields, as `submit` does. Fails the test when there is no such button.
        """
        ...

    async def press_made_up(self, person: str, on: SeenMessage, label: str, target: Target) -> Seen:
        """Press a button whose target somebody has tampered with on its way."""
        ...

    async def write(self, person: str, words: str, *, channel: str, under: SeenMessage | None = None) -> SeenMessage:
        """Write a message in a channel, or in the thread under a message; returns it as a reference to it."""
        ...

    async def write_to_everybody(self, person: str, words: str, *, channel: str) -> Seen:
        """Write a message in a channel that addresses everybody there, as the surface has it."""
        ...

    async def write_to_bot(self, person: str, words: str) -> Seen:
        """Write a message in the conversation with the bot."""
        ...

    async def delete_by_hand(self, message: SeenMessage) -> None:
        """Delete a message of the bot's in a channel, as somebody who looks after the channel can."""
        ...

    async def put_picture(self, person: str, form: SeenForm, content: bytes, alt: str, **values: str) -> Seen:
        """Fill an announcement's form in with a picture that shows `alt`, and go on to what follows.

        In the way that the surface has: in the form; or by sending it to the bot, once the draft is saved, and going on
        with the draft after that.
        """
        ...

    async def pictures(self, shown: SeenMessage | SeenForm) -> Sequence[SeenPicture]:
        """Return the pictures that stand in what is shown, as the person's client fetches them now."""
        ...

    async def react(self, person: str, message: SeenMessage) -> None:
        """Put always the same emoji, a thumb up, on a message in a channel."""
        ...

    async def take_reaction_back(self, person: str, message: SeenMessage) -> None:
        """Take one's thumb off again."""
        ...

    async def open_home(self, person: str) -> SeenMessage:
        """Open the bot's Home."""
        ...

    async def redeliver(self) -> Seen:
        """Deliver what the last act brought about once more, as the platform does after an answer that got lost.

        Everything is as the first time, but for what the platform itself says of a retry.
        """
        ...

    async def direct(self, person: str) -> Sequence[SeenMessage]:
        """Return what the bot has sent to a person's conversation with it, in order, as it now stands; no whispers."""
        ...

    async def in_channel(self, channel: str) -> Sequence[SeenMessage]:
        """Return what the bot has sent to a channel, in order, as it now stands; no whispers, nothing in threads."""
        ...

    async def in_thread(self, message: SeenMessage) -> Sequence[SeenMessage]:
        """Return what the bot has sent to the thread under a message in a channel, in order, as it now stands."""
        ...

    async def together(self, *people: str) -> Sequence[SeenMessage]:
        """Return what the bot has sent to the conversation that these people have with it.

        Empty also on a surface that lets no bot open one.
        """
        ...

    async def as_it_stands(self, person: str, message: SeenMessage) -> SeenMessage | None:
        """Return a message that this person has seen as it stands now; None for one that is gone."""
        ...

    async def follow(self, person: str, message: SeenMessage, label: str) -> SeenMessage:
        """Follow a link of a message to the message that it leads to."""
        ...

    async def whole(self, person: str, shown: SeenMessage | SeenForm) -> str:
        """Return all the words of what is shown, those of fields and options too.

        Where something is too long for the platform, the driver goes the way to the whole that stands there in its
        place (a button, a link), as the person would.
        """
        ...

    async def files(self, person: str) -> Sequence[bytes]:
        """Take the files that the bot has handed to a person since they last did, accepting where they are asked."""
        ...

    async def metrics(self) -> str:
        """Return what the process tells a monitoring system of itself."""
        ...

    async def settle(self) -> None:
        """Do everything that is due now, and send everything that is to be sent now."""
        ...

    async def send(self) -> None:
        """Send everything that is to be sent now, and do nothing else that is due."""
        ...


OpenSurface = Callable[[Database, StillClock, Sequence[Room]], AbstractAsyncContextManager[SurfaceUnderTest]]
"""Serves one surface for the length of a block: with the test's organisation in this database, and these rooms."""


def words(text: str) -> str:
    """Return a text with each run of white space as one space."""
    return " ".join(text.split())


def filled(form: SeenForm, values: Mapping[str, str]) -> dict[str, str]:
    """Return what a person sends with a form, by key and as SeenField shows values.

    Fails the test for a field that is not there and for an option that is not offered.
    """
    assert values.keys() <= form.fields.keys(), (values.keys(), form.fields.keys())
    sent = {key: values.get(key, seen.value) for key, seen in form.fields.items()}
    for key, seen in form.fields.items():
        if seen.kind is FieldKind.CHOICE and sent[key]:
            assert sent[key] in seen.options, (sent[key], seen.options)
        if seen.kind is FieldKind.CHOICES:
            assert set(sent[key].splitlines()) <= set(seen.options), (sent[key], seen.options)
    return sent


def all_words(shown: SeenMessage | SeenForm) -> str:
    """Return all the words that stand in what is shown, without following anything."""
    if isinstance(shown, SeenMessage):
        return words(" ".join([shown.text, *shown.buttons, *shown.links]))
    fields = [part for seen in shown.fields.values() for part in (seen.label, seen.value, seen.hint, *seen.options)]
    return words(" ".join([shown.title, shown.text, *fields, *shown.buttons, shown.submit or ""]))


def says_count(shown: str, label: str, count: int) -> bool:
    """Whether a number stands beside a label, on whichever side a surface puts it."""
    number = rf"(?<!\d){count}(?!\d)"
    return (
        re.search(rf"{number}[^\w]{{1,3}}{re.escape(label)}|{re.escape(label)}[^\w]{{1,3}}{number}", shown) is not None
    )
