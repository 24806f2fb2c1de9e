"""`/samlas`, and what the bot answers to a message written to it: what it does, and how to ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.announcements import replies
from bot.context import Handlers, PersonContext
from bot.events import Event, Reply
from bot.intake import WROTE_TO_BOT
from bot.messages import Field, Fields, Heading, Message, Words
from bot.taking_part import as_command
from bot.texts import Text


@dataclass(frozen=True, slots=True)
class Help:
    """The help of a whole program: the commands of all rooms, each with its line."""

    commands: Mapping[str, Text]

    def handlers(self) -> Handlers:
        """Return what this module answers, by action name."""
        return {"samlas": as_command(self._samlas), WROTE_TO_BOT: self._wrote_to_bot}

    async def _samlas(self, ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG002 - every handler has the same form
        return Reply(whisper=self._message(ctx))

    async def _wrote_to_bot(self, ctx: PersonContext, event: Event) -> Reply:
        return await replies.wrote_to_bot(ctx, event) or Reply(whisper=self._message(ctx))

    def _message(self, ctx: PersonContext) -> Message:
        say = ctx.say
        rows = tuple(
            Field(say.written_as(command, say.language), say.say(line))
            for command, line in sorted(self.commands.items())
        )
        parts = (
            Heading(say("Hello, I am Samlas")),
            Words(
                say(
                    "I help people here tell things once, anchor decisions before they are announced, and find each"
                    " other."
                )
            ),
            Fields(rows),
            Words(
                say(
                    "Whatever else you write to me is neither kept nor counted. Only a reply to an announcement is"
                    " kept, which counts as having read it, and a picture: for you alone, until you choose what"
                    " becomes of it."
                )
            ),
        )
        return Message(say("What Samlas does"), parts)
