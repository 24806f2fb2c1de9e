"""Finds, for a member, the one thing they may like: what they have not read, and lively channels near them.

What the rule in nudges/liking.py is given. Only of public channels that Samlas is in and whose people it knows.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta

from bot.calendars import DAY
from bot.context import Context, known
from bot.topics.interests import Interests
from nudges.liking import Liked, Peers, announcement_to_like, channel_to_like
from storage.interests import (
    companions_in_channels,
    followers_in_channels,
    team_in_channels,
    unread_on_topics,
)
from storage.nudging import lively_channels
from storage.tables import Channel, Member, Platform

LIVELY_WITHIN = timedelta(days=14)
# Messages, replies and reactions: about one each working day.
LIVELY_FROM = 10
MOST_CHANNELS = 20
# Older announcements are not pointed to.
LOOKS_BACK = timedelta(days=30)
# In so many other channels together: one, such as that for everybody, says nothing.
SHARING = 2


async def lively_here(ctx: Context) -> Sequence[Channel]:
    """Return the public channels that most has been going on in, the liveliest first, for whoever is not in them.

    None on Teams: whether its channels are open to somebody depends on their team, of which Samlas does not know
    whether it is a private one, and a name may already be too much.
    """
    if ctx.workspace.platform == Platform.TEAMS:
        return []
    today = ctx.now.date()
    found = await lively_channels(
        ctx.session,
        ctx.workspace_id,
        first=today - LIVELY_WITHIN + DAY,
        last=today,
        at_least=LIVELY_FROM,
        limit=MOST_CHANNELS,
    )
    # Announcements reach everybody anyway.
    return [channel for channel in found if channel.external_id != ctx.settings.announcement_channel]


async def thing_to_like(
    ctx: Context,
    member: Member,
    interests: Interests,
    lively: Sequence[Channel],
    inside: Collection[int],
    *,
    told_beside: Collection[int],
) -> Liked | None:
    """Return one thing that a member may like, if there is any.

    `inside` are the channels they are in; `told_beside` the announcements that the same message names anyway.
    """
    member_id = known(member.id)
    liked = sorted(interests.follows | interests.shown)
    unread = await unread_on_topics(ctx.session, ctx.workspace_id, member_id, liked, since=ctx.now - LOOKS_BACK)
    announcement = announcement_to_like([one for one in unread if one.announcement_id not in told_beside], interests)
    if announcement is not None:
        return announcement
    elsewhere = [known(channel.id) for channel in lively if channel.id not in inside]
    return channel_to_like(await _peers(ctx, member, interests, elsewhere), interests) if elsewhere else None


async def _peers(
    ctx: Context, member: Member, interests: Interests, channel_ids: Sequence[int]
) -> list[tuple[int, Peers]]:
    followers = await followers_in_channels(ctx.session, ctx.workspace_id, sorted(interests.follows), channel_ids)
    team = (
        {}
        if member.home_team_id is None
        else await team_in_channels(ctx.session, ctx.workspace_id, member.home_team_id, channel_ids)
    )
    companions = await companions_in_channels(
        ctx.session, ctx.workspace_id, known(member.id), channel_ids, sharing=SHARING
    )
    return [(row, Peers(followers.get(row, {}), team.get(row, 0), companions.get(row, 0))) for row in channel_ids]
