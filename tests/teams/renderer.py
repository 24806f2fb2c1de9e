"""Microsoft's own card renderer, in headless Chromium: says what it thinks of a card, and shows it."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.async_api import Page, async_playwright

from tests.tools import require_chromium, require_node_package

# What Teams' own host configuration looks like, as far as it matters for pictures.
PAGE = """<!doctype html><meta charset="utf-8"><style>
body { margin: 24px; background: #f5f5f5; font: 14px "Segoe UI", "DejaVu Sans", sans-serif; }
.card { background: #fff; border-radius: 6px; box-shadow: 0 1px 4px #0003; max-width: 640px; margin-bottom: 20px; }
.ac-pushButton { border: 1px solid #ccc; background: #fff; border-radius: 4px; padding: 6px 14px; }
.style-positive { background: #5b5fc7; color: #fff; border-color: #5b5fc7; }
</style><main></main>"""
PARSE = """
(cards) => cards.map((json) => {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig({ fontFamily: 'Segoe UI, DejaVu Sans, sans-serif' });
  const context = new AdaptiveCards.SerializationContext();
  card.parse(json, context);
  const said = [];
  for (let i = 0; i < context.eventCount; i++) said.push(context.getEventAt(i).message);
  said.push(...card.validateProperties().validationEvents.map((event) => event.message));
  const place = document.createElement('div');
  place.className = 'card';
  place.append(card.render());
  document.querySelector('main').append(place);
  return said;
})
"""


@dataclass
class Renderer:
    """A page with the renderer in it."""

    page: Page

    async def warnings(self, cards: Sequence[dict[str, Any]]) -> list[list[str]]:
        """Render cards, below those before; returns what the renderer complains of, card by card."""
        said: list[list[str]] = await self.page.evaluate(PARSE, json.loads(json.dumps(list(cards))))
        return said

    async def clear(self) -> None:
        """Take the cards away."""
        await self.page.evaluate("document.querySelector('main').replaceChildren()")

    async def words(self) -> str:
        """Return what can be read on the page, white space aside."""
        return " ".join((await self.page.inner_text("main")).split())

    async def picture(self, path: Path) -> None:
        """Keep how the cards look."""
        await self.page.screenshot(path=path, full_page=True)


@asynccontextmanager
async def renderer() -> AsyncIterator[Renderer]:
    """Open the renderer; the test is skipped where Chromium or the package is missing."""
    script = Path(require_node_package("adaptivecards")) / "dist" / "adaptivecards.min.js"
    chromium = require_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 720, "height": 900})
        await page.set_content(PAGE)
        await page.add_script_tag(path=script)
        yield Renderer(page)
        await browser.close()
