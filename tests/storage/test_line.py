"""Writers of one process take turns, and the counter, for whom platforms wait, goes ahead."""

import asyncio
from asyncio import Task
from contextlib import suppress

from storage.line import Line


class Writers:
    """Some who write, each until told to end; `order` is in which they had their turns."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.order: list[str] = []
        self._line = Line()
        self._ends: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, Task[None]] = {}

    async def come(self, *names: str) -> None:
        """Let these ask for a turn, one after the other; the counter's names begin with "counter"."""
        for name in names:
            self._ends[name] = asyncio.Event()
            self._tasks[name] = asyncio.create_task(self._write(name))
            await asyncio.sleep(0)

    async def end(self, name: str) -> None:
        """Let one who writes end, and whoever follows begin."""
        self._ends[name].set()
        await self._tasks[name]
        await asyncio.sleep(0)

    async def end_all(self) -> None:
        """Let everybody write whose turn comes."""
        for event in self._ends.values():
            event.set()
        for task in self._tasks.values():
            with suppress(asyncio.CancelledError):
                await task

    def give_up(self, name: str) -> None:
        """Tell one to wait no longer."""
        self._tasks[name].cancel()

    async def _write(self, name: str) -> None:
        async with self._line.turn(ahead=name.startswith("counter")):
            self.order.append(name)
            await self._ends[name].wait()


async def test_in_the_order_in_which_they_came() -> None:
    """One writes at a time, and nobody overtakes."""
    writers = Writers()
    await writers.come("a", "b", "c")
    one_at_a_time = list(writers.order)

    await writers.end_all()

    assert one_at_a_time == ["a"]
    assert writers.order == ["a", "b", "c"]


async def test_the_counter_waits_for_one_at_most() -> None:
    """However many wait, the counter is next when whoever writes has ended."""
    writers = Writers()
    await writers.come("a", "b", "c", "counter")

    await writers.end("a")

    assert writers.order == ["a", "counter"]
    await writers.end_all()
    assert writers.order == ["a", "counter", "b", "c"]


async def test_the_counter_keeps_nobody_out() -> None:
    """A counter that always comes back goes every other time, and the others get on."""
    writers = Writers()
    await writers.come("a", "b", "c", "counter 1", "counter 2", "counter 3")

    await writers.end_all()

    assert writers.order == ["a", "counter 1", "b", "counter 2", "c", "counter 3"]


async def test_whoever_waits_no_longer_holds_nobody_up() -> None:
    """One who gives up is passed over, also where their turn had just come."""
    writers = Writers()
    await writers.come("a", "b", "c", "d")
    writers.give_up("b")
    await writers.end("a")
    before = list(writers.order)

    await writers.come("e")
    writers._ends["c"].set()
    await asyncio.sleep(0)
    # Now it is d's turn, who has not begun.
    writers.give_up("d")
    await writers.end_all()

    assert before == ["a", "c"]
    assert writers.order == ["a", "c", "e"]


async def test_a_turn_that_fails_is_passed_on() -> None:
    """An exception in one's turn ends it as any other."""
    line = Line()

    with suppress(ZeroDivisionError):
        async with line.turn():
            raise ZeroDivisionError
    async with asyncio.timeout(1), line.turn():
        was_had = True

    assert was_had
