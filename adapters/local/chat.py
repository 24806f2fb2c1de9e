"""What the local chat is made of, as the wiring puts it together; and who is visiting it."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import quote

from aiohttp import web

from adapters.local.guard import VOICE, missing
from adapters.local.live import DIRECT, Live, channel_place
from adapters.local.rendering import Viewer
from bot.clock import Clock
from bot.context import PersonContext, known, person_context_for
from bot.events import Event, File, Reply, WorkspaceKey
from bot.texts import Text, text
from storage.database import Database, Session
from storage.local_chat import TOGETHER, Conversation, find_message
from storage.people import channels_of, find_channel, find_member, get_channel
from storage.tables import Channel, LocalMessage, MemberState, Platform
from storage.workspaces import find_workspace

CHOOSER: Final = "/local/"
# Where somebody is led who is not there any more, because they wanted it so.
ERASED: Final = f"{CHOOSER}?erased"

# The one workspace of the local chat.
WORKSPACE: Final = WorkspaceKey(Platform.LOCAL.value, "local")


def base_of(person: str) -> str:
    """Return the beginning of a person's addresses."""
    return f"/local/as/{quote(person, safe='')}"


class Files:
    """Files that wait to be taken, each by the one person whom it is for, and once."""

    def __init__(self) -> None:
        """Begin with none."""
        self._waiting: dict[str, tuple[str, File]] = {}

    def offer(self, person: str, file: File) -> str:
        """Keep a file for a person, in place of one that they have not taken; returns its address."""
        self._waiting = {key: kept for key, kept in self._waiting.items() if kept[0] != person}
        key = secrets.token_urlsafe(16)
        self._waiting[key] = (person, file)
        return f"{base_of(person)}/file/{key}"

    def take(self, person: str, key: str) -> File | None:
        """Return the file and keep it no longer; None for one that is not there, or somebody else's."""
        if key not in self._waiting or self._waiting[key][0] != person:
            return None
        return self._waiting.pop(key)[1]


@dataclass(frozen=True, slots=True)
class Chat:
    """The local chat's surroundings.

    `take` is the one way in, and has the sender woken; `move_days` moves product time forward day by day and does
    what is due on each.
    """

    database: Database
    clock: Clock
    live: Live
    take: Callable[[Event], Awaitable[Reply]]
    move_days: Callable[[int], Awaitable[None]]
    # Chat commands by name, without the slash, each with a line of help.
    commands: Mapping[str, Text]
    files: Files = field(default_factory=Files)


CHAT: Final = web.AppKey("chat", Chat)


@dataclass(frozen=True, slots=True)
class Here:
    """A conversation that somebody is in or looks at. `channel` is None in the conversation with the bot."""

    conversation: Conversation
    channel: Channel | None
    is_member: bool

    @property
    def external_id(self) -> str | None:
        """The channel's external id."""
        return self.channel.external_id if self.channel is not None else None

    @property
    def is_together(self) -> bool:
        """Whether it is a conversation that a few people have with the bot, and no channel."""
        return self.channel is not None and TOGETHER in self.channel.external_id

    @property
    def place(self) -> str:
        """Its name for the open tabs."""
        return channel_place(self.channel.external_id) if self.channel is not None else DIRECT

    @property
    def path(self) -> str:
        """Its address, below a person's."""
        return f"/c/{quote(self.channel.external_id, safe='')}" if self.channel is not None else "/samlas"


def viewer_of(ctx: PersonContext, people: tuple[tuple[str, str], ...] = ()) -> Viewer:
    """Return for whom the parts are drawn; `people` (external id, name) where a form asks for one."""
    return Viewer(base_of(ctx.member.external_id), ctx.say, people)


async def visiting(session: Session, request: web.Request) -> PersonContext:
    """Return the person that the address says is visiting, with their voice.

    Raises Told for one who is not there, and for the bot.
    """
    chat = request.app[CHAT]
    workspace = await find_workspace(session, WORKSPACE.platform, WORKSPACE.external_id)
    if workspace is None:
        raise missing(text("There is no organisation here yet."))
    member = await find_member(session, known(workspace.id), request.match_info["person"])
    if member is None or member.is_bot or member.state == MemberState.LEFT:
        raise missing(text("Nobody of that name is here. Choose somebody from the list."))
    ctx = person_context_for(session, chat.clock.now(), workspace, member)
    request[VOICE] = ctx.say
    return ctx


async def channel_here(ctx: PersonContext, external_id: str) -> Here:
    """Return a channel that the person may look into.

    Raises Told for one that is not there, or is private and not theirs.
    """
    channel = await find_channel(ctx.session, ctx.workspace_id, external_id)
    if channel is None or channel.is_archived:
        raise missing(text("There is no such channel."))
    is_member = channel.id in await channels_of(ctx.session, ctx.workspace_id, ctx.member_id)
    if channel.is_private and not is_member:
        raise missing(text("There is no such channel."))
    return Here(Conversation(channel_id=known(channel.id)), channel, is_member)


def direct_here(ctx: PersonContext) -> Here:
    """Return the person's own conversation with the bot."""
    return Here(Conversation(direct_with=ctx.member_id), None, is_member=True)


async def here(ctx: PersonContext, external_id: str | None) -> Here:
    """Return a conversation by its channel's external id, or without one that with the bot."""
    return await channel_here(ctx, external_id) if external_id else direct_here(ctx)


async def message_here(ctx: PersonContext, message_id: str) -> tuple[LocalMessage, Here]:
    """Return a message that the person can see, and where it stands.

    Raises Told for one that is not there for them.
    """
    stored = await find_message(ctx.session, ctx.workspace_id, row_id(message_id))
    gone = missing(text("The message is not there any more."))
    if stored is None or stored.only_for not in (None, ctx.member_id):
        raise gone
    if stored.channel_id is None:
        if stored.direct_with != ctx.member_id:
            raise gone
        return stored, direct_here(ctx)
    channel = await get_channel(ctx.session, ctx.workspace_id, stored.channel_id)
    return stored, await channel_here(ctx, channel.external_id)


def row_id(given: str) -> int:
    """Read a row id from an address or a form.

    Raises Told for what is none.
    """
    if not (given.isascii() and given.isdigit() and len(given) <= 18):  # noqa: PLR2004 - what SQLite's integers hold
        raise missing(text("The message is not there any more."))
    return int(given)
