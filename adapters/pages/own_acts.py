"""The buttons and forms of one's own page: each goes the way that it goes in the chat.

A form stands on nothing but what the page offers: as it is sent, the button that opened it is pressed anew, and only
what stands in the form that comes of it can be done.
"""

import hmac
import re
import uuid
from dataclasses import dataclass
from typing import Final

import aiohttp_jinja2
from aiohttp import web
from multidict import MultiDictProxy

from adapters.pages.guard import not_our_form, nothing_here
from adapters.pages.own_forms import FIELD, presses_of
from adapters.pages.pages import form_page
from adapters.pages.parts import actions_of
from adapters.pages.visiting import PAGES, Visit, drop_cookie, found_session, keep_told, refuse, visiting
from bot.events import Event, Reply, WorkspaceKey
from bot.messages import Target

_ONCE: Final = re.compile(r"[0-9a-f]{32}")
_VERSION: Final = re.compile(r"-?[0-9]{1,18}")

_Sent = MultiDictProxy[str | bytearray | bytes | web.FileField]


@dataclass(frozen=True, slots=True)
class _Opener:
    """A button that stands on the page at this moment."""

    action: str
    target: Target


async def press(request: web.Request) -> web.Response:
    """Press one of the buttons on one's own page: what it opens is a page too."""
    sent = await request.post()
    visit, opener = await _visit_and_button(request, sent, "action")
    reply = await _take(request, visit, opener.action, opener.target, uuid.uuid4().hex, {})
    return await _answered(request, visit, opener, reply)


async def send(request: web.Request) -> web.Response:
    """Send a form that a button of the page opens, or press a button in it."""
    sent = await request.post()
    visit, opener = await _visit_and_button(request, sent, "opened")
    opened = await _take(request, visit, opener.action, opener.target, uuid.uuid4().hex, {})
    if opened.form is None:
        # What it would have opened says why it does not, or there is nothing to send.
        return await _answered(request, visit, opener, opened)
    action, version, once = (str(sent.get(name, "")) for name in ("press", "version", "once"))
    target = presses_of(opened.form).get(action)
    if target is None or not _VERSION.fullmatch(version) or not _ONCE.fullmatch(once):
        raise refuse(request, visit, "not in the form", nothing_here())
    # Of which version it was as it was shown is told by the page, as by every client: so that what has changed
    # meanwhile is not overwritten.
    meant = Target(target.row, int(version))
    reply = await _take(request, visit, action, meant, once, _values(sent))
    return await _answered(request, visit, opener, reply)


async def _visit_and_button(request: web.Request, sent: _Sent, name: str) -> tuple[Visit, _Opener]:
    """Return who is visiting, and the button that a form names.

    Raises Told for no form of this session, and for a button that does not stand on the page at this moment.
    """
    pages = request.app[PAGES]
    async with pages.core.database.read() as session:
        visit = await visiting(session, request)
        if not hmac.compare_digest(str(sent.get("token", "")).encode(), visit.token.encode()):
            raise refuse(request, visit, "no form of this session", not_our_form())
        parts = [part for section in pages.own_sections for part in await section(visit.ctx)]
    action = str(sent.get(name, ""))
    target = actions_of(parts).get(action)
    if target is None:
        # Not on the page any more, or never.
        raise refuse(request, visit, "no such button", nothing_here())
    return visit, _Opener(action, target)


async def _take(
    request: web.Request, visit: Visit, action: str, target: Target, once: str, values: dict[str, str]
) -> Reply:
    core, workspace = request.app[PAGES].core, visit.ctx.workspace
    return await core.take(
        Event(
            action=action,
            workspace=WorkspaceKey(workspace.platform, workspace.external_id),
            person=visit.ctx.member.external_id,
            identity=f"page:{visit.session_id}:{once}",
            at=core.clock.now(),
            target=Target(target.row, target.version),
            values=values,
        )
    )


async def _answered(request: web.Request, visit: Visit, opener: _Opener, reply: Reply) -> web.Response:
    """Show what came of it: a download, a form, or one's own page with the sentence that was said."""
    if reply.file is not None:
        return web.Response(
            body=reply.file.content,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{reply.file.name}"'},
        )
    if reply.form is not None:
        return form_page(request, visit, reply.form, opener.action, reply.errors)
    sentence = reply.whisper.summary if reply.whisper is not None else ""
    async with request.app[PAGES].core.database.read() as session:
        is_here = await found_session(session, request) is not None
    if not is_here:
        # Whoever has erased themselves has no session any more, and no page of their own.
        shown = {"say": visit.ctx.say, "sentence": sentence, "token": "", "has_page": False}
        response = aiohttp_jinja2.render_template("told.html", request, shown)
        drop_cookie(request, response)
        return response
    response = web.Response(status=web.HTTPSeeOther.status_code, headers={"Location": "/me"})
    keep_told(request, response, visit, sentence)
    return response


def _values(sent: _Sent) -> dict[str, str]:
    """Return the fields' values by their keys; boxes that were ticked come with commas, as `bot.forms` has them."""
    found: dict[str, str] = {}
    for name, value in sent.items():
        if name.startswith(FIELD) and isinstance(value, str):
            key = name.removeprefix(FIELD)
            found[key] = f"{found[key]},{value}" if key in found else value
    return found
