"""What somebody looks for in the decision log, read from their words. Pure."""

import re
from datetime import date, timedelta

from bot.calendars import to_utc
from bot.texts import LANGUAGES, Text, Voice, text
from storage.decision_log import LogWord
from storage.tables import DecisionStatus

STATUSES: dict[DecisionStatus, Text] = {
    DecisionStatus.PROPOSED: text("Proposed"),
    DecisionStatus.DECIDED: text("Decided"),
    DecisionStatus.REPLACED: text("Replaced"),
    DecisionStatus.WITHDRAWN: text("Withdrawn"),
}

# More would only cost time: each is looked up by itself.
MOST_WORDS = 10

_DAYS = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def words_to_find(given: str, say: Voice) -> tuple[LogWord, ...]:
    """Return the words to look for.

    A status counts as one in either language; a year, a month ("2027-03") or a day ("2027-03-01") also as the days on
    which something was published, in the asker's own zone.
    """
    return tuple(_word(word, say) for word in given.split()[:MOST_WORDS])


def _word(word: str, say: Voice) -> LogWord:
    days = _days(word)
    since, until = (None, None) if days is None else (to_utc(day, 0, say.zone) for day in days)
    return LogWord(word, _status(word), since, until)


def _status(word: str) -> DecisionStatus | None:
    folded = word.casefold()
    return next(
        (
            status
            for status, name in STATUSES.items()
            if folded in {Voice(language).say(name).casefold() for language in LANGUAGES}
        ),
        None,
    )


def _days(word: str) -> tuple[date, date] | None:
    """Return the first of the days that a word names, and the first after them."""
    found = _DAYS.fullmatch(word)
    if found is None:
        return None
    year, month, day = (None if part is None else int(part) for part in found.groups())
    try:
        if year is None or month is None:
            return date(year or 0, 1, 1), date((year or 0) + 1, 1, 1)
        if day is None:
            return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, day), date(year, month, day) + timedelta(days=1)
    except (ValueError, OverflowError):
        return None
