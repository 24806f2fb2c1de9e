"""Whom an announcement is for: the choices in the form, its name in words, and its reach before publishing."""

from bot.context import Context, PersonContext, known
from bot.forms import Option
from bot.texts import Text, text
from storage.groups import get_group, standing_groups
from storage.people import channels_open_to, get_channel, get_home_team, home_teams
from storage.tables import AnchoringRequest, Announcement, AudienceKind, BehalfRequest, Workspace


async def audience_options(ctx: PersonContext) -> tuple[Option, ...]:
    """Return everyone, the home teams, the groups and the channels that this author can choose, as "kind:row"."""
    teams = [
        Option(f"{AudienceKind.HOME_TEAM}:{team.id}", ctx.say("Home team {name}", name=team.name))
        for team in await home_teams(ctx.session, ctx.workspace_id)
    ]
    groups = [
        Option(f"{AudienceKind.GROUP}:{group.id}", ctx.say("Group {name}", name=group.name))
        for group in await standing_groups(ctx.session, ctx.workspace_id)
    ]
    channels = [
        Option(f"{AudienceKind.CHANNEL}:{channel.id}", f"#{channel.name}")
        for channel in await channels_open_to(ctx.session, ctx.workspace_id, ctx.member_id)
    ]
    return (Option(f"{AudienceKind.EVERYONE}:", ctx.say("Everyone")), *teams, *groups, *channels)


def as_option(announcement: Announcement) -> str:
    """Return an announcement's audience as the value of its option."""
    return f"{announcement.audience_kind}:{announcement.audience_id or ''}"


def chosen_audience(value: str) -> tuple[AudienceKind, int | None]:
    """Read the value of an option back: the kind, and the row of the channel, home team or group."""
    kind, _, row = value.partition(":")
    return AudienceKind(kind), int(row) if row else None


async def audience_in_words(ctx: Context, announcement: Announcement | AnchoringRequest | BehalfRequest) -> Text:
    """Return whom it is for, or was when somebody was asked: "everyone", "#lunch", "the home team Oslo"."""
    match AudienceKind(announcement.audience_kind):
        case AudienceKind.CHANNEL:
            channel = await get_channel(ctx.session, ctx.workspace_id, known(announcement.audience_id))
            return text("#{name}", name=channel.name)
        case AudienceKind.HOME_TEAM:
            team = await get_home_team(ctx.session, ctx.workspace_id, known(announcement.audience_id))
            return text("the home team {name}", name=team.name)
        case AudienceKind.GROUP:
            group = await get_group(ctx.session, ctx.workspace_id, known(announcement.audience_id))
            return text("the group {name}", name=group.name)
        case AudienceKind.EVERYONE:
            return text("everyone")


def knows_only_rosters(workspace: Workspace) -> bool:
    """Whether there may be people of whom nobody has told: neither the platform, nor a list."""
    return workspace.app_for_each and workspace.people_listed_at is None
