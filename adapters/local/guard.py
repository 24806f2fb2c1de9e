"""The local chat's door: loopback only, its own pages only, and a sentence for whatever cannot be done.

There is no login, so a page elsewhere that the same browser has open must not be able to act here: the Host header
has to be loopback (a foreign name may resolve to it), and what changes anything has to come from our own pages.
"""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import aiohttp_jinja2
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.config import LOOPBACK
from bot.images import LARGEST_BYTES
from bot.texts import Text, Voice, language_of, text

log = structlog.get_logger()

# Where the voice of whoever is visiting is kept for the length of a request, once it is known.
VOICE = web.RequestKey("voice", Voice)

LARGEST_BODY: Final = 256 * 1024
# A form may bring a picture, and one that is too large is to be told what is wrong with it.
LARGEST_WITH_FILE: Final = 4 * LARGEST_BYTES
# What says no length is stopped by the server's own, larger limit.
TOO_MUCH: Final = text("That is too much to send at once.")
SAFE_METHODS: Final = ("GET", "HEAD")

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Told(Exception):
    """The visit ends here, with a sentence."""

    def __init__(self, status: HTTPStatus, sentence: Text) -> None:
        """Keep the HTTP status and what to say."""
        super().__init__(sentence.msgid)
        self.status = status
        self.sentence = sentence


def missing(sentence: Text) -> Told:
    """Return the answer to an address where there is nothing."""
    return Told(HTTPStatus.NOT_FOUND, sentence)


@web.middleware
async def sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer everything that goes wrong with a sentence: a page, or bare words where a page asks in the background."""
    try:
        return await handler(request)
    except Told as told:
        return _say(request, told.status, told.sentence)
    except web.HTTPRequestEntityTooLarge:
        return _say(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_MUCH)
    except web.HTTPNotFound:
        return _say(request, HTTPStatus.NOT_FOUND, text("There is nothing at this address."))
    except web.HTTPMethodNotAllowed:
        return _say(request, HTTPStatus.METHOD_NOT_ALLOWED, text("That cannot be done at this address."))
    except (web.HTTPException, ConnectionResetError):
        raise
    except Exception:
        route = request.match_info.route.resource
        log.exception("local.failed", route=route.canonical if route is not None else None)
        return _say(
            request,
            HTTPStatus.INTERNAL_SERVER_ERROR,
            text("Something went wrong here, and it is noted in the log. Please try again."),
        )


@web.middleware
async def only_from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse whatever does not come from a loopback address, under its name, and from our own pages."""
    if _name_of(request.host) not in LOOPBACK:
        raise Told(
            HTTPStatus.FORBIDDEN, text("The local chat answers only as localhost, 127.0.0.1 or ::1, on this machine.")
        )
    if request.method not in SAFE_METHODS and not _is_our_own(request):
        raise Told(HTTPStatus.FORBIDDEN, text("That came from a page that is not part of the local chat."))
    most = LARGEST_WITH_FILE if request.content_type == "multipart/form-data" else LARGEST_BODY
    if (request.content_length or 0) > most:
        raise Told(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_MUCH)
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Let nothing but our own files run, show or be asked; and nothing be kept that may have changed."""
    response.headers.update(HEADERS)
    kept = request.path.startswith("/local/static/")
    response.headers.setdefault("Cache-Control", "no-cache" if kept else "no-store")


def voice_of(request: web.Request) -> Voice:
    """Return the voice of whoever is visiting; before we know who, in the language that the browser asks for."""
    if VOICE in request:
        return request[VOICE]
    return Voice(language_of(request.headers.get("Accept-Language", "").split(",")[0].split(";")[0] or None))


def _say(request: web.Request, status: HTTPStatus, sentence: Text) -> web.Response:
    say = voice_of(request)
    words = say.say(sentence)
    if "HX-Request" in request.headers:
        return web.Response(text=words, status=status)
    return aiohttp_jinja2.render_template("told.html", request, {"say": say, "sentence": words}, status=status)


def _is_our_own(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = request.headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc == request.host
    # Every browser says at least one of the two; what says neither is no page of ours.
    return site is not None


def _name_of(host: str) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
