"""A stand-in for Slack's Web API that takes everything: given the seconds after which it answers a message."""

import asyncio
import itertools
import sys

import orjson
from aiohttp import web

from benchmarks.floors.serving import serve
from benchmarks.requests import TEAM

BOT = {"ok": True, "team_id": TEAM, "team": "Measured", "user_id": "UBOT", "bot_id": "B1", "url": "https://m.example/"}
LISTS = {
    "users.list": {"ok": True, "members": []},
    "conversations.list": {"ok": True, "channels": []},
    "usergroups.list": {"ok": True, "usergroups": []},
}


def standin(answers_after: float) -> web.Application:
    """Return the stand-in."""
    numbers = itertools.count(1)

    async def answer(request: web.Request) -> web.Response:
        method = request.match_info["method"]
        body = await request.read()
        if method == "chat.postMessage":
            if answers_after:
                await asyncio.sleep(answers_after)
            said = {"ok": True, "channel": "D1", "ts": f"1700000000.{next(numbers):06d}", "taken": len(body)}
        else:
            said = BOT if method == "auth.test" else LISTS.get(method, {"ok": True})
        return web.Response(body=orjson.dumps(said), content_type="application/json")

    app = web.Application(client_max_size=4 * 1024 * 1024)
    app.add_routes([web.post("/api/{method}", answer), web.get("/api/{method}", answer)])
    return app


if __name__ == "__main__":
    asyncio.run(serve(standin(float(sys.argv[1]))))
