"""The local chat as the program sees it: its pages, its gateway, and its clock that can be moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from aiohttp import web

from adapters.local import pages
from adapters.local.app import local_app
from adapters.local.chat import Chat
from adapters.local.gateway import LocalGateway
from adapters.local.live import Live
from adapters.local.made_up.seed import seed
from adapters.local.moving import move_days
from bot.clock import MovableClock
from bot.surface import Core, Surface


def local_surface(core: Core, clock: MovableClock) -> Surface:
    """Return the local chat; the made-up organisation moves in when it is first served."""
    live = Live()
    chat = Chat(core.database, core.clock, live, core.take, partial(move_days, core, clock), core.commands)

    def mount(application: web.Application) -> None:
        application.add_subapp("/local/", local_app(chat))
        application.add_routes([web.get("/", pages.front)])

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        async with core.database.begin() as session:
            await seed(session, core.clock.now())
        yield

    return Surface(LocalGateway(core.database, core.clock, live), mount, lifespan=lifespan)
