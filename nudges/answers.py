"""What members answer: the three buttons of a tip and its way back, and the choices under the notice.

Each press is checked to be the reader's own. What asks for more quiet always counts, also from an old message; what
asks for less counts only where it stands.
"""

from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.texts import text
from nudges import messages
from nudges.budget import NOT_NOW_FOR
from nudges.calendars import calendar_of
from nudges.messages import Choices, notice_message, tip_message
from nudges.notice import first_round_day
from nudges.tips import standing_of, tip_of
from storage.counting import note_sign
from storage.nudging import answer_nudge, count_again, count_no_more, find_nudge, resume_nudges
from storage.people import get_member, snooze_nudges, stop_nudges
from storage.tables import Nudge, NudgeAnswer


def handlers() -> Handlers:
    """Return the handlers of what members press, by action name."""
    return {
        messages.HELPED: helped,
        messages.NOT_NOW: not_now,
        messages.STOP: stop,
        messages.START: start,
        messages.UNCOUNT: uncount,
        messages.COUNT: count,
        messages.TIPS_OFF: tips_off,
        messages.TIPS_ON: tips_on,
    }


async def helped(ctx: PersonContext, event: Event) -> Reply:
    """Record *Thanks, that helped*."""
    nudge = await _own_nudge(ctx, event)
    if nudge.answer is None:
        await _record(ctx, nudge, NudgeAnswer.HELPED)
    return await _as_it_stands(ctx, nudge)


async def not_now(ctx: PersonContext, event: Event) -> Reply:
    """Leave the member alone for 30 days."""
    nudge = await _own_nudge(ctx, event)
    await _record(ctx, nudge, NudgeAnswer.NOT_NOW)
    today = calendar_of(ctx.member, ctx.settings).local_day(ctx.now)
    await snooze_nudges(ctx.session, ctx.workspace_id, ctx.member_id, today + NOT_NOW_FOR)
    return await _as_it_stands(ctx, nudge)


async def stop(ctx: PersonContext, event: Event) -> Reply:
    """Send the member no nudges any more."""
    nudge = await _own_nudge(ctx, event)
    await _record(ctx, nudge, NudgeAnswer.STOP)
    await stop_nudges(ctx.session, ctx.workspace_id, ctx.member_id)
    return await _as_it_stands(ctx, nudge)


async def start(ctx: PersonContext, event: Event) -> Reply:
    """Take back *Do not send me these*."""
    nudge = await _own_nudge(ctx, event)
    if ctx.member.nudges_off:
        await resume_nudges(ctx.session, ctx.workspace_id, ctx.member_id)
    return await _as_it_stands(ctx, nudge)


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


async def _own_nudge(ctx: PersonContext, event: Event) -> Nudge:
    """Return the nudge under a button.

    Raises Refused for somebody else's, one of another workspace, or none. The sentence does not say which.
    """
    nudge = None
    if event.target is not None:
        nudge = await find_nudge(ctx.session, ctx.workspace_id, event.target.row)
    if nudge is None or nudge.member_id != ctx.member_id:
        raise Refused(_NOT_YOURS)
    # A press is a sign, whatever it says.
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    return nudge


def _own_notice(ctx: PersonContext, event: Event) -> None:
    if event.target is None or event.target.row != ctx.member_id or ctx.workspace.notice_given_at is None:
        raise Refused(_NOT_YOURS)


_NOT_YOURS = text("This message was not written to you, so its buttons do nothing here.")


async def _record(ctx: PersonContext, nudge: Nudge, answer: NudgeAnswer) -> None:
    await answer_nudge(ctx.session, ctx.workspace_id, known(nudge.id), answer, ctx.now)


async def _as_it_stands(ctx: PersonContext, before: Nudge) -> Reply:
    nudge = await find_nudge(ctx.session, ctx.workspace_id, known(before.id))
    member = await get_member(ctx.session, ctx.workspace_id, ctx.member_id)
    if nudge is None:
        raise Refused(_NOT_YOURS)
    tip = await tip_of(ctx, nudge)
    return Reply(refreshed=tip_message(tip, standing_of(nudge, member), member.nudges_snoozed_until, ctx.say))


async def _chosen(ctx: PersonContext) -> Reply:
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    member = await get_member(ctx.session, ctx.workspace_id, ctx.member_id)
    choices = Choices(is_counted=not member.not_counted, gets_tips=not member.nudges_off)
    return Reply(refreshed=notice_message(ctx.member_id, first_round_day(ctx), choices, ctx.say))
