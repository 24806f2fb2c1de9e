"""Counts of single people end: after half a year they are sums of months, a few rows at a time."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.context import context_for
from bot.machine import Machine, ThisMachine
from bot.portions import Portion
from bot.privacy import keeping
from storage.counts_kept import counts_swept, oldest_count
from storage.database import Database
from storage.tables import CountedDay, Kind, MonthlyParticipation, Participation
from storage.workspaces import get_workspace
from tests.conftest import StillClock
from tests.support import Organisation, organisation

TODAY = date(2027, 3, 3)
HALF_A_YEAR_AGO = TODAY - timedelta(days=180)


@pytest.fixture
async def counted(database: Database, clock: StillClock) -> Organisation:
    """Return an organisation in which anna and bo wrote on each of the last 200 days."""
    made = await organisation(database, clock)
    async with database.begin() as session:
        session.add_all(
            Participation(
                workspace_id=made.workspace_id,
                member_id=made.members[name],
                day=TODAY - timedelta(days=ago),
                kind=Kind.MESSAGE,
                count=2,
            )
            for name in ("anna", "bo")
            for ago in range(200)
        )
    return made


async def swept(
    database: Database,
    workspace_id: int,
    now: datetime,
    portion: Portion | None = None,
    machine: Machine | None = None,
) -> bool:
    """Do one page of the job; returns whether there is more."""
    async with database.begin() as session:
        ctx = context_for(session, now, await get_workspace(session, workspace_id))
        return await keeping.sum_up(portion or Portion(), machine or ThisMachine(), ctx)


async def months(database: Database) -> dict[date, int]:
    """Return the sums of months."""
    async with database.read() as session:
        rows = (await session.execute(select(MonthlyParticipation))).scalars().all()
    return {row.month: row.count for row in rows}


async def kept(database: Database) -> list[Participation]:
    """Return the counts by member."""
    async with database.read() as session:
        return list((await session.execute(select(Participation))).scalars().all())


async def test_after_half_a_year(database: Database, clock: StillClock, counted: Organisation) -> None:
    """180 days are kept by member; what is older is in the sum of its month, and nothing is lost or counted twice."""
    await swept(database, counted.workspace_id, clock.now())
    await swept(database, counted.workspace_id, clock.now())

    rows = await kept(database)
    assert min(row.day for row in rows) == HALF_A_YEAR_AGO + timedelta(days=1)
    assert len(rows) == 2 * 180
    assert sum((await months(database)).values()) + sum(row.count for row in rows) == 2 * 200 * 2
    assert set(await months(database)) == {date(2026, 8, 1), date(2026, 9, 1)}


async def test_each_day_another(database: Database, clock: StillClock, counted: Organisation) -> None:
    """The next day one day more is summed up, into the same month."""
    await swept(database, counted.workspace_id, clock.now())
    before = await months(database)

    clock.move(timedelta(days=1))
    await swept(database, counted.workspace_id, clock.now())

    after = await months(database)
    assert after[date(2026, 9, 1)] == before[date(2026, 9, 1)] + 4


async def test_the_organisation_may_keep_less(database: Database, clock: StillClock, counted: Organisation) -> None:
    """The setting says for how many days."""
    async with database.begin() as session:
        workspace = await get_workspace(session, counted.workspace_id)
        workspace.settings = {**workspace.settings, "counts_kept_days": 100}

    await swept(database, counted.workspace_id, clock.now())

    assert len(await kept(database)) == 2 * 100


async def test_imported_days_age_from_the_day_of_import(
    database: Database, clock: StillClock, counted: Organisation
) -> None:
    """A day that came from a file last week is kept, however long ago it was."""
    day = TODAY - timedelta(days=190)
    async with database.begin() as session:
        session.add(
            CountedDay(
                workspace_id=counted.workspace_id,
                channel_id=counted.channel_id,
                day=day,
                imported_until=1.0,
                imported_at=clock.now() - timedelta(days=7),
            )
        )

    await swept(database, counted.workspace_id, clock.now())

    assert {row.day for row in await kept(database) if row.day < HALF_A_YEAR_AGO} == {day}


class Slow:
    """A machine whose clock goes on by so much whenever it is looked at."""

    def __init__(self, seconds: float) -> None:
        """Begin at nothing."""
        self.now, self.step = 0.0, seconds

    def monotonic(self) -> float:
        """Return seconds since some moment of no meaning."""
        self.now += self.step
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let that much time pass, at once."""
        self.now += seconds


async def test_a_little_at_a_time(database: Database, clock: StillClock, counted: Organisation) -> None:
    """One transaction sums up a portion, also of one member; the next goes on where it stopped, until all is done."""
    left, more = [], []
    for _ in range(4):
        more.append(await swept(database, counted.workspace_id, clock.now(), Portion(15)))
        left.append(len(await kept(database)))

    assert left == [385, 370, 360, 360]
    assert more == [True, True, False, False]


async def test_a_slow_machine_gets_less_at_once(database: Database, clock: StillClock, counted: Organisation) -> None:
    """A page that took a fifth of a second is followed by one of a quarter of it, and nothing is left out for that."""
    portion, machine = Portion(400), Slow(0.2)
    sizes = []
    is_more = True
    while is_more:
        is_more = await swept(database, counted.workspace_id, clock.now(), portion, machine)
        sizes.append(portion.size)

    assert sizes[0] == 100
    assert len(await kept(database)) == 2 * 180


async def test_its_own_figures(database: Database, clock: StillClock, counted: Organisation) -> None:
    """It can be asked from which day on counts are kept, since when that is so, and how much was summed up."""
    await swept(database, counted.workspace_id, clock.now())

    async with database.read() as session:
        figures = await counts_swept(session, counted.workspace_id)
        oldest = await oldest_count(session, counted.workspace_id)
    assert figures is not None
    assert (figures.kept_from, figures.done_at) == (HALF_A_YEAR_AGO + timedelta(days=1), clock.now())
    assert (figures.batches, figures.rows) == (1, 40)
    assert oldest == figures.kept_from
