"""Puts the rooms together for a process that serves. Nothing else knows all of them.

Adapters are imported only when they are configured: Microsoft's library alone takes seconds to import.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import home, room
from bot.clock import Clock, MovableClock
from bot.counter import Counter
from bot.dispatcher import Dispatcher
from bot.events import OPENED_HOME
from bot.intake import Intake
from bot.jobs import Job
from bot.platform import Gateway
from bot.sender import Sender
from bot.surface import Core, Surface
from bot.texts import Text
from nudges import room as nudges_room
from nudges.schedule import Ticker, run_due
from storage.database import Database

# Only one process serves a SQLite database, so that it may take its own old leases up again at once.
ONLY_SERVER = "the only server"

COMMANDS: Mapping[str, Text] = {**room.COMMANDS, **nudges_room.COMMANDS}


@dataclass(frozen=True, slots=True)
class Serving:
    """What one serving process runs beside its web server."""

    surfaces: Sequence[Surface]
    counter: Counter
    sender: Sender
    ticker: Ticker


def wire(database: Database, clock: Clock, *, local: MovableClock | None) -> Serving:
    """Put the configured surfaces before and behind the core; with `local`, whose clock that is, the local chat.

    No surface at all is configured when the returned ones are empty.
    """
    gateways: dict[str, Gateway] = {}
    jobs: dict[str, Job] = {**room.jobs(), **nudges_room.jobs()}
    sender = Sender(database, clock, gateways, {**room.spoken(), **nudges_room.spoken()}, ONLY_SERVER)
    counter = Counter(database.path, clock)
    handlers = {
        **room.handlers(),
        **nudges_room.handlers(),
        OPENED_HOME: home.opened_home(room.home_sections()),
    }
    intake = Intake(database, counter, Dispatcher(database, clock, handlers), sender.wake)

    async def do_due() -> None:
        await run_due(database, jobs, clock.now())
        await sender.drain()

    core = Core(database, clock, intake.take, sender.wake, do_due, COMMANDS)
    surfaces = _surfaces(core, local)
    for surface in surfaces:
        gateways[surface.gateway.platform] = surface.gateway
        jobs.update(surface.jobs)
    return Serving(surfaces, counter, sender, Ticker(database, clock, jobs, sender.wake))


def _surfaces(core: Core, local: MovableClock | None) -> Sequence[Surface]:
    surfaces: list[Surface] = []
    if local is not None:
        from adapters.local.surface import local_surface

        surfaces.append(local_surface(core, local))
    return surfaces
