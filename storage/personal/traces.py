"""How a person is recognised in words and ids that others' rows hold, and what stands there when they are erased."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Column, ColumnElement, String, cast, or_

from storage.tables import Member

# A name of one letter stands in half of all words.
SHORTEST_NAME = 2


def _within(word: str) -> re.Pattern[str]:
    """Return a pattern that finds a word, and not a longer one that holds it; an address in whatever case."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", re.IGNORECASE if "@" in word else re.NOFLAG)


@dataclass(frozen=True, slots=True)
class Traces:
    """The words by which one person is recognised: id, e-mail address, and the name where it is theirs alone."""

    external_id: str
    words: Sequence[str]
    instead: str

    @classmethod
    def of(cls, member: Member, names_of_others: Sequence[str], instead: str) -> "Traces":
        """Return the traces of a member. A name that is part of another's is not taken for theirs."""
        words = [member.external_id, *([member.email] if member.email else [])]
        name = member.name.strip()
        if len(name) >= SHORTEST_NAME and not any(_within(name).search(other) for other in names_of_others):
            words.append(name)
        # The longest first: an address may hold the name.
        return cls(member.external_id, sorted(set(words), key=len, reverse=True), instead)

    def is_named_in(self, words: str) -> bool:
        """Whether the platform's id of them stands in an id of something else, and not a longer one."""
        return _within(self.external_id).search(words) is not None

    def may_stand_in(self, column: Column[Any]) -> ColumnElement[bool]:
        """Return the condition under which a column may hold one of the words; a few rows too many do no harm."""
        text = cast(column, String) if isinstance(column.type, JSON) else column
        looked_for = {form for word in self.words for form in (word, word.casefold(), json.dumps(word)[1:-1])}
        return or_(*(text.icontains(form, autoescape=True) for form in sorted(looked_for)))

    def without(self, held: Any) -> Any:
        """Return words, or JSON with words in it, in which the person is not named any more."""
        match held:
            case str():
                for word in self.words:
                    held = _within(word).sub(self.instead, held)
                    if held == held.casefold():
                        # Kept without upper case, for searching.
                        held = _within(word.casefold()).sub(self.instead.casefold(), held)
                return held
            case list():
                return [self.without(one) for one in held]
            case dict():
                return {key: self.without(one) for key, one in held.items()}
            case _:
                return held
