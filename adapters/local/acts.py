"""What people do in the local chat: each act is stored as the platform would, told to the bot, and answered."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from aiohttp import web

from adapters.local.answers import Acted, answer
from adapters.local.chat import CHAT, WORKSPACE, Here, channel_here, here, message_here, visiting
from adapters.local.emoji import EMOJI
from adapters.local.form_rendering import FIELD, Origin
from adapters.local.guard import LARGEST_WITH_FILE, Told
from adapters.local.live import EVERYWHERE
from adapters.local.pointing import pointed_at
from bot.context import PersonContext, known
from bot.events import REACTED, UNREACTED, WROTE, Event, Place, Reply, whisper
from bot.images import LARGEST_BYTES, Upload, taken_in
from bot.messages import Target
from bot.texts import text
from storage.counting import remember
from storage.local_chat import add_message, dismiss_whisper, react, unreact
from storage.people import add_channel_members
from storage.tables import LocalMessage

LONGEST_MESSAGE: Final = 4000
COMMAND: Final = re.compile(r"/([A-Za-z][\w-]*)(?:\s+(.*))?", re.DOTALL)
# What addresses everybody in a channel, whatever stands around it.
EVERYBODY: Final = re.compile(r"(?<![\w@])@(?:channel|here|everyone)(?!\w)", re.IGNORECASE)
# Actions of buttons and forms have a dot. Commands, and what people do by themselves, are not for pressing.
ACTION: Final = re.compile(r"[a-z_]+\.[a-z_]+")
# What a page makes up for one act, and keeps until that has been answered, so that trying again acts once.
ONCE: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
# A row's id and version, as the database holds them.
NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
STEPS: Final = {"1": 1, "7": 7}

Values = Mapping[str, str]


async def say(request: web.Request) -> web.Response:
    """Write a message in a channel, a thread or to the bot; what begins with a slash is a command."""
    chat, values = request.app[CHAT], await _values(request)
    written = values.get("text", "").strip()
    once = _once(values)
    async with chat.database.begin() as session:
        ctx = await visiting(session, request)
        place = await here(ctx, request.match_info.get("channel"))
        thread = await _thread(ctx, place, values.get("thread", ""))
        _may_write(place)
        if not written:
            return web.Response(status=HTTPStatus.NO_CONTENT)
        if len(written) > LONGEST_MESSAGE:
            raise Told(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                text("At most {count} characters in one message, please.", count=LONGEST_MESSAGE),
            )
        origin = _origin(place, thread)
        command = COMMAND.fullmatch(written)
        pointed = None if command is None else await pointed_at(ctx, command[2] or "", origin)
        stored: LocalMessage | None = None
        if command is None:
            stored = await add_message(
                session,
                ctx.workspace_id,
                place.conversation,
                now=ctx.now,
                author_id=ctx.member_id,
                text=written,
                thread_of=known(thread.id) if thread is not None else None,
                delivery_id=f"said:{ctx.member_id}:{once}",
            )
    if command is not None:
        name, rest = command[1].lower(), (command[2] or "").strip()
        asked = _event(ctx, name, f"command:{once}", origin, words=rest)
        reply = await _command(request, ctx, name, replace(asked, pointed=pointed))
    else:
        message_id = known(stored.id if stored is not None else None)
        chat.live.tell(place.place, None if place.channel is not None else ctx.member.external_id)
        identity = f"{place.external_id or 'direct'}:{message_id}:wrote:{ctx.member.external_id}"
        words = written if place.channel is None else ""
        said = _event(ctx, WROTE, identity, origin, words=words, message=message_id)
        to_everybody = place.channel is not None and EVERYBODY.search(written) is not None
        reply = await chat.take(replace(said, to_everybody=to_everybody))
    return await answer(request, ctx, place, reply, Acted(origin))


async def press(request: web.Request) -> web.Response:
    """Press a button of a message, or of the bot's Home."""
    chat, values = request.app[CHAT], await _values(request)
    async with chat.database.read() as session:
        ctx = await visiting(session, request)
        if "message" in values:
            stored, place = await message_here(ctx, values["message"])
            thread = str(stored.thread_of) if stored.thread_of is not None else ""
            acted = Acted(Origin(place.external_id or "", thread), message=known(stored.id))
        else:
            place, acted = await here(ctx, None), Acted(Origin())
    event = _event(
        ctx,
        _action(values),
        f"press:{_once(values)}",
        acted.origin,
        target=_target(values),
        message=acted.message,
    )
    return await answer(request, ctx, place, await chat.take(event), acted)


async def form(request: web.Request) -> web.Response:
    """Send a form, or press a button in it; either brings the fields as they stand, and the files chosen in them."""
    chat, larger = request.app[CHAT], request.clone(client_max_size=LARGEST_WITH_FILE)
    values, files = await _values(larger), await _files(larger)
    async with chat.database.read() as session:
        ctx = await visiting(session, request)
        place = await here(ctx, values.get("channel"))
        thread = await _thread(ctx, place, values.get("thread", ""))
        origin = _origin(place, thread)
        fields = {key.removeprefix(FIELD): value for key, value in values.items() if key.startswith(FIELD)}
        pointed = await pointed_at(ctx, " ".join(fields.values()), origin)
    event = _event(
        ctx,
        _action(values),
        f"form:{_once(values)}",
        origin,
        target=_target(values),
        values=fields,
    )
    event = replace(event, files=files, pointed=pointed)
    return await answer(request, ctx, place, await chat.take(event), Acted(origin, in_form=True))


async def put_reaction(request: web.Request) -> web.Response:
    """Put an emoji on a message in a channel, or take one's own off again."""
    chat, values = request.app[CHAT], await _values(request)
    emoji, is_on = values.get("emoji", ""), values.get("on") == "yes"
    once = _once(values)
    async with chat.database.begin() as session:
        ctx = await visiting(session, request)
        stored, place = await message_here(ctx, values.get("message", ""))
        _may_write(place)
        if emoji not in EMOJI or place.channel is None or stored.only_for is not None:
            raise Told(HTTPStatus.UNPROCESSABLE_ENTITY, text("That cannot be put on this message."))
        change = react if is_on else unreact
        await change(session, ctx.workspace_id, known(stored.id), ctx.member_id, emoji)
    chat.live.tell(place.place)
    origin = Origin(place.external_id or "", str(stored.thread_of) if stored.thread_of is not None else "")
    identity = f"{place.external_id}:{stored.id}:{emoji}:{ctx.member.external_id}:{once}"
    action = REACTED if is_on else UNREACTED
    reply = await chat.take(_event(ctx, action, f"{action}:{identity}", origin, message=known(stored.id)))
    return await answer(request, ctx, place, reply, Acted(origin))


async def dismiss(request: web.Request) -> web.Response:
    """Let a whisper go."""
    chat, values = request.app[CHAT], await _values(request)
    async with chat.database.begin() as session:
        ctx = await visiting(session, request)
        stored, place = await message_here(ctx, values.get("message", ""))
        await dismiss_whisper(session, ctx.workspace_id, ctx.member_id, known(stored.id))
    chat.live.tell(place.place, ctx.member.external_id)
    return await answer(request, ctx, place, Reply(), Acted(Origin()))


async def join(request: web.Request) -> web.Response:
    """Come into a channel that is open to everybody."""
    chat = request.app[CHAT]
    async with chat.database.begin() as session:
        ctx = await visiting(session, request)
        place = await channel_here(ctx, request.match_info["channel"])
        await add_channel_members(session, ctx.workspace_id, known(place.conversation.channel_id), [ctx.member_id])
    chat.live.tell(EVERYWHERE, ctx.member.external_id)
    # The page has a composer now.
    return web.Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Refresh": "true"})


async def move_clock(request: web.Request) -> web.Response:
    """Move the local clock forward by a day or a week, and let happen what is due on the way; once for each name."""
    chat, values = request.app[CHAT], await _values(request)
    days, once = STEPS.get(values.get("days", "")), _once(values)
    async with chat.database.begin() as session:
        ctx = await visiting(session, request)
        if days is None:
            raise Told(HTTPStatus.UNPROCESSABLE_ENTITY, text("The clock moves by a day or by a week."))
        is_new = await remember(session, ctx.workspace_id, f"clock:{once}", ctx.now.date())
    if is_new:
        await chat.move_days(days)
    chat.live.tell(EVERYWHERE)
    place = await here(ctx, None)
    return await answer(request, ctx, place, Reply(), Acted(Origin()))


async def _values(request: web.Request) -> Values:
    """Return what was sent. Of several values under one name, the last: what a button says goes over a form's.

    The values of one field are boxes that were ticked, and come with commas between them, as `bot.forms` has them.
    """
    found: dict[str, str] = {}
    try:
        sent = await request.post()
    except (LookupError, ValueError):
        # Not a form, whatever it calls itself: bytes that are no text, a part without an end.
        raise Told(HTTPStatus.BAD_REQUEST, text("The page is out of date. Please load it again.")) from None
    for key, value in sent.items():
        if isinstance(value, str):
            found[key] = f"{found[key]},{value}" if key.startswith(FIELD) and key in found else value
    return found


async def _files(request: web.Request) -> dict[str, Upload]:
    """Return the pictures that were chosen, by their fields' keys; an empty field sends a file without a name."""
    chosen: dict[str, bytes] = {}
    for key, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with value.file:
                if value.filename and key.startswith(FIELD):
                    chosen[key.removeprefix(FIELD)] = value.file.read(LARGEST_BYTES + 1)
    return {key: await asyncio.to_thread(taken_in, content) for key, content in chosen.items()}


def _once(values: Values) -> str:
    once = values.get("once", "")
    if not ONCE.fullmatch(once):
        raise Told(HTTPStatus.BAD_REQUEST, text("The page is out of date. Please load it again."))
    return once


def _action(values: Values) -> str:
    action = values.get("action", "")
    if not ACTION.fullmatch(action):
        raise Told(HTTPStatus.BAD_REQUEST, text("The page is out of date. Please load it again."))
    return action


def _target(values: Values) -> Target:
    row, version = values.get("row", ""), values.get("version", "")
    if not (NUMBER.fullmatch(row) and NUMBER.fullmatch(version)):
        raise Told(HTTPStatus.BAD_REQUEST, text("The page is out of date. Please load it again."))
    return Target(int(row), int(version))


def _may_write(place: Here) -> None:
    if not place.is_member:
        raise Told(HTTPStatus.FORBIDDEN, text("Join the channel first, then you can take part in it."))


async def _thread(ctx: PersonContext, place: Here, root: str) -> LocalMessage | None:
    """Return the message whose thread is meant; it has to stand in this conversation, and in no thread itself."""
    if not root:
        return None
    stored, where = await message_here(ctx, root)
    if where.conversation != place.conversation or stored.thread_of is not None or place.channel is None:
        raise Told(HTTPStatus.NOT_FOUND, text("The message is not there any more."))
    return stored


def _origin(place: Here, thread: LocalMessage | None) -> Origin:
    return Origin(place.external_id or "", str(thread.id) if thread is not None else "")


def _event(
    ctx: PersonContext,
    action: str,
    identity: str,
    origin: Origin,
    *,
    target: Target | None = None,
    words: str = "",
    values: Values | None = None,
    message: int | None = None,
) -> Event:
    return Event(
        action=action,
        workspace=WORKSPACE,
        person=ctx.member.external_id,
        identity=identity,
        at=ctx.now,
        place=Place(origin.channel or None, str(message) if message is not None else None, origin.thread or None),
        target=target,
        text=words,
        values=values or {},
    )


async def _command(request: web.Request, ctx: PersonContext, name: str, event: Event) -> Reply:
    chat = request.app[CHAT]
    if name not in chat.commands:
        return whisper(
            ctx.say("There is no command /{name}. Write /samlas to see what you can ask for.", name=name[:40])
        )
    return await chat.take(event)
