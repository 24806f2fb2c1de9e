"""Insights are the same on both databases."""

import pytest

from storage.database import Database
from tests.conftest import StillClock
from tests.support import Organisation, organisation


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Return the address of a database of each kind in its turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def office(database: Database, clock: StillClock) -> Organisation:
    """Return an organisation of fourteen: Sales has eight, six of them since before."""
    return await organisation(database, clock, ("gina", "hugo", "ines", "jon", "kim", "lo"))
