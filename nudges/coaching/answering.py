"""What the two press on their cards: a time, that it suits, other times, that they cannot, that it is off.

Each press is checked to be one of the two's, and to belong to the talk as it stands.
"""

from bot.context import Handlers, PersonContext, known
from bot.errors import Refused, Stale
from bot.events import Event, Reply
from bot.texts import text
from nudges.coaching import cards
from nudges.coaching.cards import Role, Talk
from nudges.coaching.talks import AGREED, end_talk, offer_other_times, refresh_cards, tell, view_of
from storage.coaching import OPEN, choose_time, find_time, get_request, lock_talk, mark_talk
from storage.counting import note_sign
from storage.outbox import Urgency, say_to_member
from storage.tables import CoachingTalk, TalkState

_NOT_YOURS = text("This message was not written to you, so its buttons do nothing here.")
_CHANGED = text("This has changed since you opened it. Here it is as it stands now.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {
        cards.PICK: pick,
        cards.CONFIRM: confirm,
        cards.OTHER_TIMES: other_times,
        cards.DECLINE: decline,
        cards.CANCEL: cancel,
    }


async def pick(ctx: PersonContext, event: Event) -> Reply:
    """Choose one of the times; the other is asked whether it suits."""
    time = None
    if event.target is not None:
        time = await find_time(ctx.session, ctx.workspace_id, event.target.row)
    if time is None:
        raise Refused(_NOT_YOURS)
    talk, view = await _own(ctx, event, time.talk_id)
    if talk.state != TalkState.PROPOSED or time.round != talk.round:
        raise Stale(_CHANGED, refreshed=cards.card(view, ctx.say))
    if time.begins_at <= ctx.now:
        sentence = text("That time has passed. The others are still there, and other times can be asked for.")
        raise Stale(sentence, refreshed=cards.card(view, ctx.say))
    by_member = view.role is Role.MEMBER
    await choose_time(ctx.session, ctx.workspace_id, known(talk.id), known(time.id), by_member=by_member)
    await tell(ctx, talk, await _other(ctx, talk, view))
    return await _refreshed(ctx, talk)


async def confirm(ctx: PersonContext, event: Event) -> Reply:
    """Agree on the time that the other has chosen; both are told, each in their own zone."""
    talk, view = await _own(ctx, event)
    if talk.state != TalkState.CHOSEN or view.chosen_by_me or view.chosen is None:
        raise Stale(_CHANGED, refreshed=cards.card(view, ctx.say))
    if view.chosen <= ctx.now:
        sentence = text("That time has passed meanwhile. Ask for other ones.")
        raise Stale(sentence, refreshed=cards.card(view, ctx.say))
    await mark_talk(ctx.session, ctx.workspace_id, known(talk.id), TalkState.AGREED)
    for member_id in (ctx.member_id, await _other(ctx, talk, view)):
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            member_id,
            AGREED,
            known(talk.id),
            now=ctx.now,
            urgency=Urgency.WORK_CARD,
            once=f"{AGREED}:{talk.id}:{talk.version}:{member_id}",
        )
    return await _refreshed(ctx, talk)


async def other_times(ctx: PersonContext, event: Event) -> Reply:
    """Propose three other times; what was chosen or agreed does not hold any more, and the other is told."""
    talk, view = await _own(ctx, event)
    if not await offer_other_times(ctx, talk, ctx.member_id):
        raise Refused(
            text(
                "There are no more times in these three weeks at which you are both at work. {name} and you can agree"
                " on one between you.",
                name=view.other,
            )
        )
    return await _refreshed(ctx, talk)


async def decline(ctx: PersonContext, event: Event) -> Reply:
    """Let a coach say *Not this time*: somebody else is looked for, and the member does not hear why."""
    talk, view = await _own(ctx, event)
    if view.role is not Role.COACH:
        raise Refused(_NOT_YOURS)
    await end_talk(ctx, talk, TalkState.DECLINED)
    return await _refreshed(ctx, talk)


async def cancel(ctx: PersonContext, event: Event) -> Reply:
    """Let a member call it off; the coach is told."""
    talk, view = await _own(ctx, event)
    if view.role is not Role.MEMBER:
        raise Refused(_NOT_YOURS)
    await end_talk(ctx, talk, TalkState.CANCELLED)
    return await _refreshed(ctx, talk)


async def _own(ctx: PersonContext, event: Event, talk_id: int | None = None) -> tuple[CoachingTalk, Talk]:
    """Return the talk under a button, and as its presser sees it; the press is a sign.

    Raises Refused for somebody else's, and Stale with the card as it stands when it has changed meanwhile.
    """
    talk = None
    if event.target is not None:
        talk = await lock_talk(ctx.session, ctx.workspace_id, event.target.row if talk_id is None else talk_id)
    view = None if talk is None else await view_of(ctx, talk)
    if event.target is None or talk is None or view is None:
        raise Refused(_NOT_YOURS)
    if talk.state not in OPEN or event.target.version != talk.version or talk.coach_id is None:
        raise Stale(_CHANGED, refreshed=cards.card(view, ctx.say))
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    return talk, view


async def _other(ctx: PersonContext, talk: CoachingTalk, view: Talk) -> int:
    if view.role is Role.MEMBER:
        return known(talk.coach_id)
    return (await get_request(ctx.session, ctx.workspace_id, talk.request_id)).member_id


async def _refreshed(ctx: PersonContext, talk: CoachingTalk) -> Reply:
    await refresh_cards(ctx, talk)
    view = await view_of(ctx, talk)
    return Reply() if view is None else Reply(refreshed=cards.card(view, ctx.say))
