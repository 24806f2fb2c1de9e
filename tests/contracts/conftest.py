"""Each surface in its turn, with the test's organisation in it."""

from collections.abc import AsyncIterator

import pytest

from bot.wiring import rooms
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.surface import SurfaceUnderTest
from tests.contracts.surfaces import SURFACES, opener_of


@pytest.fixture(params=SURFACES)
async def surface(
    request: pytest.FixtureRequest, database: Database, clock: StillClock
) -> AsyncIterator[SurfaceUnderTest]:
    """Return a surface of the program as it is."""
    async with opener_of(request.param)(database, clock, rooms()) as opened:
        yield opened
