"""The sender of a serving process: woken by what is committed, stopped in order, and not ended by trouble."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from structlog.testing import capture_logs

from bot.hands import MOST_UNDER_WAY
from bot.lane import PAUSE_AFTER_FAILED_TURN
from bot.platform import RateLimited
from bot.sender import LOOK_AGAIN_SECONDS, Sender
from storage.database import Database
from tests.bot.office import Office, open_office
from tests.conftest import StillClock
from tests.support import troubles
from tests.transport import PassingTime, StandingStill


class StepByStep(PassingTime):
    """Time in which who sleeps for one length of time lets something happen meanwhile."""

    def __init__(self, seconds: float, happening: Callable[[], Awaitable[None]]) -> None:
        """Call `happening` when somebody sleeps for so many seconds."""
        super().__init__()
        self.seconds = seconds
        self.happening = happening

    async def sleep(self, seconds: float) -> None:
        """Let it happen, and the time pass."""
        if seconds == self.seconds:
            # Whoever sleeps may be woken by something else meanwhile; it happens all the same.
            await asyncio.shield(asyncio.ensure_future(self.happening()))
        await super().sleep(seconds)


@asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[asyncio.Event]:
    """Run a sender for the length of a block; gives what stops it earlier."""
    stop = asyncio.Event()
    run = asyncio.create_task(sender.run(stop))
    yield stop
    stop.set()
    await run


async def execute(office: Office, statement: str) -> None:
    """Change the database behind everybody's back."""
    async with office.database.begin() as session:
        await session.execute(text(statement))


async def test_woken(office: Office) -> None:
    """What has been committed goes out at once when the sender is woken; no time passes."""
    sender = office.sender(time=StandingStill())

    async with running(sender):
        await office.say("bo", 1)
        sender.wake()
        await office.platform.arrived.wait()
        office.platform.arrived.clear()
        await office.say("eva", 2)
        sender.wake()
        await office.platform.arrived.wait()

    assert await office.states() == ["sent", "sent"]


async def test_woken_by_a_moved_clock(office: Office) -> None:
    """What becomes due because the clock is moved goes out when the sender is woken."""
    sender = office.sender(time=StandingStill())
    await office.say("bo", after=timedelta(days=1))

    async with running(sender):
        office.clock.move(timedelta(days=1))
        sender.wake()
        await office.platform.arrived.wait()

    assert await office.states() == ["sent"]


async def test_nobody_wakes_it(office: Office) -> None:
    """What another process has written is found within seconds, though nobody says so."""
    begun_at = office.time.now

    async with running(office.sender()):
        await office.say("bo")
        await office.platform.arrived.wait()

    [(tried_at, _)] = office.platform.tries
    assert (tried_at - begun_at) % LOOK_AGAIN_SECONDS == 0


async def test_graceful_stop(office: Office) -> None:
    """Told to stop, the sender begins nothing more, settles what is under way, and gives the lane back."""
    for subject in range(3):
        for person in office.organisation.members:
            await office.say(person, subject)
    office.platform.held = asyncio.Event()

    async with running(office.sender(time=StandingStill())) as stop:
        while office.platform.under_way < MOST_UNDER_WAY:
            office.platform.arrived.clear()
            await office.platform.arrived.wait()
        stop.set()
        await asyncio.sleep(0)
        office.platform.held.set()

    states = await office.states()
    assert (states.count("sent"), states.count("queued")) == (MOST_UNDER_WAY, 2 * MOST_UNDER_WAY)
    assert len(office.platform.tries) == MOST_UNDER_WAY
    assert (await office.lane()).owner is None


async def test_graceful_stop_gives_back_what_was_claimed(database: Database, clock: StillClock) -> None:
    """What was made ready for its turn and has not begun is queued again, and was not tried."""
    office = await open_office(database, clock, tuple(f"person{number}" for number in range(32)))
    for person in office.organisation.members:
        await office.say(person)
    office.platform.held = asyncio.Event()

    async with running(office.sender(time=StandingStill())) as stop:
        while office.platform.under_way < MOST_UNDER_WAY:
            office.platform.arrived.clear()
            await office.platform.arrived.wait()
        claimed = (await office.states()).count("sending")
        stop.set()
        await asyncio.sleep(0)
        office.platform.held.set()

    left = {(row.state, row.attempts) for row in await office.rows()}
    assert claimed > MOST_UNDER_WAY
    assert left == {("sent", 1), ("queued", 0)}
    assert len(office.platform.tries) == MOST_UNDER_WAY


async def test_goes_on_after_a_pause(office: Office) -> None:
    """The running sender takes up by itself what the platform did not want yet."""
    await office.say("bo")
    office.platform.script["bo"].append(RateLimited(timedelta(seconds=7)))
    time = StepByStep(LOOK_AGAIN_SECONDS, lambda: execute(office, "UPDATE lane SET not_before = 0"))

    async with running(office.sender(time=time)):
        while len(office.platform.tries) < 2:
            office.platform.arrived.clear()
            await office.platform.arrived.wait()

    assert await office.states() == ["sent"]


async def test_looking_fails(office: Office) -> None:
    """A database in trouble does not end the sender; when it is well again, the message goes out."""
    await office.say("bo")
    mended = asyncio.Event()

    async def mend() -> None:
        if not mended.is_set():
            mended.set()
            await execute(office, "ALTER TABLE gone RENAME TO workspace")

    await execute(office, "ALTER TABLE workspace RENAME TO gone")
    time = StepByStep(LOOK_AGAIN_SECONDS, mend)

    with capture_logs() as logs:
        async with running(office.sender(time=time)):
            await office.platform.arrived.wait()

    assert await office.states() == ["sent"]
    assert troubles(logs)[0] == "sender.look_failed"


REFUSE = "ALTER TABLE posted RENAME TO gone"
MEND = "ALTER TABLE gone RENAME TO posted"


async def test_writing_fails(office: Office) -> None:
    """What the platform took is not forgotten when it cannot be written at once: it is written a moment later."""
    await office.say("bo")
    await execute(office, REFUSE)
    time = StepByStep(PAUSE_AFTER_FAILED_TURN, lambda: execute(office, MEND))

    with capture_logs() as logs:
        await office.sender(time=time).drain()

    assert troubles(logs) == ["lane.turn_failed"]
    assert await office.states() == ["sent"]
    assert len(await office.posted()) == 1
    assert office.platform.found == []


async def test_writing_fails_for_long(office: Office) -> None:
    """What could not be written for long is looked up when the database is well again, and not said twice."""
    await office.say("bo")
    await execute(office, REFUSE)

    with capture_logs(), pytest.raises(DBAPIError):
        await office.sender().drain()
    await execute(office, MEND)
    await office.seconds_pass(15)
    await office.sender().drain()

    assert await office.states() == ["sent"]
    assert len(office.platform.texts_to("bo")) == 1
