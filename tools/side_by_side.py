"""Lays out what is said in English and Swedish side by side, as tables in Markdown."""

from collections.abc import Iterator, Sequence
from typing import assert_never

from bot.messages import (
    Appointment,
    Buttons,
    Checks,
    Divider,
    Fields,
    Heading,
    Link,
    Part,
    Picture,
    Shares,
    Together,
    Tone,
    Words,
    Written,
)

# An example of many names need not name them all.
MOST_LINES = 3


def table(rows: Sequence[tuple[str, str]] | Iterator[tuple[str, str]]) -> str:
    """Return rows of English and Swedish as a table."""
    lines = ["| English | Svenska |", "| --- | --- |"]
    lines += [f"| {_cell(english)} | {_cell(swedish)} |" for english, swedish in rows]
    return "\n".join(lines) + "\n"


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", "<br>")


def in_markdown(part: Part) -> str:  # noqa: C901 - one case for each kind of part
    """Return what one part of a message says, as a cell shows it."""
    match part:
        case Heading(text) | Words(text, Tone.STRONG):
            return f"**{text}**"
        case Words(text):
            return text
        case Written(markdown):
            return markdown
        case Fields(fields):
            lines = [f"{field.label}: {field.value}" for field in fields]
            return "\n".join(lines if len(lines) <= MOST_LINES else [*lines[:MOST_LINES], "..."])
        case Checks(checks):
            return "\n".join(f"{check.label}: {check.detail}" for check in checks)
        case Shares(label, shares):
            return f"{label}: " + ", ".join(f"{share.label} {share.count}" for share in shares)
        case Buttons(buttons):
            return " ".join(f"`{one.label}`" + (f" *{one.confirm}*" if one.confirm else "") for one in buttons)
        case Link(label, _) | Together(label) | Appointment(label):
            return label
        case Divider():
            return ""
        case Picture():
            return f"({part.alt})"
        case _:
            assert_never(part)
