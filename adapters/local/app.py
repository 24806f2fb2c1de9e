"""The local chat's web application: its routes, and what stands in front of them. Built by the wiring."""

from pathlib import Path

import aiohttp_jinja2
from aiohttp import web
from jinja2 import PackageLoader, StrictUndefined

from adapters.local import acts, pages
from adapters.local.chat import CHAT, Chat
from adapters.local.guard import add_headers, only_from_here, sentences
from adapters.local.rendering import icon
from bot.calendar_file import NAME

PERSON = "/as/{person}"
CHANNEL = PERSON + "/c/{channel}"
DIRECT = PERSON + "/samlas"


def local_app(chat: Chat) -> web.Application:
    """Return the application that serves one local chat, to stand below /local/."""
    app = web.Application(middlewares=[sentences, only_from_here])
    app[CHAT] = chat
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_let_go)
    aiohttp_jinja2.setup(
        app,
        loader=PackageLoader("adapters.local"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    aiohttp_jinja2.get_env(app).globals["icon"] = icon
    app.router.add_static("/static", Path(__file__).parent / "static")
    app.add_routes(
        [
            web.get("", pages.front),
            web.get("/", pages.chooser),
            web.get(PERSON, pages.person),
            web.get(PERSON + "/live", pages.live, allow_head=False),
            web.get(PERSON + "/people", pages.people),
            web.get(PERSON + "/file/{key}", pages.file, allow_head=False),
            web.get(PERSON + "/sidebar", pages.sidebar),
            web.get(PERSON + "/message/{message}", pages.message),
            web.get(PERSON + "/message/{message}/" + NAME, pages.calendar),
            web.get(CHANNEL, pages.conversation),
            web.get(CHANNEL + "/log", pages.log),
            web.get(CHANNEL + "/thread/{root}", pages.thread),
            web.get(DIRECT, pages.conversation),
            web.get(DIRECT + "/log", pages.log),
            web.get(DIRECT + "/home", pages.home, allow_head=False),
            web.post(CHANNEL + "/say", acts.say),
            web.post(CHANNEL + "/join", acts.join),
            web.post(DIRECT + "/say", acts.say),
            web.post(PERSON + "/press", acts.press),
            web.post(PERSON + "/form", acts.form),
            web.post(PERSON + "/react", acts.put_reaction),
            web.post(PERSON + "/dismiss", acts.dismiss),
            web.post(PERSON + "/clock", acts.move_clock),
        ]
    )
    return app


async def _let_go(app: web.Application) -> None:
    app[CHAT].live.close()
