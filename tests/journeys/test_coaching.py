"""Two people find each other through Samlas in the local chat: one asks, one is there, and a time ends in calendars."""

import re

from icalendar import Calendar
from playwright.sync_api import expect

from tests.journeys.conftest import Visit

AGREED = "Du och {name} pratar"


def test_from_asking_to_the_calendar(visit: Visit) -> None:
    """Nils asks, Gustav is told, both have a place to talk; Nils presses a time, Gustav confirms it, and loads it."""
    gustav = visit("gustav-holm")
    gustav.go("/samlas")
    gustav.write("/coach")
    gustav.step("Being a coach")
    gustav.dialog.get_by_label(gustav.say("What do you gladly talk about?")).fill("Hur vi delar nyheter, och kaffe")
    gustav.picture("coach-offers")
    gustav.check()
    gustav.press("Keep", gustav.dialog)
    expect(gustav.newest).to_contain_text(
        gustav.say("Thank you for being there. When somebody would like to talk, I write to you here.")
    )

    nils = visit("nils-ekman")
    nils.go("/samlas")
    nils.write("/coach me")
    nils.step("Talk with a coach")
    nils.dialog.get_by_label(nils.say("What would you like to talk about?")).fill("Var man börjar som ny i gänget")
    nils.picture("coach-asks")
    nils.check()
    nils.press("Find me somebody", nils.dialog)
    card = nils.messages.filter(has_text=nils.say("{name} will gladly talk with you.", name="Gustav Holm"))
    expect(card).to_be_visible()
    expect(card.get_by_role("link")).to_be_visible(timeout=90_000)
    nils.picture("coach-card")

    card.get_by_role("link").click()
    expect(nils.messages.first).to_contain_text("Hej Nils och Gustav.")
    nils.picture("coach-together")
    nils.check()

    nils.go("/samlas")
    card.get_by_role("button", name=re.compile(r"kl\. \d\d:\d\d")).first.click()
    expect(card).to_contain_text("får under sin arbetstid frågan om det passar")
    asked = gustav.messages.filter(has_text="Passar det dig?")
    expect(asked).to_be_visible()
    gustav.picture("coach-asked")
    gustav.press("That suits me", asked)
    told = gustav.messages.filter(has_text=AGREED.format(name="Nils Ekman"))
    expect(told).to_be_visible()
    gustav.picture("coach-agreed")
    gustav.check()
    with gustav.page.expect_download() as loading:
        told.get_by_role("link", name=gustav.say("Put it in my calendar")).click()
    assert loading.value.suggested_filename == "samlas.ics"
    [event] = Calendar.from_ical(loading.value.path().read_bytes()).walk("VEVENT")
    assert event["SUMMARY"] == "Samtal med Nils Ekman"
