"""Finds, for a member, the one thing they may like: what they have not read, and lively channels near them.

What the rule in nudges/liking.py is given. Only of public channels that Samlas is in and whose people it knows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.calendars import DAY
from bot.context import Context, known
from bot.topics.interests import Interests
from nudges.liking import Liked, Peers, announcement_to_like, channel_to_like
from storage.interests import (
    companions_in_channels,
    followers_in_channels,
    teams_in_channels,
    unread_on_topics,
)
from storage.nudging import lively_channels
from storage.tables import Member

LIVELY_WITHIN = timedelta(days=14)
# Messages, replies and reactions: about one each working day.
LIVELY_FROM = 10
MOST_CHANNELS = 20
# Older announcements are not pointed to.
LOOKS_BACK = timedelta(days=30)
# In so many other channels together: one, such as that for everybody, says nothing.
SHARING = 2


@dataclass(frozen=True, slots=True)
class Lively:
    """The lively channels by row id, the liveliest first, and how many of each home team and of each topic's followers
    are in each; the same for everybody.
    """

    channels: Sequence[int] = ()
    teams: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    followers: Mapping[int, Mapping[int, int]] = field(default_factory=dict)


async def lively_here(ctx: Context) -> Lively:
    """Return the public channels that most has been going on in.

    None where the platform does not tell which are open to everybody: a name may already be too much.
    """
    if not ctx.workspace.tells_what_is_open:
        return Lively()
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
    rows = [known(channel.id) for channel in found if channel.external_id != ctx.settings.announcement_channel]
    return Lively(
        rows,
        await teams_in_channels(ctx.session, ctx.workspace_id, rows),
        await followers_in_channels(ctx.session, ctx.workspace_id, rows),
    )


async def thing_to_like(
    ctx: Context,
    member: Member,
    interests: Interests,
    lively: Lively,
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
    elsewhere = [row for row in lively.channels if row not in inside]
    near = [
        (row, Peers(lively.followers.get(row, {}), lively.teams.get(row, {}).get(member.home_team_id or 0, 0)))
        for row in elsewhere
    ]
    return channel_to_like(near, interests) or await _among_companions(ctx, member_id, interests, elsewhere)


async def _among_companions(
    ctx: Context, member_id: int, interests: Interests, elsewhere: Sequence[int]
) -> Liked | None:
    """Return a channel of people who share others with a member. It takes the longest to ask for, so it comes last."""
    if not elsewhere:
        return None
    companions = await companions_in_channels(ctx.session, ctx.workspace_id, member_id, elsewhere, sharing=SHARING)
    return channel_to_like([(row, Peers(companions=companions.get(row, 0))) for row in elsewhere], interests)
