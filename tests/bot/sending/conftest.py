"""An office with something to say, in a database of the test's own."""

import pytest

from storage.database import Database
from tests.bot.office import Office, open_office
from tests.conftest import StillClock
from tests.databases import database_url

__all__ = ["database_url"]


@pytest.fixture
async def office(database: Database, clock: StillClock) -> Office:
    """Return an office for an organisation of eight people."""
    return await open_office(database, clock)
