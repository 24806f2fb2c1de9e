"""Microsoft's Agents Playground, their own local Teams client, driven in headless Chromium against the running bot."""

import asyncio
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.tools import require_chromium, require_node, require_node_package

CONFIG = Path(__file__).parent / ".m365agentsplayground.yml"
STARTS_WITHIN_SECONDS = 30
# The client's own remarks on what it cannot show are not the bot's, and are left out of pictures.
TIDY = """
  [...document.querySelectorAll('*')]
    .filter((it) => it.children.length === 0 && /not supported yet/.test(it.textContent))
    .forEach((it) => { it.closest('div').parentElement.style.visibility = 'hidden'; });
"""


@dataclass
class Playground:
    """The client as Anna Berg sees it. `url` is where it listens."""

    page: Page
    url: str

    @property
    def service_url(self) -> str:
        """The Bot Connector that it plays."""
        return f"{self.url.replace('127.0.0.1', 'localhost')}/_connector"

    async def write(self, text: str) -> None:
        """Write a message where one is."""
        box = self.page.get_by_role("textbox", name="Type a message").or_(self.page.get_by_role("textbox").last)
        await box.last.click()
        await self.page.keyboard.type(text)
        await self.page.keyboard.press("Enter")

    async def go_to(self, name: str) -> None:
        """Open a chat or a channel."""
        await self.page.get_by_role("treeitem").filter(has_text=name).last.click()

    def last_card(self, words: str) -> Locator:
        """Return the newest card that says this."""
        return self.page.locator(".ac-adaptiveCard", has_text=words).last

    async def press(self, words: str, label: str) -> None:
        """Press a button of the newest card that says this."""
        await self.last_card(words).get_by_role("button", name=label).click()

    async def sees(self, words: str) -> None:
        """Wait until a card says this."""
        await expect(self.last_card(words)).to_be_visible(timeout=10_000)

    async def picture(self, path: Path) -> None:
        """Keep how it looks now."""
        await self.page.evaluate(TIDY)
        # The chat itself, without the client's lists on the left and its log on the right.
        await self.page.screenshot(path=path, clip={"x": 331, "y": 50, "width": 618, "height": 870})


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@asynccontextmanager
async def playground(bot: str, place: Path) -> AsyncIterator[Playground]:
    """Start the client for a bot that is served at `bot`; it works in the folder `place`."""
    cli = Path(require_node_package("@microsoft/m365agentsplayground")) / "cli.js"
    node = require_node()
    chromium = require_chromium()
    shutil.copy(CONFIG, place)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = ["-e", f"{bot}/api/messages", "-c", "msteams", "-p", str(port), "--disable-telemetry"]
    process = await asyncio.create_subprocess_exec(
        node,
        cli,
        *arguments,
        cwd=place,
        env={**os.environ, "TEAMSAPPTESTER_BROWSER": "none"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        await _answers(url)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = await browser.new_page(viewport={"width": 1280, "height": 1000})
            await page.goto(url)
            yield Playground(page, url)
            await browser.close()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _answers(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(STARTS_WITHIN_SECONDS * 4):
            with suppress(aiohttp.ClientError):
                async with session.get(f"{url}/_debug/ping") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.25)
    raise TimeoutError("the client did not start")
