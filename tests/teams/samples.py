"""Messages and forms to draw: every part and field, every text of the program, hostile words and overlong ones."""

from collections.abc import Iterator

from babel.messages.pofile import read_po

from bot.forms import ChoiceField, ChoicesField, DayField, Form, Option, PersonField, TextField, TickField, TimeField
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
    Share,
    Shares,
    Style,
    Target,
    Tone,
    Words,
    Written,
)
from bot.texts import CATALOGUES

TARGET = Target(7, 3)
HOSTILE = (
    "<script>alert(1)</script>",
    "<at>Everyone</at> <b>bold</b> &amp; &lt;",
    "[a link](javascript:alert(1)) ![a picture](https://example.org/x.png)",
    "**two** *one* _lines_ ~~struck~~ `ticks`\n# heading\n1. list\n> quote\n```\ncode\n```",
    "{{DATE(2027-03-03T12:00:00Z,SHORT)}} ${name} $(x) %s {0}",
    '"quotes" \\backslashes\\ \u202eturned round\u202c \u0000 \ufffd',
    "👩\u200d👩\u200d👧 e\u0301 \U0001f1f8\U0001f1ea 漢字 עברית",
    " ",
    "\n\n\n",
)
LONG = (
    "word " * 5_000,
    "x" * 25_000,
    "line\n" * 5_000,
    "*a* " * 4_000,
    "- item\n" * 3_000,
    "> " * 200 + "deep",
    "🎉" * 12_000,
    '"' * 20_000,
)


def message_of(text: str) -> Message:
    """Return a message that has this text in every place where text can be."""
    return Message(
        text.strip() or "Summary",
        (
            Heading(text),
            Words(text),
            Words(text, Tone.STRONG),
            Words(text, Tone.QUIET),
            Written(text),
            Divider(),
            Fields((Field(text, text),)),
            Checks(tuple(Check(text, mark, text) for mark in Mark)),
            Shares(text, (Share(text, 3, text), Share(text, 0), Share(text, 9, text))),
            Divider(),
            Buttons(tuple(Button(text, "show.pressed", TARGET, style) for style in Style)),
            Buttons((Button(text, "show.pressed", TARGET, Style.DANGER, text),)),
            Link(text, "https://example.org/page"),
            Link(text, text),
            Divider(),
        ),
    )


def form_of(text: str) -> Form:
    """Return a form that has this text in every place where text can be."""
    return Form(
        "show.sent",
        TARGET,
        text,
        (
            Words(text),
            TextField("line", text, text, text, max_length=30_000),
            TextField("lines", text, text, text, multiline=True, max_length=30_000),
            ChoiceField("few", text, (Option("a", text), Option("b", text)), "b", text),
            ChoiceField("many", text, tuple(Option(str(number), text[:500]) for number in range(6)), "3", text),
            ChoicesField("some", text, tuple(Option(str(number), text[:500]) for number in range(6)), "1,3", text),
            TickField("tick", text, value=True, hint=text),
            DayField("day", text, "2027-03-01", text),
            TimeField("time", text, "09:30", text),
            PersonField("person", text, "", text),
            Buttons((Button(text, "show.pressed", TARGET),)),
        ),
        text,
        text,
    )


def all_texts() -> Iterator[str]:
    """Yield every text of the program, in English and in Swedish."""
    with (CATALOGUES / "sv.po").open("rb") as source:
        for entry in read_po(source, locale="sv"):
            for said in (entry.id, entry.string):
                for text in said if isinstance(said, tuple | list) else [said]:
                    if text:
                        yield str(text)
