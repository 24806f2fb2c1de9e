"""How much of a platform's rate the sender reaches when every twentieth message is answered by 429.

In time that is jumped over: an event loop that never waits, but goes on at the moment of its next timer. The sender's
own rate is Slack's (8 a second, 12 at once after a rest), the platform answers after 100 ms, and its 429 asks for a
second. Of 600 messages a round, so that five rounds are 3,000.
"""

import asyncio
import random
import selectors
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event

from benchmarks.measuring import Goal, Measurement, Round, Size
from benchmarks.messages import queue, spoken
from benchmarks.organisation import organisation
from benchmarks.platforms import PostsOnly
from bot import __version__
from bot.clock import WallClock
from bot.messages import Message
from bot.platform import RateLimited, Sent, To
from bot.sender import Sender
from storage.database import Database
from storage.migrate import migrate
from storage.tables import Platform

RATE: Final = 8.0
BURST: Final = 12
REFUSED: Final = 0.05
ANSWERS_AFTER: Final = 0.1
WAIT: Final = timedelta(seconds=1)
# 1970, in the days by which SQLite counts.
EPOCH_DAYS: Final = 2440587.5
DAY_SECONDS: Final = 86_400.0
# Of a message: SQLite's days have no more than some ten microseconds in them.
SURELY_MORE: Final = 0.01


def measurements() -> list[Measurement]:
    """Return what is measured of pacing."""
    return [Measurement({"pacing": Goal(0.93)}, paced, warms_up=False)]


class _Jumping(selectors.DefaultSelector):
    """A selector that does not wait: it moves the time instead."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> Any:
        """Return what is ready; where nothing is, the time has passed."""
        ready = super().select(0)
        if not ready and timeout is not None:
            self.now += max(0.0, timeout)
        return ready


class JumpedTime(asyncio.SelectorEventLoop):
    """An event loop in whose time nothing is waited for."""

    def __init__(self) -> None:
        """Begin at 0."""
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Return the time of this loop, in seconds."""
        return self._jumping.now


class LoopsTime:
    """Machine time as the running loop has it."""

    def monotonic(self) -> float:
        """Return the loop's seconds."""
        return asyncio.get_running_loop().time()

    async def sleep(self, seconds: float) -> None:
        """Return after so many of them."""
        await asyncio.sleep(seconds)


class Limiting(PostsOnly):
    """A platform that refuses every twentieth message by chance, and keeps when it was asked."""

    platform = Platform.LOCAL.value
    timeout = timedelta(seconds=5)
    rate = RATE
    burst = BURST

    def __init__(self, chance: random.Random) -> None:
        """Take nothing yet."""
        self._chance = chance
        self.asked: list[float] = []
        self.taken: list[float] = []

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:  # noqa: ARG002 - the port
        """Take a message, or do not. Raises RateLimited."""
        now = asyncio.get_running_loop().time()
        self.asked.append(now)
        await asyncio.sleep(ANSWERS_AFTER)
        if self._chance.random() < REFUSED:
            raise RateLimited(WAIT)
        self.taken.append(now)
        return Sent({}, to.member or "", delivery_id)


@contextmanager
def paced(size: Size) -> Iterator[Round]:
    """Prepare a database for each round."""
    seeds = count(1)

    def measure_once() -> dict[str, float]:
        with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=JumpedTime) as runner:
            path = Path(folder) / "paced.db"
            migrate(path, __version__)
            return {"pacing": runner.run(send(path, size.of(600, 40), next(seeds)))}

    yield measure_once


def let_time_jump_in(database: Database) -> None:
    """Let the database's own time, by which lanes rest, be the loop's too."""
    loop = asyncio.get_running_loop()

    @event.listens_for(database._writing.sync_engine, "connect")  # noqa: SLF001 - nobody else tells a database the time
    def _on_connect(connection: Any, _record: object) -> None:
        connection.create_function("julianday", 1, lambda _now: EPOCH_DAYS + loop.time() / DAY_SECONDS)


async def send(path: Path, messages: int, seed: int) -> float:
    """Send so many; returns the share of the rate that was reached.

    Raises RuntimeError when the platform was ever asked for more than its rate and one burst.
    """
    database = Database(path, fleeting=True)
    let_time_jump_in(database)
    chance = random.Random(seed)
    workspace_id = await organisation(database, Platform.LOCAL, "W", [f"U{number}" for number in range(messages)])
    gateway = Limiting(chance)
    sender = Sender(
        database,
        WallClock(),
        {gateway.platform: gateway},
        spoken(),
        "the only one",
        machine=LoopsTime(),
        chance=chance.random,
    )
    await queue(database, workspace_id, list(range(1, messages + 1)), 1)
    running = asyncio.create_task(sender.run(asyncio.Event()))
    while len(gateway.taken) < messages:  # noqa: ASYNC110 - half a second of jumped time takes none
        await asyncio.sleep(0.5)
    running.cancel()
    await asyncio.wait([running])
    await database.close()
    too_much = exceeds(gateway.asked, RATE, BURST)
    if too_much is not None:
        raise RuntimeError(f"asked for more than the rate at {too_much}")
    # What goes at once after a rest is no rate.
    return (messages - BURST) / (gateway.taken[-1] - gateway.taken[0]) / RATE


def exceeds(asked: list[float], rate: float, burst: int) -> float | None:
    """Return the first moment at which more was asked for than a bucket of this rate and burst gives; None: never."""
    level, before = float(burst), asked[0] if asked else 0.0
    for moment in asked:
        level = min(float(burst), level + (moment - before) * rate) - 1
        before = moment
        if level < -SURELY_MORE:
            return moment
    return None
