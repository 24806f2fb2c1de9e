"""What stands beside every conversation: channels, the bot, who one is, what is new, and the clock."""

from collections.abc import Sequence
from dataclasses import dataclass

from adapters.local.chat import Here, base_of
from adapters.local.views import BOT_NAME, Face, face_of, preview_of
from bot.context import PersonContext, known
from bot.texts import Voice
from storage.local_chat import TOGETHER, Conversation, Unread, all_channels, unread_of
from storage.people import channels_of, home_teams
from storage.tables import Channel, HomeTeam, Member


@dataclass(frozen=True, slots=True)
class Entry:
    """One conversation in the list."""

    name: str
    path: str
    unread: int
    is_private: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class News:
    """One line under the bell: where there is something new, how much, and how the newest begins."""

    name: str
    path: str
    count: str
    preview: str


@dataclass(frozen=True, slots=True)
class Sidebar:
    """All of it, for one person."""

    channels: tuple[Entry, ...]
    others: tuple[Entry, ...]
    bot: Entry
    together: tuple[Entry, ...]
    me: Face
    role: str
    unread: int
    news: tuple[News, ...]
    day: str
    time: str


async def sidebar_of(ctx: PersonContext, here: Here) -> Sidebar:
    """Gather the sidebar, as it stands for a person who is looking at a conversation."""
    base = base_of(ctx.member.external_id)
    mine = set(await channels_of(ctx.session, ctx.workspace_id, ctx.member_id))
    unread = {found.conversation: found for found in await unread_of(ctx.session, ctx.workspace_id, ctx.member_id)}
    # What one looks at is not new.
    unread.pop(here.conversation, None)
    joined: list[Entry] = []
    others: list[Entry] = []
    together: list[Entry] = []
    names: dict[Conversation, tuple[str, str]] = {}
    for channel in await all_channels(ctx.session, ctx.workspace_id):
        is_mine = channel.id in mine
        if channel.is_private and not is_mine:
            continue
        entry, conversation = _entry(base, channel, unread, here)
        if TOGETHER in channel.external_id:
            names[conversation] = (channel.name, entry.path)
            together.append(entry)
            continue
        names[conversation] = (f"#{channel.name}", entry.path)
        (joined if is_mine else others).append(entry)
    direct = Conversation(direct_with=ctx.member_id)
    bot = Entry(BOT_NAME, f"{base}/samlas", _count(unread, direct), is_private=False, is_here=here.channel is None)
    names[direct] = (BOT_NAME, bot.path)
    teams = await home_teams(ctx.session, ctx.workspace_id)
    local = ctx.now.astimezone(ctx.say.zone)
    return Sidebar(
        channels=tuple(joined),
        others=tuple(others),
        bot=bot,
        together=tuple(together),
        me=face_of(ctx.member),
        role=role_of(ctx.member, teams, ctx.say),
        unread=sum(found.count for found in unread.values()),
        news=tuple(
            News(
                name=names[conversation][0],
                path=names[conversation][1],
                count=ctx.say.many("{count} new", "{count} new", found.count),
                preview=preview_of(found.newest),
            )
            for conversation, found in unread.items()
            if conversation in names
        ),
        day=ctx.say.weekday(local.date()),
        time=ctx.say.clock_time(ctx.now),
    )


def role_of(member: Member, teams: Sequence[HomeTeam], say: Voice) -> str:
    """Return who somebody is in the organisation, in a few words."""
    team = next((team for team in teams if team.id == member.home_team_id), None)
    roles: list[str] = []
    if team is not None:
        leads = team.lead_id == member.id
        roles.append(say("leads {team}", team=team.name) if leads else team.name)
    if member.in_management_group:
        roles.append(say("management group"))
    if member.is_communications_lead:
        roles.append(say("communications lead"))
    if member.is_coach:
        roles.append(say("coach"))
    words = ", ".join(roles)
    return words[:1].upper() + words[1:]


def _entry(base: str, channel: Channel, unread: dict[Conversation, Unread], here: Here) -> tuple[Entry, Conversation]:
    conversation = Conversation(channel_id=known(channel.id))
    there = Here(conversation, channel, is_member=True)
    entry = Entry(
        name=channel.name,
        path=base + there.path,
        unread=_count(unread, conversation),
        is_private=channel.is_private,
        is_here=here.conversation == conversation,
    )
    return entry, conversation


def _count(unread: dict[Conversation, Unread], conversation: Conversation) -> int:
    found = unread.get(conversation)
    return found.count if found is not None else 0
