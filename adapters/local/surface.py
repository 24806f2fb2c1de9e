"""The local chat as the program sees it: its pages, its gateway, and its clock that can be moved."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from adapters.local import pages
from adapters.local.app import local_app
from adapters.local.chat import Chat
from adapters.local.gateway import LocalGateway
from adapters.local.live import Live
from adapters.local.made_up.colleagues import Colleagues
from adapters.local.made_up.seed import seed
from adapters.local.moving import Mover
from bot.clock import MovableClock
from bot.surface import Core, Surface


def local_surface(core: Core, clock: MovableClock) -> Surface:
    """Return the local chat; the made-up organisation moves in when it is first served."""
    live, colleagues = Live(), Colleagues()
    chat = Chat(core.database, core.clock, live, core.take, Mover(core, clock).move_days, core.commands)

    def mount(application: web.Application) -> None:
        application.add_subapp("/local/", local_app(chat))
        application.add_routes([web.get("/", pages.front)])

    @asynccontextmanager
    async def lifespan() -> AsyncIterator[None]:
        async with core.database.begin() as session:
            await seed(session, core.clock.now())
            # Before anything else is due: nobody has been quiet only because the program was away.
            await colleagues.live_on(session, core.clock.now())
        yield

    return Surface(
        LocalGateway(core.database, core.clock, live),
        mount,
        {"local.colleagues": colleagues.due},
        lifespan,
    )
