"""The HTTP door: checks that a request comes from Slack, and sends what is only counted straight to the counter.

Called by Slack for everything: events, commands, buttons, forms. What is refused changes nothing, and nothing that was
in it is logged.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from time import time
from typing import Final
from urllib.parse import parse_qs

import orjson
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import Clock as SignatureClock
from slack_sdk.signature import SignatureVerifier

from adapters.slack.envelopes import Counted, Kind, Limited, Read, read
from adapters.slack.inbox import Inbox, note_limit
from bot.counter import CounterClosed
from storage.errors import CannotCommit

log = structlog.get_logger()

LARGEST_BODY: Final = 1024 * 1024
EVENTS: Final = "/slack/events"
FORM: Final = "application/x-www-form-urlencoded"
# Slack's own limit on the age of a request: what is older may have been recorded by somebody (docs.slack.dev,
# "Verifying requests from Slack").
OLDEST_SECONDS: Final = 300


class FrontDoor:
    """Takes Slack's requests for one signing secret. `seconds` tells the time that signatures are checked against."""

    def __init__(
        self, app: AsyncApp, inbox: Inbox, signing_secret: str, *, seconds: Callable[[], float] = time
    ) -> None:
        """Stand before Bolt and the inbox."""
        self._app = app
        self._inbox = inbox
        self._seen = _SeenRequests()
        self._seconds = seconds
        clock = SignatureClock()
        clock.now = seconds  # type: ignore[method-assign]  # the verifier's own way to be told the time
        self._verifier = SignatureVerifier(signing_secret, clock)

    def mount(self, application: web.Application) -> None:
        """Add the route that Slack calls."""
        application.add_routes([web.post(EVENTS, self.take)])

    async def take(self, request: web.Request) -> web.StreamResponse:
        """Take one request, and acknowledge it when what it says has been committed."""
        body = await _read(request)
        if body is None:
            return _refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        if not self._is_signed(request, body):
            return _refuse(HTTPStatus.UNAUTHORIZED, "not_signed")
        found = _found(request, body)
        if found is None:
            return _refuse(HTTPStatus.BAD_REQUEST, "malformed")
        if isinstance(found, Limited):
            note_limit(found)
            return web.Response()
        if isinstance(found, Counted):
            return await self._count(found)
        signature = request.headers.get("X-Slack-Signature", "")
        if not found.is_event and not self._seen.is_new(signature, self._seconds()):
            # An event is known by what happened, however often it is told. A command or a button may be pressed
            # twice, but Slack signs each press anew: the same signature is a recording.
            return _refuse(HTTPStatus.UNAUTHORIZED, "replayed")
        return await to_aiohttp_response(
            await self._app.async_dispatch(
                AsyncBoltRequest(body=body.decode(), query=request.query_string, headers=dict(request.headers))
            )
        )

    async def _count(self, found: Counted) -> web.Response:
        try:
            await self._inbox.take(found.envelope)
        except (CannotCommit, CounterClosed) as trouble:
            log.warning("slack.not_taken", reason=type(trouble).__name__)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response()

    def _is_signed(self, request: web.Request, body: bytes) -> bool:
        timestamp = request.headers.get("X-Slack-Request-Timestamp", "")
        if not (timestamp.isascii() and timestamp.isdigit()):
            return False
        try:
            return self._verifier.is_valid(body, timestamp, request.headers.get("X-Slack-Signature", ""))
        except (OverflowError, TypeError, ValueError):
            # A time that is no time, a body that is no text, or a signature that is none, which Slack never sends.
            return False


class _SeenRequests:
    """The signatures of the last five minutes; older requests are refused by their time."""

    def __init__(self) -> None:
        self._seen: OrderedDict[bytes, float] = OrderedDict()

    def is_new(self, signature: str, now: float) -> bool:
        """Whether a signature has not been seen; it is from now on."""
        while self._seen and next(iter(self._seen.values())) < now - 2 * OLDEST_SECONDS:
            self._seen.popitem(last=False)
        key = hashlib.sha256(signature.encode()).digest()
        if key in self._seen:
            return False
        self._seen[key] = now
        return True


async def _read(request: web.Request) -> bytes | None:
    """Return the body, None when it is larger than Slack's ever are."""
    if request.content_length is not None:
        # It says how much there is, and no more than that is taken for its body.
        return await request.content.read() if request.content_length <= LARGEST_BODY else None
    read = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        read.extend(chunk)
        if len(read) > LARGEST_BODY:
            return None
    return bytes(read)


def _found(request: web.Request, body: bytes) -> Read | None:
    """Return what a request says, in whichever of Slack's three forms; None for anything else."""
    try:
        if request.content_type != FORM:
            return read(Kind.EVENT, orjson.loads(body))
        fields = parse_qs(body.decode(), strict_parsing=True, keep_blank_values=True)
        if "payload" in fields:
            return read(Kind.INTERACTION, orjson.loads(fields["payload"][0]))
    except (ValueError, UnicodeDecodeError):
        return None
    return read(Kind.COMMAND, {name: values[0] for name, values in fields.items()})


def _refuse(status: HTTPStatus, why: str) -> web.Response:
    log.warning("slack.refused", why=why)
    return web.Response(status=status)
