"""The front door of Teams, POST /api/messages: lets in what Teams sent, has it acted on, and answers."""

from http import HTTPStatus
from typing import Any, Final

import orjson
import structlog
from aiohttp import web

from adapters.teams.activities import Wrote
from adapters.teams.counted import only_counted
from adapters.teams.keys import KeysUnavailable
from adapters.teams.limits import LARGEST_ACTIVITY_BYTES
from adapters.teams.people import NobodyKnows
from adapters.teams.reading import UnknownActivity, activity_of
from adapters.teams.tokens import NotLetIn, Pass, TokenCheck
from adapters.teams.turns import Response, Turns
from adapters.teams.wire import TEAMS, Malformed, read
from bot.clock import Clock
from bot.counter import CounterClosed
from bot.events import Reply
from storage.errors import CannotCommit

log = structlog.get_logger()

PATH: Final = "/api/messages"


class Door:
    """Takes the requests of one process. Without a `check`, anybody on this machine is let in (`--local`)."""

    def __init__(self, turns: Turns, check: TokenCheck | None, clock: Clock) -> None:
        """Stand before the turns."""
        self._turns = turns
        self._check = check
        self._clock = clock

    async def messages(self, request: web.Request) -> web.Response:
        """Answer one activity; 200 only after all that it brought about has been committed."""
        try:
            verified = await self._verify(request)
            body = await _body(request)
            counted = only_counted(body)
            if counted is not None:
                self._allow(verified, counted.service_url, TEAMS, counted.tenants)
                reply = await self._turns.count(counted)
                if reply is not None:
                    await self._say_besides(body, reply)
                    return web.Response()
            wire = read(body)
            self._allow(verified, wire.service_url, wire.channel_id, wire.tenants)
            response = await self._turns.take(activity_of(wire, self._clock.now()))
        except NotLetIn as refused:
            log.warning("teams.not_let_in", status=int(refused.status), why=refused.why)
            return web.Response(status=refused.status)
        except _Unread as unread:
            return web.Response(status=unread.status)
        except Malformed:
            return web.Response(status=HTTPStatus.BAD_REQUEST)
        except UnknownActivity:
            return web.Response(status=HTTPStatus.NOT_IMPLEMENTED)
        except (KeysUnavailable, NobodyKnows, CannotCommit, CounterClosed) as failure:
            log.warning("teams.not_taken", reason=type(failure).__name__)
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        return _written(response)

    def _allow(self, verified: Pass | None, *said: Any) -> None:
        if self._check is not None and verified is not None:
            self._check.allow(verified, *said)

    async def _say_besides(self, body: Any, reply: Reply) -> None:
        if not reply.is_nothing:
            activity = activity_of(read(body), self._clock.now())
            if isinstance(activity, Wrote):
                await self._turns.say_besides(activity.origin, reply)

    async def _verify(self, request: web.Request) -> Pass | None:
        if self._check is None:
            # A page in a browser on this machine may send us something too, and says so by this header.
            if "Origin" in request.headers:
                raise NotLetIn(HTTPStatus.FORBIDDEN, "from a page")
            return None
        return await self._check.verify(request.headers.get("Authorization"))


class _Unread(Exception):
    """The body is not read any further."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


async def _body(request: web.Request) -> Any:
    if request.content_type != "application/json":
        raise _Unread(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if (request.content_length or 0) > LARGEST_ACTIVITY_BYTES:
        raise _Unread(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        return orjson.loads(await _read(request))
    except ValueError as broken:
        raise Malformed from broken


async def _read(request: web.Request) -> bytes | bytearray:
    if request.content_length is not None:
        # It says how much there is, and no more than that is taken for its body.
        return await request.content.read()
    read_so_far = bytearray()
    async for chunk in request.content.iter_any():
        read_so_far += chunk
        if len(read_so_far) > LARGEST_ACTIVITY_BYTES:
            raise _Unread(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return read_so_far


def _written(response: Response) -> web.Response:
    if response.body is None:
        return web.Response(status=response.status)
    return web.json_response(response.body, status=response.status)
