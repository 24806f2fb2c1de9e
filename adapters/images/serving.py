"""The pictures of announcements over HTTP, for the local chat's pages and for Teams, whose servers fetch without login.

The address ends in 256 bits of chance that are kept with the picture. That is as hard to guess as a signature, and
needs no key: it ends with the picture, and with its announcement when that is withdrawn.
"""

import re
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.announcements.images import PATH
from bot.surface import Mount
from storage.database import Database
from storage.images import served_image

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{43}")
# Long enough for a page with many of them, short enough for what is withdrawn.
_KEPT_SECONDS: Final = 60
# Nothing of ours is run, framed or sniffed from here; Teams shows it on pages of its own.
_HEADERS: Final = {
    "Cache-Control": f"private, max-age={_KEPT_SECONDS}",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def images(database: Database) -> Mount:
    """Return what adds the pictures' route to an application."""

    async def image(request: web.Request) -> web.Response:
        name, workspace_id = request.match_info["name"], int(request.match_info["workspace"])
        found = None
        if _NAME.fullmatch(name):
            async with database.read() as session:
                found = await served_image(session, workspace_id, name)
        if found is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, headers=_HEADERS)
        return web.Response(body=found.content, content_type=found.media_type, headers=_HEADERS)

    def mount(application: web.Application) -> None:
        application.router.add_get(f"{PATH}/{{workspace:[0-9]{{1,9}}}}/{{name}}", image)

    return mount
