"""Draws what people see of Samlas in Slack into docs/pictures/slack-*.png, from the very blocks that Slack is sent.

`python -m tools.slack_pictures` needs Node's packages (tools/node.sh), Chromium, and a font with
emoji (Debian: apt install fonts-noto-color-emoji).
"""

import asyncio
import html
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import async_playwright

from bot import __version__
from bot.wiring import rooms
from storage.database import Database
from storage.migrate import migrate
from tests.conftest import StillClock
from tests.contracts.slack_surface import SlackSurface, opened
from tests.slack.gallery import Shown, gallery

ROOT = Path(__file__).parent.parent
MODULES = ROOT / "tests" / "node" / "node_modules"
DRAWING = ROOT / "tests" / "slack" / "draw.jsx"
PICTURES = ROOT / "docs" / "pictures"
# A square of the manifest's colour with the initial, since the app has no icon of its own in a stand-in.
LOGO = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 36 36'%3E%3Crect width='36' height='36'"
    " rx='7' fill='%231f5c4d'/%3E%3Ctext x='18' y='25' font-size='20' font-family='sans-serif' text-anchor='middle'"
    " fill='white'%3ES%3C/text%3E%3C/svg%3E"
)
STYLE = """
body { margin: 0; background: #fff; font-size: 15px; line-height: 1.46; color: #1d1c1d }
#shown * { font-family: "Liberation Sans", "DejaVu Sans", "Noto Color Emoji" !important }
#shown { display: inline-block; padding: 16px; box-sizing: border-box; width: 680px }
.modal, .home { border: 1px solid #ddd; border-radius: 10px; overflow: hidden }
.bar { display: flex; gap: 16px; justify-content: space-between; padding: 16px 20px; font-size: 18px;
  border-bottom: 1px solid #eee }
.home .bar { justify-content: flex-start }
.blocks { padding: 8px 20px 16px }
.foot { display: flex; gap: 12px; justify-content: flex-end; padding: 16px 20px; border-top: 1px solid #eee }
.foot button { font: inherit; font-weight: 700; padding: 6px 14px; border: 1px solid #bbb; border-radius: 6px;
  background: #fff }
.foot .primary { background: #007a5a; border-color: #007a5a; color: #fff }
"""


async def seen() -> Sequence[Shown]:
    """Let a decision be announced in a temporary organisation; returns what was seen."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "pictures.db"
        migrate(path, __version__)
        database = Database(f"sqlite+aiosqlite:///{path}")
        clock = StillClock(datetime(2027, 3, 3, 12, 0, tzinfo=UTC))
        try:
            async with opened(database, clock, rooms()) as surface:
                if not isinstance(surface, SlackSurface):
                    raise TypeError(type(surface))
                return await gallery(surface)
        finally:
            await database.close()


def bundled(place: Path) -> tuple[str, str]:
    """Return the drawing program and its styles, put together by esbuild."""
    command = [str(MODULES / ".bin" / "esbuild"), str(DRAWING), "--bundle", "--minify"]
    options = [
        '--define:process.env.NODE_ENV="production"',
        "--jsx=automatic",
        "--loader:.woff2=dataurl",
        "--loader:.woff=empty",
        f"--outdir={place}",
    ]
    subprocess.run([*command, *options], check=True, capture_output=True, env={**os.environ, "NODE_PATH": str(MODULES)})
    return (place / "draw.js").read_text(encoding="utf-8"), (place / "draw.css").read_text(encoding="utf-8")


def page_of(shown: Shown, program: str, styles: str) -> str:
    """Return the page that draws one thing."""
    data = json.dumps([{"kind": shown.kind, "content": shown.content}]).replace("</", "<\\/")
    return (
        f"<!doctype html><meta charset=utf-8><title>{html.escape(shown.name)}</title><style>{styles}{STYLE}</style>"
        f'<div id="shown" data-shown="0"></div><script>window.LOGO="{LOGO}";window.SHOWN={data}</script>'
        f"<script>{program.replace('</', '<' + chr(92) + '/')}</script>"
    )


async def draw(everything: Sequence[Shown], chromium: str) -> None:
    """Write a picture of each."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        program, styles = bundled(Path(place))
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = await browser.new_page(viewport={"width": 720, "height": 900})
            for shown in everything:
                written = Path(place) / f"{shown.name}.html"
                written.write_text(page_of(shown, program, styles), encoding="utf-8")
                await page.goto(written.as_uri())
                await page.locator("#shown").screenshot(path=PICTURES / f"slack-{shown.name}.png")
            await browser.close()


def main() -> int:
    """Draw everything; 2 when a tool is missing."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or not MODULES.exists():
        print("Needs Chromium, and Node's packages: tools/node.sh.")
        return 2
    everything = asyncio.run(seen())
    asyncio.run(draw(everything, chromium))
    print(f"{len(everything)} pictures are in {PICTURES.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
