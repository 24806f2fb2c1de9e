"""What stands in front of every page: headers, who may send a form, and a clear page for whatever cannot be done."""

from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import aiohttp_jinja2
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.command_words import WaysToWrite, the_only
from bot.texts import Text, Voice, language_of, text

log = structlog.get_logger()

# Where the voice of whoever is visiting is kept for the length of a request, once it is known.
VOICE = web.RequestKey("voice", Voice)

LARGEST_FORM: Final = 16 * 1024
# How each platform has its commands written, for whoever is not known yet.
WAYS = web.AppKey("ways", WaysToWrite)

SAFE_METHODS: Final = ("GET", "HEAD")
STATIC: Final = "/insights/static/"

HEADERS: Final = {
    # No script at all, no style in the page, nothing from elsewhere, and in nobody's frame.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
        " frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class Told(Exception):
    """The visit ends here, with a sentence."""

    def __init__(self, status: HTTPStatus, sentence: Text, *, leave_token: str = "") -> None:
        """Keep the HTTP status and what to say; with `leave_token`, beside a button to sign out by."""
        super().__init__(sentence.msgid)
        self.status = status
        self.sentence = sentence
        self.leave_token = leave_token


def nothing_here() -> Told:
    """Return the answer to an address where there is nothing, or nothing for whoever asks: both look the same."""
    return Told(HTTPStatus.NOT_FOUND, text("There is nothing at this address, or nothing that is for you."))


@web.middleware
async def sentences(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer everything that goes wrong with a page that says so."""
    try:
        return await handler(request)
    except Told as told:
        return _say(request, told)
    except web.HTTPRequestEntityTooLarge:
        return _say(request, Told(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, text("That is too much to send at once.")))
    except web.HTTPNotFound:
        return _say(request, nothing_here())
    except web.HTTPMethodNotAllowed:
        return _say(request, Told(HTTPStatus.METHOD_NOT_ALLOWED, text("That cannot be done at this address.")))
    except (web.HTTPException, ConnectionResetError):
        raise
    except Exception:
        log.exception("pages.failed", route=getattr(request.match_info.route.resource, "canonical", None))
        failed = text("Something went wrong here, and it is noted in the log. Please try again.")
        return _say(request, Told(HTTPStatus.INTERNAL_SERVER_ERROR, failed))


@web.middleware
async def only_our_forms(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse what changes anything and was not sent by a page of ours."""
    if request.method not in SAFE_METHODS and not _is_our_own(request):
        resource = request.match_info.route.resource
        log.warning(
            "pages.refused", reason="from another page", route=resource.canonical if resource is not None else None
        )
        raise not_our_form()
    if request.method not in SAFE_METHODS:
        try:
            # Kept with the request, for whoever asks again.
            await request.post()
        except (LookupError, ValueError):
            log.warning("pages.refused", reason="not a form")
            raise not_our_form() from None
    return await handler(request)


def not_our_form() -> Told:
    """Return the answer to a form that no page of this session has made."""
    return Told(
        HTTPStatus.FORBIDDEN,
        text("That did not come from a page that was open here. Nothing has changed; please open the page anew."),
    )


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Let nothing but our own style and pictures be shown, and nothing be kept."""
    response.headers.update(HEADERS)
    response.headers["Cache-Control"] = "no-cache" if request.path.startswith(STATIC) else "no-store"


def voice_of(request: web.Request) -> Voice:
    """Return the voice of whoever is visiting; before we know who, in the language that the browser asks for."""
    if VOICE in request:
        return request[VOICE]
    language = language_of(request.headers.get("Accept-Language", "").split(",")[0].split(";")[0] or None)
    return Voice(language, written_as=the_only(request.app[WAYS]))


def _say(request: web.Request, told: Told) -> web.Response:
    say = voice_of(request)
    # Whoever is signed in has somewhere to go on to.
    has_page = VOICE in request and not told.leave_token
    shown = {"say": say, "sentence": say.say(told.sentence), "token": told.leave_token, "has_page": has_page}
    return aiohttp_jinja2.render_template("told.html", request, shown, status=told.status)


def _is_our_own(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    # A browser that does not say this (Safari before 16.4) says the origin with every form.
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host
