"""Before somebody is erased, what coaching has told others of them is said anew without their name."""

from bot.context import Context, known
from nudges.coaching.afterwards import AFTER
from nudges.coaching.talks import AGREED, CARD, TOGETHER, end_talk
from storage.coaching import OPEN, mark_talk
from storage.outbox import refresh_posted
from storage.parting import talks_of
from storage.tables import TalkState


async def part(ctx: Context, member_id: int) -> None:
    """End the open talks of somebody who is about to be erased, and have all that stands of any name them no more.

    Whoever talks with a coach who goes is found another. What is edited is composed when they are gone.
    """
    for talk in await talks_of(ctx.session, ctx.workspace_id, member_id):
        if talk.state in OPEN:
            if talk.coach_id == member_id:
                await end_talk(ctx, talk, TalkState.GONE)
            else:
                await mark_talk(ctx.session, ctx.workspace_id, known(talk.id), TalkState.GONE)
        for message in (CARD, TOGETHER, AGREED, AFTER):
            await refresh_posted(ctx.session, ctx.workspace_id, message, known(talk.id), now=ctx.now)
