"""The program itself, ended under load: told to stop or killed, it loses nothing that it said it had."""

import asyncio
import json
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp
import pytest

from storage.database import Database
from tests.slack.counts import channel_sums, rows_of
from tests.slack.signing import SECRET, TOKEN_OF_ONE, signed
from tests.slack.stage import message, team_of
from tests.slack.standin import SlackStandIn
from tests.soak import report
from tools.tree import ROOT

pytestmark = [pytest.mark.soak, pytest.mark.whole]

SEED = 20270303
SIDE_BY_SIDE = 20
KILLS = 100
# Of so many at most the process is ended while they come.
LONGEST = 400


@dataclass
class Slack:
    """What Slack has told of, what of it was acknowledged, and after how many acknowledgements a test goes on."""

    told: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    until: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def tell(self, address: str, messages: Iterable[str]) -> None:
        """Tell of messages, some side by side, until there are no more or nobody listens."""
        left = iter(messages)

        async def one(session: aiohttp.ClientSession) -> None:
            for ts in left:
                self.told.append(ts)
                try:
                    await self._tell(session, ts)
                except aiohttp.ClientConnectorError:
                    return
                except aiohttp.ClientError:
                    # Cut off in the middle: it may have been committed, and it may not.
                    continue

        async with aiohttp.ClientSession(address) as session:
            await asyncio.gather(*(one(session) for _ in range(SIDE_BY_SIDE)))

    async def _tell(self, session: aiohttp.ClientSession, ts: str) -> None:
        envelope = {"type": "event_callback", "team_id": "T1", "event_id": f"Ev{ts}", "event": message(ts)}
        body = json.dumps(envelope).encode()
        headers = {"Content-Type": "application/json", **signed(body)}
        async with session.post("/slack/events", data=body, headers=headers) as answer:
            if answer.ok:
                self.acknowledged.add(ts)
        if len(self.acknowledged) >= self.until:
            self.enough.set()


async def committed(database: Database) -> set[str]:
    """Return the messages that the database knows of."""
    return {str(row["identity"]).split(":")[1] for row in await rows_of(database, "happened")}


@asynccontextmanager
async def served(url: str, standin: SlackStandIn) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Serve Slack in a process of its own; gives it and its address, and kills what has not ended."""
    environment = {
        **os.environ,
        "SAMLAS_PORT": "0",
        "SAMLAS_DATABASE_URL": url,
        "SLACK_BOT_TOKEN": TOKEN_OF_ONE,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": standin.api_url,
        "LC_ALL": "en_GB.UTF-8",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "serve", cwd=ROOT, env=environment, stdout=-1, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        assert "http" in line, line
        yield process, line[line.index("http") :].strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_ended_under_load(kind: str, request: pytest.FixtureRequest, standin: SlackStandIn) -> None:
    """Killed at any moment, and then told to stop, it has all that it acknowledged; told again, all counts once."""
    database = Database(request.getfixturevalue(f"{kind}_url"))
    standin.add(team_of())
    chance, slack, lost = random.Random(SEED), Slack(), 0

    for run in range(KILLS + 1):
        slack.enough.clear()
        slack.until = len(slack.acknowledged) + chance.randrange(1, LONGEST)
        async with served(database.url, standin) as (process, address):
            telling = asyncio.create_task(slack.tell(address, (f"{run + 1}.{number:06}" for number in range(100_000))))
            await slack.enough.wait()
            process.send_signal(signal.SIGKILL if run < KILLS else signal.SIGTERM)
            await telling
            status = await process.wait()
        lost += len(slack.acknowledged - await committed(database))
    at_a_kill = len(set(slack.told) - slack.acknowledged)
    async with served(database.url, standin) as (_, address):
        await slack.tell(address, list(slack.told))

    assert status == 0
    assert lost == 0
    assert slack.acknowledged == set(slack.told)
    assert await channel_sums(database) == {"T1/C1": len(slack.acknowledged)}
    await database.close()
    report(
        f"a serving process ended under load, {kind}",
        kills=KILLS,
        acknowledged=len(slack.acknowledged),
        under_way_at_an_end=at_a_kill,
        lost=lost,
        counted_twice=0,
    )
