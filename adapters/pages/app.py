"""The pages' two web applications, one below each address: their routes, and what stands in front of them."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import aiohttp_jinja2
from aiohttp import web
from jinja2 import PackageLoader, StrictUndefined

from adapters.pages import acts, own_acts, pages
from adapters.pages.guard import LARGEST_FORM, WAYS, add_headers, only_our_forms, sentences
from adapters.pages.visiting import PAGES, Pages
from bot.getting_in import Door
from bot.surface import Core

_LINK: Final = "{secret:[A-Za-z0-9_-]{20,100}}"
_FILE: Final = "{key:[a-z]+}.{kind:svg|png|csv}"
_TEAM: Final = "/team/{team:[0-9]{1,18}}"


def mount_pages(application: web.Application, core: Core, door: Door) -> None:
    """Add the pages to the web server's application."""
    standing = Pages(core, door, core.own_sections)
    insights = _application(
        standing,
        [
            web.get("", pages.insights),
            web.get("/", pages.insights),
            web.get("/left", acts.left),
            web.post("/leave", acts.leave),
            web.get(f"/enter/{_LINK}", pages.enter),
            web.post(f"/enter/{_LINK}", acts.enter),
            web.get(_TEAM, pages.team),
            web.get(f"{_TEAM}/{_FILE}", pages.chart),
            web.get(f"/all/{_FILE}", pages.chart),
        ],
    )
    insights.router.add_static("/static", Path(__file__).parent / "static")
    me = _application(
        standing,
        [
            web.get("", pages.me),
            web.get("/", pages.me),
            web.post("/press", own_acts.press),
            web.post("/send", own_acts.send),
            web.get(f"/{_FILE}", pages.my_chart),
        ],
    )
    application.add_subapp("/insights", insights)
    application.add_subapp("/me", me)


def _application(standing: Pages, routes: Iterable[web.RouteDef]) -> web.Application:
    app = web.Application(middlewares=[sentences, only_our_forms], client_max_size=LARGEST_FORM)
    app[PAGES] = standing
    app[WAYS] = standing.core.ways
    app.on_response_prepare.append(add_headers)
    aiohttp_jinja2.setup(
        app,
        loader=PackageLoader("adapters.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    app.add_routes(routes)
    return app
