"""What stands in a console: the platform's own memory of messages, threads, open forms and lines that came."""

from dataclasses import dataclass, field

from bot.events import Event
from bot.forms import Form
from bot.messages import Button, Message

HOME = "home"


@dataclass
class Standing:
    """One message: by a person (`words`) or by the bot (`said`); in a channel, or else in `person`'s own conversation.

    `only_for` alone sees it: a whisper.
    """

    number: int
    channel: str | None
    person: str
    thread: int | None = None
    words: str = ""
    said: Message | None = None
    only_for: str | None = None
    delivery_id: str = ""

    def is_seen_by(self, person: str, channel: str | None) -> bool:
        """Whether it stands in a channel, or in a person's conversation with the bot, before this person's eyes."""
        if self.only_for not in (None, person):
            return False
        return self.channel == channel and (channel is not None or self.person == person)


@dataclass(frozen=True)
class Shown:
    """A form or a button that was shown, and where: on a message, on Home or in a form, by its number."""

    what: Form | Button
    channel: str | None
    on: Standing | None = None
    form: int | None = None


@dataclass
class Console:
    """All that stands, by its number; Homes and files by person; and what lines were, by their numbers."""

    standing: dict[int, Standing] = field(default_factory=dict)
    # By the number that each has for itself, so that a number that somebody has read never means another one.
    shown: dict[int, Shown] = field(default_factory=dict)
    # What somebody has filled into a form.
    filled: dict[tuple[int, str], dict[str, str]] = field(default_factory=dict)
    homes: dict[str, Message] = field(default_factory=dict)
    files: dict[str, list[bytes]] = field(default_factory=dict)
    told: dict[str, Event] = field(default_factory=dict)

    def add(self, channel: str | None, person: str, *, thread: int | None = None, words: str = "") -> Standing:
        """Let a message stand."""
        made = Standing(max(self.standing, default=0) + 1, channel, person, thread, words)
        self.standing[made.number] = made
        return made

    def show(self, shown: Shown) -> int:
        """Remember what is shown; returns its number."""
        number = len(self.shown) + 1
        self.shown[number] = shown
        return number
