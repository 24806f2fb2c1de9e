"""The decision log as files: one Markdown file a decision, as people keep them in a repository, or one CSV. Pure.

The form is that of architecture decision records (MADR, https://adr.github.io/madr): front matter for machines, then
what was decided, with what was answered. Names are those that stand on the post; what is for the record only is in it.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import yaml

from bot.decision_log.query import STATUSES
from bot.spreadsheet import as_csv as table_as_csv
from bot.texts import Voice
from storage.tables import DecisionStatus

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Exported:
    """One decision as it is exported: its text is Markdown, everything else plain.

    `answers` are question and answer, in the checklist's order. `replaces` and `replaced_by` are numbers of others.
    """

    number: int
    title: str
    text: str
    day: date
    status: DecisionStatus
    outcome: str
    author: str
    audience: str
    answers: Sequence[tuple[str, str]]
    topics: Sequence[str] = ()
    why_open: str = ""
    withdrawn_why: str = ""
    replaces: int | None = None
    replaced_by: int | None = None
    review_on: date | None = None
    link: str | None = None


def file_names(decisions: Sequence[Exported]) -> Mapping[int, str]:
    """Return each decision's file name by its number: "0007-we-move-in-june.md". No title leads out of the folder."""
    return {one.number: f"{one.number:04}-{_slug(one.title)}.md" for one in decisions}


def as_markdown(one: Exported, names: Mapping[int, str], say: Voice) -> str:
    """Return one decision's file. `names` are the files' names, for links between them."""
    front = {
        "status": one.status.value,
        "date": one.day,
        "title": _on_one_line(one.title),
        "author": _on_one_line(one.author),
        "audience": _on_one_line(one.audience),
        "topics": [_on_one_line(topic) for topic in one.topics] or None,
        "outcome": _on_one_line(one.outcome),
        "replaces": names.get(one.replaces or 0),
        "replaced-by": names.get(one.replaced_by or 0),
        "review": one.review_on,
        "link": one.link,
    }
    told = {key: value for key, value in front.items() if value is not None}
    lines = ["---", yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=math.inf).rstrip(), "---", ""]
    lines += [f"# {_plain(one.title)}", "", f"{say.say(STATUSES[one.status])}. {_plain(one.outcome)}.", ""]
    for label, number in ((say("Replaces"), one.replaces), (say("Replaced by"), one.replaced_by)):
        if number is not None and number in names:
            lines += [f"{label}: [{names[number]}]({names[number]})", ""]
    lines += [one.text, ""]
    answers = [
        *one.answers,
        (say("Published with something open because"), one.why_open),
        (say("Why it does not stand any more"), one.withdrawn_why),
    ]
    for label, answer in answers:
        if answer:
            lines += [f"## {_plain(label)}", "", "\n".join(_plain(line) for line in answer.splitlines()), ""]
    return "\n".join(lines).rstrip() + "\n"


def as_csv(decisions: Sequence[Exported], say: Voice) -> str:
    """Return the log as one table, a decision a line, its answers in one cell. Begins with a mark that it is UTF-8."""
    headings = ("number", "date", "status", "outcome", "title", "author", "audience", "text", "answers", "replaces")
    rows = []
    for one in decisions:
        answers = "\n".join(f"{label}: {answer}" for label, answer in one.answers if answer)
        cells = (one.number, one.day.isoformat(), say.say(STATUSES[one.status]), one.outcome, one.title, one.author)
        more = (one.audience, one.text, answers, one.replaces, one.replaced_by, one.review_on, one.link)
        rows.append((*cells, *more, ", ".join(one.topics)))
    return table_as_csv((*headings, "replaced_by", "review", "link", "topics"), rows)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    slug = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:LONGEST_NAME].strip("-")
    return slug or "decision"


def _on_one_line(words: str) -> str:
    return " ".join(words.split())


def _plain(words: str) -> str:
    """Return words on one line, with nothing in them that Markdown reads as its own."""
    return re.sub(r"([\\`*_{}\[\]<>#|!])", r"\\\1", _on_one_line(words))
