"""A room of the tests' own: it says what a test puts into it, and keeps every event that comes back."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.context import Context, PersonContext, Spoken
from bot.events import Event, Reply
from bot.forms import Form, FormPart
from bot.messages import Button, Message, Part, Target
from bot.texts import text
from bot.wiring import Room
from storage.outbox import Urgency, refresh_posted, say_in_channel, say_to_member
from storage.tables import Outbox
from tests.contracts.surface import SeenMessage, SurfaceUnderTest

COMMAND = "show"
PRESSED = "show.pressed"
SENT = "show.sent"
SHOWN = "show.shown"
# An action that no room has a handler for any more.
GONE = "show.gone"
TARGET = Target(7, 3)


@dataclass
class Showroom:
    """`reply` answers everything; `message` is what it posts; `home` stands on everybody's Home."""

    reply: Reply = field(default_factory=Reply)
    message: Message | None = None
    home: Sequence[Part] = ()
    events: list[Event] = field(default_factory=list)
    subject: int = 0

    def room(self) -> Room:
        """Return what the wiring adds up."""
        return Room(
            handlers={COMMAND: self._answer, PRESSED: self._answer, SENT: self._answer},
            spoken={SHOWN: Spoken(self._compose)},
            commands={COMMAND: text("Show what the test shows")},
            home_sections=(self._at_home,),
        )

    async def _answer(self, ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG002 - every handler has the same form
        self.events.append(event)
        return self.reply

    async def _compose(self, ctx: Context, row: Outbox) -> Message | None:  # noqa: ARG002 - every composer has the same form
        return self.message

    async def _at_home(self, ctx: PersonContext) -> Sequence[Part]:  # noqa: ARG002 - every section has the same form
        return self.home

    def _another(self) -> int:
        self.subject += 1
        return self.subject

    async def whisper(self, surface: SurfaceUnderTest, *parts: Part) -> SeenMessage:
        """Let anna see these parts in a whisper."""
        self.reply = Reply(whisper=message(*parts))
        [seen] = (await surface.command("anna", COMMAND)).whispers
        return seen

    async def send(self, surface: SurfaceUnderTest, *parts: Part) -> SeenMessage:
        """Let anna get these parts in a direct message."""
        self.message = message(*parts)
        async with surface.database.begin() as session:
            made = surface.organisation
            await say_to_member(
                session,
                made.workspace_id,
                made.members["anna"],
                SHOWN,
                self._another(),
                now=surface.clock.now(),
                urgency=Urgency.ANSWER,
            )
        await surface.send()
        return (await surface.direct("anna"))[-1]

    async def post(self, surface: SurfaceUnderTest, *parts: Part) -> SeenMessage:
        """Let everybody in the channel see these parts."""
        self.message = message(*parts)
        async with surface.database.begin() as session:
            made = surface.organisation
            await say_in_channel(
                session,
                made.workspace_id,
                made.channel_id,
                SHOWN,
                self._another(),
                now=surface.clock.now(),
                urgency=Urgency.ANSWER,
            )
        await surface.send()
        return (await surface.in_channel("allmant"))[-1]

    async def change(self, surface: SurfaceUnderTest, *parts: Part) -> None:
        """Let what was posted last say this instead."""
        self.message = message(*parts)
        async with surface.database.begin() as session:
            workspace_id = surface.organisation.workspace_id
            await refresh_posted(session, workspace_id, SHOWN, self.subject, now=surface.clock.now())
        await surface.send()


def message(*parts: Part) -> Message:
    """Return a message of these parts."""
    return Message("Something to see", parts)


def form(*parts: FormPart, title: str = "Something to fill in", submit: str | None = "Send it") -> Form:
    """Return a form of these parts."""
    return Form(SENT, TARGET, title, parts, submit, "Cancel")


def press_me(label: str = "Press me", action: str = PRESSED) -> Button:
    """Return a button of the showroom."""
    return Button(label, action, TARGET)
