"""Many processes on one PostgreSQL: they share the work, take over from each other, and never say a thing twice."""

import asyncio
import signal
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from storage.database import Database
from storage.waking import bell_of
from tests.bot.office import Office, open_office
from tests.bot.sending.sending_process import lines_of
from tests.bot.sending.test_killed import has_taken
from tests.conftest import StillClock
from tests.processes import kill_when, line_from, running, stop_when, tell
from tests.transport import StandingStill

MODULE = "tests.bot.sending.sharing_process"
PEOPLE = 60


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Return the address of a PostgreSQL database of the test's own."""
    return postgresql_url


@pytest.fixture
async def office_of_sixty(database: Database, clock: StillClock) -> Office:
    """Return an office for an organisation of sixty people, to whom something is on its way."""
    office = await open_office(database, clock, tuple(f"person{number:02}" for number in range(PEOPLE - 8)))
    await office.fan_out()
    return office


async def until(come_so_far: Callable[[], Awaitable[bool]], *, within: float) -> None:
    """Wait until it has come so far."""
    async with asyncio.timeout(within):
        while not await come_so_far():  # noqa: ASYNC110 - what other processes do sets no event of ours
            await asyncio.sleep(0.05)


async def is_all_sent(office: Office) -> bool:
    """Whether everybody has been told, as far as the database knows."""
    states = await office.states()
    return len(states) == PEOPLE and set(states) == {"sent"}


async def test_killed_and_taken_over(office_of_sixty: Office, tmp_path: Path) -> None:
    """When a process is killed, another one goes on within 20 seconds; everybody is told once."""
    office, taken = office_of_sixty, tmp_path / "platform"
    taken.touch()

    with running(MODULE, office.database.url, taken) as first:
        assert line_from(first) == "ready"
        kill_when(first, lambda: has_taken(taken, PEOPLE // 3))
        killed_at = time.monotonic()
        with running(MODULE, office.database.url, taken) as second:
            await until(lambda: is_all_sent(office), within=20)
            seconds = time.monotonic() - killed_at
            tell(second, "stop")
            assert second.wait(10) == 0

    assert seconds < 20
    assert Counter(line["to"] for line in lines_of(taken)) == dict.fromkeys(office.organisation.members, 1)
    assert (await office.lane()).owner is None


async def test_slow_and_taken_over(office_of_sixty: Office, tmp_path: Path) -> None:
    """A process that stood still for longer than its lease starts nothing that its successor has sent."""
    office, taken = office_of_sixty, tmp_path / "platform"
    taken.touch()

    with running(MODULE, office.database.url, taken) as slow:
        assert line_from(slow) == "ready"
        stop_when(slow, lambda: has_taken(taken, PEOPLE // 3))
        left = len(lines_of(taken))
        with running(MODULE, office.database.url, taken) as other:
            await until(lambda: is_all_sent(office), within=20)
            slow.send_signal(signal.SIGCONT)
            tell(slow, "stop")
            assert slow.wait(10) == 0
            tell(other, "stop")
            assert other.wait(10) == 0

    assert left < PEOPLE
    assert Counter(line["to"] for line in lines_of(taken)) == dict.fromkeys(office.organisation.members, 1)
    assert await is_all_sent(office)


async def test_woken_by_another_process(office: Office) -> None:
    """What one process queues for a lane that another one holds goes out at once; no time passes."""
    await office.say("bo", 1)
    office.platform.held = asyncio.Event()
    stop = asyncio.Event()
    holder, other = (office.sender(name, time=StandingStill()) for name in ("holder", "other"))
    runs = [asyncio.create_task(holder.run(stop))]
    await office.platform.arrived.wait()
    office.platform.arrived.clear()

    await office.say("eva", 2)
    other.wake()
    runs.append(asyncio.create_task(other.run(stop)))
    await office.platform.arrived.wait()

    assert [receiver for _, receiver in office.platform.tries] == ["bo", "eva"]
    office.platform.held.set()
    stop.set()
    await asyncio.gather(*runs)
    assert await office.states() == ["sent", "sent"]


async def test_one_bell(database: Database) -> None:
    """A ring is heard by every process that listens, and by one that is served by another connection too."""
    other = Database(database.url)
    heard: list[asyncio.Event] = [asyncio.Event(), asyncio.Event()]
    listening = [
        asyncio.create_task(bell_of(its).listen(event.set)) for its, event in zip((database, other), heard, strict=True)
    ]
    for event in heard:
        # Whoever begins to listen looks once.
        await event.wait()
        event.clear()

    await bell_of(other).ring()
    await asyncio.gather(*(event.wait() for event in heard))
    for task in listening:
        task.cancel()
    await asyncio.wait(listening)
    await other.close()

    assert all(event.is_set() for event in heard)
