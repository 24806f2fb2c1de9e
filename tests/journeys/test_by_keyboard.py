"""The local chat without a mouse, in a hand, enlarged, in the dark, and as a screen reader meets it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def tab_to(tab: Visitor, selector: str, *, most: int = 80, backwards: bool = False) -> None:
    """Go on with the Tab key until the focus is on what is meant."""
    for _ in range(most):
        if tab.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        tab.page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"the Tab key does not lead to {selector}")


def test_news_is_told_and_read_by_keyboard_alone(visit: Visit) -> None:
    """Choosing a command, filling the form, publishing, going to the post, confirming, taking it back, dismissing."""
    anna = visit("anna-nystrom")
    keys = anna.page.keyboard
    expect(anna.page.locator("#text-here")).to_be_focused()

    # The completion says what there is, and takes one by Enter; Escape lets it go.
    keys.type("/n")
    expect(anna.page.get_by_role("option")).to_have_count(2)
    expect(anna.page.locator("#spoken")).to_have_text(
        anna.say("Commands: choose with the arrow keys, Enter to take one.")
    )
    keys.press("Escape")
    expect(anna.page.get_by_role("option")).to_have_count(0)
    keys.press("Control+A")
    keys.type("/a")
    keys.press("Enter")
    expect(anna.page.locator("#text-here")).to_have_value("/announce ")
    keys.press("Enter")

    # The focus is in the form, stays in it, and goes to what is missing.
    anna.step("New announcement")
    expect(anna.page.locator("#field-title")).to_be_focused()
    keys.type("Nytt kaffe")
    tab_to(anna, "#dialog button.primary")
    keys.press("Enter")
    text = anna.page.locator("#field-text")
    expect(text).to_be_focused()
    expect(text).to_have_attribute("aria-invalid", "true")
    expect(text).to_have_accessible_description(
        f"{anna.say('Markdown works: **bold**, lists, links.')} {anna.say('Please write something here.')}"
    )
    keys.type("Det är bryggt.")
    tab_to(anna, "#dialog button.primary")
    keys.press("Enter")
    anna.step("Preview")
    expect(anna.page.locator("#dialog-title")).to_be_focused()
    tab_to(anna, "#dialog .part-buttons button.primary")
    keys.press("Enter")

    # The dialog closes, and the focus is back where it was.
    expect(anna.page.locator("dialog[open]")).to_have_count(0)
    expect(anna.page.locator("#text-here")).to_be_focused()

    # A reader gets to the post by keyboard, confirms, takes it back and dismisses the whisper.
    elin = visit("elin-sjoberg")
    keys = elin.page.keyboard
    expect(elin.newest).to_contain_text("Nytt kaffe")
    tab_to(elin, "#log .button.primary", backwards=True)
    keys.press("Enter")
    expect(elin.newest).to_contain_text(elin.say("Noted: you have read this. Thank you."))
    expect(elin.page.locator("#log .button.primary")).to_be_focused()
    tab_to(elin, "#log article:last-child .part-buttons .button")
    keys.press("Enter")
    expect(elin.newest).to_contain_text(elin.say("Taken back."))
    tab_to(elin, "#log article:last-child .whisper-line .link", backwards=True)
    keys.press("Enter")
    expect(elin.messages.filter(has_text=elin.say("Taken back."))).to_have_count(0)
    expect(elin.page.locator("body")).not_to_be_focused()


def test_a_button_that_goes_leaves_the_focus_with_its_message(visit: Visit) -> None:
    """After an answer, a second press of the same key presses nothing else."""
    nils, anna = visit("nils-ekman"), visit("anna-nystrom")
    anna.write("/announce Kaffe")
    anna.step("New announcement")
    anna.dialog.get_by_label(anna.say("Text"), exact=True).fill("Det är bryggt.")
    anna.press("Next", anna.dialog)
    anna.step("Preview")
    anna.press("Publish", anna.dialog)
    nils.open("Samlas")
    expect(nils.messages).to_have_count(1)

    tab_to(nils, "#log .button.primary", backwards=True)
    nils.page.keyboard.press("Enter")

    expect(nils.newest).to_contain_text(nils.say("You have read this. Thank you."))
    expect(nils.newest).to_be_focused()


def test_reactions_threads_and_the_bell_work_by_keyboard(visit: Visit) -> None:
    """The picker opens on its first emoji, arrows walk in it, Escape closes it; a thread is left by Escape."""
    anna = visit("anna-nystrom")
    keys = anna.page.keyboard

    tab_to(anna, "[data-react]", backwards=True)
    keys.press("Enter")
    expect(anna.page.locator("#picker button").first).to_be_focused()
    keys.press("ArrowRight")
    keys.press("Enter")
    expect(anna.newest.locator('.reaction[aria-pressed="true"]')).to_have_count(1)

    tab_to(anna, "a.replies", backwards=True)
    keys.press("Enter")
    expect(anna.page.locator(".thread textarea")).to_be_focused()
    keys.press("Escape")
    expect(anna.page.locator(".thread")).to_have_count(0)

    tab_to(anna, "#bell button", backwards=True)
    keys.press("Enter")
    expect(anna.page.locator("#bell-list")).to_be_visible()
    keys.press("Escape")
    expect(anna.page.locator("#bell-list")).not_to_be_visible()


def test_the_skip_link_leads_past_the_list(visit: Visit) -> None:
    """The first stop of the Tab key leads to the text field."""
    anna = visit("anna-nystrom")
    anna.page.locator("#text-here").blur()

    tab_to(anna, ".skip")
    anna.page.keyboard.press("Enter")

    expect(anna.page.locator("#text-here")).to_be_focused()


def test_an_announcement_is_made_and_read_in_a_hand(visit: Visit) -> None:
    """At a phone's width: the list opens over the page, forms fill it, nothing sticks out, nothing is too small."""
    amina = visit("amina-warsame", phone=True)

    amina.page.locator("#menu").tap()
    expect(amina.page.locator("#sidebar")).to_be_visible()
    amina.page.locator(".entry", has_text="lager").tap()
    expect(amina.page.locator("#sidebar")).not_to_be_visible()
    amina.page.locator("#text-here").fill("/announce")
    amina.page.locator(".send").tap()
    amina.step("New announcement")
    amina.dialog.get_by_label(amina.say("Title"), exact=True).fill("Nya truckar")
    amina.dialog.get_by_label(amina.say("Text"), exact=True).fill("De kommer på **torsdag**.")
    amina.dialog.get_by_label(amina.say("Who is it for?")).select_option(label="Hemteamet Lager och logistik")
    amina.press("Next", amina.dialog)
    amina.step("Preview")
    amina.press("Publish", amina.dialog)

    expect(amina.messages.filter(has_text="Nya truckar").get_by_role("button").first).to_be_visible()
    amina.picture("phone")
    assert amina.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    sizes = amina.page.locator(".send, #menu, #bell button, #log .button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => Math.min(box.width, box.height))"
    )
    # WCAG 2.2, target size: 24 CSS pixels at least.
    assert min(sizes) >= 24


def test_long_names_and_words_stay_within_the_page(visit: Visit) -> None:
    """A word without an end breaks, on a desk, in a hand and at twice the size."""
    anna = visit("anna-nystrom")
    anna.write("Donaudampfschifffahrt" * 40)
    expect(anna.newest).to_contain_text("Donaudampf")

    for width, height in ((1280, 800), (640, 400), (320, 568)):
        anna.page.set_viewport_size({"width": width, "height": height})
        for part in ("html", "#log", ".scroller", ".composer"):
            fits = anna.page.locator(part).evaluate("one => one.scrollWidth <= one.clientWidth")
            assert fits, (width, part)
        expect(anna.page.locator("#text-here")).to_be_in_viewport()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_serious_is_in_the_way_of_anybody(visit: Visit, *, dark: bool) -> None:
    """Axe looks at each page, in both colour schemes, with dialogs, lists and whispers open."""
    anna = visit("anna-nystrom", dark=dark)
    anna.check()
    anna.write("/samlas")
    expect(anna.page.locator(".whisper")).to_have_count(1)
    anna.check()
    anna.page.locator("#text-here").fill("/")
    expect(anna.page.get_by_role("listbox")).to_be_visible()
    anna.check()
    anna.page.locator("#text-here").fill("")
    anna.write("/announce")
    anna.step("New announcement")
    anna.press("Next", anna.dialog)
    expect(anna.dialog.locator(".problem")).to_have_count(2)
    anna.check()
    anna.dialog.get_by_label(anna.say("Title"), exact=True).fill("Kaffe")
    anna.dialog.get_by_label(anna.say("Text"), exact=True).fill("Det är bryggt.")
    anna.dialog.get_by_text(anna.say("A decision"), exact=True).click()
    anna.press("Next", anna.dialog)
    anna.step("About the decision")
    anna.check()
    anna.press("Preview", anna.dialog)
    anna.step("Preview")
    anna.check()
    anna.press("Close", anna.dialog)
    anna.page.locator(".me").click()
    expect(anna.page.locator("#people-dialog .person").first).to_be_visible()
    anna.check()
    for path in ("/samlas/home", "/c/lager", "/c/allmant?thread=1"):
        anna.go(path)
        anna.check()

    sara = visit("sara-ahmadi", dark=dark)
    sara.open("Samlas")
    sara.write("/nudges")
    expect(sara.newest.locator("dt").first).to_be_visible()
    sara.check()
    if dark:
        sara.picture("dark")
    insights_on_the_first_day(sara)


def insights_on_the_first_day(sara: Visitor) -> None:
    """Look at the pages of an organisation that has announced and decided nothing yet: each chart says so in words."""
    sara.write("/insights")
    link = sara.messages.get_by_role("link", name=sara.say("Open insights"))
    expect(link).to_be_visible()
    sara.page.goto(str(link.last.get_attribute("href")))
    sara.check()
    sara.press("Come in")
    expect(sara.page.locator("main")).to_contain_text(sara.say("No decision has been published yet."))
    expect(sara.page.locator("main")).to_contain_text(sara.say("No announcement has been out for a whole week yet."))
    sara.check()


def test_an_address_that_leads_nowhere_has_a_way_back(visit: Visit) -> None:
    """A wrong address is a page like the others, and says so kindly."""
    anna = visit("anna-nystrom")

    anna.go("/c/nowhere")
    anna.check()
    anna.page.get_by_role("link").click()

    expect(anna.page.locator(".person").first).to_be_visible()
    anna.problems[:] = [problem for problem in anna.problems if "404" not in problem]
