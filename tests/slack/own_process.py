"""Samlas served in a process of its own, and Slack that tells it of messages and notes which were acknowledged."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import aiohttp

from storage.database import Database
from tests.slack.counts import rows_of
from tests.slack.signing import SECRET, TOKEN_OF_ONE, signed
from tests.slack.stage import message
from tests.slack.standin import SlackStandIn
from tools.tree import ROOT

SIDE_BY_SIDE = 20
# Whoever was told to come again waits as long, and not as long as Slack does.
AGAIN_AFTER_SECONDS = 0.05


@dataclass
class Slack:
    """What Slack has told of, what of it was acknowledged, and after how many acknowledgements a test goes on."""

    told: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    # By their statuses, the answers that were no acknowledgement.
    refused: Counter[int] = field(default_factory=Counter)
    until: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)
    one_refused: asyncio.Event = field(default_factory=asyncio.Event)

    async def acknowledges(self, more: int) -> None:
        """Return when so many more are acknowledged."""
        self.until = len(self.acknowledged) + more
        self.enough.clear()
        await self.enough.wait()

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
            else:
                self.refused[answer.status] += 1
                self.one_refused.set()
                await asyncio.sleep(AGAIN_AFTER_SECONDS)
        if len(self.acknowledged) >= self.until:
            self.enough.set()


async def committed(database: Database) -> set[str]:
    """Return the messages that the database knows of."""
    return {str(row["identity"]).split(":")[1] for row in await rows_of(database, "happened")}


@asynccontextmanager
async def served(url: str, standin: SlackStandIn, **more: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """Serve Slack in a process of its own; gives it and its address, and kills what has not ended.

    `more` are further variables of its environment.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "serve"),
        cwd=ROOT,
        env=environment(url, standin, **more),
        stdout=-1,
        stderr=asyncio.subprocess.DEVNULL,
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


def environment(url: str, standin: SlackStandIn, **more: str) -> Mapping[str, str]:
    """Return the variables by which a process serves Slack on a database."""
    return {
        **os.environ,
        "SAMLAS_PORT": "0",
        "SAMLAS_DATABASE_URL": url,
        "SLACK_BOT_TOKEN": TOKEN_OF_ONE,
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": standin.api_url,
        "LC_ALL": "en_GB.UTF-8",
        **more,
    }
