"""Who is visiting the pages: a browser's cookie, the session it belongs to, and the member as they are right now."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web

from adapters.pages.guard import VOICE, Told
from bot.context import PersonContext, known, person_context_for
from bot.getting_in import IDLE, LONGEST, Door, digest_of, form_token
from bot.home import HomeSection
from bot.surface import Core
from bot.texts import text
from storage.database import Session
from storage.getting_in import find_session, note_seen_in, session_member
from storage.people import home_teams
from storage.tables import HomeTeam, Member, MemberState, PageSession
from storage.workspaces import get_workspace

log = structlog.get_logger()

# A session's last sign is written down no more often than this.
NOTED_EVERY: Final = timedelta(minutes=1)
# In characters, so that a cookie holds it.
LONGEST_TOLD: Final = 600


@dataclass(frozen=True, slots=True)
class Pages:
    """What the pages stand on: the core, the door, and what there is to say to a member about themselves."""

    core: Core
    door: Door
    own_sections: Sequence[HomeSection]

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach the pages over https, so that cookies go nowhere else."""
        return (self.door.address() or "").startswith("https://")

    @property
    def cookie(self) -> str:
        """The session cookie's name. With the prefix a browser takes it from nobody but this very host, over https."""
        return "__Host-samlas" if self.is_secure else "samlas"


PAGES: Final = web.AppKey("pages", Pages)


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody whose session is good: their surroundings, and the roles they have at this moment."""

    ctx: PersonContext
    session_id: int
    token: str
    # The home teams that they lead, by name; mostly none.
    teams: Sequence[HomeTeam]

    @property
    def is_communications_lead(self) -> bool:
        """Whether they see the whole organisation."""
        return self.ctx.member.is_communications_lead


def signed_out() -> Told:
    """Return the answer to whoever has no session that is good: how to get one, and nothing else."""
    return Told(
        HTTPStatus.UNAUTHORIZED,
        text("You are not signed in here, or it was too long ago. Ask Samlas in the chat for a new link: {/insights}"),
    )


def cookie_of(request: web.Request) -> str | None:
    """Return the secret that the browser sent; of ours each is of plain letters."""
    secret = request.cookies.get(request.app[PAGES].cookie)
    return secret if secret and secret.isascii() else None


async def found_session(session: Session, request: web.Request) -> PageSession | None:
    """Return the session that the browser's cookie belongs to, if it is good."""
    secret = cookie_of(request)
    if not secret:
        return None
    now = request.app[PAGES].door.machine.now()
    return await find_session(session, digest_of(secret), seen_since=now - IDLE, now=now)


async def visiting(session: Session, request: web.Request) -> Visit:
    """Return who is visiting, by the roles that they have now.

    Raises Told for no session, one that is over, and one of somebody who has left.
    """
    held = await found_session(session, request)
    if held is None:
        if cookie_of(request):
            log.warning("pages.refused", reason="no such session", route=route_of(request))
        raise signed_out()
    member = await session_member(session, held.workspace_id, held.member_id)
    if member is None or not _is_present(member):
        log.warning("pages.refused", reason="not a member", workspace=held.workspace_id, member=held.member_id)
        raise signed_out()
    workspace = await get_workspace(session, held.workspace_id)
    core = request.app[PAGES].core
    ctx = person_context_for(session, core.clock.now(), workspace, member, core.ways)
    request[VOICE] = ctx.say
    teams = await home_teams(session, held.workspace_id)
    led = [team for team in teams if team.lead_id == member.id]
    return Visit(ctx, known(held.id), form_token(cookie_of(request) or ""), led)


async def note_visit(request: web.Request) -> None:
    """Record that somebody is still there, every so often; of a session that has ended meanwhile nothing is left."""
    pages = request.app[PAGES]
    now = pages.door.machine.now()
    async with pages.core.database.read() as session:
        held = await found_session(session, request)
    if held is not None and held.seen_at <= now - NOTED_EVERY:
        async with pages.core.database.begin() as session:
            await note_seen_in(session, held.workspace_id, known(held.id), now)


def refuse(request: web.Request, visit: Visit, reason: str, told: Told) -> Told:
    """Write down, without names, that somebody was refused; returns what they are told."""
    log.warning(
        "pages.refused",
        reason=reason,
        route=route_of(request),
        workspace=visit.ctx.workspace_id,
        member=visit.ctx.member_id,
    )
    return told


def route_of(request: web.Request) -> str | None:
    """Return the pattern of the address that was asked for: the address itself may hold a secret."""
    with suppress(AttributeError):
        resource = request.match_info.route.resource
        return resource.canonical if resource is not None else None
    return None


def keep_cookie(request: web.Request, response: web.StreamResponse, secret: str) -> None:
    """Have the browser keep a session's secret, out of the reach of scripts and of other sites."""
    pages = request.app[PAGES]
    response.set_cookie(
        pages.cookie,
        secret,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=pages.is_secure,
        max_age=int(LONGEST.total_seconds()),
    )


def drop_cookie(request: web.Request, response: web.StreamResponse) -> None:
    """Have the browser forget it."""
    pages = request.app[PAGES]
    response.del_cookie(pages.cookie, path="/", httponly=True, samesite="Strict", secure=pages.is_secure)


def keep_told(request: web.Request, response: web.StreamResponse, visit: Visit, sentence: str) -> None:
    """Have the browser bring back, once and within a minute, what is to be said on the page that it is led to."""
    if not sentence:
        return
    pages = request.app[PAGES]
    words = urlsafe_b64encode(sentence[:LONGEST_TOLD].encode()).decode().rstrip("=")
    response.set_cookie(
        f"{pages.cookie}-told",
        f"{_seal(visit, words)}.{words}",
        path="/",
        httponly=True,
        samesite="Strict",
        secure=pages.is_secure,
        max_age=60,
    )


def told_before(request: web.Request, visit: Visit) -> str:
    """Return the sentence that `keep_told` had the browser bring; of what is not from this session, nothing."""
    seal, _, words = request.cookies.get(f"{request.app[PAGES].cookie}-told", "").partition(".")
    if not words or not hmac.compare_digest(seal.encode(), _seal(visit, words).encode()):
        return ""
    return urlsafe_b64decode(words + "=" * (-len(words) % 4)).decode()


def forget_told(request: web.Request, response: web.StreamResponse) -> None:
    """Have the browser forget the sentence, which has been said."""
    pages = request.app[PAGES]
    if f"{pages.cookie}-told" in request.cookies:
        response.del_cookie(f"{pages.cookie}-told", path="/", httponly=True, samesite="Strict", secure=pages.is_secure)


def _seal(visit: Visit, words: str) -> str:
    return hmac.new(visit.token.encode(), words.encode(), hashlib.sha256).hexdigest()


def _is_present(member: Member) -> bool:
    return member.state != MemberState.LEFT and not member.is_bot
