"""Many processes on one PostgreSQL: they share the work, take over from each other, and never say a thing twice."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from storage.database import Database
from storage.lanes import LEASE_SECONDS
from storage.waking import bell_of
from tests.bot.office import Office, open_office
from tests.bot.sending.sending_process import lines_of
from tests.bot.sending.sharing_process import STOOD_STILL_SECONDS
from tests.conftest import StillClock
from tests.processes import go_on, running, tell, until_it_stands_still
from tests.soak import WHOLE
from tests.transport import StandingStill

MODULE = "tests.bot.sending.sharing_process"
PEOPLE = 60
NOWHERE = ""


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


@pytest.mark.soak
async def test_killed_and_taken_over(office_of_sixty: Office, tmp_path: Path) -> None:
    """When a process is killed, another one goes on within 20 seconds; everybody is told once."""
    office, taken = office_of_sixty, tmp_path / "platform"
    taken.touch()

    with running(MODULE, office.database.url, taken, f"taken {PEOPLE // 3}", NOWHERE) as first:
        first.wait()
    killed_at, left = time.monotonic(), len(lines_of(taken))
    if not WHOLE:
        # In make soak these seconds are waited for.
        await office.seconds_pass(LEASE_SECONDS)
    with running(MODULE, office.database.url, taken, NOWHERE, NOWHERE) as second:
        await until(lambda: is_all_sent(office), within=20)
        seconds = time.monotonic() - killed_at
        tell(second, "stop")
        assert second.wait(10) == 0

    assert left == PEOPLE // 3
    assert seconds < 20
    assert Counter(line["to"] for line in lines_of(taken)) == dict.fromkeys(office.organisation.members, 1)
    assert (await office.lane()).owner is None


async def test_slow_and_taken_over(office_of_sixty: Office, tmp_path: Path) -> None:
    """A process that stood still for longer than its lease starts nothing that its successor has sent."""
    office, taken = office_of_sixty, tmp_path / "platform"
    taken.touch()

    with running(MODULE, office.database.url, taken, NOWHERE, f"taken {PEOPLE // 3}") as slow:
        until_it_stands_still(slow)
        left = len(lines_of(taken))
        await office.seconds_pass(STOOD_STILL_SECONDS)
        with running(MODULE, office.database.url, taken, NOWHERE, NOWHERE) as other:
            await until(lambda: is_all_sent(office), within=20)
            go_on(slow)
            tell(slow, "stop")
            assert slow.wait(10) == 0
            tell(other, "stop")
            assert other.wait(10) == 0

    assert left == PEOPLE // 3
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
