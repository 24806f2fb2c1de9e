"""Open tabs hear at once of what concerns them, and of nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.local.live import DIRECT, EVERYWHERE, Live, channel_place
from tests.adapters.local.visiting import Lindvalla

PATIENCE = 5.0


@asynccontextmanager
async def listening(lindvalla: Lindvalla, person: str) -> AsyncIterator["asyncio.Queue[str]"]:
    """Keep a tab open for the length of a block; gives the places it hears of."""
    heard: asyncio.Queue[str] = asyncio.Queue()

    async with lindvalla.client.get(f"/local/as/{person}/live") as response:
        assert response.headers["Content-Type"] == "text/event-stream"

        async def read() -> None:
            async for line in response.content:
                if line.startswith(b"data: "):
                    heard.put_nowait(line.decode().removeprefix("data: ").strip())

        reading = asyncio.create_task(read())
        # A tab looks at everything once when it begins to listen.
        assert await next_of(heard) == EVERYWHERE
        yield heard
        reading.cancel()
        await asyncio.wait([reading])


async def next_of(heard: "asyncio.Queue[str]") -> str:
    """Return the next place that is heard of."""
    return await asyncio.wait_for(heard.get(), PATIENCE)


async def test_a_message_is_heard_of_in_every_open_tab(lindvalla: Lindvalla) -> None:
    """Whoever looks hears that the channel has changed, and not what was written."""
    async with listening(lindvalla, "gustav-holm") as gustav, listening(lindvalla, "li-wei") as li:
        await lindvalla.say("anna-nystrom", "Soppa", "lunch")

        assert (await next_of(gustav), await next_of(li)) == ("channel:lunch", "channel:lunch")


async def test_a_whisper_is_heard_of_by_its_reader_alone(lindvalla: Lindvalla) -> None:
    """Others' tabs do not even hear that something was whispered."""
    async with listening(lindvalla, "gustav-holm") as gustav, listening(lindvalla, "anna-nystrom") as anna:
        await lindvalla.say("anna-nystrom", "/samlas", "lunch")
        assert await next_of(anna) == "channel:lunch"
        await lindvalla.say("anna-nystrom", "Hej", "it-hjalp")

        assert await next_of(gustav) == "channel:it-hjalp"


async def test_what_the_bot_tells_is_heard_of_by_whom_it_is_told() -> None:
    """A conversation with the bot is live for its person only."""
    live = Live()
    with live.tab("anna") as anna, live.tab("bo") as bo:
        live.tell(DIRECT, "anna")

        assert await anna.changes(PATIENCE) == [DIRECT]
        assert await bo.changes(0.0) == []


async def test_many_changes_are_one_to_a_slow_tab() -> None:
    """A tab that has not looked yet is told once of each place, in the order of the first change."""
    live = Live()
    with live.tab("anna") as anna:
        for place in (channel_place("a"), DIRECT, channel_place("a")):
            live.tell(place)

        assert await anna.changes(PATIENCE) == ["channel:a", "direct"]
        assert await anna.changes(0.0) == []


async def test_a_closed_tab_is_forgotten() -> None:
    """Nothing is kept for a tab that has gone."""
    live = Live()
    with live.tab("anna") as anna:
        pass

    live.tell(DIRECT)

    assert await anna.changes(0.0) == []


async def test_a_tab_that_goes_is_no_failure(lindvalla: Lindvalla) -> None:
    """A browser closes its connection without a word; the next to listen and the next message find everything well."""
    async with listening(lindvalla, "gustav-holm"):
        pass
    await lindvalla.say("anna-nystrom", "Soppa", "lunch")

    async with listening(lindvalla, "gustav-holm") as again:
        await lindvalla.say("anna-nystrom", "Och bröd", "lunch")
        assert await next_of(again) == "channel:lunch"
