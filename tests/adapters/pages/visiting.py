"""Visits of the pages as a browser without a cookie jar of its own makes them: what it sends is what the test says."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http import HTTPStatus
from itertools import count

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.events import Event, Reply
from bot.getting_in import INSIGHTS, MY_PAGE, Door
from bot.messages import Link, Target
from bot.surface import Surface
from bot.wiring import Serving, pages, rooms, wire
from storage.database import Database
from tests.answers import heard_of
from tests.conftest import StillClock
from tests.support import KEY, Organisation, RecordingGateway, organisation

ADDRESS = "http://samlas.example"
FROM_OUR_PAGE = {"Sec-Fetch-Site": "same-origin"}

_numbers = count(1)


def first(within: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    """Return the first element that a selector means; fails the test when there is none."""
    found = within.css_first(selector)
    assert found is not None, selector
    return found


@dataclass(frozen=True)
class Page:
    """What came back: its status, its headers, its words and its tree."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def tree(self) -> LexborHTMLParser:
        """The page's tree."""
        return LexborHTMLParser(self.body)

    @property
    def words(self) -> str:
        """All words of the page, each run of white space as one space."""
        return " ".join(self.tree.text().split())

    @property
    def token(self) -> str:
        """What the page's forms carry."""
        return str(self.first("input[name=token]").attributes["value"])

    def first(self, selector: str) -> LexborNode:
        """Return the first element that a selector means; fails the test when there is none."""
        return first(self.tree, selector)

    def filled(self, **values: str) -> dict[str, str]:
        """Return what the page's form sends: what it carries, its first button, and these values in its fields."""
        form = self.first("form.form")
        carried = {str(one.attributes["name"]): str(one.attributes["value"]) for one in form.css("input[type=hidden]")}
        button = first(form, "button")
        fields = {f"field.{key}": value for key, value in values.items()}
        return {**carried, "press": str(button.attributes["value"]), **fields}

    def charts(self) -> list[str]:
        """Return the titles of the charts."""
        return [found.text(strip=True) for found in self.tree.css(".chart h2")]


@dataclass
class Site:
    """The program with its pages, served, and a small organisation in it."""

    serving: Serving
    database: Database
    gateway: RecordingGateway
    client: TestClient[web.Request, web.Application]
    organisation: Organisation
    clock: StillClock
    # The machine's time, which lets links and sessions expire.
    machine: StillClock
    cookie: str = "samlas"

    async def act(self, person: str, action: str, text: str = "", target: Target | None = None) -> Reply:
        """Let a person do something in the chat."""
        return await self.serving.core.take(
            Event(action, KEY, person, f"visit-{next(_numbers)}", self.clock.now(), target=target, text=text)
        )

    async def link(self, person: str, action: str = INSIGHTS) -> str:
        """Ask for a link as a person; returns the path that it leads to."""
        target = Target(self.organisation.members[person], 1) if action == MY_PAGE else None
        await self.act(person, action, target=target)
        await self.serving.core.do_due()
        [found] = [part for part in self.gateway.said_to(person)[-1].parts if isinstance(part, Link)]
        assert found.url.startswith(f"{ADDRESS}/insights/enter/")
        return found.url.removeprefix(ADDRESS)

    async def come_in(self, person: str, action: str = INSIGHTS) -> "Browser":
        """Come in as a person, by a link of theirs."""
        browser = Browser(self)
        entered = await browser.post(await self.link(person, action))
        assert entered.status == HTTPStatus.SEE_OTHER, entered.words
        return browser


@dataclass
class Browser:
    """A browser with the cookie that it was last given, and what it says of where its requests come from."""

    site: Site
    secret: str | None = None
    said: dict[str, str] = field(default_factory=lambda: dict(FROM_OUR_PAGE))
    # What it was given to say on the page that comes next.
    told: str | None = None

    async def get(self, path: str, **headers: str) -> Page:
        """Look at a page; redirects are followed, as browsers do."""
        page = await self._ask("GET", path, None, headers)
        while page.status == HTTPStatus.SEE_OTHER:
            page = await self._ask("GET", page.headers["Location"], None, headers)
        return page

    async def press(self, action: str) -> Page:
        """Press a button of one's own page."""
        return await self.post("/me/press", {"token": (await self.get("/me")).token, "action": action})

    async def post(self, path: str, form: Mapping[str, str] | None = None) -> Page:
        """Send a form; where it leads is not followed."""
        return await self._ask("POST", path, form or {}, {})

    def copy(self) -> "Browser":
        """Return another browser with the same cookie."""
        return replace(self)

    async def _ask(self, method: str, path: str, form: Mapping[str, str] | None, headers: Mapping[str, str]) -> Page:
        told = f"{self.site.cookie}-told"
        held = [f"{name}={value}" for name, value in ((self.site.cookie, self.secret), (told, self.told)) if value]
        cookies = {"Cookie": "; ".join(held)} if held else {}
        async with self.site.client.request(
            method, path, data=form, headers={**self.said, **cookies, **headers}, allow_redirects=False
        ) as answer:
            if self.site.cookie in answer.cookies:
                self.secret = answer.cookies[self.site.cookie].value or None
            if told in answer.cookies:
                self.told = answer.cookies[told].value or None
            return Page(answer.status, dict(answer.headers), await answer.read())


@asynccontextmanager
async def site(database: Database, clock: StillClock, address: str = ADDRESS) -> AsyncIterator[Site]:
    """Serve the program and its pages for the length of a block."""
    machine = StillClock(clock.now() - timedelta(days=400))
    door = Door(lambda: address, machine)
    gateway = RecordingGateway()
    here = await organisation(database, clock, ("gina", "hugo", "ines"))
    serving = wire(database, clock, [lambda _core: Surface(gateway, lambda _app: None)], rooms(door))
    application = web.Application()
    pages(serving.core, door)(application)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(serving.counter.close)
        await stack.enter_async_context(heard_of(application, database))
        client = await stack.enter_async_context(
            TestClient(TestServer(application), cookie_jar=aiohttp.DummyCookieJar())
        )
        cookie = "__Host-samlas" if address.startswith("https") else "samlas"
        yield Site(serving, database, gateway, client, here, clock, machine, cookie)
