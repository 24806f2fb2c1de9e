"""PostgreSQL is stopped and started while events come and messages go: nothing is lost, and nothing is there twice."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from tests.bot.office import Office, open_office
from tests.bot.sending.sending_process import lines_of
from tests.conftest import StillClock
from tests.postgresql import Stoppable, stoppable_server
from tests.processes import running, tell
from tests.slack.counts import channel_sums
from tests.slack.own_process import Slack, committed, served
from tests.slack.stage import team_of
from tests.slack.standin import SlackStandIn
from tests.soak import drawn_from, report, times
from tests.tools import require_postgresql

pytestmark = pytest.mark.soak

SENDING = "tests.bot.sending.sharing_process"
NOWHERE = ""
SEED = 20270303
STOPS = times(2, 40)
# As an administrator stops it, and as a crash does.
MODES = ("fast", "immediate")
# After so many events at most it is stopped while they come.
LONGEST = times(200, 400)
# Messages that are on their way when it is stopped.
PEOPLE = 60
# What was under way is looked up when the lease that it was begun under has ended.
SETTLED_WITHIN_SECONDS = 60


@pytest.fixture
def server() -> Iterator[Stoppable]:
    """Return a server of the test's own."""
    require_postgresql()
    with stoppable_server() as made:
        yield made


@pytest.fixture
def database_url(server: Stoppable) -> str:
    """Return the address of its database."""
    return server.url


@pytest.fixture
async def office(database: Database, clock: StillClock) -> Office:
    """Return an organisation of so many, to whom things are said beside all that happens in Slack."""
    return await open_office(database, clock, tuple(f"person{number:02}" for number in range(PEOPLE - 8)))


async def test_stopped_and_started_under_load(
    server: Stoppable, office: Office, standin: SlackStandIn, tmp_path: Path
) -> None:
    """What was acknowledged is counted; what was not got a server's error, and counts once when it comes again."""
    standin.add(team_of())
    chance, slack, database, taken = drawn_from(SEED), Slack(), office.database, tmp_path / "platform"
    taken.touch()
    lost = 0

    async with served(server.url, standin) as (process, address):
        with running(SENDING, server.url, taken, NOWHERE, NOWHERE) as sender:
            messages = asyncio.create_task(slack.tell(address, (f"1.{number:06}" for number in range(1_000_000))))
            for stop in range(STOPS):
                await office.fan_out(stop)
                await slack.acknowledges(chance.randrange(1, LONGEST))
                slack.one_refused.clear()
                await asyncio.to_thread(server.stop, MODES[stop % len(MODES)])
                await slack.one_refused.wait()
                await asyncio.to_thread(server.start)
                await slack.acknowledges(1)
                acknowledged = set(slack.acknowledged)
                lost += len(acknowledged - await committed(database))
            messages.cancel()
            await asyncio.wait([messages])
            await slack.tell(address, list(slack.told))
            async with asyncio.timeout(SETTLED_WITHIN_SECONDS):
                while await office.states() != ["sent"] * PEOPLE * STOPS:  # noqa: ASYNC110 - another process's doing
                    await asyncio.sleep(0.1)
            tell(sender, "stop")
            statuses = [await asyncio.to_thread(sender.wait, 10)]
        process.terminate()
        statuses.append(await process.wait())

    said = Counter((line["to"], line["said"]) for line in lines_of(taken))
    assert statuses == [0, 0]
    assert lost == 0
    assert {status // 100 for status in slack.refused} == {5}
    assert slack.acknowledged == set(slack.told)
    assert await channel_sums(database) == {"T1/C1": len(slack.acknowledged)}
    assert said == {(name, f"note {stop}"): 1 for name in office.organisation.members for stop in range(STOPS)}
    report(
        "PostgreSQL stopped and started under load",
        seed=SEED,
        stops=STOPS,
        acknowledged=len(slack.acknowledged),
        refused=slack.refused.total(),
        lost=lost,
        counted_twice=0,
        messages=said.total(),
        sent_twice=0,
    )
