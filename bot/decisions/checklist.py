"""The checklist that a decision is announced with: its items, the form that asks them, and what was answered.

Items and answers are kept as JSON with the decision, so that an old decision keeps the checklist it was made with.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from bot.errors import BadInput
from bot.forms import ChoiceField, DayField, Form, FormField, Option, TextField, read
from bot.texts import LANGUAGES, Text, Voice, text

LONGEST_ANSWER = 1000


class Role(StrEnum):
    """What the program itself does with an item's answer, whatever an organisation calls the item and asks in it.

    The outcome is computed from the first three; every other item left open is an "open question" (PRODUCT chapter 2).
    A template may leave any of them out.
    """

    DECISION = "decision"
    DECIDER = "decider"
    ANCHORING = "anchoring"
    REVIEW = "review"
    REPLACES = "replaces"


COUNTED = (Role.DECISION, Role.DECIDER, Role.ANCHORING)


class ItemKind(StrEnum):
    """How an item is answered. *line*: words on one line. *earlier*: one of the decisions there are."""

    LINE = "line"
    WORDS = "words"
    ANCHORING = "anchoring"
    DAY = "day"
    EARLIER = "earlier"


class Declared(StrEnum):
    """What an author can say of the anchoring by themselves."""

    YES = "yes"
    NO = "no"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Item:
    """One question of a checklist, in one language or both. `on_post`: its answer is shown; else it is for the record.

    Answers are kept by `key`, which is the template's own; `role` says what else is done with them, if anything.
    """

    key: str
    labels: Mapping[str, str]
    kind: ItemKind
    on_post: bool
    role: Role | None = None

    def label(self, say: Voice) -> str:
        """Return the question in the reader's language, or in the other where it has only that one."""
        found = (self.labels.get(language) for language in (say.language, *LANGUAGES))
        return next((label for label in found if label), self.key)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: words, or for anchoring what was declared, with when or why as its words.

    For an earlier decision, `row` is its row, and the words are what it was called when it was chosen.
    """

    words: str = ""
    declared: Declared | None = None
    row: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing was answered."""
        return not self.words and self.declared is None


def items_of(checklist: Mapping[str, Any]) -> tuple[Item, ...]:
    """Read the items back from what was kept."""
    return tuple(
        Item(
            item["key"],
            item["labels"],
            ItemKind(item["kind"]),
            item["on_post"],
            Role(item["role"]) if item["role"] is not None else None,
        )
        for item in checklist["items"]
    )


def answer_to(role: Role, items: Sequence[Item], answers: Mapping[str, Answer]) -> Answer:
    """Return what was answered to the item of a role; an open answer where the checklist does not ask."""
    return next((answers[item.key] for item in items if item.role is role and item.key in answers), Answer())


def answers_of(kept: Mapping[str, Any]) -> dict[str, Answer]:
    """Read the answers back from what was kept, by item key."""
    return {
        key: Answer(answer["words"], Declared(answer["declared"]) if answer["declared"] else None, answer.get("row"))
        for key, answer in kept.items()
    }


def kept(answers: Mapping[str, Answer]) -> dict[str, Any]:
    """Return the answers that are not open as they are kept."""
    return {
        key: {"words": answer.words, "declared": answer.declared.value if answer.declared else None}
        | ({} if answer.row is None else {"row": answer.row})
        for key, answer in answers.items()
        if not answer.is_open
    }


def fields_for(
    items: tuple[Item, ...], answers: Mapping[str, Answer], say: Voice, earlier: Sequence[Option] = ()
) -> tuple[FormField, ...]:
    """Return the fields that ask the items, holding what was answered. Every item can be left open.

    `earlier` are the decisions to choose from, by row id.
    """
    fields: list[FormField] = []
    for item in items:
        answer = answers.get(item.key, Answer())
        label = item.label(say)
        hint = "" if item.on_post else say("For the record only: not shown on the post.")
        match item.kind:
            case ItemKind.LINE | ItemKind.WORDS:
                multiline = item.kind is ItemKind.WORDS
                fields.append(
                    TextField(item.key, label, answer.words, hint, multiline=multiline, max_length=LONGEST_ANSWER)
                )
            case ItemKind.EARLIER:
                fields.append(
                    ChoiceField(item.key, label, _earlier(answer, earlier, say), _row(answer), hint, required=False)
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


def read_answers(items: Sequence[Item], form: Form, values: Mapping[str, str]) -> dict[str, Answer]:
    """Read what was answered in the form that asks these items.

    Raises BadInput for what the form's fields do not take, and for *yes* or *not needed* without when or why.
    """
    given = read(form, values)
    answers: dict[str, Answer] = {}
    wrong: dict[str, Text] = {}
    for item in items:
        if item.kind is ItemKind.EARLIER:
            answers[item.key] = _chosen(item, form, given[item.key])
            continue
        if item.kind is not ItemKind.ANCHORING:
            answers[item.key] = Answer(given[item.key])
            continue
        declared = Declared(given[item.key]) if given[item.key] else None
        words = given[_words_key(item)]
        if not words and declared is Declared.YES:
            wrong[_words_key(item)] = text("Please say when it was anchored.")
        if not words and declared is Declared.NOT_NEEDED:
            wrong[_words_key(item)] = text("Please say why it is not needed.")
        # When or why says nothing without what it is about.
        answers[item.key] = Answer() if declared is None else Answer(words, declared)
    if wrong:
        raise BadInput(wrong, form.holding(values))
    return answers


def answer_in_words(item: Item, answer: Answer, say: Voice) -> str:
    """Return an answer as it is shown."""
    return say.iso_day(answer.words) if item.kind is ItemKind.DAY else answer.words


def review_day(items: Sequence[Item], answers: Mapping[str, Answer]) -> date | None:
    """Return the day on which the decision is to be looked at again."""
    words = answer_to(Role.REVIEW, items, answers).words
    return date.fromisoformat(words) if words else None


def replaced_row(items: Sequence[Item], answers: Mapping[str, Answer]) -> int | None:
    """Return the row of the earlier decision that is to be replaced, where one was chosen."""
    return answer_to(Role.REPLACES, items, answers).row


def _earlier(answer: Answer, earlier: Sequence[Option], say: Voice) -> tuple[Option, ...]:
    # What was chosen stays to be chosen, also when it is not among the latest any more.
    chosen = [Option(_row(answer), answer.words)] if answer.row is not None else []
    offered = [option for option in earlier if option.value != _row(answer)]
    return (Option("", say("None")), *chosen, *offered)


def _row(answer: Answer) -> str:
    return "" if answer.row is None else str(answer.row)


def _chosen(item: Item, form: Form, value: str) -> Answer:
    fields = (part for part in form.parts if isinstance(part, ChoiceField) and part.key == item.key)
    option = next((option for field in fields for option in field.options if value and option.value == value), None)
    return Answer() if option is None else Answer(option.label, row=int(option.value))


def _words_key(item: Item) -> str:
    return f"{item.key}.words"
