"""One message and one form with every part there is, each with words that try to be more than words."""

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
    Part,
    Share,
    Shares,
    Style,
    Target,
    Tone,
    Words,
    Written,
)

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
TARGET = Target(7, 3)


def every_part(words: str) -> tuple[Part, ...]:
    """Return each part once, in each of its looks, saying `words` wherever it can."""
    return (
        Heading(words),
        *(Words(words, tone) for tone in Tone),
        Written(words),
        Fields((Field(words, words),)),
        Checks(tuple(Check(words, mark, words) for mark in Mark)),
        Shares(words, (Share(words, 3, words), Share(words, 0), Share(words, 1))),
        Buttons(tuple(Button(words, "test.act", TARGET, style, words) for style in Style)),
        Link(words, "https://example.com/a?b=1&c=2"),
        Link(words, "/local/message/12"),
        Link(words, words),
        Divider(),
    )


def message(words: str) -> Message:
    """Return a message of every part."""
    return Message(words, every_part(words))


def form(words: str) -> Form:
    """Return a form of every part and every field."""
    few = tuple(Option(f"{words}{number}", words) for number in range(2))
    many = tuple(Option(f"{words}{number}", words) for number in range(9))
    return Form(
        "test.form",
        TARGET,
        words,
        (
            *every_part(words),
            TextField("line", words, words, words, required=True),
            TextField("lines", words, words, words, multiline=True),
            ChoiceField("few", words, few, few[0].value, words),
            ChoiceField("many", words, many, many[1].value, words),
            ChoicesField("some", words, many, many[1].value, words),
            TickField("tick", words, value=True, hint=words),
            DayField("day", words, "2027-03-01", words),
            TimeField("time", words, "09:30", words),
            PersonField("person", words, "anna", words),
        ),
        words,
        words,
    )
