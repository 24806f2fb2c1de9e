"""An organisation, its people, and a platform that records what they are told."""

from dataclasses import dataclass

import pytest

from bot import home, room
from bot.chat_help import Help
from bot.dispatcher import Dispatcher
from bot.sender import Sender
from nudges.schedule import run_due
from storage.database import Database
from tests.conftest import StillClock
from tests.support import Organisation, People, RecordingGateway, organisation


@dataclass
class Scene:
    """Everything a journey through the core needs."""

    organisation: Organisation
    people: People
    gateway: RecordingGateway
    sender: Sender
    database: Database
    clock: StillClock

    async def settle(self) -> None:
        """Send everything that is due."""
        await self.sender.drain()

    async def tick(self) -> None:
        """Do what is due now, and send everything that is due."""
        await run_due(self.database, room.jobs(), self.clock.now())
        await self.sender.drain()


@pytest.fixture
async def scene(database: Database, clock: StillClock) -> Scene:
    """Return an organisation with the core's handlers before it and a recording platform behind it."""
    gateway = RecordingGateway()
    handlers = {
        **room.handlers(),
        **home.handlers(room.home_sections(), room.home_handlers()),
        **Help(room.COMMANDS).handlers(),
    }
    return Scene(
        await organisation(database, clock),
        People(Dispatcher(database, clock, handlers), clock),
        gateway,
        Sender(database, clock, {gateway.platform: gateway}, room.spoken(), "test"),
        database,
        clock,
    )
