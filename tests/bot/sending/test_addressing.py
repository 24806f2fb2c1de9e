"""A gateway that looks up how it reaches people is asked once for all whose turn has come."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from structlog.testing import capture_logs

from bot.messages import Message
from bot.platform import Sent, To
from storage.database import Database
from tests.bot.office import Office, open_office
from tests.conftest import StillClock
from tests.support import troubles
from tests.transport import FakePlatform, PassingTime

NAMES = tuple(f"person{number}" for number in range(12))


@dataclass
class Addressed(FakePlatform):
    """A platform to whose people there are ways. `asked` holds for whom they were looked up together."""

    asked: list[list[str]] = field(default_factory=list)
    gone: bool = False

    async def addressed(self, workspace: str, to: Sequence[To]) -> Sequence[To]:  # noqa: ARG002 - the port
        """Look the ways up."""
        self.asked.append([one.member or "" for one in to])
        if self.gone:
            raise OSError
        return [replace(one, way=f"by {one.member}") for one in to]

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:
        """Post, by the way that was looked up."""
        assert to.way == f"by {to.member}"
        return await super().post(workspace, to, message, delivery_id)


@pytest.fixture
async def office(database: Database, clock: StillClock) -> Office:
    """Return an office for an organisation of twenty people."""
    made = await open_office(database, clock, NAMES)
    assert isinstance(made.time, PassingTime)
    made.platform = Addressed(made.time)
    return made


async def test_ways_are_looked_up_together(office: Office) -> None:
    """Once for all that are claimed together, and each goes by its own."""
    for person in NAMES:
        await office.say(person)

    await office.sender().drain()

    assert isinstance(office.platform, Addressed)
    assert office.platform.asked == [list(NAMES)]
    assert set(await office.states()) == {"sent"}


async def test_ways_that_cannot_be_looked_up(office: Office) -> None:
    """Nothing is lost by it: all of these are tried again later."""
    await office.say("bo")
    assert isinstance(office.platform, Addressed)
    office.platform.gone = True

    with capture_logs() as logs:
        await office.sender().drain()

    assert await office.states() == ["queued"]
    assert troubles(logs) == ["sending.not_read"]
