"""During an upgrade two versions run side by side on one PostgreSQL, until the database says that the older may not."""

import asyncio
import sys

import pytest
from sqlalchemy import Connection, text

from storage.database import Database
from storage.migrate import in_transaction
from tests.slack.counts import channel_sums
from tests.slack.own_process import Slack, committed, environment, served
from tests.slack.stage import team_of
from tests.slack.standin import SlackStandIn
from tests.soak import report, times
from tools.tree import ROOT

pytestmark = pytest.mark.soak

# So many are acknowledged by each, and while both run.
EVENTS = times(100, 2_000)
# What a newer version's first migration does: it expands, and the tables of before are all there.
EXPANDED = (
    "ALTER TABLE member ADD COLUMN newer INTEGER",
    "ALTER TABLE happened ADD COLUMN newer TEXT DEFAULT 'new'",
    "CREATE TABLE newer_still (id INTEGER PRIMARY KEY)",
    "UPDATE alembic_version SET version_num = '0099'",
)
REFUSED = 2


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Return the address of a PostgreSQL database of the test's own."""
    return postgresql_url


async def changed(database: Database, *statements: str) -> None:
    """Change the database as a newer version's migration does."""

    def change(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    await asyncio.to_thread(in_transaction, database.address, change)


def telling(slack: Slack, address: str, number: int) -> "asyncio.Task[None]":
    """Have Slack tell a process of messages until that has ended."""
    return asyncio.create_task(slack.tell(address, (f"{number}.{each:06}" for each in range(1_000_000))))


async def test_two_versions_side_by_side(database: Database, standin: SlackStandIn) -> None:
    """Both count on tables that a newer version has expanded; the older one is told to stop, and nothing is lost."""
    standin.add(team_of())
    older, newer = Slack(), Slack()

    async with served(database.url, standin) as (old, first):
        to_older = telling(older, first, 1)
        await older.acknowledges(EVENTS)
        await changed(database, *EXPANDED)
        await older.acknowledges(EVENTS)
        async with served(database.url, standin) as (new, second):
            to_newer = telling(newer, second, 2)
            await asyncio.gather(older.acknowledges(EVENTS), newer.acknowledges(EVENTS))
            old.terminate()
            await to_older
            statuses = [await old.wait()]
            lost = len(older.acknowledged - await committed(database))
            await newer.acknowledges(EVENTS)
            to_newer.cancel()
            await asyncio.wait([to_newer])
            # What the older one did not acknowledge at its end comes again, and to whoever is there.
            again = Slack()
            await again.tell(second, [*older.told, *newer.told])
            new.terminate()
            statuses.append(await new.wait())

    assert statuses == [0, 0]
    assert lost == 0
    assert older.refused.keys() <= {503}
    assert newer.refused == {}
    assert again.acknowledged == {*older.told, *newer.told}
    assert await channel_sums(database) == {"T1/C1": len(again.acknowledged)}
    report("two versions side by side", acknowledged=len(again.acknowledged), lost=lost, counted_twice=0)


async def test_no_longer_side_by_side(database: Database, standin: SlackStandIn) -> None:
    """When a newer version has taken something away, an older one does not begin to serve, and says what is needed."""
    await changed(database, *EXPANDED, "UPDATE program_floor SET oldest_program = '99'")

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"), cwd=ROOT, env=environment(database.url, standin), stderr=-1
    )
    _, said = await process.communicate()

    assert process.returncode == REFUSED
    assert "at least 99 is needed" in said.decode()
