"""Lindvalla served whole, and the ways a test visits it: by asking for its pages and sending what they send."""

import itertools
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from selectolax.lexbor import LexborHTMLParser, LexborNode

from adapters.local.surface import local_surface
from bot.clock import MovableClock
from bot.surface import Core
from bot.wiring import rooms, wire
from storage.database import Database
from tests.conftest import StillClock
from tests.contracts.serving import Client, served

FROM_OUR_PAGES = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}


class StillMovable(MovableClock):
    """The local chat's clock, over a test's that stands still until it is moved."""

    def __init__(self, clock: StillClock) -> None:
        """Tell and move the test's time."""
        super().__init__()
        self._clock = clock

    def now(self) -> datetime:
        """Return the moment at which the test's clock stands."""
        return self._clock.now()

    def move(self, step: timedelta) -> None:
        """Go forward, and keep how far."""
        super().move(step)
        self._clock.move(step)


@dataclass(frozen=True)
class Answer:
    """What came back: the status, the words or the HTML, and the headers."""

    status: int
    text: str
    headers: Mapping[str, str]

    @property
    def page(self) -> LexborHTMLParser:
        """Return the HTML, to look in."""
        return LexborHTMLParser(self.text)

    def all(self, selector: str) -> list[LexborNode]:
        """Return what a selector finds."""
        return self.page.css(selector)

    def words(self, selector: str) -> list[str]:
        """Return the words of what a selector finds, spaces put together."""
        return [" ".join(node.text().split()) for node in self.page.css(selector)]


@dataclass
class Lindvalla:
    """The local chat with its made-up organisation, behind a client that is no browser."""

    client: Client
    core: Core
    database: Database
    clock: StillClock
    acts: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for an address below /local, without following where it leads."""
        async with self.client.get(f"/local{path}", headers=headers, allow_redirects=False) as response:
            return Answer(response.status, await response.text(), response.headers)

    async def post(
        self,
        path: str,
        values: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] = FROM_OUR_PAGES,
        once: str | None = None,
        **more: str,
    ) -> Answer:
        """Send what a page sends; each time as an act of its own, unless its name is given."""
        data = {"once": once or f"test-act-{next(self.acts)}", **(values or {}), **more}
        async with self.client.post(f"/local{path}", data=data, headers=headers) as response:
            return Answer(response.status, await response.text(), response.headers)

    async def say(
        self, person: str, words: str, channel: str | None = None, *, thread: str = "", once: str | None = None
    ) -> Answer:
        """Write in a channel, in a thread of it, or to the bot."""
        place = f"c/{channel}" if channel is not None else "samlas"
        return await self.post(f"/as/{person}/{place}/say", text=words, thread=thread, once=once)

    async def log(self, person: str, channel: str | None = None) -> Answer:
        """Look at a channel, or at the conversation with the bot."""
        place = f"c/{channel}" if channel is not None else "samlas"
        return await self.get(f"/as/{person}/{place}/log")

    async def newest(self, person: str, channel: str | None = None) -> str:
        """Return the id of the newest message that somebody sees."""
        *_, last = (await self.log(person, channel)).all("article")
        return (last.attributes["id"] or "").removeprefix("m-")


@asynccontextmanager
async def opened(database: Database, clock: StillClock) -> AsyncIterator[Lindvalla]:
    """Serve Lindvalla as it is on the day at which the clock stands."""
    serving = wire(database, clock, [lambda core: local_surface(core, StillMovable(clock))], rooms())
    async with served(serving) as client:
        yield Lindvalla(client, serving.core, database, clock)
