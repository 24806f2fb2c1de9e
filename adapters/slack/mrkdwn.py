"""A message that somebody wrote in Slack, as Markdown: for making an announcement of it."""

import html
import re
from collections.abc import Mapping
from typing import Final

REFERENCE: Final = re.compile(r"<([^<>]*)>")
PERSON: Final = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
# One sign around words, as mrkdwn has it, and what Markdown has there.
BOLD: Final = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
STRUCK: Final = re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])")
# What must not be touched: code, in lines of its own or among words.
CODE: Final = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)


def people_in(mrkdwn: str) -> frozenset[str]:
    """Return the ids of the people who are mentioned."""
    return frozenset(PERSON.findall(mrkdwn))


def to_markdown(mrkdwn: str, names: Mapping[str, str]) -> str:
    """Return mrkdwn as Markdown; a mention becomes the person's name, which notifies nobody."""
    return "".join(
        html.unescape(piece) if number % 2 else _words(piece, names) for number, piece in enumerate(CODE.split(mrkdwn))
    )


def _words(piece: str, names: Mapping[str, str]) -> str:
    styled = STRUCK.sub(r"~~\1~~", BOLD.sub(r"**\1**", piece))
    return html.unescape(REFERENCE.sub(lambda found: _reference(found[1], names), styled))


def _reference(inside: str, names: Mapping[str, str]) -> str:
    what, _, label = inside.partition("|")
    match what[:1]:
        case "@":
            return f"@{names.get(what[1:]) or label or 'somebody'}"
        case "#":
            return f"#{label or what[1:]}"
        case "!":
            return label if label.startswith("@") else f"@{label or what[1:].split('^')[0]}"
        case _:
            return f"[{label}]({what})" if label and label != what else what
