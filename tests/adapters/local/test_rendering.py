"""How the bot's messages and forms look in the local chat: each part as HTML, and nothing but what was meant."""

import pytest
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser, LexborNode

from adapters.local.form_rendering import Origin, render_form
from adapters.local.markdown import written
from adapters.local.rendering import At, Viewer, render, render_part
from bot.messages import Button, Buttons, Check, Checks, Link, Mark, Share, Shares, Style, Target, Words, Written
from bot.texts import Voice
from tests.adapters.local.messages import HOSTILE, form, message

ANNA = Viewer("/local/as/anna", Voice("en"), (("anna", "Anna"), ("bo", HOSTILE)))
IN_MESSAGE = At(message=12)
# What a page may do by itself: nothing that our own rendering did not write.
OURS = {"hx-post", "hx-vals", "hx-target", "hx-confirm"}


def parsed(html: Markup) -> LexborHTMLParser:
    """Return HTML to look in."""
    return LexborHTMLParser(str(html))


def attributes(html: Markup) -> set[str]:
    """Return the names of all attributes in it."""
    return {name for node in parsed(html).css("*") for name in node.attributes}


def one(html: Markup, selector: str) -> LexborNode:
    """Return the only thing that a selector finds."""
    [node] = parsed(html).css(selector)
    return node


@pytest.mark.parametrize(
    "html", [render(message(HOSTILE), ANNA, IN_MESSAGE), render_form(form(HOSTILE), ANNA, Origin())]
)
def test_words_never_become_markup(html: Markup) -> None:
    """Whatever stands in a message's or a form's words is shown as it is: no tag, handler or picture comes of it."""
    page = parsed(html)

    assert page.css("script, img, iframe, object, style") == []
    assert {name for name in attributes(html) if name.startswith(("on", "hx-"))} <= OURS
    assert one(html, ".part-heading").text() == HOSTILE
    assert one(html, ".part-words strong").text() == HOSTILE
    assert {node.attributes["hx-confirm"] for node in page.css("button[hx-confirm]")} == {HOSTILE}


@pytest.mark.parametrize(
    "hostile",
    [
        "<b onclick=alert(1)>x</b>",
        "<script>alert(1)</script>",
        "![x](https://example.com/x.png)",
        "<!-- --><svg/onload=alert(1)>",
        '[x](https://example.com "&quot; onclick=alert(1)")',
        "```html\n<script>alert(1)</script>\n```",
        "&lt;script&gt;",
        '<form action="https://example.com"><input name=once></form>',
        '<div hx-get="/local/" hx-trigger="load">x</div>',
    ],
)
def test_markdown_writes_no_html_of_its_own(hostile: str) -> None:
    """HTML in what somebody wrote is shown as words, and pictures stay addresses."""
    html = written(hostile)

    assert {node.tag for node in parsed(html).css("body *")} <= {"p", "a", "pre", "code", "br"}
    assert not [name for name in attributes(html) if name.startswith(("on", "hx-", "src"))]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.com",
        "/local/as/anna",
    ],
)
def test_links_lead_only_where_links_may(address: str) -> None:
    """Only http, https and mailto make a link, in what people write and in what the bot says."""
    for html in (written(f"[go]({address})"), written(f"<{address}>"), render_part(Link("go", address), ANNA, At())):
        assert parsed(html).css("a") == []


def test_a_link_opens_elsewhere_and_tells_nothing() -> None:
    """A link in what somebody wrote opens a tab of its own, which learns nothing of this one."""
    link = one(written("[go](https://example.com/?a=1)"), "a")

    assert link.attributes == {
        "href": "https://example.com/?a=1",
        "rel": "noopener noreferrer nofollow",
        "target": "_blank",
    }


def test_a_pasted_address_is_a_link() -> None:
    """It leads where it says, without what ends the sentence; one within a link or in code is left as it is."""
    html = parsed(
        written("See https://example.org/a_b?c=1&d. [https://example.org](https://example.com) `http://x.org`")
    )

    assert [(link.attributes["href"], link.text()) for link in html.css("a")] == [
        ("https://example.org/a_b?c=1&d", "https://example.org/a_b?c=1&d"),
        ("https://example.com", "https://example.org"),
    ]


def test_markdown_formats_itself() -> None:
    """Bold, lists, quotes, code, strikes and line breaks work; headings stay out of the page's own."""
    html = written("# Title\n\n**bold** *it* ~~no~~ `code`\nnext\n\n- a\n- b\n\n> quote")

    for selector in ("strong", "em", "s", "code", "br", "ul li", "blockquote", "p.said-heading"):
        assert parsed(html).css(selector), selector
    assert not parsed(html).css("h1, h2")


def test_a_button_tells_what_it_is_and_where_it_stands() -> None:
    """A button carries its action, row and version, and the message it stands in; in a form it goes with the form."""
    buttons = Buttons((Button("Go", "test.act", Target(7, 3), Style.PRIMARY),))

    pressed, in_form = render_part(buttons, ANNA, IN_MESSAGE), render_part(buttons, ANNA, At(in_form=True))

    button = one(pressed, "button.primary")
    assert button.attributes["hx-post"] == "/local/as/anna/press"
    assert button.attributes["hx-vals"] == '{"action": "test.act", "row": 7, "version": 3, "message": 12}'
    assert one(in_form, "button").attributes["hx-post"] == "/local/as/anna/form"


def test_a_checks_state_is_said_in_words() -> None:
    """Each line of a checklist has a sign for the eyes only, and words for everybody."""
    html = render_part(Checks(tuple(Check("One", mark, "why") for mark in Mark)), ANNA, At())

    assert [node.text() for node in parsed(html).css(".check-mark")] == ["Done", "Open", "No"]
    assert all(node.attributes["aria-hidden"] == "true" for node in parsed(html).css("svg"))
    assert [node.text() for node in parsed(html).css(".check-text .quiet")] == ["why"] * 3


def test_a_bar_sums_to_its_whole_and_its_legend_says_it_all() -> None:
    """The bar's pieces lie side by side up to the whole; empty parts have a line and no piece."""
    html = render_part(
        Shares("39 people", (Share("Read", 3, "pressed"), Share("Left", 0), Share("Not yet", 36))), ANNA, At()
    )

    pieces = parsed(html).css("rect")
    assert [(node.attributes["x"], node.attributes["width"]) for node in pieces] == [("0", "3"), ("3", "36")]
    assert one(html, "svg").attributes["viewBox"] == "0 0 39 1"
    assert [" ".join(node.text().split()) for node in parsed(html).css("li")] == [
        "3 Readpressed",
        "0 Left",
        "36 Not yet",
    ]


def test_lines_stay_lines() -> None:
    """A line break in the bot's words is one on the page."""
    assert render_part(Words("one\ntwo"), ANNA, At()) == '<p class="part-words">one<br>two</p>'


def test_a_link_of_ours_leads_there_as_the_reader() -> None:
    """The bot says where something stands; whoever follows stays the person they are."""
    html = render_part(Link("Open", "/local/message/12"), ANNA, At())

    assert one(html, "a").attributes["href"] == "/local/as/anna/message/12"


def test_every_field_has_its_name_and_its_hint() -> None:
    """A screen reader hears the label and the hint of each field, and what is required."""
    html = render_form(form("words"), ANNA, Origin("lunch", "5"))
    page = parsed(html)

    for key in ("line", "lines", "many", "day", "time", "person"):
        control = one(html, f"#field-{key}")
        assert one(html, f'label[for="field-{key}"]').text() == "words"
        assert control.attributes["aria-describedby"] == f"hint-{key}"
        assert one(html, f"#hint-{key}").text() == "words"
    assert one(html, "#field-line").attributes["aria-required"] == "true"
    assert one(html, 'fieldset[data-field="few"] legend').text() == "words"
    assert one(html, '[data-field="tick"] input').attributes["type"] == "checkbox"
    assert [node.attributes["value"] for node in page.css("#field-person option")] == ["", "anna", "bo"]
    assert [node.attributes["value"] for node in page.css("#field-person option[selected]")] == ["anna"]
    assert {node.attributes["name"]: node.attributes["value"] for node in page.css("input[type=hidden]")} == {
        "action": "test.form",
        "row": "7",
        "version": "3",
        "channel": "lunch",
        "thread": "5",
    }


def test_a_whole_message_reads_in_its_order() -> None:
    """The parts of a message stand one after the other, none left out."""
    html = render(message("words"), ANNA, IN_MESSAGE)

    top = [node.tag for node in parsed(html).css("body > *")]
    assert top == ["p", "p", "p", "p", "div", "dl", "ul", "figure", "div", "p", "p", "p", "hr"]


def test_written_and_said_are_kept_apart() -> None:
    """The bot's own words are never read as Markdown; what a person wrote is."""
    assert "<strong>" not in render_part(Words("**bold**"), ANNA, At())
    assert "<strong>" in render_part(Written("**bold**"), ANNA, At())
