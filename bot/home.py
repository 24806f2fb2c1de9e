"""The bot's Home: one page per person, added up from what each room has to show there."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial

from bot.context import Handler, Handlers, LongLook, PersonContext, person_context_for
from bot.events import OPENED_HOME, Event, Reply
from bot.messages import Divider, Message, Part, Tone, Words
from bot.taking_part import count
from storage.tables import Kind

HomeSection = Callable[[PersonContext], Awaitable[Sequence[Part]]]
"""One part of Home; empty when it has nothing to show this person."""


def handlers(sections: Sequence[HomeSection], changing: Handlers) -> Handlers:
    """Return the handler that shows Home, and `changing`: those of what changes it, which answer with it as well."""
    return {
        OPENED_HOME: partial(_opened, sections),
        **{action: partial(_changed, sections, handler) for action, handler in changing.items()},
    }


async def _opened(sections: Sequence[HomeSection], ctx: PersonContext, event: Event) -> Reply:
    """Show Home; opening it is a sign of taking part."""
    await count(ctx, event, Kind.HOME)
    return Reply(home=await _home(sections, ctx))


async def _changed(
    sections: Sequence[HomeSection], handler: Handler, ctx: PersonContext, event: Event
) -> Reply | LongLook:
    """Do something, and show Home as it then stands."""
    answer = await handler(ctx, event)
    if not isinstance(answer, Reply):
        return answer
    # What was changed (settings, language, choices) stands in the rows, and not in the surroundings yet.
    as_it_stands = person_context_for(
        ctx.session, ctx.now, ctx.workspace, ctx.member, {ctx.workspace.platform: ctx.say.written_as}
    )
    return replace(answer, home=await _home(sections, as_it_stands))


async def _home(sections: Sequence[HomeSection], ctx: PersonContext) -> Message:
    title = ctx.say("Samlas: what is new, and what waits for you")
    parts: list[Part] = []
    for section in sections:
        found = await section(ctx)
        if found:
            parts.extend([*found, Divider()])
    parts.append(Words(ctx.say("Ask for {/samlas} to see what I can do."), Tone.QUIET))
    return Message(title, tuple(parts))
