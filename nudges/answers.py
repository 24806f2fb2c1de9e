"""What members answer: the three buttons of a contact and its way back, and the choices under the notice.

Each press is checked to be the reader's own. What asks for more quiet always counts, also from an old message; what
asks for less counts only where it stands.
"""

from functools import partial

from bot.calendars import calendar_of
from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.texts import text
from nudges import messages
from nudges.budget import NOT_NOW_FOR
from nudges.contacts import Kinds, as_it_stands
from nudges.messages import Choices, notice_message
from nudges.notice import first_round_day
from storage.contacts import answer_contact, find_contact
from storage.counting import note_sign
from storage.nudging import count_again, count_no_more, resume_nudges
from storage.people import get_member, snooze_nudges, stop_nudges
from storage.tables import Contact, ContactAnswer


def handlers(kinds: Kinds) -> Handlers:
    """Return the handlers of what members press, by action name."""
    return {
        messages.HELPED: partial(helped, kinds),
        messages.NOT_NOW: partial(not_now, kinds),
        messages.STOP: partial(stop, kinds),
        messages.START: partial(start, kinds),
        messages.UNCOUNT: uncount,
        messages.COUNT: count,
        messages.TIPS_OFF: tips_off,
        messages.TIPS_ON: tips_on,
    }


async def helped(kinds: Kinds, ctx: PersonContext, event: Event) -> Reply:
    """Record *Thanks, that helped*."""
    contact = await _own_contact(ctx, event)
    if contact.answer is None:
        await _record(ctx, contact, ContactAnswer.HELPED)
    return await _refreshed(ctx, contact, kinds)


async def not_now(kinds: Kinds, ctx: PersonContext, event: Event) -> Reply:
    """Leave the member alone for 30 days."""
    contact = await _own_contact(ctx, event)
    await _record(ctx, contact, ContactAnswer.NOT_NOW)
    today = calendar_of(ctx.member, ctx.settings).local_day(ctx.now)
    await snooze_nudges(ctx.session, ctx.workspace_id, ctx.member_id, today + NOT_NOW_FOR)
    return await _refreshed(ctx, contact, kinds)


async def stop(kinds: Kinds, ctx: PersonContext, event: Event) -> Reply:
    """Send the member nothing unasked-for any more."""
    contact = await _own_contact(ctx, event)
    await _record(ctx, contact, ContactAnswer.STOP)
    await stop_nudges(ctx.session, ctx.workspace_id, ctx.member_id)
    return await _refreshed(ctx, contact, kinds)


async def start(kinds: Kinds, ctx: PersonContext, event: Event) -> Reply:
    """Take back *Do not send me these*."""
    contact = await _own_contact(ctx, event)
    if ctx.member.nudges_off:
        await resume_nudges(ctx.session, ctx.workspace_id, ctx.member_id)
    return await _refreshed(ctx, contact, kinds)


async def uncount(ctx: PersonContext, event: Event) -> Reply:
    """Count nothing of the member any more, and forget what was counted."""
    _own_notice(ctx, event)
    await count_no_more(ctx.session, ctx.workspace_id, ctx.member_id)
    return await _chosen(ctx)


async def count(ctx: PersonContext, event: Event) -> Reply:
    """Count the member again, from now on."""
    _own_notice(ctx, event)
    await count_again(ctx.session, ctx.workspace_id, ctx.member_id)
    return await _chosen(ctx)


async def tips_off(ctx: PersonContext, event: Event) -> Reply:
    """Send the member no nudges."""
    _own_notice(ctx, event)
    await stop_nudges(ctx.session, ctx.workspace_id, ctx.member_id)
    return await _chosen(ctx)


async def tips_on(ctx: PersonContext, event: Event) -> Reply:
    """Send the member nudges again."""
    _own_notice(ctx, event)
    await resume_nudges(ctx.session, ctx.workspace_id, ctx.member_id)
    return await _chosen(ctx)


async def _own_contact(ctx: PersonContext, event: Event) -> Contact:
    """Return the contact under a button.

    Raises Refused for somebody else's, one of another workspace, or none. The sentence does not say which.
    """
    contact = None
    if event.target is not None:
        contact = await find_contact(ctx.session, ctx.workspace_id, event.target.row)
    if contact is None or contact.member_id != ctx.member_id:
        raise Refused(_NOT_YOURS)
    # A press is a sign, whatever it says.
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    return contact


def _own_notice(ctx: PersonContext, event: Event) -> None:
    if event.target is None or event.target.row != ctx.member_id or ctx.workspace.notice_given_at is None:
        raise Refused(_NOT_YOURS)


_NOT_YOURS = text("This message was not written to you, so its buttons do nothing here.")


async def _record(ctx: PersonContext, contact: Contact, answer: ContactAnswer) -> None:
    await answer_contact(ctx.session, ctx.workspace_id, known(contact.id), answer, ctx.now)


async def _refreshed(ctx: PersonContext, contact: Contact, kinds: Kinds) -> Reply:
    return Reply(refreshed=await as_it_stands(ctx, contact, kinds))


async def _chosen(ctx: PersonContext) -> Reply:
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    member = await get_member(ctx.session, ctx.workspace_id, ctx.member_id)
    choices = Choices(is_counted=not member.not_counted, gets_nudges=not member.nudges_off)
    return Reply(refreshed=notice_message(ctx.member_id, first_round_day(ctx), choices, ctx.say))
