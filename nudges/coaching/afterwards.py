"""Two working days after the agreed time, both are asked in private whether the talk took place and helped."""

from datetime import timedelta
from functools import partial

from bot.calendars import calendar_of_organisation
from bot.context import Context, Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.messages import Message
from bot.texts import text
from nudges.coaching import cards
from nudges.coaching.cards import Role
from nudges.coaching.talks import parted, refresh_cards, view_of
from nudges.coaching.times import LENGTH, at_work, next_working_moment
from storage.coaching import add_answer, agreed_before, find_talk, get_request, lock_talk, mark_request, mark_talk
from storage.counting import note_sign
from storage.outbox import Urgency, say_to_member
from storage.people import get_member
from storage.tables import CoachingTalk, HowItWas, Outbox, RequestState, TalkState

AFTER = "coaching.after"
ASKED_AFTER = 2


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {action: partial(answer, given) for action, given in cards.ANSWERS.items()}


async def ask_both(ctx: Context) -> None:
    """Ask after each talk whose time was two whole working days ago. With that, the member's wish is over."""
    calendar = calendar_of_organisation(ctx.settings)
    for found, began in await agreed_before(ctx.session, ctx.workspace_id, ctx.now - timedelta(days=ASKED_AFTER)):
        if calendar.whole_working_days(began + LENGTH, ctx.now) < ASKED_AFTER:
            continue
        talk = await lock_talk(ctx.session, ctx.workspace_id, known(found.id))
        if talk is None or talk.state != TalkState.AGREED:
            continue
        request = await get_request(ctx.session, ctx.workspace_id, talk.request_id)
        await mark_talk(ctx.session, ctx.workspace_id, known(talk.id), TalkState.OVER)
        await mark_request(ctx.session, ctx.workspace_id, talk.request_id, RequestState.ENDED)
        await refresh_cards(ctx, talk)
        for member_id in (request.member_id, talk.coach_id):
            if member_id is not None:
                await _ask(ctx, talk, member_id)


async def _ask(ctx: Context, talk: CoachingTalk, member_id: int) -> None:
    member = await get_member(ctx.session, ctx.workspace_id, member_id)
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        member_id,
        AFTER,
        known(talk.id),
        now=ctx.now,
        urgency=Urgency.WORK_CARD,
        not_before=next_working_moment(at_work(member, ctx.settings), ctx.now),
        once=f"{AFTER}:{talk.id}:{member_id}",
    )


async def compose_after(ctx: Context, row: Outbox) -> Message | None:
    """Return the question, for one of the two."""
    talk = await find_talk(ctx.session, ctx.workspace_id, row.subject_id)
    if talk is None or talk.coach_id is None:
        return parted(ctx, row)
    return await _message(ctx, talk) if isinstance(ctx, PersonContext) else None


async def answer(given: HowItWas, ctx: PersonContext, event: Event) -> Reply:
    """Add what one of the two says to the sum, once.

    Raises Refused for anybody else.
    """
    talk = None
    if event.target is not None:
        talk = await lock_talk(ctx.session, ctx.workspace_id, event.target.row)
    view = None if talk is None else await view_of(ctx, talk)
    if talk is None or view is None or talk.state != TalkState.OVER:
        raise Refused(text("This message was not written to you, so its buttons do nothing here."))
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    by_member = view.role is Role.MEMBER
    if not (talk.member_answered if by_member else talk.coach_answered):
        await add_answer(
            ctx.session,
            ctx.workspace_id,
            known(talk.id),
            given,
            by_member=by_member,
            month=ctx.now.date().replace(day=1),
        )
    return Reply(refreshed=await _message(ctx, talk))


async def _message(ctx: PersonContext, talk: CoachingTalk) -> Message | None:
    view = await view_of(ctx, talk)
    if view is None:
        return None
    answered = talk.member_answered if view.role is Role.MEMBER else talk.coach_answered
    return cards.after_message(view, ctx.say, is_answered=answered)
