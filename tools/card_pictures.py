"""Draws the cards of participation, nudges and coaching on each surface into docs/pictures/cards-*.png.

`python -m tools.card_pictures` draws them from what each surface's own renderer makes of them. It needs Node's
packages (tools/node.sh), Chromium, and a font with emoji (Debian: apt install fonts-noto-color-emoji). Names of
groups after it draw only these.
"""

import asyncio
import copy
import html
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Page, async_playwright

from adapters.local.form_rendering import Origin, render_form
from adapters.local.rendering import At, Viewer, render
from adapters.slack.blocks import render as slack_blocks
from adapters.slack.views import modal
from adapters.teams.cards import card_of
from adapters.teams.form_cards import Showing, form_card
from adapters.teams.form_cards import Shown as Where
from adapters.teams.words import written_as
from bot.command_words import slashed
from bot.events import Place
from bot.forms import Form
from bot.texts import Voice
from tools.card_groups import Group, groups
from tools.slack_pictures import LOGO, MODULES, PICTURES, ROOT, STYLE, bundled

STATIC = ROOT / "adapters" / "local" / "static"
ICONS = ROOT / "adapters" / "local" / "templates" / "_icons.html"
SHEETS = (("local", "en"), ("local", "sv"), ("slack", "en"), ("slack", "sv"), ("teams", "en"), ("teams", "sv"))
COLOURS = 256
SHEET = """
html, body { height: auto !important; overflow: visible !important }
body { display: block !important; margin: 0; background: #f3f3f1 !important; color-scheme: light }
#sheet { columns: 2; column-gap: 20px; padding: 20px; width: 1240px; box-sizing: border-box }
#sheet.of-1 { columns: 1; width: 640px }
.one { break-inside: avoid; margin: 0 0 20px; display: inline-block; width: 100% }
.one > h2 { margin: 0 0 6px; font: 600 14px/1.3 "Liberation Sans", sans-serif; color: #555 }
article.message { padding-block: 12px }
.one > div { background: #fff; border: 1px solid #ddd; border-radius: 8px; overflow: hidden }
"""
SLACK = """
.one * { font-family: "Liberation Sans", "DejaVu Sans", "Noto Color Emoji" !important }
.one > div { padding: 12px }
.one textarea { height: 38px !important; min-height: 0 !important }
.one .text-small.flex.gap-1 > p { display: none }
"""
TEAMS = """
.one > div { padding: 12px; font: 14px "Segoe UI", "DejaVu Sans", sans-serif }
.ac-pushButton { border: 1px solid #ccc; background: #fff; border-radius: 4px; padding: 6px 14px; font: inherit }
.ac-actionSet { flex-wrap: wrap !important; row-gap: 8px }
.style-positive { background: #5b5fc7; color: #fff; border-color: #5b5fc7 }
.style-destructive { color: #b10e1c; border-color: #b10e1c }
"""
# The colours of Teams' light theme, by the names that a card may use.
DRAW_TEAMS = """
const INK = {
  default: { default: '#242424', subtle: '#616161' }, dark: { default: '#242424', subtle: '#616161' },
  light: { default: '#fff', subtle: '#f5f5f5' }, accent: { default: '#5b5fc7', subtle: '#5b5fc7' },
  good: { default: '#237b4b', subtle: '#237b4b' }, warning: { default: '#835c00', subtle: '#835c00' },
  attention: { default: '#c4314b', subtle: '#c4314b' },
};
const STYLES = Object.fromEntries(Object.entries({
  default: 'transparent', emphasis: '#f0f0f0', accent: '#c9cbf0', good: '#a9d9b8', warning: '#f6dfa0',
  attention: '#f3c1c8',
}).map(([name, backgroundColor]) => [name, { backgroundColor, foregroundColors: INK }]));
AdaptiveCards.AdaptiveCard.useAdvancedTextBlockTruncation = false;
document.querySelectorAll('[data-shown]').forEach((place) => {
  const card = new AdaptiveCards.AdaptiveCard();
  card.hostConfig = new AdaptiveCards.HostConfig({
    fontFamily: 'Segoe UI, DejaVu Sans, sans-serif',
    actions: { maxActions: 10, actionsOrientation: 'horizontal', actionAlignment: 'left', buttonSpacing: 8 },
    spacing: { small: 4, default: 8, medium: 16, large: 24, extraLarge: 32, padding: 12 },
    separator: { lineThickness: 1, lineColor: '#e1e1e1' },
    containerStyles: STYLES,
  });
  card.parse(SHOWN[place.dataset.shown]);
  place.append(card.render());
});
"""


def local_page(group: Group, say: Voice) -> str:
    """Return the sheet as the local chat draws it."""
    viewer = Viewer("/local/as/eva", say)
    drawn: list[str] = []
    for shown in group.cards:
        if isinstance(shown.card, Form):
            drawn.append(str(render_form(shown.card, viewer, Origin())))
        else:
            body = render(shown.card, viewer, At(message=1))
            drawn.append(
                '<article class="message by-bot"><div class="message-main">'
                f'<div class="message-body">{body}</div></div></article>'
            )
    styles = "".join(f'<link rel="stylesheet" href="{(STATIC / f"{name}.css").as_uri()}">' for name in _STYLES)
    return _sheet(group, styles + f"<style>{SHEET}</style>", drawn, ICONS.read_text(encoding="utf-8"))


_STYLES = ("base", "chat", "parts")


def slack_page(program: str, styles: str, group: Group, say: Voice) -> str:
    """Return the sheet as Slack draws the blocks that it is sent."""
    content = [
        {"kind": "modal", "content": _drawable(modal(shown.card, say, Place()))}
        if isinstance(shown.card, Form)
        else {"kind": "message", "content": slack_blocks(shown.card, say).blocks}
        for shown in group.cards
    ]
    head = f"<style>{styles}{STYLE}{SHEET}{SLACK}</style>"
    end = f'<script>window.LOGO="{LOGO}";window.SHOWN={_data(content)}</script><script>{_escaped(program)}</script>'
    return _sheet(group, head, [""] * len(content), end)


def _drawable(view: dict[str, Any]) -> dict[str, Any]:
    """Return a view as what draws it wants it.

    It ties choices of one action together, and shows of a list what stands there before anything is chosen.
    """
    view = copy.deepcopy(view)
    for number, block in enumerate(view["blocks"]):
        element = block.get("element", {})
        if "action_id" in element:
            element["action_id"] = f"{element['action_id']}-{number}"
        if element.get("type") == "static_select" and "initial_option" in element:
            element["placeholder"] = element["initial_option"]["text"]
    return view


def teams_page(group: Group, say: Voice) -> str:
    """Return the sheet as Microsoft's renderer draws the cards that Teams is sent."""
    content = [
        form_card(shown.card, Showing(Where.MESSAGE, say)) if isinstance(shown.card, Form) else card_of(shown.card, say)
        for shown in group.cards
    ]
    program = (MODULES / "adaptivecards" / "dist" / "adaptivecards.min.js").read_text(encoding="utf-8")
    end = f"<script>{_escaped(program)}</script><script>const SHOWN={_data(content)};{DRAW_TEAMS}</script>"
    return _sheet(group, f"<style>{SHEET}{TEAMS}</style>", [""] * len(content), end)


def _data(content: object) -> str:
    return json.dumps(content).replace("</", "<\\/")


def _escaped(program: str) -> str:
    return program.replace("</", "<\\/")


def _sheet(group: Group, head: str, drawn: list[str], end: str) -> str:
    cards = "".join(
        f'<section class="one"><h2>{html.escape(shown.title.replace("*", ""))}</h2>'
        f'<div data-shown="{number}">{inner}</div></section>'
        for number, (shown, inner) in enumerate(zip(group.cards, drawn, strict=True))
    )
    sheet = f'<div id="sheet" class="of-{len(drawn)}">{cards}</div>'
    return f"<!doctype html><meta charset=utf-8>{head}<body>{sheet}{end}</body>"


def in_few_colours(picture: Image.Image) -> Image.Image:
    """Return a picture in the colours that it has most of, each as it is, so that its file is small."""
    counted = picture.getcolors(picture.width * picture.height) or []
    most = sorted(counted, reverse=True)[:COLOURS]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for _, colour in most if isinstance(colour, tuple) for value in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


async def _draw(page: Page, written: Path, name: str) -> None:
    await page.goto(written.as_uri())
    taken = await page.locator("#sheet").screenshot(animations="disabled")
    with Image.open(io.BytesIO(taken)) as picture:
        few = in_few_colours(picture.convert("RGB"))
        few.save(PICTURES / f"cards-{name}.png", optimize=True)


async def draw(chromium: str, chosen: set[str]) -> int:
    """Write the sheets of the chosen groups, all for none; returns how many."""
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        program, styles = bundled(place)
        pages: Mapping[str, Callable[[Group, Voice], str]] = {
            "local": local_page,
            "slack": lambda group, say: slack_page(program, styles, group, say),
            "teams": teams_page,
        }
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            page = await browser.new_page(viewport={"width": 1240, "height": 900})
            for surface, language in SHEETS:
                say = Voice(language, "Europe/Stockholm", written_as if surface == "teams" else slashed)
                for group in await groups(say):
                    if chosen and group.name not in chosen:
                        continue
                    name = f"{group.name}-{surface}" + ("-sv" if language == "sv" else "")
                    written = place / f"{name}.html"
                    written.write_text(pages[surface](group, say), encoding="utf-8")
                    await _draw(page, written, name)
                    count += 1
            await browser.close()
    return count


def main() -> int:
    """Draw the groups that are named, or all; 2 when a tool is missing."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or not MODULES.exists():
        print("Needs Chromium, and Node's packages: tools/node.sh.")
        return 2
    count = asyncio.run(draw(chromium, set(sys.argv[1:])))
    print(f"{count} pictures are in {PICTURES.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
