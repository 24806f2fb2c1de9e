"""What many are told alike is drawn once."""

import asyncio

import pytest

from bot.alike import MOST_KEPT, Alike


async def test_the_same_is_made_once() -> None:
    """For all who ask, those who ask while it is being made too; something else is made by itself."""
    alike: Alike[str, list[str]] = Alike()
    made: list[str] = []

    def make() -> list[str]:
        made.append("news")
        return ["news"]

    first, second = await asyncio.gather(alike.made("news", make), alike.made("news", make))
    third = await alike.made("news", make)
    other = await alike.made("other", lambda: ["other"])

    assert made == ["news"]
    assert first is second is third
    assert other == ["other"]


async def test_what_could_not_be_made_is_made_anew() -> None:
    """A failure is nobody's but of those who wait for it."""
    alike: Alike[str, int] = Alike()

    def fail() -> int:
        raise KeyError

    for _ in range(2):
        with pytest.raises(KeyError):
            await alike.made("news", fail)

    assert await alike.made("news", lambda: 1) == 1


async def test_whoever_gives_up_waits_for_it_alone() -> None:
    """A send that is called off takes nothing from another of the same message."""
    alike: Alike[str, int] = Alike()
    first = asyncio.create_task(alike.made("news", lambda: 1))
    second = asyncio.create_task(alike.made("news", lambda: 2))
    await asyncio.sleep(0)

    first.cancel()

    assert await second == 1


async def test_only_the_last_are_kept() -> None:
    """However many messages of their own people are sent."""
    alike: Alike[int, int] = Alike()
    for number in range(MOST_KEPT + 1):
        await alike.made(number, lambda: 1)

    assert await alike.made(MOST_KEPT, lambda: 2) == 1
    assert await alike.made(0, lambda: 2) == 2
