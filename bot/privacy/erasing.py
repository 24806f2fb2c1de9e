"""*Erase my data*: first what goes and what stays, in plain words; then, on a second yes, it is done.

The command line does the same (bot/commands/erase.py).
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

import structlog

from bot.anchoring.waiting import go_on_without
from bot.context import Context, Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.forms import Form, FormPart
from bot.messages import Heading, Message, Style, Target, Tone, Words
from bot.names import FORMER_MEMBER
from bot.privacy.what_goes import TO_THEMSELVES, what_goes, what_stays
from bot.texts import Text, Voice, text
from storage.announcements import find_announcement
from storage.people import communications_leads
from storage.personal.erasing import forget_member, open_requests
from storage.personal.holdings import Holdings, holdings_of
from storage.tables import Member

log = structlog.get_logger()

Parting = Callable[[Context, int], Awaitable[None]]
"""What is done before the member of this row id is erased, so that nothing said to others goes on naming them."""

ERASE: Final = "own.erase"
ERASE_NOW: Final = "own.erase_now"

_LAST_LEAD = text(
    "You are the only communications lead here, and without one nobody could run Samlas. Please name another first,"
    " under Settings on Home; then your data can be erased."
)
_LAST_LEAD_TOLD = text(
    "This is the only communications lead of the workspace, and without one nobody could run Samlas. Name another"
    " first; nothing has been erased."
)


def handlers(partings: Sequence[Parting]) -> Handlers:
    """Return what this module answers, by action name; `partings` are what the rooms do before somebody is erased."""
    return {ERASE: ask, ERASE_NOW: partial(erase_own, partings)}


async def ask(ctx: PersonContext, event: Event) -> Reply:
    """Show what goes and what stays, and ask once more.

    Raises Refused for somebody else's button, and for the last communications lead.
    """
    _own(ctx, event)
    await refuse_last_lead(ctx, ctx.member, _LAST_LEAD)
    return Reply(form=erasing_form(await holdings_of(ctx.session, ctx.workspace_id, ctx.member_id), ctx))


async def erase_own(partings: Sequence[Parting], ctx: PersonContext, event: Event) -> Reply:
    """Erase the member who has said yes twice.

    Raises Refused as `ask` does.
    """
    _own(ctx, event)
    await refuse_last_lead(ctx, ctx.member, _LAST_LEAD)
    told = ctx.say("It is done: Samlas keeps nothing about you any more.")
    await erase(ctx, ctx.member, partings)
    return Reply(close=True, whisper=Message(told, (Words(told),)))


def _own(ctx: PersonContext, event: Event) -> None:
    if event.target is None or event.target.row != ctx.member_id:
        raise Refused(text("This is somebody else's, so its buttons do nothing here."))


async def refuse_last_lead(ctx: Context, member: Member, sentence: Text = _LAST_LEAD_TOLD) -> None:
    """Go on unless the member is the only communications lead.

    Raises Refused with the sentence for the last one.
    """
    if not member.is_communications_lead:
        return
    leads = await communications_leads(ctx.session, ctx.workspace_id, hold=True)
    if [lead.id for lead in leads] == [member.id]:
        raise Refused(sentence)


async def erase(ctx: Context, member: Member, partings: Sequence[Parting]) -> None:
    """Erase a member, and let the management group's requests go on without them."""
    for part in partings:
        await part(ctx, known(member.id))
    name = Voice(ctx.settings.language).say(FORMER_MEMBER)
    forgotten = await forget_member(ctx.session, ctx.workspace_id, known(member.id), name)
    for request in await open_requests(ctx.session, ctx.workspace_id, forgotten.requests):
        draft = await find_announcement(ctx.session, ctx.workspace_id, request.announcement_id)
        if draft is not None:
            await go_on_without(ctx, request, draft)
    # Whom it was about is what is not written down.
    log.info("person.erased", workspace=ctx.workspace_id)


def erasing_form(held: Holdings, ctx: PersonContext) -> Form:
    """Return the form that says what goes and what stays, and asks."""
    say = ctx.say
    parts: list[FormPart] = [
        Words(say("This cannot be undone. Export your data first, if you want to keep it.")),
        Heading(say("What goes")),
        *(Words(f"• {line}") for line in what_goes(held, TO_THEMSELVES, say)),
        Heading(say("What stays")),
        *(Words(f"• {line}") for line in what_stays(held, ctx.workspace.platform, TO_THEMSELVES, say)),
        Words(
            say(
                "If you stay in the organisation, Samlas hears of you again as of somebody new, with your name from the"
                " platform and nothing from before."
            ),
            Tone.QUIET,
        ),
    ]
    target = Target(ctx.member_id, 1)
    return Form(ERASE_NOW, target, say("Erase my data"), tuple(parts), say("Erase it now"), say("Cancel"), Style.DANGER)
