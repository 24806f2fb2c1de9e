"""What is looked at again and again: the queue, talks that somebody has left, and talks that nobody agrees on."""

from datetime import timedelta

from bot.context import Context, known
from nudges.coaching.talks import end_talk, find_coach_for
from nudges.coaching.times import at_work
from storage.coaching import lock_request, lock_talk, mark_request, open_talks, talks_without_somebody, waiting_requests
from storage.people import get_member
from storage.tables import MemberState, RequestState, TalkState

# Whoever has not agreed on a time by then does not mean to.
LAPSES_AFTER = timedelta(days=30)


async def try_queue(ctx: Context) -> None:
    """Match those who wait, the oldest first, as far as a coach is free; each within their own working hours.

    Who has left waits no more; who is on leave keeps their place.
    """
    for waiting in await waiting_requests(ctx.session, ctx.workspace_id):
        member = await get_member(ctx.session, ctx.workspace_id, waiting.member_id)
        if member.state == MemberState.LEFT:
            await mark_request(ctx.session, ctx.workspace_id, known(waiting.id), RequestState.ENDED)
        elif at_work(member, ctx.settings).is_working_at(ctx.now):
            request = await lock_request(ctx.session, ctx.workspace_id, known(waiting.id))
            if request is not None and request.state == RequestState.WAITING:
                await find_coach_for(ctx, request)


async def look_after_talks(ctx: Context) -> None:
    """End what cannot go on: somebody has left or was erased, or a month went by without a time."""
    for found in await talks_without_somebody(ctx.session, ctx.workspace_id):
        talk = await lock_talk(ctx.session, ctx.workspace_id, known(found.id))
        if talk is not None:
            await end_talk(ctx, talk, TalkState.GONE)
    for found in await open_talks(ctx.session, ctx.workspace_id, (TalkState.PROPOSED, TalkState.CHOSEN)):
        if found.matched_at > ctx.now - LAPSES_AFTER:
            break
        talk = await lock_talk(ctx.session, ctx.workspace_id, known(found.id))
        if talk is not None:
            await end_talk(ctx, talk, TalkState.LAPSED)
