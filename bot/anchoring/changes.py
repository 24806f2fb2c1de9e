"""What has changed in a decision since somebody was asked about it, in plain words. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from bot.decisions.checklist import Answer, Declared, Item, answer_in_words
from bot.texts import Text, Voice, text

# Where a piece that can be told as changed ends: a line, or a sentence in it.
_PIECE = re.compile(r"[^\n]*?(?:[.!?…](?=\s)|\n|$)", re.DOTALL)

_DECLARED: dict[Declared, Text] = {
    Declared.YES: text("Yes"),
    Declared.NO: text("No"),
    Declared.NOT_NEEDED: text("Not needed"),
}


@dataclass(frozen=True, slots=True)
class Version:
    """What a decision says in one revision, to one reader. `audience` is in that reader's words.

    `speaker` is the name of the person on whose behalf it is written, if any.
    """

    title: str
    text: str
    audience: str
    answers: Mapping[str, Answer] = field(default_factory=dict)
    speaker: str = ""
    image_id: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was; either side is empty where there is nothing. Both are plain text."""

    label: str
    before: str
    after: str


def changes(before: Version, after: Version, items: Sequence[Item], say: Voice) -> list[Change]:
    """Return what is different between two versions, in the order in which a reader meets it."""
    found: list[Change] = []
    if before.title != after.title:
        found.append(Change(say("Title"), before.title, after.title))
    found.extend(Change(say("Text"), old, new) for old, new in changed_pieces(before.text, after.text))
    found.extend(changed_picture(before.image_id, after.image_id, say))
    if before.audience != after.audience:
        found.append(Change(say("Who is it for?"), before.audience, after.audience))
    if before.speaker != after.speaker:
        found.append(Change(say("On whose behalf?"), before.speaker, after.speaker))
    for item in items:
        old, new = (version.answers.get(item.key, Answer()) for version in (before, after))
        if old != new:
            found.append(Change(item.label(say), _in_words(item, old, say), _in_words(item, new, say)))
    return found


def changed_picture(before: int | None, after: int | None, say: Voice) -> Iterator[Change]:
    """Yield the change from one picture to another, by their row ids; None for none."""
    if before != after:
        old, new = ("" if image is None else say("a picture") for image in (before, after))
        yield Change(say("A picture"), old, say("another one") if old and new else new)


def changed_pieces(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the sentences and lines that are not the same in both texts, as what stood there and what stands there."""
    old, new = _pieces(before), _pieces(after)
    for operation, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if operation != "equal":
            yield " ".join(old[old_from:old_to]), " ".join(new[new_from:new_to])


def change_in_words(change: Change, say: Voice) -> str:
    """Return one change as a sentence."""
    if not change.before:
        return say("{label}: new is “{after}”", label=change.label, after=change.after)
    if not change.after:
        return say("{label}: “{before}” is gone", label=change.label, before=change.before)
    return say("{label}: “{before}” is now “{after}”", label=change.label, before=change.before, after=change.after)


def _pieces(words: str) -> list[str]:
    return [piece for found in _PIECE.findall(words) if (piece := " ".join(found.split()))]


def _in_words(item: Item, answer: Answer, say: Voice) -> str:
    declared = "" if answer.declared is None else say.say(_DECLARED[answer.declared])
    words = answer_in_words(item, answer, say) if answer.words else ""
    return ", ".join(part for part in (declared, words) if part)
