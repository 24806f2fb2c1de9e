"""Shows a person what the bot answers to what they did: a form, errors, a whisper, a refreshed message."""

import json
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web
from markupsafe import Markup

from adapters.local.chat import CHAT, ERASED, Here, viewer_of
from adapters.local.form_rendering import Origin, render_form
from adapters.local.message_json import to_json
from bot.context import PersonContext
from bot.events import Reply
from bot.forms import Form, PersonField
from bot.messages import Message, Words
from storage.local_chat import add_message, change_content
from storage.people import find_member, present_members


@dataclass(frozen=True, slots=True)
class Acted:
    """Where an act came from: the place, the message whose button it was, and whether it was done in a form."""

    origin: Origin
    message: int | None = None
    in_form: bool = False


async def answer(request: web.Request, ctx: PersonContext, place: Here, reply: Reply, acted: Acted) -> web.Response:
    """Store what is to stay in the chat, and return what the page is to do at once."""
    problems = _problems(reply, acted)
    whispered = None if acted.in_form and problems else _whispered(reply)
    if not await _keep(request, ctx, place, acted, whispered, reply.refreshed):
        # They have had themselves erased: nobody of that name is here any more.
        return web.Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": ERASED})
    if reply.file is not None:
        address = request.app[CHAT].files.offer(ctx.member.external_id, reply.file)
        return web.Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": address})
    if acted.in_form and problems:
        return _show(_problem_list(problems), {"HX-Retarget": "#dialog .problems", "HX-Reswap": "innerHTML"}, place)
    if reply.form is not None:
        return _show(await _form(request, ctx, reply.form, acted.origin), {}, place)
    if reply.close:
        return _show(Markup(), {}, place)
    return _show(None, {}, place)


def _problems(reply: Reply, acted: Acted) -> list[tuple[str, str]]:
    """Return (field, sentence) of what keeps the form from being taken; the field is empty for the whole form.

    A whisper that neither closes nor replaces the form would stand behind it, where nobody sees it.
    """
    found = list(reply.errors.items())
    if acted.in_form and reply.whisper is not None and not reply.close and reply.form is None:
        found.append(("", reply.whisper.summary))
    return found


def _whispered(reply: Reply) -> Message | None:
    if reply.errors:
        # Only a form has fields to put them beside; elsewhere they are simply said.
        sentence = " ".join(reply.errors.values())
        return Message(sentence, (Words(sentence),))
    return reply.whisper


async def _keep(
    request: web.Request,
    ctx: PersonContext,
    place: Here,
    acted: Acted,
    whispered: Message | None,
    refreshed: Message | None,
) -> bool:
    """Store what is to stay in the chat; False when the person is not there any more."""
    chat = request.app[CHAT]
    if whispered is None and (refreshed is None or acted.message is None):
        return True
    async with chat.database.begin() as session:
        if await find_member(session, ctx.workspace_id, ctx.member.external_id) is None:
            return False
        if refreshed is not None and acted.message is not None:
            await change_content(session, ctx.workspace_id, acted.message, to_json(refreshed), ctx.now)
        if whispered is not None:
            await add_message(
                session,
                ctx.workspace_id,
                place.conversation,
                now=chat.clock.now(),
                content=to_json(whispered),
                thread_of=int(acted.origin.thread) if acted.origin.thread else None,
                only_for=ctx.member_id,
            )
    is_for_all = refreshed is not None and place.channel is not None
    chat.live.tell(place.place, None if is_for_all else ctx.member.external_id)
    return True


async def _form(request: web.Request, ctx: PersonContext, form: Form, origin: Origin) -> Markup:
    viewer = viewer_of(ctx)
    if any(isinstance(part, PersonField) for part in form.parts):
        async with request.app[CHAT].database.read() as session:
            members = await present_members(session, ctx.workspace_id)
        viewer = viewer_of(ctx, tuple((member.external_id, member.name) for member in members))
    return render_form(form, viewer, origin)


def _problem_list(problems: list[tuple[str, str]]) -> Markup:
    return Markup().join(
        Markup('<li data-problem="{}">{}</li>').format(field, sentence) for field, sentence in problems
    )


def _show(body: Markup | None, headers: dict[str, str], place: Here) -> web.Response:
    headers = {**headers, "HX-Trigger": json.dumps({"samlas:acted": {"place": place.place}})}
    if body is None:
        return web.Response(status=HTTPStatus.NO_CONTENT, headers=headers)
    return web.Response(text=str(body), content_type="text/html", headers=headers)
