"""The web pages in a real browser: from the chat to the charts, by mouse, by keyboard, in a hand, in the dark."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import BEGINS, Visit
from tests.journeys.past import lived_before
from tests.journeys.serving import begin_at, served
from tests.journeys.test_by_keyboard import tab_to
from tests.journeys.visitor import PICTURES, Visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def address(migrated_file: Path, tmp_path: Path) -> Iterator[str]:
    """Return where Lindvalla is served, which has lived for a while."""
    path = tmp_path / "lindvalla.db"
    shutil.copy(migrated_file, path)
    begin_at(path, BEGINS)
    lived_before(path, BEGINS)
    log = tmp_path / "lindvalla.log"
    with served(path, log) as at:
        yield at
    assert "Traceback" not in log.read_text()


def come_in(tab: Visitor) -> Page:
    """Ask the bot for a link, follow it, and press its button; returns the page that it leads to."""
    tab.page.goto(link_of(tab))
    tab.check()
    tab.press("Come in")
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    pictures_are_there(tab.page)
    return tab.page


def pictures_are_there(page: Page) -> None:
    """Wait until every picture of the page has been drawn."""
    page.evaluate("Promise.all([...document.images].map(one => one.decode()))")


def link_of(tab: Visitor) -> str:
    """Ask the bot for a link, and return where it leads."""
    tab.go("/samlas")
    tab.write("/insights")
    link = tab.messages.get_by_role("link", name=tab.say("Open insights"))
    expect(link).to_be_visible()
    return str(link.last.get_attribute("href"))


def look_in_both(tab: Visitor, name: str = "") -> None:
    """Have axe look at the page in light and in dark; nothing of it sticks out. Named, pictures of it are kept."""
    for scheme, suffix in (("dark", "-dark"), ("light", "")):
        tab.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        pictures_are_there(tab.page)
        tab.check()
        assert tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if name:
            keep(tab.page, f"{name}{suffix}")


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep a picture of the page, where pictures are asked for."""
    if PICTURES is not None:
        page.screenshot(path=Path(PICTURES) / f"insights-{name}.png", full_page=whole, animations="disabled")


@pytest.mark.parametrize("look", ["light", "dark", "phone"])
def test_a_communications_lead_looks_at_the_organisation(visit: Visit, look: str) -> None:
    """From the chat to the charts; axe finds nothing, nothing sticks out, and the browser asks nobody else."""
    sara = visit("sara-ahmadi", dark=look == "dark", phone=look == "phone")
    asked: list[str] = []
    sara.page.on("request", lambda request: asked.append(request.url))

    page = come_in(sara)

    expect(page.get_by_role("heading", level=1)).to_contain_text(sara.say("Insights"))
    expect(page.locator("picture")).to_have_count(7)
    keep(page, look, whole=True)
    for summary in page.locator(".as-table summary").all():
        summary.click()
    sara.check()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(sara.address).netloc}
    in_dark = page.locator("picture img").first.evaluate("one => one.currentSrc")
    assert ("look=dark" in in_dark) is (look == "dark")
    assert ("width=narrow" in in_dark) is (look == "phone")


def test_a_lead_looks_at_their_team(visit: Visit) -> None:
    """Their own alone, and their own page beside it."""
    amina = visit("amina-warsame")

    page = come_in(amina)

    expect(page.get_by_role("heading", level=1)).to_contain_text(amina.say("My team"))
    expect(page.locator("section.chart")).to_have_count(2)
    look_in_both(amina)
    keep(page, "team")
    assert page.get_by_role("link", name=amina.say("Organisation"), exact=True).count() == 0


def test_ones_own_page(visit: Visit) -> None:
    """Everybody's leads there; *Do not count me* asks first, works without a script, and has its way back."""
    elin = visit("elin-sjoberg")
    page = come_in(elin)
    expect(page).to_have_title(f"{elin.say('My page')} · Samlas")
    look_in_both(elin, "me")

    page.locator("summary", has_text=elin.say("Do not count me")).click()
    look_in_both(elin)
    elin.press("Yes, go on")
    expect(page.locator("main")).to_contain_text(
        elin.say("You are not counted, and nothing that was counted or learnt of you is kept.")
    )
    elin.press("Count me again")

    expect(page.locator("summary", has_text=elin.say("Do not count me"))).to_be_visible()


@pytest.mark.parametrize("look", ["light", "phone"])
def test_erasing_oneself_from_ones_own_page(visit: Visit, look: str) -> None:
    """A day that cannot be is told at its field; what goes and stays stands there first; then it is done."""
    elin = visit("elin-sjoberg", phone=look == "phone")
    page = elin.page
    page.goto(link_of(elin))
    look_in_both(elin)
    elin.press("Come in")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    elin.press("Pause")
    elin.press("Pause")
    expect(page.locator("#field-until")).to_be_focused()
    look_in_both(elin)
    keep(page, f"pause-{look}")
    page.get_by_role("link", name=elin.say("Cancel")).click()

    elin.press("Erase my data")
    expect(page.get_by_role("heading", name=elin.say("What goes"))).to_be_visible()
    look_in_both(elin)
    keep(page, f"erase-{look}", whole=True)
    tab_to(elin, ".form .button.danger")
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_contain_text(elin.say("It is done: Samlas keeps nothing about you any more."))
    look_in_both(elin)
    keep(page, f"erased-{look}")


def test_the_forms_of_ones_own_page(visit: Visit) -> None:
    """Topics and calendar are filled in and kept, in light and dark; what cannot be stands at its field."""
    elin = visit("elin-sjoberg")
    page = come_in(elin)
    elin.press("Choose topics")
    look_in_both(elin)
    page.locator("fieldset input[type=checkbox]").first.check()
    page.locator(".form .button.primary").click()
    expect(page.locator(".said")).to_be_visible()
    look_in_both(elin)

    elin.press("My calendar")
    page.get_by_label(elin.say("Working hours")).fill("25-99")
    elin.press("Keep")
    expect(page.locator(".error")).to_be_visible()
    look_in_both(elin)
    page.get_by_label(elin.say("Working hours")).fill("09:30-16:00")
    elin.press("Keep")

    expect(page.locator(".said")).to_have_text(elin.say("Your calendar is kept."))
    elin.press("My calendar")
    expect(page.get_by_label(elin.say("Working hours"))).to_have_value("09:30-16:00")
    look_in_both(elin)


def test_what_is_refused(visit: Visit) -> None:
    """Each page that says no is a page like the others, in light and dark: with its reason and a way on."""
    sara, elin = visit("sara-ahmadi"), visit("elin-sjoberg")
    page = come_in(sara)
    site = f"{urlsplit(sara.address).scheme}://{urlsplit(sara.address).netloc}"
    page.goto(f"{site}/insights/team/999")
    look_in_both(sara)
    page.goto(link_of(elin))
    sara.press("Come in")
    expect(page.locator("main")).to_contain_text(
        sara.say("This link was made for somebody else than who is signed in here. It has not been used.")
    )
    look_in_both(sara)
    sara.press("Sign out")
    look_in_both(sara)
    page.goto(f"{site}/me")
    look_in_both(sara)

    refused = ("401", "403", "404")
    sara.problems[:] = [said for said in sara.problems if not any(status in said for status in refused)]


def test_all_of_it_by_keyboard_alone(visit: Visit) -> None:
    """In, past the top, a table unfolded, to one's own page, and out again."""
    sara = visit("sara-ahmadi")
    page, keys = sara.page, sara.page.keyboard
    sara.go("/samlas")
    sara.write("/insights")
    link = sara.messages.get_by_role("link", name=sara.say("Open insights"))
    expect(link).to_be_visible()
    page.goto(str(link.last.get_attribute("href")))
    tab_to(sara, "button.primary")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(sara.say("Insights"))

    keys.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(sara, "summary")
    keys.press("Enter")
    expect(page.locator("details[open] table")).to_be_visible()
    tab_to(sara, "nav a[href='/me']", backwards=True)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(sara.say("My page"))
    tab_to(sara, "header form button")
    keys.press("Enter")

    expect(page.locator("main")).to_contain_text("/insights")
    sara.check()
    page.goto(f"{urlsplit(sara.address).scheme}://{urlsplit(sara.address).netloc}/me")
    expect(page.locator("main")).to_contain_text(
        sara.say(
            "You are not signed in here, or it was too long ago. Ask Samlas in the chat for a new link: {/insights}"
        )
    )
    sara.check()
    sara.problems[:] = [said for said in sara.problems if "401" not in said]


def test_it_can_be_printed(visit: Visit) -> None:
    """On paper: light, every table unfolded, nothing to press."""
    sara = visit("sara-ahmadi", dark=True)
    page = come_in(sara)

    page.emulate_media(media="print", color_scheme="light")
    pictures_are_there(page)

    expect(page.locator(".as-table table").first).to_be_visible()
    expect(page.get_by_role("button", name=sara.say("Sign out"))).not_to_be_visible()
    assert "look=dark" not in page.locator("picture img").first.evaluate("one => one.currentSrc")
    assert "narrow" not in page.locator("picture img").first.evaluate("one => one.currentSrc")
    keep(page, "print")


def test_a_used_link_says_so(visit: Visit) -> None:
    """A second look at a link that was used is a page that says how to get another."""
    sara = visit("sara-ahmadi")
    sara.go("/samlas")
    sara.write("/insights")
    link = sara.messages.get_by_role("link", name=sara.say("Open insights"))
    expect(link).to_be_visible()
    address = str(link.last.get_attribute("href"))
    sara.page.goto(address)
    sara.press("Come in")
    expect(sara.page.get_by_role("heading", level=1)).to_contain_text(sara.say("Insights"))

    sara.page.goto(address)

    expect(sara.page.locator("main")).to_contain_text("/insights")
    sara.check()
    sara.problems[:] = [said for said in sara.problems if "410" not in said]
