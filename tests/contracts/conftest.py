"""Each surface in its turn, with the test's organisation in it."""

from collections.abc import AsyncIterator

import pytest

from bot.getting_in import Door
from bot.wiring import rooms
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.overheard import gives_away, kept_of_people, overheard
from tests.contracts.showroom import Showroom
from tests.contracts.surface import SurfaceUnderTest
from tests.contracts.surfaces import opener_of, surfaces_of


def where_the_pages_are() -> str:
    """Return where web pages would be reached."""
    return "https://samlas.example"


@pytest.fixture
def showroom() -> Showroom:
    """Return the tests' own room, which is in every surface beside the program's."""
    return Showroom()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let each test run over the surfaces of its module."""
    if "surface" in metafunc.fixturenames:
        metafunc.parametrize("surface", surfaces_of(metafunc.module.__name__.rpartition(".")[2]), indirect=True)


@pytest.fixture
async def surface(
    request: pytest.FixtureRequest, database: Database, clock: StillClock, showroom: Showroom
) -> AsyncIterator[SurfaceUnderTest]:
    """Return a surface of the whole program, whose log and figures are to tell nothing of people in any test."""
    with overheard() as lines:
        async with opener_of(request.param)(
            database, clock, (*rooms(Door(where_the_pages_are, clock)), showroom.room())
        ) as opened:
            yield opened
            lines.extend((await opened.metrics()).splitlines())
            private = await kept_of_people(database)
    assert gives_away(lines, private) == []
