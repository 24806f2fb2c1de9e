"""What the core offers an adapter, and what an adapter offers the program; bot/wiring.py brings the two together."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

from bot.clock import Clock
from bot.command_words import WaysToWrite, WrittenAs, slashed
from bot.events import Event, Reply, Seen
from bot.examining import Examine
from bot.home import HomeSection
from bot.jobs import Jobs
from bot.platform import Gateway
from bot.texts import Text
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Core:
    """The core of one serving process, as its adapters see it.

    `take` is the one way in: it returns when the event has been committed. `wake` has the sender look at once at what
    an adapter itself has committed to the outbox. `do_due` does everything that is due now and sends what came of it.
    """

    database: Database
    clock: Clock
    take: Callable[[Event | Seen], Awaitable[Reply]]
    wake: Callable[[], None]
    do_due: Callable[[], Awaitable[None]]
    # Chat commands by name, without the slash, each with a line of help.
    commands: Mapping[str, Text]
    # What each room has to show to a member about themselves, on their own page.
    own_sections: Sequence[HomeSection] = ()
    # How each platform has its commands written.
    ways: WaysToWrite = field(default_factory=dict)


@asynccontextmanager
async def nothing_to_keep() -> AsyncIterator[None]:
    """Open nothing: the lifespan of an adapter that keeps no connection."""
    yield


Mount = Callable[[web.Application], None]
"""Adds routes to the web server's application."""


@dataclass(frozen=True, slots=True)
class Surface:
    """One adapter in one serving process.

    `mount` adds its routes to the web server's application. `lifespan` is entered before the first request and left
    after the last: it holds what has to be open while serving, such as HTTP sessions or a socket to the platform.
    `written_as` is how its people ask for a command.
    """

    gateway: Gateway
    mount: Mount
    jobs: Jobs = field(default_factory=dict)
    lifespan: Callable[[], AbstractAsyncContextManager[None]] = nothing_to_keep
    written_as: WrittenAs = slashed


MakeSurface = Callable[[Core], Surface]
"""Makes one adapter's surface for the core that it stands before."""


@dataclass(frozen=True, slots=True)
class Configured:
    """A platform that the environment sets up: how it is served, and how `samlas doctor` looks at it."""

    make: MakeSurface
    examine: Examine
