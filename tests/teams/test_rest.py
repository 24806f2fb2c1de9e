"""The Bot Connector where an answer is not what it should be; what it takes is shown by the other tests."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from adapters.teams.connector import NoAnswer, NotReached, Refused, Spot
from adapters.teams.rest import BotConnector
from tests.teams.conftest import lasting

ACTIVITY = {"type": "message", "text": "Hello"}
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@pytest.fixture
async def connector() -> AsyncIterator[BotConnector]:
    """Return the way to Teams, over a session of the test's own."""
    async with ClientSession() as session:
        yield BotConnector(lasting(), lambda: session)


async def send(connector: BotConnector, answer: Answer) -> str:
    """Send something to a service that answers so."""
    app = web.Application()
    app.add_routes([web.route("*", "/{path:.*}", answer)])
    async with TestServer(app) as server:
        return await connector.send(Spot(str(server.make_url("/")), "a:1"), ACTIVITY)


async def test_an_answer_that_cannot_be_read_is_one_all_the_same(connector: BotConnector) -> None:
    """What was asked may have been done, so that nobody knows."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=201, text="<html>")

    with pytest.raises(NoAnswer):
        await send(connector, answer)


async def test_a_connection_that_is_cut_leaves_it_open(connector: BotConnector) -> None:
    """The service had the message by then."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    with pytest.raises(NoAnswer):
        await send(connector, answer)


async def test_the_token_goes_nowhere_else(connector: BotConnector) -> None:
    """A service that leads elsewhere is not followed: the token is for this one alone."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    with pytest.raises(Refused) as refused:
        await send(connector, answer)

    assert refused.value.status == 307
    assert asked == ["/v3/conversations/a:1/activities"]


async def test_a_refusal_that_says_nothing_is_one(connector: BotConnector) -> None:
    """By its status alone; a wait in words is none."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=429, text="[]", headers={"Retry-After": "soon"})

    with pytest.raises(Refused) as refused:
        await send(connector, answer)

    assert (refused.value.status, refused.value.code, refused.value.retry_after) == (429, "", None)


async def test_nothing_goes_out_before_serving() -> None:
    """There is no session yet, and nothing was sent."""

    def none_yet() -> ClientSession:
        raise TimeoutError

    with pytest.raises(NotReached):
        await BotConnector(lasting(), none_yet).send(Spot("http://127.0.0.1:9/", "a:1"), ACTIVITY)


async def test_the_environments_proxy_is_used(connector: BotConnector, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Microsoft's own client would, and past it where the environment says so."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        return web.json_response({"id": "1"}, status=201)

    app = web.Application()
    app.add_routes([web.route("*", "/{path:.*}", answer)])
    async with TestServer(app) as proxy:
        monkeypatch.setenv("http_proxy", str(proxy.make_url("/")))
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        await connector.send(Spot("http://teams.example/", "a:1"), ACTIVITY)
        await connector.send(Spot(str(proxy.make_url("/")), "a:2"), ACTIVITY)

    assert asked[0] == "http://teams.example/v3/conversations/a%3A1/activities"
    assert len(asked) == 2
