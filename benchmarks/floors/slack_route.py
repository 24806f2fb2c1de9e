"""The floor of a Slack event: a bare aiohttp route that checks the signature and reads the JSON, and does nothing."""

import asyncio
import hashlib
import hmac

import orjson
from aiohttp import web

from benchmarks.floors.serving import serve
from benchmarks.requests import SECRET


async def take(request: web.Request) -> web.Response:
    """Answer a signed event."""
    body = await request.read()
    said = b"v0:" + request.headers["X-Slack-Request-Timestamp"].encode() + b":" + body
    signature = "v0=" + hmac.new(SECRET.encode(), said, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(signature, request.headers["X-Slack-Signature"]):
        return web.Response(status=401)
    orjson.loads(body)
    return web.Response()


if __name__ == "__main__":
    app = web.Application()
    app.add_routes([web.post("/slack/events", take)])
    asyncio.run(serve(app))
