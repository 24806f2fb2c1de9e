"""How Slack is asked over HTTP, and how an answer of its breaks off."""

import json
from urllib.parse import parse_qs

from aiohttp import web

from tests.slack.team import Answer


async def asked_in(request: web.Request) -> Answer:
    """Return what was asked, in whichever of the forms that Slack takes."""
    raw = await request.text()
    if request.content_type == "application/json":
        read: Answer = json.loads(raw or "{}")
        return read
    found: Answer = {name: values[-1] for name, values in parse_qs(raw, keep_blank_values=True).items()}
    found.update(dict(request.query.items()))
    for key in ("blocks", "view", "metadata"):
        if isinstance(found.get(key), str):
            found[key] = json.loads(found[key])
    return found


async def cut_off(request: web.Request) -> web.StreamResponse:
    """Begin an answer, and hang up."""
    answer = web.StreamResponse(headers={"Content-Length": "1000", "Content-Type": "application/json"})
    await answer.prepare(request)
    await answer.write(b'{"ok": tr')
    assert request.transport is not None
    request.transport.close()
    return answer
