"""What the bot says and asks, as Adaptive Cards: taken by Microsoft's own renderer, and never too large for Teams."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.teams.cards import CUT, card_of, units
from adapters.teams.form_cards import Showing, Shown, form_card
from adapters.teams.form_json import pack, unpack
from adapters.teams.limits import LARGEST_CARD_UNITS
from adapters.teams.markdown import written
from bot.messages import Button, Buttons, Message, Target, Words, Written
from bot.texts import Voice
from tests.soak import times
from tests.teams.renderer import renderer
from tests.teams.samples import HOSTILE, LONG, all_texts, form_of, message_of

EN, SV = Voice("en"), Voice("sv")


def cards_of(text: str, say: Voice) -> list[dict[str, Any]]:
    """Return everything there is to draw, with this text in it."""
    forms = [form_card(form_of(text), Showing(shown, say), {"line": text, "": text}) for shown in Shown]
    return [card_of(message_of(text), say), *forms]


@pytest.mark.browser
@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_every_text_of_the_program_can_be_shown() -> None:
    """In both languages, in each place of a message and a form, without a warning."""
    texts = list(all_texts())[:: times(12, 1)]
    assert len(texts) > 100

    async with renderer() as shown:
        complaints: set[str] = set()
        for first in range(0, len(texts), 25):
            # Of a card's own words each language has few; every text meets one of the two.
            some = [(text, (EN, SV)[number % 2]) for number, text in enumerate(texts[first : first + 25])]
            cards = [card for text, say in some for card in cards_of(text, say)]
            complaints.update(said for found in await shown.warnings(cards) for said in found)
            await shown.clear()

    assert complaints == set()


@pytest.mark.browser
@pytest.mark.parametrize("text", [*HOSTILE, *LONG], ids=lambda text: repr(text[:12]))
async def test_hostile_and_overlong_text_can_be_shown(text: str) -> None:
    """Without a warning, and nothing of it runs or becomes anything but text."""
    async with renderer() as shown:
        complaints = await shown.warnings(cards_of(text, EN))
        scripts = await shown.page.locator("main script, main img, main iframe").count()
        links = await shown.page.eval_on_selector_all("main a", "found => found.map(each => each.href)")

    assert complaints == [[], [], []]
    assert scripts == 0
    assert all(link.startswith(("https://", "http://", "mailto:")) for link in links if link)


@pytest.mark.parametrize("text", [*HOSTILE, *LONG], ids=lambda text: repr(text[:12]))
def test_a_message_is_never_too_large_for_teams(text: str) -> None:
    """Looks go first; only what no looks can save is cut, with a sign that it was."""
    assert units(card_of(message_of(text), EN)) <= LARGEST_CARD_UNITS


@pytest.mark.parametrize("text", [text for text in LONG if len(text) <= 12_000], ids=lambda text: repr(text[:12]))
def test_the_longest_announcement_is_whole(text: str) -> None:
    """Ten thousand characters are all there, however they are written."""
    longest = text[:10_000]

    shown = card_of(Message("Announcement", (Written(longest),)), EN)

    said = "".join(run["text"] for run in runs_of(shown))
    assert units(shown) <= LARGEST_CARD_UNITS
    assert sum(longest.count(sign) for sign in "ax🎉") <= sum(said.count(sign) for sign in "ax🎉")


def runs_of(element: Any) -> list[dict[str, Any]]:
    """Return all runs of text in a card."""
    if isinstance(element, list):
        return [found for each in element for found in runs_of(each)]
    if not isinstance(element, dict):
        return []
    own = [element] if element.get("type") == "TextRun" else []
    return own + [found for value in element.values() for found in runs_of(value)]


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_somebody_writes_is_drawn(text: str) -> None:
    """Every text gives a card of plain runs that can be sent as JSON, with nothing in it that Teams would read."""
    shown = card_of(message_of(text), EN)

    json.dumps(shown).encode()
    assert {element["type"] for element in shown["body"]} <= {"RichTextBlock", "ColumnSet", "ActionSet"}


@given(st.text(max_size=300))
@settings(max_examples=60, deadline=None)
def test_a_form_can_travel_in_its_own_card(text: str) -> None:
    """Its structure comes back as it was, with what the fields hold beside it."""
    form = form_of(text)

    back = unpack(pack(form), {**form.values()})

    assert back == form


@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda raw: raw.hex())))
def test_what_is_no_form_of_ours_is_no_form(packed: str) -> None:
    """Whoever sends something else as a form is shown no form."""
    assert unpack(packed, {}) is None


@pytest.mark.parametrize(
    "text", [*(text for text in LONG if len(text) > 1_000), "Short."], ids=lambda text: repr(text[:12])
)
def test_what_is_cut_has_a_way_to_the_whole(text: str) -> None:
    """A button under it opens all of it; in a form it says that there is more. What is whole needs neither."""
    message, form = card_of(message_of(text), EN), form_card(form_of(text), Showing(Shown.DIALOG, EN))

    assert ("Show all of it" in json.dumps(message)) is is_cut(message)
    assert ("There is more than Teams can show" in json.dumps(form)) is is_cut(form)


def test_a_very_long_message_is_cut() -> None:
    """So that there is something to have a way to the whole."""
    assert is_cut(card_of(message_of("x" * 25_000), EN))
    assert not is_cut(card_of(message_of("Short."), EN))


def is_cut(shown: dict[str, Any]) -> bool:
    """Whether a card does not say all that it was to say."""
    return CUT in json.dumps(shown["body"], ensure_ascii=False)


@pytest.mark.parametrize("opens_form", [True, False])
def test_a_button_that_opens_a_form_asks_for_a_dialog(*, opens_form: bool) -> None:
    """Whatever its action is called; Teams opens none for any other."""
    pressed = Button("Go on", "show.pressed", Target(1, 1), opens_form=opens_form)

    shown = card_of(Message("Well?", (Buttons((pressed,)),)), EN)

    [action] = shown["body"][0]["actions"]
    assert (action["data"].get("msteams") == {"type": "task/fetch"}) is opens_form
    assert action["type"] == ("Action.Submit" if opens_form else "Action.Execute")


def test_a_summary_is_in_every_card() -> None:
    """A client that cannot show cards shows a sentence."""
    shown = card_of(Message("New canteen", (Words("It opens on Monday."),)), EN)

    assert shown["fallbackText"] == "New canteen"


def test_a_pasted_address_is_a_link() -> None:
    """It leads where it says, without what ends the sentence; one within a link or in code is left as it is."""
    [block] = written("See https://example.org/a. [https://example.org](https://example.com) `http://x.org`")

    assert [(run["selectAction"]["url"], run["text"]) for run in block["inlines"] if "selectAction" in run] == [
        ("https://example.org/a", "https://example.org/a"),
        ("https://example.com", "https://example.org"),
    ]
