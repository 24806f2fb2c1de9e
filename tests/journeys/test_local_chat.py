"""The whole way through Samlas in the local chat, in a real browser, as people who have a tab each."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor, visitor

pytestmark = pytest.mark.browser

TITLE = "Lagret flyttar till Kungsgatan i juni"
TEXT = "Från den **1 juni** finns lagret på Kungsgatan 4.\n\n- Port 1 tar emot gods\n- Port 2 lämnar ut"
DECISION = "Lagret flyttar till Kungsgatan 4 den 1 juni."
DECIDER = "Peter och Amina, på produktionsmötet i måndags"


def write_a_decision(anna: Visitor) -> None:
    """Write an announcement of a decision, up to its preview."""
    anna.write("/announce")
    anna.step("New announcement")
    anna.dialog.get_by_label(anna.say("Title"), exact=True).fill(TITLE)
    anna.dialog.get_by_label(anna.say("Text"), exact=True).fill(TEXT)
    anna.dialog.get_by_text(anna.say("A decision"), exact=True).click()
    anna.dialog.get_by_label(anna.say("Ask readers to confirm that they have read it")).check()
    anna.press("Next", anna.dialog)
    anna.step("About the decision")
    anna.dialog.get_by_label(anna.say("The decision in one sentence")).fill(DECISION)
    anna.dialog.get_by_label(anna.say("Who decided, where and when")).fill(DECIDER)
    anna.picture("checklist")
    anna.press("Preview", anna.dialog)
    anna.step("Preview")


def check_preview(anna: Visitor) -> None:
    """See how it will look, whom it reaches, how it stands and why."""
    preview = anna.dialog
    expect(preview.locator(".written strong")).to_have_text("1 juni")
    expect(preview).to_contain_text(anna.say("How it stands: {outcome}", outcome=anna.say("Not yet anchored")))
    expect(preview).to_contain_text(anna.say("It does not say whether it is anchored with the management group."))
    expect(preview).to_contain_text("39 personer; 5 av dem får ett direktmeddelande")
    preview.locator(".part-divider").evaluate("line => line.scrollIntoView()")
    anna.picture("preview")


def anchor(johan: Visitor) -> None:
    """Be told by the bell, read the card, and answer *Anchored*."""
    expect(johan.page.locator("#bell .count")).to_have_text("1")
    expect(johan.page).to_have_title(re.compile(r"^\(1\) "))
    johan.open("Samlas")
    expect(johan.newest).to_contain_text(TITLE)
    johan.picture("anchoring")
    johan.press("Anchored", johan.newest)
    expect(johan.newest).to_contain_text(johan.say("You answered: Anchored."))


def ask_a_question(elin: Visitor) -> None:
    """Ask under the post, and see that it has a reply."""
    post = elin.messages.filter(has_text=TITLE)
    elin.press("Ask a question", post)
    elin.step("Ask a question")
    elin.dialog.get_by_label(elin.say("Your question")).fill("Gäller det verktygen också?")
    elin.press("Ask", elin.dialog)
    expect(post.locator(".replies b")).to_have_text("1 svar")


def answer_the_question(anna: Visitor) -> None:
    """Be told of the question, follow the link to it, and answer in the thread."""
    told = anna.say("{name} has a question about “{title}”.", name="Elin Sjöberg", title=TITLE)
    expect(anna.newest).to_contain_text(told)
    anna.newest.get_by_role("link", name=anna.say("Answer in the thread")).click()
    thread = anna.page.locator(".thread")
    expect(thread.locator("article").last).to_contain_text("Gäller det verktygen också?")
    thread.locator("textarea").fill("Ja, alla verktyg flyttar med.")
    thread.locator("textarea").press("Enter")
    expect(thread.locator("article").last).to_contain_text("alla verktyg flyttar")


def test_a_decision_is_anchored_published_and_read(visit: Visit) -> None:
    """Anna writes, the management group answers, colleagues read and ask; nobody loads a page again."""
    anna, johan, elin = visit("anna-nystrom"), visit("johan-bergstrom"), visit("elin-sjoberg")

    write_a_decision(anna)
    check_preview(anna)

    # A draft waits: closed, and taken up again where it was.
    anna.press("Save draft", anna.dialog)
    expect(anna.page.locator("dialog[open]")).to_have_count(0)
    anna.open("Samlas")
    anna.press("Continue", anna.newest)
    anna.step("New announcement")
    anna.press("Next", anna.dialog)
    anna.step("About the decision")
    anna.press("Preview", anna.dialog)
    anna.step("Preview")
    anna.press("Ask the management group first", anna.dialog)
    expect(anna.newest).to_contain_text("5 personer i ledningsgruppen är tillfrågade")

    anchor(johan)
    anna.press("Publish now", anna.newest)

    # The post comes with its anchoring line into Elin's open tab.
    expect(elin.newest.locator(".part-heading")).to_have_text(TITLE)
    expect(elin.newest).to_contain_text(elin.say("Anchored by the management group"))
    elin.picture("channel")
    elin.press("I have read this", elin.newest)
    expect(elin.newest).to_contain_text(elin.say("Noted: you have read this. Thank you."))
    ask_a_question(elin)
    answer_the_question(anna)
    expect(elin.messages.filter(has_text=TITLE).locator(".replies b")).to_have_text("2 svar")

    # Whoever is not in the channel has a copy of their own.
    nils = visit("nils-ekman")
    nils.open("Samlas")
    nils.press("I have read this", nils.newest)
    expect(nils.newest).to_contain_text(nils.say("You have read this. Thank you."))

    # The picture follows at most once a minute: a day later it knows of both, and sums to the whole.
    anna.press("+1 day")
    expect(anna.page.locator(".clock-now")).to_contain_text("2 mars", timeout=90_000)
    anna.open("Samlas")
    picture = anna.messages.filter(has_text=anna.say("How “{title}” is reaching people", title=TITLE))
    expect(picture.locator("figcaption")).to_have_text("Mottagare: 39 personer")
    expect(picture.locator("li b").first).to_have_text("2", timeout=90_000)
    assert sum(int(count) for count in picture.locator("li b").all_inner_texts()) == 39
    anna.picture("reach")


def test_a_quiet_colleague_gets_a_tip_and_answers_it(visit: Visit) -> None:
    """Sara sees whom it is about and says go; time passes; Nils gets a tip, and its buttons do what they say."""
    sara, nils = visit("sara-ahmadi"), visit("nils-ekman")
    nils.open("lunch")
    sara.open("Samlas")

    sara.write("/nudges")
    overview = sara.newest
    expect(overview.locator("dt")).to_have_text(
        ["Björn Sten", "Fatima Haddad", "Nils Ekman", "Oskar Lund", "Petra Jonsson"]
    )
    expect(overview.locator(".part-shares li")).to_have_count(3)
    sara.picture("nudges")
    sara.press("Go: start the rounds", overview)
    expect(overview.get_by_role("button", name=sara.say("Stop everything"))).to_be_visible()

    sara.press("+1 week")
    expect(sara.page.locator(".clock-working")).to_be_visible()
    expect(sara.page.locator(".clock-now")).to_contain_text("8 mars", timeout=90_000)

    expect(nils.page.locator("#bell .count")).to_have_text("1")
    nils.page.locator("#bell button").click()
    nils.page.locator("#bell-list a").click()
    nils.page.wait_for_load_state()
    expect(nils.messages).to_have_count(1)
    expect(nils.newest).to_contain_text(nils.say("Hello {name}.", name="Nils"))
    expect(nils.newest.locator(".message-head time")).to_have_text("10:00")
    nils.picture("tip")

    nils.press("Thanks, that helped", nils.newest)
    expect(nils.newest).to_contain_text(nils.say("Glad to hear that. Thank you for telling us."))
    nils.press("Not now", nils.newest)
    expect(nils.newest).to_contain_text("7 april 2027")
    nils.press("Do not send me these", nils.newest)
    expect(nils.newest.get_by_role("button")).to_have_text(
        [nils.say("I am reading along"), nils.say("Send me these again")]
    )

    # Whoever has been asked and does not want to is not on the list any more.
    sara.write("/nudges")
    expect(sara.messages).to_have_count(2)
    expect(sara.newest).not_to_contain_text("Nils Ekman")


def test_the_first_page_leads_to_somebody_in_two_presses(address: str, browser: Browser) -> None:
    """The address that the program prints asks whom one wants to be, in the browser's language."""
    tab = visitor(browser, address, "priya-raman")
    tab.page.goto(address)

    expect(tab.page.locator("h1")).to_have_text("Who do you want to be?")
    assert tab.page.locator(".person").count() == 40
    tab.check()
    tab.picture("chooser")
    tab.page.get_by_role("link", name=re.compile("Priya Raman")).click()

    expect(tab.page.locator("#text-here")).to_be_focused()
    expect(tab.page.locator(".conversation-head h1")).to_have_text("allmänt")
    assert tab.problems == []
    tab.page.context.close()


def test_what_is_half_written_survives_going_elsewhere(visit: Visit) -> None:
    """A message that was not sent is still there on coming back, and gone once it has been sent."""
    anna = visit("anna-nystrom")
    anna.page.locator("#text-here").fill("Jag ville säga att")

    anna.open("lunch")
    expect(anna.page.locator("#text-here")).to_have_value("")
    anna.open("allmänt")

    expect(anna.page.locator("#text-here")).to_have_value("Jag ville säga att")
    anna.page.locator("#text-here").press("Enter")
    expect(anna.newest).to_contain_text("Jag ville säga att")
    expect(anna.page.locator("#text-here")).to_have_value("")


def test_nothing_typed_is_lost_when_the_program_is_away(visit: Visit) -> None:
    """A message that does not get through stays in its field, with a word about it, and goes once when it can."""
    anna = visit("anna-nystrom")
    anna.page.context.set_offline(True)

    anna.write("Hör någon mig?")
    expect(anna.page.locator("#toast")).to_be_visible()
    expect(anna.page.locator("#text-here")).to_have_value("Hör någon mig?")
    anna.page.context.set_offline(False)
    anna.page.locator("#text-here").press("Enter")

    expect(anna.messages.filter(has_text="Hör någon mig?")).to_have_count(1)
    # The browser and htmx each say so too, whenever something does not get through.
    anna.problems[:] = [said for said in anna.problems if "ERR_INTERNET" not in said and not said.startswith("htmx:")]


def test_hostile_words_are_words_to_everybody(visit: Visit) -> None:
    """What somebody writes runs nothing and loads nothing in the others' tabs, wherever it is shown."""
    hostile = "<img src=x onerror=alert(1)><script>alert(2)</script> [x](javascript:alert(3)) **fet**"
    anna, gustav = visit("anna-nystrom"), visit("gustav-holm")
    dialogs: list[str] = []
    gustav.page.on("dialog", lambda dialog: dialogs.append(dialog.message))

    anna.write(hostile)

    expect(gustav.newest.locator("strong")).to_have_text("fet")
    expect(gustav.newest).to_contain_text("<script>alert(2)</script>")
    assert gustav.newest.locator("img, script, a[href^=javascript]").count() == 0
    gustav.open("lunch")
    anna.write(hostile)
    expect(gustav.page.locator("#bell .count")).to_have_text("1")
    assert dialogs == []
