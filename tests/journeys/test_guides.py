"""The way of docs/guide.md, step by step: what it tells people to press is there when they come to it."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

TITLE = "One supplier for fabrics"
TEXT = "From **1 June** all fabrics come from Borås.\n\n- Samples are in the studio\n- Old orders stay as they are"


def name_the_group(sara: Visitor) -> None:
    """Take somebody into the management group, as the communications lead's part says."""
    sara.open("Samlas")
    sara.page.get_by_role("link", name=sara.say("Home"), exact=True).click()
    sara.press("Management group")
    sara.step("Management group")
    sara.dialog.get_by_label(sara.say("Name somebody")).select_option(label="David Chen")
    sara.press("Name them", sara.dialog)
    expect(sara.dialog.get_by_text("David Chen").first).to_be_visible()
    sara.press("Close", sara.dialog)


def write_a_decision(priya: Visitor) -> None:
    """Write it, leave most of the checklist open, and ask the management group first."""
    priya.write("/announce")
    priya.step("New announcement")
    priya.dialog.get_by_label("Title", exact=True).fill(TITLE)
    priya.dialog.get_by_label("Text", exact=True).fill(TEXT)
    priya.dialog.get_by_text("A decision", exact=True).click()
    priya.dialog.get_by_label("Ask readers to confirm that they have read it").check()
    priya.press("Next", priya.dialog)
    priya.step("About the decision")
    priya.dialog.get_by_label("The decision in one sentence").fill("All fabrics come from Borås from 1 June.")
    priya.dialog.get_by_label("Who decided, where and when").fill("Yusuf and Priya, on Monday in the studio")
    priya.press("Preview", priya.dialog)
    priya.step("Preview")
    for way in ("Ask the management group first", "Publish anyway", "Publish as a proposal", "Save draft"):
        expect(priya.dialog.get_by_role("button", name=way, exact=True)).to_be_visible()
    priya.dialog.locator(".part-divider").evaluate("line => line.scrollIntoView()")
    priya.picture("preview-en")
    priya.press("Ask the management group first", priya.dialog)


def test_the_guides_way(visit: Visit) -> None:
    """The lead names the group, an author asks it first, it answers, colleagues read and ask, the card says so."""
    sara, priya, david = visit("sara-ahmadi"), visit("priya-raman"), visit("david-chen")
    name_the_group(sara)

    write_a_decision(priya)
    david.open("Samlas")
    for answer in ("Anchored", "I have a concern", "Needs a meeting"):
        expect(david.newest.get_by_role("button", name=answer, exact=True)).to_be_visible()
    david.picture("anchoring-en")
    david.press("Anchored", david.newest)
    expect(david.newest).to_contain_text("You answered: Anchored.")

    priya.open("Samlas")
    priya.press("Publish now", priya.newest)
    david.open("allmänt")
    expect(david.newest.locator(".part-heading")).to_have_text(TITLE)
    # A post is the same for everybody, in the organisation's language, which here is Sara's.
    for button in ("I have read this", "Ask a question", "Not relevant to me"):
        expect(david.newest.get_by_role("button", name=sara.say(button), exact=True)).to_be_visible()
    david.newest.get_by_role("button", name=sara.say("I have read this"), exact=True).click()
    expect(david.newest).to_contain_text("Noted: you have read this. Thank you.")

    priya.press("+1 day")
    expect(priya.page.locator(".clock-now")).to_contain_text("2 March", timeout=90_000)
    priya.open("Samlas")
    card = priya.messages.filter(has_text=f"How “{TITLE}” is reaching people")
    for button in ("Remind now", "Names", "Counts as CSV", "Edit", "Withdraw", "Duplicate"):
        expect(card.get_by_role("button", name=button, exact=True)).to_be_visible()
    priya.picture("reach-en")
    priya.write("/decisions Borås")
    expect(priya.newest).to_contain_text(TITLE)
