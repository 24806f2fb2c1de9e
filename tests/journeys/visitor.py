"""A visitor of the local chat in a real browser, who knows it by what it says and not by how it is made."""

import os
from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from adapters.local.made_up.people import PEOPLE
from bot.texts import Voice

# Set to a folder, such as docs/pictures, it gets a picture of each main screen on the way.
PICTURES = os.environ.get("SAMLAS_PICTURES")
SERIOUS = ("serious", "critical")


@dataclass
class Visitor:
    """One tab in which somebody is somebody. `say` speaks that person's language."""

    page: Page
    address: str
    say: Voice
    problems: list[str]

    def go(self, path: str) -> None:
        """Go to an address below this person's."""
        self.page.goto(self.address + path)

    def open(self, name: str) -> None:
        """Go to a conversation through the list beside it."""
        self.page.locator(".entry", has_text=name).click()
        expect(self.page.locator(".conversation-head h1")).to_contain_text(name)
        self.page.wait_for_load_state()

    def write(self, words: str) -> None:
        """Write in the conversation, and press Enter."""
        field = self.page.locator("#text-here")
        field.fill(words)
        field.press("Enter")

    @property
    def dialog(self) -> Locator:
        """The open dialog."""
        return self.page.locator("#dialog[open]")

    @property
    def messages(self) -> Locator:
        """The messages of the conversation."""
        return self.page.locator("#log article")

    @property
    def newest(self) -> Locator:
        """The newest message of the conversation."""
        return self.messages.last

    def step(self, title: str) -> None:
        """Wait for the dialog's step of that title."""
        expect(self.dialog.locator("#dialog-title")).to_have_text(self.say(title))

    def press(self, label: str, within: Locator | None = None) -> None:
        """Press the button with that label, in the person's language."""
        (within or self.page).get_by_role("button", name=self.say(label), exact=True).click()

    def picture(self, name: str, of: Page | None = None) -> None:
        """Keep a picture of the page, where pictures are asked for."""
        if PICTURES is not None:
            page = of or self.page
            page.mouse.move(0, 0)
            page.screenshot(path=Path(PICTURES) / f"local-{name}.png", animations="disabled", caret="hide")

    def check(self) -> None:
        """Have the page looked at as it is by axe, which must not find anything serious."""
        # What a page says is there before its colours are: they come with the style sheet, and are seen a frame later.
        self.page.wait_for_load_state("load")
        self.page.evaluate("new Promise(seen => requestAnimationFrame(() => requestAnimationFrame(seen)))")
        found = Axe().run(self.page).response["violations"]
        serious = [(rule["id"], rule["help"], [node["html"] for node in rule["nodes"]]) for rule in found]
        assert not [rule for rule, one in zip(serious, found, strict=True) if one["impact"] in SERIOUS], serious


def visitor(browser: Browser, address: str, person: str, *, dark: bool = False, phone: bool = False) -> Visitor:
    """Open a tab of its own as somebody, on a desk or in a hand; what goes wrong in it is kept in `problems`."""
    who = next(one for one in PEOPLE if one.external_id == person)
    context = browser.new_context(
        viewport={"width": 390, "height": 844} if phone else {"width": 1280, "height": 800},
        color_scheme="dark" if dark else "light",
        locale=who.locale,
        has_touch=phone,
        is_mobile=phone,
        reduced_motion="reduce",
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    return Visitor(page, f"{address}/local/as/{person}", Voice(who.locale), problems)
