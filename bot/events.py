"""The one way in: what one person did, as every adapter tells it, and what a handler answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from bot.forms import Form
from bot.images import Upload
from bot.messages import Message, Target, Words


@dataclass(frozen=True, slots=True)
class WorkspaceKey:
    """A workspace by the platform's name and the platform's own id for it."""

    platform: str
    external_id: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happened, in the platform's own names.

    `channel` is None in a direct conversation with the bot; there `thread` is the message of ours that was replied to,
    where the platform tells. `message` is the message that was written, pressed or
    reacted to; `thread` the one it stands under, if any.
    """

    channel: str | None = None
    message: str | None = None
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Pointed:
    """A message that somebody points at, by its menu, its link or from its thread; `link` leads people to it.

    A link is what anybody may have written: that the message is there, and that they may see it, nobody has checked.
    """

    channel: str
    # The first message of the thread that it is in, which may be itself.
    thread: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What one person did.

    `action` names the handler: "announce" for a command, "announcement.read" for a button, "announcement.compose"
    for a form that was sent; WROTE, REACTED and so on for what people do by themselves. `identity` is the
    platform's own identity of the thing that happened, not of its delivery: the same thing told twice has the same
    identity. `text` is what follows a command, what the message of a shortcut says, and what was written to the bot in
    a direct conversation; of what is written in a channel it is empty. `values` are the fields of a form.

    `place` is told by the platform. `asked_in` is where somebody asked for what they act on in private, where the
    person's own client brings that back: good for defaults and ways back, and never a reason to let them see anything.
    """

    action: str
    workspace: WorkspaceKey
    person: str
    identity: str
    at: datetime
    place: Place = field(default_factory=Place)
    target: Target | None = None
    text: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    # Of a message: whether it addresses everybody in its channel (@channel, @everyone, a team's mention).
    to_everybody: bool = False
    # The files chosen in a form, by its fields' keys, or sent to the bot ("sent").
    files: Mapping[str, Upload] = field(default_factory=dict)
    asked_in: Place | None = None
    # The message that a command, a shortcut or a form's field points at, and the person whom a command mentions.
    pointed: Pointed | None = None
    mentioned: str | None = None


# What people do by themselves; the counter knows these.
WROTE = "wrote"
REACTED = "reacted"
UNREACTED = "unreacted"
OPENED_HOME = "opened_home"


class Seen(NamedTuple):
    """What one person wrote, or reacted to, in a channel: in the few words that counting takes.

    Most of all that comes in is no more than this, and making an Event of each takes longer than counting it. `at` is
    in seconds since 1970, and a moment that a datetime can tell; all else means what it means in an Event.
    """

    action: str
    workspace: WorkspaceKey
    person: str
    identity: str
    at: float
    channel: str
    message: str | None
    thread: str | None = None
    to_everybody: bool = False

    @property
    def event(self) -> Event:
        """The same, for a handler."""
        return Event(
            action=self.action,
            workspace=self.workspace,
            person=self.person,
            identity=self.identity,
            at=datetime.fromtimestamp(self.at, UTC),
            place=Place(self.channel, self.message, self.thread),
            to_everybody=self.to_everybody,
        )


# Before and after these a datetime tells no moment: years 1 and 9999, in seconds since 1970.
FIRST_MOMENT: Final = -62_135_596_800.0
LAST_MOMENT: Final = 253_402_300_799.0


@dataclass(frozen=True, slots=True)
class File:
    """A file that is handed to one person alone; `message` says what it is, beside it."""

    name: str
    content: bytes
    message: Message


@dataclass(frozen=True, slots=True)
class Reply:
    """What a handler answers; all parts are optional, and none of them is sent by the handler itself.

    `form` opens, or takes the place of the form that the event came from. `close` closes that form. `errors` are
    sentences by field of the form that was sent; `form` beside them is that very form, holding what was sent, for a
    platform that cannot keep it open as it is. `whisper` is seen by this person alone, where they are. `refreshed`
    takes the place of the message that was pressed. `home` is what the person's Home shows. `file` is handed to this
    person alone, in their own conversation with the bot or as a download.
    """

    form: Form | None = None
    close: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    whisper: Message | None = None
    refreshed: Message | None = None
    home: Message | None = None
    file: File | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to show, as for all that is only counted."""
        return self is NOTHING or self == NOTHING


NOTHING: Final = Reply()


def whisper(sentence: str) -> Reply:
    """Return a reply that says one sentence to the person alone."""
    return Reply(whisper=Message(sentence, (Words(sentence),)))
