"""What has changed since somebody was asked whether an announcement may go out in their name. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.anchoring.changes import Change, Version, changed_picture, changed_pieces, changes
from bot.announcements.wording import text_label, title_label
from bot.decisions.checklist import Answer, Item
from bot.texts import LANGUAGES, Voice
from storage.announcements import Wording


@dataclass(frozen=True, slots=True)
class Put:
    """What somebody was shown: its words by language; its kind and its audience in their own language."""

    wordings: Mapping[str, Wording]
    kind: str
    audience: str
    answers: Mapping[str, Answer]
    image_id: int | None = None


def changed(before: Put, after: Put, items: Sequence[Item], say: Voice) -> list[Change]:
    """Return what is different, in every language that it says something in."""
    found: list[Change] = []
    if before.kind != after.kind:
        found.append(Change(say("What is it?"), before.kind, after.kind))
    written = [language for language in LANGUAGES if language in {*before.wordings, *after.wordings}]
    for language in written:
        old, new = (put.wordings.get(language, Wording()) for put in (before, after))
        is_only = len(written) == 1
        if old.title != new.title:
            found.append(Change(say("Title") if is_only else title_label(language, say), old.title, new.title))
        if old.alt != new.alt:
            found.append(Change(say("What the picture shows"), old.alt, new.alt))
        label = say("Text") if is_only else text_label(language, say)
        found.extend(Change(label, *pieces) for pieces in changed_pieces(old.text, new.text))
    found.extend(changed_picture(before.image_id, after.image_id, say))
    around = [Version("", "", put.audience, put.answers) for put in (before, after)]
    return [*found, *changes(around[0], around[1], items, say)]
