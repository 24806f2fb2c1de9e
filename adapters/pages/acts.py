"""What can be done on the pages: coming in and going out, each by a form of ours."""

import hmac
from http import HTTPStatus

import structlog
from aiohttp import web

from adapters.pages.guard import Told, not_our_form
from adapters.pages.pages import link_is_no_good
from adapters.pages.visiting import (
    PAGES,
    cookie_of,
    drop_cookie,
    found_session,
    keep_cookie,
    route_of,
)
from bot.context import known
from bot.getting_in import LONGEST, digest_of, form_token, new_secret
from bot.texts import text
from storage.getting_in import begin_session, end_session, find_link, use_link
from storage.tables import PageGoal, PageLink, PageSession

log = structlog.get_logger()


async def enter(request: web.Request) -> web.Response:
    """Use a link up, and begin a session of this browser for the person to whom it was sent."""
    pages = request.app[PAGES]
    now = pages.door.machine.now()
    digest = digest_of(request.match_info["secret"])
    secret = new_secret()
    async with pages.core.database.begin() as session:
        link = await find_link(session, digest)
        held = await found_session(session, request)
        if link is not None and held is not None and _owner(link) != _owner(held):
            log.warning(
                "pages.refused", reason="somebody else's link", workspace=held.workspace_id, member=held.member_id
            )
            raise Told(
                HTTPStatus.FORBIDDEN,
                text("This link was made for somebody else than who is signed in here. It has not been used."),
                leave_token=form_token(cookie_of(request) or ""),
            )
        used = await use_link(session, digest, now)
        if used is None:
            log.warning("pages.refused", reason="link is no good", route=route_of(request))
            raise link_is_no_good()
        if held is not None:
            await end_session(session, held.workspace_id, known(held.id))
        await begin_session(
            session,
            used.workspace_id,
            used.member_id,
            digest=digest_of(secret),
            now=now,
            expires_at=now + LONGEST,
        )
    goal = "/me" if used.goal == PageGoal.ME else "/insights"
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": goal})
    keep_cookie(request, response, secret)
    return response


async def leave(request: web.Request) -> web.Response:
    """End the session, here and for whoever else may have its cookie. Anybody may always go."""
    pages = request.app[PAGES]
    form = await request.post()
    if not hmac.compare_digest(str(form.get("token", "")).encode(), form_token(cookie_of(request) or "").encode()):
        log.warning("pages.refused", reason="no form of this session", route=route_of(request))
        raise not_our_form()
    async with pages.core.database.begin() as session:
        held = await found_session(session, request)
        if held is not None:
            await end_session(session, held.workspace_id, known(held.id))
    response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": "/insights/left"})
    drop_cookie(request, response)
    return response


async def left(request: web.Request) -> web.Response:
    """Say that one has signed out."""
    if cookie_of(request):
        raise web.HTTPSeeOther("/insights")
    raise Told(HTTPStatus.OK, text("You have signed out. To come back, ask Samlas in the chat: {/insights}"))


def _owner(of: PageLink | PageSession) -> tuple[int, int]:
    return of.workspace_id, of.member_id
