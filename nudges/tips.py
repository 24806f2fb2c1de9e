"""The tip, an item of a contact: the ladder's first step, to somebody who has gone quiet, with one thing they may like.

What that is was chosen when the tip was planned (nudges/finding.py). The item keeps the row it points to, and why.
"""

from datetime import date

from bot.announcements.home_post import link_to_post
from bot.announcements.life import author_name, words_of
from bot.calendars import calendar_of
from bot.context import PersonContext, known
from bot.topics.listing import topic_name
from nudges.contacts import ItemKind
from nudges.due import quiet_among
from nudges.messages import AnnouncementToLike, ChannelToLike, Said, ToLike, tip
from nudges.quiet import Reason
from nudges.sieving import the_day_before
from storage.announcements import VISIBLE, find_announcement
from storage.news import may_see
from storage.people import find_channel_row
from storage.tables import Because, ContactItem
from storage.topics import topics_of


def tip_kind() -> ItemKind:
    """Return how a tip is said; its subject is the announcement or the channel that it points to."""
    return ItemKind(rank=50, is_true=is_true, says=say_tip)


async def is_true(ctx: PersonContext, item: ContactItem) -> bool:
    """Whether the member is still quiet for the same reason."""
    quiet = await quiet_among(ctx.session, ctx.workspace, ctx.settings, [ctx.member], the_day_before(ctx.now))
    return [one.reason for one in quiet] == [item.reason]


async def say_tip(ctx: PersonContext, item: ContactItem) -> Said:
    """Return what the tip says."""
    to_like = await found_to_like(ctx, item)
    return tip(known(item.id), Reason(item.reason), to_like, ctx.say, reads_along_until=reads_along_until(ctx))


def reads_along_until(ctx: PersonContext) -> date | None:
    """Return until when the member reads along; None: they do not."""
    until = ctx.member.reading_along_until
    return until if until is not None and until > calendar_of(ctx.member, ctx.settings).local_day(ctx.now) else None


async def found_to_like(ctx: PersonContext, item: ContactItem) -> ToLike | None:
    """Return what an item points to; None where nothing was found, or it is not there for this reader any more."""
    match item.because:
        case None:
            return None
        case Because.FOLLOWED | Because.SHOWN:
            return await _announcement(ctx, item)
        case _:
            return await _channel(ctx, item)


async def _announcement(ctx: PersonContext, item: ContactItem) -> AnnouncementToLike | None:
    found = await find_announcement(ctx.session, ctx.workspace_id, item.subject_id)
    if (
        found is None
        or found.state not in VISIBLE
        or not await may_see(ctx.session, ctx.workspace_id, ctx.member, item.subject_id)
    ):
        return None
    return AnnouncementToLike(
        title=(await words_of(ctx, found)).title,
        author=await author_name(ctx, found),
        topic=await _topic(ctx, item),
        is_followed=item.because == Because.FOLLOWED,
        way=await link_to_post(ctx, item.subject_id, ctx.say("Open the post")),
    )


async def _channel(ctx: PersonContext, item: ContactItem) -> ChannelToLike | None:
    channel = await find_channel_row(ctx.session, ctx.workspace_id, item.subject_id)
    # It may have been closed, or closed to others, since the tip was planned.
    if channel is None or channel.is_archived or channel.is_private:
        return None
    return ChannelToLike(channel.name, channel.purpose, Because(item.because or ""), await _topic(ctx, item))


async def _topic(ctx: PersonContext, item: ContactItem) -> str:
    names = {topic.id: topic_name(topic, ctx.say) for topic in await topics_of(ctx.session, ctx.workspace_id)}
    return names.get(item.topic_id, "")
