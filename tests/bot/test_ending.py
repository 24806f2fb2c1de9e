"""However long what is under way would take, a process that is told to stop ends in its time."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.ending import KEPT_FOR_THE_REST_SECONDS, REQUESTS_WITHIN_SECONDS, STOP_WITHIN_SECONDS, Ending
from tests.support import troubles
from tests.transport import PassingTime


async def never() -> None:
    """Do not end by itself."""
    await asyncio.Event().wait()


async def at_once() -> None:
    """End at once."""


async def test_what_ends_by_itself_is_waited_for() -> None:
    """A step that is done in its time is finished, takes no longer than it needs, and is not remarked on."""
    time = PassingTime()
    ending = Ending(time)

    with capture_logs() as logs:
        await ending.step("sending", lambda: asyncio.wait_for(at_once(), None))

    assert troubles(logs) == []


async def test_all_steps_together_end_in_time() -> None:
    """Of several steps that would never end each is let go, and what is kept for the later ones is left to them."""
    time = PassingTime()
    ending = Ending(time)
    begun_at, times = time.monotonic(), []
    ending.begin()
    await time.sleep(REQUESTS_WITHIN_SECONDS)

    with capture_logs() as logs:
        for name, besides in (("sending", KEPT_FOR_THE_REST_SECONDS), ("surfaces", 0.0), ("counting", 0.0)):
            await ending.step(name, never, besides=besides)
            times.append(time.monotonic() - begun_at)

    assert times == [STOP_WITHIN_SECONDS - KEPT_FOR_THE_REST_SECONDS, STOP_WITHIN_SECONDS, STOP_WITHIN_SECONDS]
    assert [entry["step"] for entry in logs] == ["sending", "surfaces", "counting"]


async def test_what_fails_at_the_end_is_told() -> None:
    """A step's own failure is not lost for being the last thing that happens."""

    async def fails() -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="full"):
        await Ending(PassingTime()).step("counting", fails)
