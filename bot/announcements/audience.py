"""Whom an announcement is for: the choices in the form, its name in words, its home and its reach before publishing."""

from dataclasses import dataclass

from bot.context import Context, known
from bot.errors import BadInput
from bot.forms import Option
from bot.texts import Text, text
from storage.people import (
    audience_page,
    find_channel,
    get_channel,
    get_home_team,
    home_teams,
    members_in_channel,
    open_channels,
)
from storage.tables import Announcement, AudienceKind


@dataclass(frozen=True, slots=True)
class Home:
    """Where the home post goes (None: nowhere) and who gets a copy: "none", "absent" from there, or "all"."""

    channel_id: int | None
    copies: str


async def audience_options(ctx: Context) -> tuple[Option, ...]:
    """Return everyone, the home teams and the channels that can be chosen, as "kind:row"."""
    teams = [
        Option(f"{AudienceKind.HOME_TEAM}:{team.id}", ctx.say("Home team {name}", name=team.name))
        for team in await home_teams(ctx.session, ctx.workspace_id)
    ]
    channels = [
        Option(f"{AudienceKind.CHANNEL}:{channel.id}", f"#{channel.name}")
        for channel in await open_channels(ctx.session, ctx.workspace_id)
    ]
    return (Option(f"{AudienceKind.EVERYONE}:", ctx.say("Everyone")), *teams, *channels)


def chosen(announcement: Announcement) -> str:
    """Return an announcement's audience as the value of its option."""
    return f"{announcement.audience_kind}:{announcement.audience_id or ''}"


async def read_audience(ctx: Context, value: str, field: str) -> tuple[AudienceKind, int | None]:
    """Read a chosen option back.

    Raises BadInput, on that field, for one that was not offered.
    """
    if value not in {option.value for option in await audience_options(ctx)}:
        raise BadInput({field: text("Please choose who it is for.")})
    kind, _, row = value.partition(":")
    return AudienceKind(kind), int(row) if row else None


async def audience_in_words(ctx: Context, announcement: Announcement) -> Text:
    """Return whom it is for: "everyone", "#lunch", "the home team Oslo"."""
    match AudienceKind(announcement.audience_kind):
        case AudienceKind.CHANNEL:
            channel = await get_channel(ctx.session, ctx.workspace_id, known(announcement.audience_id))
            return text("#{name}", name=channel.name)
        case AudienceKind.HOME_TEAM:
            team = await get_home_team(ctx.session, ctx.workspace_id, known(announcement.audience_id))
            return text("the home team {name}", name=team.name)
        case AudienceKind.EVERYONE:
            return text("everyone")


async def home_of(ctx: Context, announcement: Announcement) -> Home:
    """Return where the home post goes, and who gets a copy (PRODUCT chapter 1, "Where it lands").

    *Everyone* adds a direct message to whoever is not in the announcement channel, *important* to each of the
    audience. A home team without a channel has no home post: its members get copies, and their questions go to
    the author only.
    """
    channel_id: int | None = None
    copies = "none"
    match AudienceKind(announcement.audience_kind):
        case AudienceKind.CHANNEL:
            channel_id = announcement.audience_id
        case AudienceKind.HOME_TEAM:
            team = await get_home_team(ctx.session, ctx.workspace_id, known(announcement.audience_id))
            channel_id = team.channel_id
            copies = "absent"
        case AudienceKind.EVERYONE:
            if ctx.settings.announcement_channel is not None:
                channel = await find_channel(ctx.session, ctx.workspace_id, ctx.settings.announcement_channel)
                channel_id = channel.id if channel is not None else None
            copies = "absent"
    return Home(channel_id, "all" if announcement.important or channel_id is None else copies)


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people an announcement is for, and how many of them get a direct message."""

    people: int
    messages: int


async def reach_of(ctx: Context, announcement: Announcement) -> Reach:
    """Return what publishing would reach now. The author is not part of their own audience."""
    page = await audience_page(ctx.session, ctx.workspace_id, announcement.audience_kind, announcement.audience_id)
    people = [member_id for member_id in page if member_id != announcement.author_id]
    home = await home_of(ctx, announcement)
    match home.copies:
        case "all":
            return Reach(len(people), len(people))
        case "absent" if home.channel_id is not None:
            inside = await members_in_channel(ctx.session, ctx.workspace_id, home.channel_id, people)
            return Reach(len(people), len(people) - len(inside))
        case _:
            return Reach(len(people), 0)
