"""The checklist that a decision is announced with: its items, the form that asks them, and what was answered.

Items and answers are kept as JSON with the decision, so that an old decision keeps the checklist it was made with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.errors import BadInput
from bot.forms import ChoiceField, DayField, FormField, Option, TextField
from bot.texts import Text, Voice, text

# Items that the outcome is computed from; every other item left open is an "open question" (PRODUCT chapter 2).
DECISION = "decision"
DECIDER = "decider"
ANCHORING = "anchoring"
REVIEW = "review"

LONGEST_ANSWER = 1000


class ItemKind(StrEnum):
    """How an item is answered."""

    WORDS = "words"
    ANCHORING = "anchoring"
    DAY = "day"


class Declared(StrEnum):
    """What an author can say of the anchoring by themselves."""

    YES = "yes"
    NO = "no"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a checklist, in both languages. `on_post`: its answer is shown; else it is for the record."""

    key: str
    labels: Mapping[str, str]
    kind: ItemKind
    on_post: bool

    def label(self, say: Voice) -> str:
        """Return the question in the reader's language."""
        return self.labels[say.language]


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: words, or for anchoring what was declared, with when or why as its words."""

    words: str = ""
    declared: Declared | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing was answered."""
        return not self.words and self.declared is None


_DEFAULT: tuple[tuple[str, Text, ItemKind, bool], ...] = (
    (DECISION, text("The decision in one sentence"), ItemKind.WORDS, True),
    (DECIDER, text("Who decided, where and when"), ItemKind.WORDS, True),
    (ANCHORING, text("Anchored with the management group"), ItemKind.ANCHORING, True),
    ("affected", text("Who is affected, and about how many"), ItemKind.WORDS, True),
    ("consulted", text("Who was consulted"), ItemKind.WORDS, True),
    ("alternatives", text("Which alternatives there were"), ItemKind.WORDS, True),
    ("effect", text("When it takes effect, and what changes"), ItemKind.WORDS, True),
    ("hears_first", text("Who should hear it first"), ItemKind.WORDS, False),
    ("answers", text("Who answers questions"), ItemKind.WORDS, True),
    (REVIEW, text("When to look at it again"), ItemKind.DAY, True),
    ("replaces", text("Which earlier decision it replaces"), ItemKind.WORDS, True),
)


def default_checklist() -> dict[str, Any]:
    """Return the *Default* template of PRODUCT chapter 2, as it is kept with a decision."""
    voices = {language: Voice(language) for language in ("sv", "en")}
    return {
        "template": "default",
        "items": [
            {
                "key": key,
                "kind": kind.value,
                "on_post": on_post,
                "labels": {language: voice.say(label) for language, voice in voices.items()},
            }
            for key, label, kind, on_post in _DEFAULT
        ],
    }


def items_of(checklist: Mapping[str, Any]) -> tuple[Item, ...]:
    """Read the items back from what was kept."""
    return tuple(
        Item(item["key"], item["labels"], ItemKind(item["kind"]), item["on_post"]) for item in checklist["items"]
    )


def answers_of(kept: Mapping[str, Any]) -> dict[str, Answer]:
    """Read the answers back from what was kept, by item key."""
    return {
        key: Answer(answer["words"], Declared(answer["declared"]) if answer["declared"] else None)
        for key, answer in kept.items()
    }


def kept(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return the answers that are not open as they are kept."""
    return {
        key: {"words": answer.words, "declared": answer.declared.value if answer.declared else None}
        for key, answer in answers.items()
        if not answer.is_open
    }


def fields_for(items: tuple[Item, ...], answers: Mapping[str, Answer], say: Voice) -> tuple[FormField, ...]:
    """Return the fields that ask the items, holding what was answered. Every item can be left open."""
    fields: list[FormField] = []
    for item in items:
        answer = answers.get(item.key, Answer())
        label = item.label(say)
        hint = "" if item.on_post else say("For the record only: not shown on the post.")
        match item.kind:
            case ItemKind.WORDS:
                fields.append(
                    TextField(
                        item.key,
                        label,
                        answer.words,
                        hint,
                        multiline=item.key != DECISION,
                        max_length=LONGEST_ANSWER,
                    )
                )
            case ItemKind.DAY:
                fields.append(DayField(item.key, label, answer.words, hint))
            case ItemKind.ANCHORING:
                options = (
                    Option("", say("Open for now")),
                    Option(Declared.YES, say("Yes")),
                    Option(Declared.NO, say("No")),
                    Option(Declared.NOT_NEEDED, say("Not needed")),
                )
                fields.append(ChoiceField(item.key, label, options, answer.declared or "", hint, required=False))
                fields.append(
                    TextField(
                        _words_key(item),
                        say("When it was anchored, or why it is not needed"),
                        answer.words,
                        max_length=LONGEST_ANSWER,
                    )
                )
    return tuple(fields)


def read_answers(items: tuple[Item, ...], values: Mapping[str, str]) -> dict[str, Answer]:
    """Read what was answered in the form's fields.

    Raises BadInput for an answer that is too long, a day that is not one, a choice that was not offered, and
    for *yes* or *not needed* without when or why.
    """
    answers: dict[str, Answer] = {}
    wrong: dict[str, Text] = {}
    for item in items:
        given = values.get(item.key, "").strip()
        words_key = _words_key(item) if item.kind is ItemKind.ANCHORING else item.key
        words = values.get(words_key, "").strip()
        problem = _problem(item, given, words)
        if problem is not None:
            wrong[problem[0]] = problem[1]
        elif item.kind is ItemKind.ANCHORING:
            answers[item.key] = Answer(words, Declared(given)) if given else Answer()
        else:
            answers[item.key] = Answer(given)
    if wrong:
        raise BadInput(wrong)
    return answers


def _problem(item: Item, given: str, words: str) -> tuple[str, Text] | None:
    """Return the field that cannot be used as it is, with its sentence."""
    words_key = _words_key(item) if item.kind is ItemKind.ANCHORING else item.key
    if len(words) > LONGEST_ANSWER:
        return words_key, text("At most {count} characters, please.", count=LONGEST_ANSWER)
    match item.kind:
        case ItemKind.DAY if given and not _is_day(given):
            return item.key, text("Please give a day, such as 2027-03-01.")
        case ItemKind.ANCHORING if given and given not in list(Declared):
            return item.key, text("Please choose one of the answers.")
        case ItemKind.ANCHORING if given == Declared.YES and not words:
            return words_key, text("Please say when it was anchored.")
        case ItemKind.ANCHORING if given == Declared.NOT_NEEDED and not words:
            return words_key, text("Please say why it is not needed.")
        case _:
            return None


def review_day(answers: Mapping[str, Answer]) -> date | None:
    """Return the day on which the decision is to be looked at again."""
    words = answers.get(REVIEW, Answer()).words
    return date.fromisoformat(words) if words else None


def _words_key(item: Item) -> str:
    return f"{item.key}.words"


def _is_day(given: str) -> bool:
    try:
        date.fromisoformat(given)
    except ValueError:
        return False
    return True
