"""Whatever is said fits Slack's limits, and nobody's words become a mention, a link or a command."""

import string
from collections.abc import Iterator
from time import process_time
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from adapters.slack.blocks import SQUARES_IN_BAR, render, render_whisper, squares
from adapters.slack.fitting import length
from adapters.slack.limits import BLOCKS_IN_MESSAGE, MESSAGE, WHISPERS
from adapters.slack.markdown import rich_text, section, text_element
from adapters.slack.mrkdwn import to_markdown
from adapters.slack.views import home, modal, said
from bot.events import Place
from bot.forms import ChoiceField, DayField, Form, Option, PersonField, TextField, TickField, TimeField
from bot.messages import (
    Button,
    Buttons,
    Check,
    Checks,
    Divider,
    Field,
    Fields,
    Heading,
    Link,
    Mark,
    Message,
    Part,
    Share,
    Shares,
    Style,
    Target,
    Tone,
    Words,
    Written,
)
from bot.texts import Voice
from tests.slack.judging import wrong_with_message, wrong_with_view

SAY = Voice("en")
HOSTILE = (
    "<!channel>",
    "<!here|here>",
    "<@U123>",
    "<#C123|all>",
    "<https://evil.example|click>",
    "<!subteam^S1|@all>",
    "&lt;!channel&gt;",
    "@channel @here @everyone",
    "/announce everybody",
    "*bold* _it_ ~st~ `code` ```pre```",
    "[x](javascript:alert(1))",
    "[<!channel>](https://ok.example)",
    "> quote\n- list\n1. one",
    "\u202egnirts desrever\u202c",
    "שלום עולם مرحبا",
    "👩‍👩‍👧‍👦🏳️‍🌈" * 30,
    "\x00\x07\ud800",
    ":tada: :skull:",
    "{name} %s ${x}",
    "\n\n\n",
)
TEXTS = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=60),
    st.text(alphabet=string.printable, max_size=200),
    st.sampled_from(HOSTILE).map(lambda words: words * 400),
    st.integers(1, 20_000).map(lambda count: "word " * count),
    st.integers(1, 20_000).map(lambda count: "x" * count),
    st.just(""),
)
SHORT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=200), st.just(""))
TARGETS = st.builds(Target, st.integers(0, 2**40), st.integers(0, 1000))
BUTTONS = st.builds(
    Button,
    SHORT,
    st.sampled_from(["a.b", "c.d"]),
    TARGETS,
    st.sampled_from(Style),
    st.one_of(st.none(), SHORT.filter(bool)),
)
PARTS: st.SearchStrategy[Part] = st.one_of(
    st.builds(Heading, TEXTS),
    st.builds(Words, TEXTS, st.sampled_from(Tone)),
    st.builds(Written, TEXTS),
    st.builds(Fields, st.lists(st.builds(Field, SHORT, TEXTS), max_size=12).map(tuple)),
    st.builds(Checks, st.lists(st.builds(Check, SHORT, st.sampled_from(Mark), SHORT), max_size=12).map(tuple)),
    st.builds(Shares, SHORT, st.lists(st.builds(Share, SHORT, st.integers(0, 10**6), SHORT), max_size=30).map(tuple)),
    st.builds(Buttons, st.lists(BUTTONS, max_size=40).map(tuple)),
    st.builds(Link, SHORT, st.one_of(SHORT, st.just("https://acme.slack.com/archives/C1/p1"))),
    st.just(Divider()),
)
SUMMARIES = TEXTS.filter(lambda words: bool(words.strip()))
MESSAGES = st.builds(Message, SUMMARIES, st.lists(PARTS, min_size=1, max_size=60).map(tuple))
OPTIONS = st.lists(
    st.builds(Option, st.text(alphabet=string.ascii_letters + ":_", max_size=20), SHORT),
    max_size=12,
    unique_by=lambda one: one.value,
)
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def fields() -> st.SearchStrategy[Any]:
    """Return fields of every kind; keys are given apart."""
    return st.one_of(
        st.builds(TextField, st.just("k"), SHORT, TEXTS, SHORT, st.booleans(), st.booleans(), st.integers(1, 20_000)),
        st.builds(ChoiceField, st.just("k"), SHORT, OPTIONS.map(tuple), SHORT, SHORT),
        st.builds(TickField, st.just("k"), SHORT, st.booleans(), SHORT),
        st.builds(DayField, st.just("k"), SHORT, st.sampled_from(["", "2027-03-01", "never"]), SHORT),
        st.builds(TimeField, st.just("k"), SHORT, st.sampled_from(["", "09:30", "25:00"]), SHORT),
        st.builds(PersonField, st.just("k"), SHORT, st.sampled_from(["", "U1"]), SHORT),
    )


def elements(found: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in what was rendered."""
    if isinstance(found, dict):
        yield found
        for value in found.values():
            yield from elements(value)
    elif isinstance(found, list):
        for item in found:
            yield from elements(item)


def check_harmless(rendered: Any) -> None:
    """Check that no words stand where Slack looks for mentions, links or commands."""
    for element in elements(rendered):
        assert element.get("type") not in ("mrkdwn", "user", "usergroup", "channel", "broadcast", "team", "emoji")
        if element.get("type") == "link":
            assert element["url"].startswith(("http://", "https://", "mailto:"))
        for value in element.values():
            if isinstance(value, str):
                value.encode()
                assert "\x00" not in value


@given(MESSAGES)
@EXAMPLES
def test_every_message_fits(message: Message) -> None:
    """Within all of Slack's limits, long, empty, right-to-left or hostile, and harmless."""
    rendered = render(message, SAY)

    assert wrong_with_message({"text": rendered.text, "blocks": rendered.blocks}) is None
    assert 1 <= len(rendered.blocks) <= BLOCKS_IN_MESSAGE
    assert length(rendered.blocks) <= MESSAGE
    assert "<" not in rendered.text
    check_harmless(rendered.blocks)


@given(MESSAGES)
@EXAMPLES
def test_every_whisper_fits(message: Message) -> None:
    """In as few messages as it takes, and never more than an address takes answers."""
    pages = render_whisper(message, SAY)

    assert 1 <= len(pages) <= WHISPERS
    for page in pages:
        assert wrong_with_message({"text": page.text, "blocks": page.blocks}) is None
        assert length(page.blocks) <= MESSAGE
        check_harmless(page.blocks)


UNNAMED = Buttons((Button("", "a.b", Target(1, 1)),))


@example([TickField("k", "", value=False), UNNAMED], "", None, Target(1, 1))
@given(st.lists(st.one_of(PARTS, fields()), max_size=30), SHORT, st.one_of(st.none(), SHORT.filter(str.strip)), TARGETS)
@EXAMPLES
def test_every_form_fits(parts: list[Any], title: str, submit: str | None, target: Target) -> None:
    """A modal Slack takes: one submit button where there is a field, no block id twice, everything within limits."""
    numbered = [
        type(part)(**{**{name: getattr(part, name) for name in part.__slots__}, "key": f"k{number}"})
        if hasattr(part, "key")
        else part
        for number, part in enumerate(parts)
    ]

    view = modal(Form("a.b", target, title, tuple(numbered), submit, "Cancel"), SAY, Place())

    assert wrong_with_view(view) is None
    check_harmless(view["blocks"])


@given(MESSAGES)
@EXAMPLES
def test_every_home_and_every_window_fits(message: Message) -> None:
    """Within the hundred blocks of a view."""
    for view in (home(message, SAY), said(message, message.summary, SAY)):
        assert wrong_with_view(view) is None
        check_harmless(view["blocks"])


@given(TEXTS)
@EXAMPLES
def test_no_word_of_a_long_text_is_lost_in_a_whisper(words: str) -> None:
    """What is told on several pages is, put together, what was to be said."""
    plain = "".join(sign for sign in words if sign.isalnum() and sign.isascii())[:30_000]

    pages = render_whisper(Message("s", (Words(plain or "x"),)), SAY)

    told = "".join(str(found["text"]) for page in pages for found in elements(page.blocks) if found["type"] == "text")
    assert told == (plain or "x")


def test_the_bar_has_a_square_for_everything_that_is_something() -> None:
    """One in a thousand is still to be seen, and the bar keeps its length."""
    bar = squares(Shares("Reach", (Share("Read", 998), Share("Failed", 1), Share("Blocked", 0), Share("Left", 1))))

    assert len(bar) == SQUARES_IN_BAR
    assert len(set(bar)) == 3
    assert squares(Shares("Reach", (Share("Read", 0),))) == ""


def test_markdown_is_what_slack_shows() -> None:
    """Bold, italics, struck, code, lists in lists, quotes and links; a bare address is one too."""
    markdown = "# Title\nSome **bold** *it* ~~no~~ `x < y`\n\n1. one\n   - in\n2. two\n\n> said\n\n```\ncode\n```\nhttps://a.se/b."

    found = rich_text(markdown)

    kinds = [element["type"].removeprefix("rich_text_") for element in found]
    assert kinds == ["section", "list", "list", "list", "quote", "preformatted", "section"]
    styles = {element["text"]: element.get("style") for element in elements(found[0]) if "text" in element}
    assert styles["Title"] == {"bold": True}
    assert (styles["bold"], styles["it"], styles["no"]) == ({"bold": True}, {"italic": True}, {"strike": True})
    assert styles["x < y"] == {"code": True}
    assert (found[1]["style"], found[2]["indent"], found[3]["offset"]) == ("ordered", 1, 1)
    assert found[6]["elements"][1:3] == [
        {"type": "link", "url": "https://a.se/b", "text": "https://a.se/b"},
        {"type": "text", "text": "."},
    ]


def test_a_message_of_slack_becomes_markdown() -> None:
    """Its own signs are read, mentions become names, and what notifies no longer does."""
    mrkdwn = "*Hi* <@U1> and <@U2>, _see_ <https://a.se|this> in <#C1|all> <!here> ~old~ `*x*` a &lt; b <https://b.se>"

    markdown = to_markdown(mrkdwn, {"U1": "Anna"})

    assert markdown == (
        "**Hi** @Anna and @somebody, _see_ [this](https://a.se) in #all @here ~~old~~ `*x*` a < b https://b.se"
    )


def test_what_goes_to_thousands_is_read_once() -> None:
    """Whoever gets the same text next gets what was made of it, and nothing that was changed since."""
    text = "[" * 10_000
    first = rich_text(text)
    first[0]["elements"].clear()
    began = process_time()

    copies = [rich_text(text) for _ in range(20)]

    assert all(copy == [section(text_element(text))] for copy in copies)
    assert process_time() - began < 20 * reading_of(text) / 2


def reading_of(text: str) -> float:
    """Return how many seconds of work it takes to read a text that differs by one letter."""
    began = process_time()
    rich_text(text + "a")
    return process_time() - began
