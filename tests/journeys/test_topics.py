"""Topics in the local chat, in a real browser: edited, chosen for an announcement, followed, and found by."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser


def add_a_topic(sara: Visitor) -> None:
    """Add a topic, as who leads communications, from Home."""
    sara.go("/samlas/home")
    sara.press("Topics")
    sara.step("Topics")
    sara.check()
    sara.dialog.get_by_label(sara.say("Name in Swedish")).fill("Hållbarhet")
    sara.dialog.get_by_label(sara.say("Name in English")).fill("Sustainability")
    sara.press("Add the topic", sara.dialog)
    expect(sara.dialog).to_contain_text("Hållbarhet / Sustainability")
    sara.press("Close", sara.dialog)


def announce_on_topics(anna: Visitor) -> None:
    """Publish something on two topics."""
    anna.write("/announce")
    anna.step("New announcement")
    anna.dialog.get_by_label(anna.say("Title"), exact=True).fill("Kurs i hållbara material")
    anna.dialog.get_by_label(anna.say("Text"), exact=True).fill("Tre förmiddagar i maj, för alla som vill.")
    for name in ("Hållbarhet", "Utbildning"):
        anna.dialog.get_by_label(name, exact=True).check()
    anna.dialog.get_by_label("Hållbarhet", exact=True).scroll_into_view_if_needed()
    anna.check()
    anna.picture("announce-topics")
    anna.press("Next", anna.dialog)
    anna.step("Preview")
    expect(anna.dialog).to_contain_text("Ämnen: Hållbarhet, Utbildning")
    anna.press("Publish", anna.dialog)
    expect(anna.dialog).not_to_be_visible()


def follow_a_topic(elin: Visitor) -> None:
    """Choose what to follow, on Home."""
    elin.go("/samlas/home")
    elin.press("Choose topics")
    elin.step("Topics you follow")
    elin.dialog.get_by_label("Hållbarhet", exact=True).check()
    elin.dialog.get_by_label("Socialt", exact=True).check()
    elin.check()
    elin.press("Save", elin.dialog)
    expect(elin.page.locator(".home")).to_contain_text("Du följer Hållbarhet och Socialt.")


def test_topics(visit: Visit) -> None:
    """A lead adds one, an author chooses it, a reader follows it and finds by it what was announced."""
    sara, anna, elin = visit("sara-ahmadi"), visit("anna-nystrom"), visit("elin-sjoberg")

    add_a_topic(sara)
    announce_on_topics(anna)
    follow_a_topic(elin)
    elin.open("Samlas")
    elin.write("/news hållbarhet")

    expect(elin.newest).to_contain_text("Kurs i hållbara material")
    expect(elin.newest).to_contain_text("Ämnen: Hållbarhet, Utbildning")
    elin.picture("news-topics")
