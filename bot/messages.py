"""What the bot says, as a platform-neutral message: a small closed union of parts.

Renderers (one per platform) are pure functions over these parts; a `match` ending in `assert_never` makes a part
that a renderer forgot a type error. All strings are already in the reader's language.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import assert_never

from bot.texts import Text, text


@dataclass(frozen=True, slots=True)
class Target:
    """What a button is about: a row and the version of it that the button was drawn from.

    It comes back from outside and is never trusted: role, workspace and state are checked on each press.
    """

    row: int
    version: int


class Style(StrEnum):
    """How much a button asks for attention."""

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"


class Tone(StrEnum):
    """How a piece of text is meant to be seen."""

    PLAIN = "plain"
    STRONG = "strong"
    QUIET = "quiet"


class Mark(StrEnum):
    """The state of one line of a checklist. Each has a sign *and* words: colour alone tells nobody."""

    DONE = "done"
    OPEN = "open"
    NO = "no"

    @property
    def words(self) -> Text:
        """What it is called, beside whatever sign a platform has for it."""
        match self:
            case Mark.DONE:
                return text("Done")
            case Mark.OPEN:
                return text("Open")
            case Mark.NO:
                return text("No")
            case _:
                assert_never(self)


@dataclass(frozen=True, slots=True)
class Heading:
    """A title. Plain text, one line."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """Something the bot says. Plain text: nothing in it is ever read as markup, a mention or a link."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Written:
    """Something a person wrote, in Markdown. It can format itself, and never mention anybody or run anything."""

    markdown: str


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value, both plain text."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Fields:
    """Labelled values, short ones."""

    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a checklist; `detail` is what was answered, plain text."""

    label: str
    mark: Mark
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Checks:
    """A checklist as it stands."""

    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a whole; `note` says why, in a short sentence."""

    label: str
    count: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shares:
    """Parts of a whole that sum to it, drawn as a small bar with its legend. Parts of 0 may be left out."""

    label: str
    shares: tuple[Share, ...]

    @property
    def total(self) -> int:
        """The whole."""
        return sum(share.count for share in self.shares)


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press: its action's name and what it is about, nothing else.

    `confirm` is a question asked before the press counts. `opens_form`: what it leads to is a form, as far as one
    knows; a platform whose buttons have to say so beforehand says so.
    """

    label: str
    action: str
    target: Target
    style: Style = Style.PLAIN
    confirm: str | None = None
    opens_form: bool = False


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in a row."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """A way to something that stands elsewhere, such as a post."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Together:
    """A way to a conversation with these people.

    `url` leads to the one that the bot has opened; None: it has opened none (yet). `people` are the e-mail addresses
    of the others, for a platform on which the reader opens it.
    """

    label: str
    people: tuple[str, ...]
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Appointment:
    """A time that was agreed on, to be taken into a calendar; `label` is what leads to that.

    `uid` names it for good, and a higher `revision` takes the place of a lower one. `people` are the e-mail addresses
    of the others.
    """

    label: str
    title: str
    begins: datetime
    ends: datetime
    uid: str
    revision: int
    made_at: datetime
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between two things."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture. `alt` says what it shows, plain text in the reader's language; `path` is where Samlas serves it.

    `image` is its row, and `known_as` what the workspace's platform calls it, where it has been given to that.
    """

    image: int
    path: str
    alt: str
    width: int
    height: int
    known_as: str = ""


Part = (
    Heading | Words | Written | Fields | Checks | Shares | Buttons | Link | Together | Appointment | Divider | Picture
)


@dataclass(frozen=True, slots=True)
class Message:
    """One message. `summary` is its plain text for notifications and screen readers, never empty."""

    summary: str
    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        """Refuse a message that a screen reader could not tell.

        Raises ValueError for an empty summary or no parts.
        """
        if not self.summary.strip() or not self.parts:
            raise ValueError("a message has a summary and at least one part")


def appointment_in(message: Message) -> Appointment | None:
    """Return the appointment that a message tells of, if it tells of one."""
    return next((part for part in message.parts if isinstance(part, Appointment)), None)


def buttons_of(parts: Iterable[object]) -> tuple[Button, ...]:
    """Return every button among the parts, in order."""
    return tuple(button for part in parts if isinstance(part, Buttons) for button in part.buttons)
