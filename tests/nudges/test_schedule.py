"""The tick: each job once, and then on with whatever is done a page at a time, as long as the tick lasts."""

import asyncio
from dataclasses import dataclass, field

import pytest

from bot.context import Context
from nudges.schedule import GOES_ON_FOR_SECONDS, Ticker, run_due
from tests.nudges.conftest import SUNDAY, Scene


@dataclass
class Watch:
    """Machine time that stands still but for what a page takes."""

    seconds: float = 0.0

    def monotonic(self) -> float:
        """Return the time."""
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


@dataclass
class Pages:
    """A job of so many pages, each of which takes a while, and the order in which they were done."""

    name: str
    left: int
    watch: Watch
    done: list[str] = field(default_factory=list)
    takes: float = 1.0

    async def __call__(self, ctx: Context) -> bool:  # noqa: ARG002 - every job has the same form
        """Do a page, and say whether there is another."""
        self.done.append(self.name)
        self.left -= 1
        await self.watch.sleep(self.takes)
        return self.left > 0


async def test_jobs_take_turns_page_by_page(scene: Scene) -> None:
    """All that is due is done within the tick, and a long errand does not hold up a short one."""
    watch, done = Watch(), list[str]()
    jobs = {"long": Pages("long", 3, watch, done), "short": Pages("short", 1, watch, done)}

    await run_due(scene.database, jobs, SUNDAY, machine=watch)

    assert done == ["long", "short", "long", "long"]


async def test_a_tick_ends_before_the_next(scene: Scene) -> None:
    """After ten seconds nothing goes on, but what is due once a tick has had its turn; the next tick goes on."""
    watch, done = Watch(), list[str]()
    jobs = {
        "long": Pages("long", 4, watch, done, takes=GOES_ON_FOR_SECONDS / 2 + 1),
        "late": Pages("late", 1, watch, done, takes=GOES_ON_FOR_SECONDS / 2 + 1),
    }

    await run_due(scene.database, jobs, SUNDAY, machine=watch)
    in_the_first = list(done)
    await run_due(scene.database, jobs, SUNDAY, machine=watch)

    assert in_the_first == ["long", "late"]
    assert done[2:] == ["long", "late"]


async def test_a_page_that_fails_is_left_for_the_next_tick(scene: Scene) -> None:
    """It is not tried again and again within one."""
    tries = 0

    async def fails(ctx: Context) -> bool:  # noqa: ARG001 - every job has the same form
        nonlocal tries
        tries += 1
        raise RuntimeError("something broke")

    await run_due(scene.database, {"fails": fails}, SUNDAY, machine=Watch())

    assert tries == 1


async def test_whoever_stops_lets_the_page_be_finished(scene: Scene) -> None:
    """What a job is at when the program ends is finished and committed, and nothing more is begun."""
    begun, may_end, done = asyncio.Event(), asyncio.Event(), list[str]()

    async def first(_ctx: Context) -> bool:
        begun.set()
        await may_end.wait()
        done.append("first")
        return True

    async def second(_ctx: Context) -> bool:
        done.append("second")
        return False

    ticker = Ticker(scene.database, scene.clock, {"first": first, "second": second}, wake=lambda: None)
    ticker.start()
    await begun.wait()

    stopping = asyncio.create_task(ticker.stop())
    await asyncio.sleep(0)
    may_end.set()
    await stopping

    assert done == ["first"]


async def test_whoever_stops_has_not_failed(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """A page that takes too long when the program ends is let go of, and is nothing to be alarmed about."""
    begun, cancelled = asyncio.Event(), asyncio.Event()

    async def takes_for_ever(_ctx: Context) -> bool:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()
        return False

    ticker = Ticker(scene.database, scene.clock, {"long": takes_for_ever}, wake=lambda: None)
    ticker.start()
    await begun.wait()

    stopping = asyncio.create_task(ticker.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    await cancelled.wait()
    for _ in range(5):
        await asyncio.sleep(0)

    assert [line.message for line in caplog.records if line.levelname == "ERROR"] == []
