"""Learning what somebody likes from what they do with announcements, and telling what is known of that.

Only of who is counted, and only after the notice: before it nothing is kept of single people.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from bot.context import Context, PersonContext, known
from bot.topics.interests import Interests, Learnt, after_sign, after_undo, interests_of
from storage.contacts import lock_member
from storage.interests import followed_by, learnt_of, store_learnt
from storage.tables import Announcement, ReadBy
from storage.topics import filed_under


async def learn(ctx: PersonContext, announcement: Announcement, by: ReadBy) -> None:
    """Learn from somebody's first sign of having read an announcement."""
    today = ctx.now.date()
    await _change(ctx, announcement, lambda learnt: after_sign(learnt, by, today))


async def unlearn(ctx: PersonContext, announcement: Announcement, by: ReadBy, given_at: datetime) -> None:
    """Learn the sign away again that somebody gave then, and takes back now."""
    today = ctx.now.date()

    def without(learnt: Learnt | None) -> Learnt | None:
        return None if learnt is None else after_undo(learnt, by, given_at.date(), today)

    await _change(ctx, announcement, without)


async def interests(ctx: Context, member_ids: Sequence[int], day: date) -> dict[int, Interests]:
    """Return what each of the members likes on a day."""
    followed = await followed_by(ctx.session, ctx.workspace_id, member_ids)
    learnt = await learnt_of(ctx.session, ctx.workspace_id, member_ids)
    return {
        member_id: interests_of(
            followed.get(member_id, set()),
            {topic: Learnt(*kept) for topic, kept in learnt.get(member_id, {}).items()},
            day,
        )
        for member_id in member_ids
    }


async def _change(
    ctx: PersonContext, announcement: Announcement, change: Callable[[Learnt | None], Learnt | None]
) -> None:
    if ctx.member.not_counted or ctx.workspace.notice_given_at is None:
        return
    filed = await filed_under(ctx.session, ctx.workspace_id, [known(announcement.id)])
    topics = [known(topic.id) for topic in filed.get(known(announcement.id), [])]
    if not topics:
        return
    # Two signs at once are learnt one after the other.
    await lock_member(ctx.session, ctx.workspace_id, ctx.member_id)
    learnt = (await learnt_of(ctx.session, ctx.workspace_id, [ctx.member_id])).get(ctx.member_id, {})
    changed = {topic: change(Learnt(*learnt[topic]) if topic in learnt else None) for topic in topics}
    kept = {topic: None if now is None else (now.score, now.as_of) for topic, now in changed.items()}
    await store_learnt(ctx.session, ctx.workspace_id, ctx.member_id, kept)
