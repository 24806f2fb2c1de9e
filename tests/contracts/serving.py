"""Serves a wired program over HTTP for the length of a block, as `samlas serve` does but for what runs by itself."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.commands.serve import application
from bot.wiring import Serving
from tests.answers import heard_of

Client = TestClient[web.Request, web.Application]


@asynccontextmanager
async def served(serving: Serving) -> AsyncIterator[Client]:
    """Mount the surfaces on a server of their own; gives a client of it.

    The ticker and the sender do not run: a test lets them do what is due (`Core.do_due`) when it wants to. What it
    answers and logs is overheard: nothing of people's may be where it does not belong.
    """
    async with AsyncExitStack() as stack:
        stack.push_async_callback(serving.counter.close)
        for surface in serving.surfaces:
            await stack.enter_async_context(surface.lifespan())
        made = application(serving, serving.core.database)
        heard = await stack.enter_async_context(heard_of(made, serving.core.database))
        yield await stack.enter_async_context(TestClient(TestServer(made), trace_configs=[heard.tracing()]))


async def figures(client: Client) -> str:
    """Return what the program tells a monitoring system."""
    answer = await client.get("/metrics")
    return await answer.text()
