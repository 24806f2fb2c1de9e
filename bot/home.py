"""The bot's Home: one page per person, added up from what each room has to show there."""

from collections.abc import Awaitable, Callable, Sequence

from bot.context import Handler, PersonContext
from bot.events import Event, Reply
from bot.messages import Divider, Message, Part, Tone, Words
from bot.taking_part import count
from storage.tables import Kind

HomeSection = Callable[[PersonContext], Awaitable[Sequence[Part]]]
"""One part of Home; empty when it has nothing to show this person."""


def opened_home(sections: Sequence[HomeSection]) -> Handler:
    """Return the handler that shows Home; opening it is a sign of taking part."""

    async def show(ctx: PersonContext, event: Event) -> Reply:
        await count(ctx, event, Kind.HOME)
        title = ctx.say("Samlas: what is new, and what waits for you")
        parts: list[Part] = []
        for section in sections:
            found = await section(ctx)
            if found:
                parts.extend([*found, Divider()])
        parts.append(Words(ctx.say("Ask for /samlas to see what I can do."), Tone.QUIET))
        return Reply(home=Message(title, tuple(parts)))

    return show
