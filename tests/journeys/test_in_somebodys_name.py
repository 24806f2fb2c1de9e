"""News with a picture, written by one person in another's name, in the local chat and in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.images import from_a_phone, picture
from tests.journeys.conftest import Visit
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

TITLE = "Den nya matsalen öppnar på måndag"
TEXT = "Välkomna till **plan 2**. Kaffe finns från klockan sju."
ALT = "Matsalen med bord längs fönstren"


def choose(anna: Visitor, name: str, content: bytes) -> None:
    """Choose a file for the picture."""
    field = anna.dialog.get_by_label(anna.say("A picture"), exact=True)
    field.set_input_files(FilePayload(name=name, mimeType="image/jpeg", buffer=content))


def is_drawn(tab: Visitor) -> None:
    """See that the picture is not only said to be there: the browser has drawn it."""
    shown = tab.newest.get_by_role("img", name=ALT)
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    tab.page.wait_for_function("name => document.querySelector(`#log img[alt='${name}']`).naturalWidth > 0", arg=ALT)


def test_news_with_a_picture_goes_out_in_somebodys_name(visit: Visit) -> None:
    """Anna writes for Johan; a wrong file is told; he approves it on his card; Elin sees both names and the picture."""
    anna, johan, elin = visit("anna-nystrom"), visit("johan-bergstrom"), visit("elin-sjoberg")
    anna.write("/announce")
    anna.step("New announcement")
    anna.dialog.get_by_label(anna.say("Title"), exact=True).fill(TITLE)
    anna.dialog.get_by_label(anna.say("Text"), exact=True).fill(TEXT)
    anna.dialog.get_by_label(anna.say("On whose behalf?")).select_option(label="Johan Bergström")
    anna.dialog.get_by_label(anna.say("What does the picture show?")).fill(ALT)

    choose(anna, "meny.jpg", b"%PDF-1.7 not what it is called")
    anna.press("Next", anna.dialog)
    problem = anna.say("This is not a picture that can be shown. Please choose a PNG, JPEG, GIF or WebP.")
    expect(anna.dialog).to_contain_text(problem)
    anna.picture("picture-refused")
    choose(anna, "matsal.jpg", picture(size=(1200, 700)))
    anna.dialog.get_by_label(anna.say("On whose behalf?")).scroll_into_view_if_needed()
    anna.picture("behalf-form")
    anna.press("Next", anna.dialog)
    anna.step("Preview")
    expect(anna.dialog.get_by_role("img", name=ALT)).to_be_visible()
    expect(anna.dialog).to_contain_text("Johan Bergström, genom Anna Nyström")
    anna.check()
    anna.picture("behalf-preview")
    anna.dialog.get_by_label(anna.say("Let it go out by itself when they have approved it")).check()
    anna.dialog.get_by_role("button", name=anna.say("Ask {name} to approve it", name="Johan Bergström")).click()

    expect(johan.page.locator("#bell .count")).to_have_text("1")
    johan.open("Samlas")
    is_drawn(johan)
    johan.check()
    johan.picture("behalf-card")
    johan.press("Approve", johan.newest)
    expect(johan.newest).to_contain_text(johan.say("You have approved it."))

    expect(elin.newest.locator(".part-heading")).to_have_text(TITLE)
    expect(elin.newest).to_contain_text("Johan Bergström, genom Anna Nyström")
    is_drawn(elin)
    elin.check()
    elin.picture("behalf-post")


def test_a_photograph_loses_where_it_was_taken(visit: Visit, tmp_path: Path) -> None:
    """Of a file from a telephone, only what it shows gets into the database."""
    anna = visit("anna-nystrom")
    anna.write("/announce")
    anna.step("New announcement")
    anna.dialog.get_by_label(anna.say("Title"), exact=True).fill(TITLE)
    anna.dialog.get_by_label(anna.say("Text"), exact=True).fill(TEXT)
    anna.dialog.get_by_label(anna.say("What does the picture show?")).fill(ALT)
    choose(anna, "matsal.jpg", from_a_phone())

    anna.press("Next", anna.dialog)
    anna.step("Preview")

    shown = anna.dialog.get_by_role("img", name=ALT)
    expect(shown).to_have_attribute("width", "400")
    stored = [tmp_path / "lindvalla.db", tmp_path / "lindvalla.db-wal"]
    assert [path.name for path in stored if path.exists() and b"N 59 19 46" in path.read_bytes()] == []
