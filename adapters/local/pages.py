"""The local chat's pages and the pieces of them that are asked for again when something has changed."""

import mimetypes
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final

import aiohttp_jinja2
from aiohttp import web

from adapters.local.chat import (
    CHAT,
    CHOOSER,
    WORKSPACE,
    Here,
    base_of,
    channel_here,
    direct_here,
    here,
    message_here,
    viewer_of,
    visiting,
)
from adapters.local.emoji import EMOJI
from adapters.local.guard import Told, missing, voice_of
from adapters.local.live import EVERYWHERE
from adapters.local.message_json import from_json
from adapters.local.people import People, people_to_be
from adapters.local.rendering import At, render
from adapters.local.sidebar import sidebar_of
from adapters.local.views import log_of, seen_before, thread_of
from bot.calendar_file import MEDIA_TYPE, NAME, calendar_file
from bot.context import PersonContext, known
from bot.events import OPENED_HOME, Event
from bot.messages import appointment_in
from bot.settings import OrganisationSettings
from bot.texts import text
from storage.local_chat import newest_in, note_seen
from storage.people import channel_size, channels_of, find_channel
from storage.tables import LocalMessage
from storage.workspaces import find_workspace

SHOWN_AT_FIRST: Final = 60
SHOWN_MORE: Final = 120
SHOWN_AT_MOST: Final = 3000
SECONDS_BETWEEN_SIGNS_OF_LIFE: Final = 15.0


async def front(request: web.Request) -> web.Response:  # noqa: ARG001 - aiohttp's form of a handler
    """Lead to the chat."""
    raise web.HTTPFound(CHOOSER)


async def chooser(request: web.Request) -> web.Response:
    """Ask who one wants to be."""
    say = voice_of(request)
    async with request.app[CHAT].database.read() as session:
        workspace = await find_workspace(session, WORKSPACE.platform, WORKSPACE.external_id)
        people = People((), ())
        if workspace is not None:
            people = await people_to_be(session, known(workspace.id), say, "")
    name = workspace.name if workspace is not None else ""
    return _page(
        request,
        "chooser.html",
        {"say": say, "people": people, "organisation": name, "there": "", "erased": "erased" in request.query},
    )


async def people(request: web.Request) -> web.Response:
    """Show whom one could be instead, in the same place."""
    async with request.app[CHAT].database.read() as session:
        ctx = await visiting(session, request)
        found = await people_to_be(session, ctx.workspace_id, ctx.say, request.query.get("q", ""))
    there = request.query.get("there", "")
    return _page(request, "_people.html", {"say": ctx.say, "people": found, "there": _there(there)})


async def file(request: web.Request) -> web.Response:
    """Hand a file over to the person whom it is for, once."""
    chat = request.app[CHAT]
    async with chat.database.read() as session:
        ctx = await visiting(session, request)
    found = chat.files.take(ctx.member.external_id, request.match_info["key"])
    if found is None:
        raise missing(text("That file was handed over already. Ask for it once more."))
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    return web.Response(
        body=found.content,
        content_type=kind,
        charset=None if kind == "application/zip" else "utf-8",
        headers={"Content-Disposition": f'attachment; filename="{found.name}"'},
    )


async def person(request: web.Request) -> web.Response:
    """Lead to where somebody begins: the announcement channel, else their first one, else the bot."""
    async with request.app[CHAT].database.read() as session:
        ctx = await visiting(session, request)
        begin = await _beginning(ctx)
    raise web.HTTPFound(base_of(ctx.member.external_id) + begin.path)


async def conversation(request: web.Request) -> web.Response:
    """Show a channel, or the conversation with the bot, whole."""
    chat = request.app[CHAT]
    async with chat.database.read() as session:
        ctx = await visiting(session, request)
        place = await _place(ctx, request)
        new_after = await seen_before(ctx, place)
        root = await _root(ctx, place, request.query.get("thread", ""))
        shown = await _conversation(ctx, place, request, new_after)
        shown |= {
            "thread": await thread_of(ctx, place, root) if root is not None else None,
            "root": known(root.id) if root is not None else None,
            "sidebar": await sidebar_of(ctx, place),
            "commands": {name: ctx.say.say(line) for name, line in sorted(chat.commands.items())},
            "organisation": ctx.workspace.name,
            "is_home": False,
        }
    await _note_seen(request, ctx, place)
    return _page(request, "chat.html", shown)


async def log(request: web.Request) -> web.Response:
    """Show a conversation's messages again."""
    async with request.app[CHAT].database.read() as session:
        ctx = await visiting(session, request)
        place = await _place(ctx, request)
        shown = await _conversation(ctx, place, request, _number(request, "new_after"))
    await _note_seen(request, ctx, place)
    return _page(request, "_log.html", shown)


async def thread(request: web.Request) -> web.Response:
    """Show a thread's messages again."""
    async with request.app[CHAT].database.read() as session:
        ctx = await visiting(session, request)
        place = await _place(ctx, request)
        root = await _root(ctx, place, request.match_info["root"])
        if root is None:
            raise web.HTTPNotFound
        shown = {**_common(ctx, place), "thread": await thread_of(ctx, place, root)}
    return _page(request, "_thread.html", shown)


async def sidebar(request: web.Request) -> web.Response:
    """Show again what stands beside the conversation."""
    async with request.app[CHAT].database.read() as session:
        ctx = await visiting(session, request)
        place = await here(ctx, request.query.get("channel"))
        shown = {**_common(ctx, place), "sidebar": await sidebar_of(ctx, place)}
    return _page(request, "_beside.html", shown)


async def home(request: web.Request) -> web.Response:
    """Open the bot's Home."""
    chat = request.app[CHAT]
    async with chat.database.read() as session:
        ctx = await visiting(session, request)
    reply = await chat.take(
        Event(
            action=OPENED_HOME,
            workspace=WORKSPACE,
            person=ctx.member.external_id,
            identity=f"home:{ctx.member.external_id}:{ctx.now.isoformat()}",
            at=ctx.now,
        )
    )
    async with chat.database.read() as session:
        ctx = await visiting(session, request)
        place = direct_here(ctx)
        shown = {
            **_common(ctx, place),
            "home": render(reply.home, viewer_of(ctx), At()) if reply.home is not None else None,
            "sidebar": await sidebar_of(ctx, place),
            "organisation": ctx.workspace.name,
            "is_home": True,
        }
    return _page(request, "home.html", shown)


async def message(request: web.Request) -> web.Response:
    """Lead to a message where it stands: a link that the bot gave."""
    async with request.app[CHAT].database.read() as session:
        ctx = await visiting(session, request)
        stored, place = await message_here(ctx, request.match_info["message"])
    path = base_of(ctx.member.external_id) + place.path
    if stored.thread_of is not None:
        raise web.HTTPFound(f"{path}?thread={stored.thread_of}#t-{stored.id}")
    # Whoever is led to a post comes to where the questions and answers are.
    thread = (
        f"?thread={stored.id}"
        if place.channel is not None and not place.is_together and stored.only_for is None
        else ""
    )
    raise web.HTTPFound(f"{path}{thread}#m-{stored.id}")


async def calendar(request: web.Request) -> web.Response:
    """Give the appointment that a message tells of, as a file."""
    async with request.app[CHAT].database.read() as session:
        ctx = await visiting(session, request)
        stored, _ = await message_here(ctx, request.match_info["message"])
    found = appointment_in(from_json(stored.content)) if stored.content is not None else None
    if found is None:
        raise web.HTTPNotFound
    return web.Response(
        body=calendar_file(found),
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{NAME}"'},
    )


async def live(request: web.Request) -> web.StreamResponse:
    """Tell an open tab what has changed, for as long as it listens."""
    chat = request.app[CHAT]
    async with chat.database.read() as session:
        ctx = await visiting(session, request)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    # A tab that is closed is no failure; the next word to it finds that out.
    with suppress(ConnectionResetError), chat.live.tab(ctx.member.external_id) as tab:
        await response.prepare(request)
        # Whatever changed while nobody listened is looked at once.
        tab.hear(EVERYWHERE)
        while not chat.live.closing:
            for place in await tab.changes(SECONDS_BETWEEN_SIGNS_OF_LIFE):
                await response.write(f"event: changed\ndata: {place}\n\n".encode())
            await response.write(b": still here\n\n")
    return response


async def _place(ctx: PersonContext, request: web.Request) -> Here:
    channel = request.match_info.get("channel")
    return await channel_here(ctx, channel) if channel is not None else direct_here(ctx)


async def _beginning(ctx: PersonContext) -> Here:
    settings = OrganisationSettings.model_validate(ctx.workspace.settings)
    mine = await channels_of(ctx.session, ctx.workspace_id, ctx.member_id)
    if settings.announcement_channel is not None:
        channel = await find_channel(ctx.session, ctx.workspace_id, settings.announcement_channel)
        if channel is not None and channel.id in mine:
            return await channel_here(ctx, channel.external_id)
    return direct_here(ctx)


async def _root(ctx: PersonContext, place: Here, root: str) -> LocalMessage | None:
    if not root:
        return None
    stored, where = await message_here(ctx, root)
    if where.conversation != place.conversation or stored.thread_of is not None or place.channel is None:
        raise Told(HTTPStatus.NOT_FOUND, text("The message is not there any more."))
    return stored


async def _conversation(ctx: PersonContext, place: Here, request: web.Request, new_after: int) -> dict[str, Any]:
    limit = min(_number(request, "show") or SHOWN_AT_FIRST, SHOWN_AT_MOST)
    messages = await log_of(ctx, place, limit, new_after)
    size = 0
    if place.conversation.channel_id is not None:
        size = await channel_size(ctx.session, ctx.workspace_id, place.conversation.channel_id)
    return {
        **_common(ctx, place),
        "messages": messages,
        "new_after": new_after,
        "show": limit,
        "older": limit + SHOWN_MORE if len(messages) == limit else None,
        "size": size,
    }


def _common(ctx: PersonContext, place: Here) -> dict[str, Any]:
    base = base_of(ctx.member.external_id)
    return {
        "say": ctx.say,
        "base": base,
        "here": place,
        "path": base + place.path,
        "person": ctx.member,
        "emoji": {name: ctx.say.say(label) for name, label in EMOJI.items()},
    }


async def _note_seen(request: web.Request, ctx: PersonContext, place: Here) -> None:
    """Keep that the person has looked here; written only when there was something new."""
    database = request.app[CHAT].database
    async with database.read() as session:
        newest = await newest_in(session, ctx.workspace_id, place.conversation)
        reading = PersonContext(session, ctx.now, ctx.workspace, ctx.settings, ctx.say, ctx.member)
        seen = await seen_before(reading, place)
    if newest > seen:
        async with database.begin() as session:
            await note_seen(session, ctx.workspace_id, ctx.member_id, place.conversation, newest)


def _number(request: web.Request, name: str) -> int:
    given = request.query.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 18 else 0  # noqa: PLR2004 - SQLite's integers


def _there(path: str) -> str:
    """Return the place to go to as somebody else: only an address below theirs, the bot's or a channel's."""
    return path if path == "/samlas" or path.startswith("/c/") else ""


def _page(request: web.Request, template: str, shown: dict[str, Any]) -> web.Response:
    return aiohttp_jinja2.render_template(template, request, shown)
