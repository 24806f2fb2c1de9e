"""A workspace's sums are the whole of what was counted, whoever is erased or uncounted later."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from storage.counting import Sign, count_one, take_back_one
from storage.database import Database
from storage.flushing import flusher_for
from storage.nudging import count_no_more
from storage.participation import DaySum, day_sums
from storage.tables import Kind
from storage.workspaces import get_workspace
from tests.conftest import StillClock
from tests.databases import database_url
from tests.support import Organisation, organisation

__all__ = ["database_url"]


TODAY = date(2027, 3, 3)
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
async def office(database: Database, clock: StillClock) -> Organisation:
    """Return an organisation whose notice has been given."""
    return await organisation(database, clock)


async def sums(database: Database, office: Organisation, **days: date) -> list[DaySum]:
    """Return the workspace's sums."""
    async with database.read() as session:
        return list(await day_sums(session, office.workspace_id, **days))


async def count(database: Database, office: Organisation, kind: Kind, *, day: date = TODAY, direct: bool) -> None:
    """Count one sign of anna's, in the channel or with the bot directly."""
    channel = None if direct else office.channel_id
    async with database.begin() as session:
        await count_one(session, office.workspace_id, office.members["anna"], channel, day, kind)


async def test_channels_and_what_happens_in_none(database: Database, office: Organisation) -> None:
    """A command in a channel and one to the bot directly are two commands."""
    await count(database, office, Kind.COMMAND, direct=False)
    await count(database, office, Kind.COMMAND, direct=True)
    await count(database, office, Kind.HOME, direct=True)

    assert await sums(database, office) == [DaySum(TODAY, Kind.COMMAND, 2), DaySum(TODAY, Kind.HOME, 1)]


async def test_both_ends_are_included(database: Database, office: Organisation) -> None:
    """The first and the last day asked for are shown, and no other."""
    days = [TODAY - timedelta(days=ago) for ago in range(4)]
    for day in days:
        await count(database, office, Kind.READ, day=day, direct=True)

    found = await sums(database, office, first=days[2], last=days[1])

    assert [each.day for each in found] == [days[2], days[1]]


async def test_an_erased_member_changes_no_sum(database: Database, office: Organisation) -> None:
    """Who wants what was counted of them forgotten takes nothing out of what everybody did."""
    for direct in (True, False):
        await count(database, office, Kind.READ, direct=direct)
    before = await sums(database, office)

    async with database.begin() as session:
        await count_no_more(session, office.workspace_id, office.members["anna"])
    await count(database, office, Kind.READ, direct=True)

    assert before == [DaySum(TODAY, Kind.READ, 2)]
    assert await sums(database, office) == before


async def test_before_the_notice(database: Database, office: Organisation) -> None:
    """Sums without the member are kept before the notice too, of what happens in no channel as of channels."""
    async with database.begin() as session:
        (await get_workspace(session, office.workspace_id)).notice_given_at = None
    at = datetime(2027, 3, 2, 9, tzinfo=UTC).timestamp()
    signs = [
        Sign(office.workspace_id, "home", "anna", None, at, Kind.HOME),
        Sign(office.workspace_id, "message", "anna", "allmant", at, Kind.MESSAGE),
    ]
    counter = flusher_for(database)
    await counter.flush(signs, datetime.combine(TODAY, time(12), UTC))
    await counter.close()
    await count(database, office, Kind.HOME, day=YESTERDAY, direct=True)

    assert await sums(database, office) == [DaySum(YESTERDAY, Kind.MESSAGE, 1), DaySum(YESTERDAY, Kind.HOME, 2)]


@pytest.mark.parametrize("direct", [True, False])
async def test_taken_back(database: Database, office: Organisation, direct: bool) -> None:  # noqa: FBT001 - both places
    """A sign that is taken back is taken out of the sum it went into."""
    await count(database, office, Kind.READ, direct=direct)
    await count(database, office, Kind.READ, direct=not direct)

    async with database.begin() as session:
        channel = None if direct else office.channel_id
        await take_back_one(session, office.workspace_id, office.members["anna"], channel, TODAY, Kind.READ)

    assert await sums(database, office) == [DaySum(TODAY, Kind.READ, 1)]
