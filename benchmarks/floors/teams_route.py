"""The floor of a Teams activity: a bare aiohttp route that reads the JSON, and does nothing."""

import asyncio

import orjson
from aiohttp import web

from benchmarks.floors.serving import serve


async def take(request: web.Request) -> web.Response:
    """Answer an activity."""
    orjson.loads(await request.read())
    return web.Response()


if __name__ == "__main__":
    app = web.Application()
    app.add_routes([web.post("/api/messages", take)])
    asyncio.run(serve(app))
