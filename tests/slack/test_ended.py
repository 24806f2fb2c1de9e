"""The program itself, ended under load: told to stop or killed, it loses nothing that it said it had."""

import asyncio
import signal

import pytest

from storage.database import Database
from tests.databases import database_url
from tests.slack.counts import channel_sums
from tests.slack.own_process import Slack, committed, served
from tests.slack.stage import team_of
from tests.slack.standin import SlackStandIn
from tests.soak import drawn_from, report, times

__all__ = ["database_url"]

pytestmark = pytest.mark.soak

SEED = 20270303
KILLS = times(3, 100)
# Of so many at most the process is ended while they come.
LONGEST = times(200, 400)


async def test_ended_under_load(database: Database, standin: SlackStandIn) -> None:
    """Killed at any moment, and then told to stop, it has all that it acknowledged; told again, all counts once."""
    standin.add(team_of())
    chance, slack, lost = drawn_from(SEED), Slack(), 0

    for run in range(KILLS + 1):
        async with served(database.url, standin) as (process, address):
            telling = asyncio.create_task(slack.tell(address, (f"{run + 1}.{number:06}" for number in range(100_000))))
            await slack.acknowledges(chance.randrange(1, LONGEST))
            process.send_signal(signal.SIGKILL if run < KILLS else signal.SIGTERM)
            await telling
            status = await process.wait()
        lost += len(slack.acknowledged - await committed(database))
    at_an_end = len(set(slack.told) - slack.acknowledged)
    async with served(database.url, standin) as (_, address):
        await slack.tell(address, list(slack.told))

    assert status == 0
    assert lost == 0
    assert slack.acknowledged == set(slack.told)
    assert await channel_sums(database) == {"T1/C1": len(slack.acknowledged)}
    report(
        f"a serving process ended under load, {database.kind}",
        seed=SEED,
        kills=KILLS,
        acknowledged=len(slack.acknowledged),
        under_way_at_an_end=at_an_end,
        lost=lost,
        counted_twice=0,
    )
