"""Puts the rooms together for a process that serves. Nothing else knows all of them.

Adapters are imported only when they are configured: Microsoft's library alone takes seconds to import.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from os import getpid
from socket import gethostname
from uuid import uuid4

from bot import getting_in, home, room
from bot.chat_help import Help
from bot.clock import Clock, MovableClock
from bot.command_words import WrittenAs
from bot.config import Config
from bot.context import Handler, Handlers, Spoken, SpokenByName
from bot.counter import Counter
from bot.dispatcher import Dispatcher
from bot.examining import Examine
from bot.getting_in import Door
from bot.insights import handing
from bot.insights.drawings import Drawing
from bot.intake import Intake
from bot.jobs import Job, Jobs
from bot.machine import Machine, ThisMachine
from bot.measures import Measures
from bot.platform import Gateway
from bot.privacy import erasing
from bot.privacy.erasing import Parting
from bot.sender import Sender
from bot.surface import Configured, Core, MakeSurface, Mount, Surface
from bot.texts import Text
from bot.whole import WHOLE, show_whole
from nudges import room as nudges_room
from nudges.schedule import Ticker, run_due
from storage.database import Database
from storage.flushing import flusher_for

# Only one process serves a SQLite database, so that it may take its own old leases up again at once.
ONLY_SERVER = "the only server"


def owner_of_lanes(database: Database) -> str:
    """Return the name under which this process takes lanes: its own for as long as it lives, where there are many."""
    return f"{gethostname()} {getpid()} {uuid4().hex[:8]}" if database.is_shared else ONLY_SERVER


@dataclass(frozen=True, slots=True)
class Room:
    """What one room adds to the program; each of its names is the room's own."""

    handlers: Handlers = field(default_factory=dict)
    spoken: SpokenByName = field(default_factory=dict)
    # Chat commands by name ("samlas me"), without the slash, each with a line of help.
    commands: Mapping[str, Text] = field(default_factory=dict)
    jobs: Jobs = field(default_factory=dict)
    home_sections: tuple[home.HomeSection, ...] = ()
    # Handlers of what changes Home; they answer with it as well.
    home_handlers: Handlers = field(default_factory=dict)
    # What it has to show to a member about themselves, on their own page.
    own_sections: tuple[home.HomeSection, ...] = ()
    # What it does before somebody is erased.
    partings: tuple[Parting, ...] = ()


@dataclass(frozen=True, slots=True)
class Serving:
    """What one serving process runs beside its web server."""

    core: Core
    surfaces: Sequence[Surface]
    # The routes of the surfaces, and those that they share.
    routes: Sequence[Mount]
    counter: Counter
    sender: Sender
    ticker: Ticker
    measures: Measures


def rooms(door: Door | None = None) -> tuple[Room, ...]:
    """Return the rooms of the program; `door` is the way to the web pages, where there are any."""
    door = door or Door()
    return (
        Room(
            {**getting_in.handlers(door), **handing.handlers(_painted)},
            getting_in.spoken(door),
            getting_in.COMMANDS,
            getting_in.jobs(door),
        ),
        Room(
            room.handlers(),
            room.spoken(),
            room.COMMANDS,
            room.jobs(),
            room.home_sections(),
            room.home_handlers(nudges_room.count_due),
        ),
        Room(
            nudges_room.handlers(),
            nudges_room.spoken(),
            nudges_room.COMMANDS,
            nudges_room.jobs(),
            nudges_room.home_sections(),
            nudges_room.home_handlers(),
            nudges_room.own_sections(),
            nudges_room.partings(),
        ),
    )


def _painted(drawing: Drawing) -> bytes:
    # What draws takes a second to import.
    from adapters.pages.drawing import draw
    from adapters.pages.pictures import Kind, Look, Width

    return draw(drawing, Look.LIGHT, Width.WIDE, Kind.PNG)


def partings(rooms: Sequence[Room]) -> Sequence[Parting]:
    """Return what the rooms do before somebody is erased."""
    return [part for offered in rooms for part in offered.partings]


def _platforms(config: Config) -> list[Configured]:
    from adapters.slack.configured import slack
    from adapters.teams.configured import teams

    # A line for each chat platform that the environment may set up.
    asked = (
        slack(config),
        teams(config),
    )
    return [platform for platform in asked if platform is not None]


def configured_surfaces(config: Config, *, local: MovableClock | None) -> list[MakeSurface]:
    """Return what is configured to be served.

    With `local`, whose clock that is, it is the local chat, and Teams without an app id for Microsoft's local test
    client: its clock is moved, and nobody elsewhere is to be told things before their time.

    Raises ConfigurationError for what is configured by half.
    """
    if local is None:
        return [platform.make for platform in _platforms(config)]
    from adapters.local.surface import local_surface
    from adapters.teams.configured import teams_for_anybody

    teams = teams_for_anybody(config)
    return [lambda core: local_surface(core, local), *([] if teams is None else [teams])]


def variables() -> frozenset[str]:
    """Return the names of all variables that the program reads."""
    from adapters.slack.config import SlackConfig
    from adapters.teams.config import TeamsConfig

    return frozenset(
        f"{settings.model_config.get('env_prefix', '')}{name}".upper()
        for settings in (Config, SlackConfig, TeamsConfig)
        for name in settings.model_fields
    )


def examinations(config: Config) -> list[Examine]:
    """Return how each configured platform is examined.

    Raises ConfigurationError for what is configured by half.
    """
    return [platform.examine for platform in _platforms(config)]


def pages(core: Core, door: Door) -> Mount:
    """Return the web pages before this core."""
    from adapters.pages.app import mount_pages

    return partial(mount_pages, core=core, door=door)


def wire(
    database: Database,
    clock: Clock,
    surfaces: Sequence[MakeSurface],
    rooms: Sequence[Room],
    chance: Callable[[], float] = random.random,
    machine: Machine | None = None,
) -> Serving:
    """Put the surfaces before and behind the core that is made of these rooms; `chance` spreads what is tried again.

    `machine` is this machine's time, where nothing else is given.
    """
    machine = machine or ThisMachine()
    handlers: dict[str, Handler] = {}
    spoken: dict[str, Spoken] = {}
    commands: dict[str, Text] = {}
    jobs: dict[str, Job] = {}
    home_sections: list[home.HomeSection] = []
    changing_home: dict[str, Handler] = {}
    own_sections: list[home.HomeSection] = []
    for offered in rooms:
        handlers.update(offered.handlers)
        spoken.update(offered.spoken)
        commands.update(offered.commands)
        jobs.update(offered.jobs)
        home_sections.extend(offered.home_sections)
        changing_home.update(offered.home_handlers)
        own_sections.extend(offered.own_sections)
    handlers.update(home.handlers(home_sections, changing_home))
    handlers.update(erasing.handlers(partings(rooms)))
    handlers[WHOLE] = show_whole(spoken)
    handlers.update(Help(commands).handlers())

    ways: dict[str, WrittenAs] = {}
    gateways: dict[str, Gateway] = {}
    measures = Measures()
    owner = owner_of_lanes(database)
    sender = Sender(
        database, clock, gateways, spoken, owner, machine=machine, chance=chance, measures=measures, ways=ways
    )
    counter = Counter(flusher_for(database), clock, measures)
    intake = Intake(database, counter, Dispatcher(database, clock, handlers, ways), sender.wake, measures)

    async def do_due() -> None:
        await run_due(database, jobs, clock.now(), machine=machine)
        await sender.drain()

    core = Core(database, clock, intake.take, sender.wake, do_due, commands, own_sections, ways)
    made = [make(core) for make in surfaces]
    for surface in made:
        gateways[surface.gateway.platform] = surface.gateway
        ways[surface.gateway.platform] = surface.written_as
        jobs.update(surface.jobs)
    ticker = Ticker(database, clock, jobs, sender.wake, measures, machine)
    from adapters.images.serving import images

    routes = [images(database), *(surface.mount for surface in made)]
    return Serving(core, made, routes, counter, sender, ticker, measures)
