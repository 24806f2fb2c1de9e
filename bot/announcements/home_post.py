"""The one post that an announcement has: where it goes, who gets a copy beside it, and the way to it."""

from dataclasses import dataclass

from bot.context import Context, known
from bot.messages import Link
from storage.outbox import find_posted
from storage.people import channels_open_to, find_channel, get_home_team
from storage.tables import Announcement, AudienceKind, Copies

POST = "announcement.post"


@dataclass(frozen=True, slots=True)
class HomePost:
    """Where the home post goes (None: nowhere), and which of the audience get a copy."""

    channel_id: int | None
    copies: Copies


def copies_of(announcement: Announcement, home_channel_id: int | None) -> Copies:
    """Return which of the audience get a copy (PRODUCT chapter 1, "Where it lands").

    *Everyone* and a home team add a direct message to whoever is not in the home post's channel, *important* to each
    of the audience; without a home post everybody gets one.
    """
    if announcement.important or home_channel_id is None:
        return Copies.ALL
    return Copies.NONE if announcement.audience_kind == AudienceKind.CHANNEL else Copies.ABSENT


async def home_of(ctx: Context, announcement: Announcement) -> HomePost:
    """Return where the home post of a draft would go now.

    A home team without a channel in which the bot can post for the author has no home post, and neither has a group:
    the members get copies, and their questions go to the author only.
    """
    channel_id: int | None = None
    match AudienceKind(announcement.audience_kind):
        case AudienceKind.CHANNEL:
            channel_id = announcement.audience_id
        case AudienceKind.HOME_TEAM:
            team = await get_home_team(ctx.session, ctx.workspace_id, known(announcement.audience_id))
            if team.channel_id is not None and await can_post_in(ctx, announcement, team.channel_id):
                channel_id = team.channel_id
        case AudienceKind.GROUP:
            # Who is in a group may be nobody else's business (the parents, the union).
            pass
        case AudienceKind.EVERYONE:
            if ctx.settings.announcement_channel is not None:
                channel = await find_channel(ctx.session, ctx.workspace_id, ctx.settings.announcement_channel)
                if channel is not None and channel.bot_is_in and not channel.is_archived:
                    channel_id = channel.id
    return HomePost(channel_id, copies_of(announcement, channel_id))


async def can_post_in(ctx: Context, announcement: Announcement, channel_id: int) -> bool:
    """Whether the bot can post in a channel for an announcement's author."""
    offered = await channels_open_to(ctx.session, ctx.workspace_id, announcement.author_id)
    return channel_id in {channel.id for channel in offered}


async def link_to_post(ctx: Context, announcement_id: int, label: str) -> list[Link]:
    """Return the way to an announcement's home post; nothing while, or where, it does not stand."""
    post = await find_posted(ctx.session, ctx.workspace_id, POST, announcement_id)
    return [] if post is None or post.link is None else [Link(label, post.link)]
