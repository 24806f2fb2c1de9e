"""What somebody looks for in the log is read from their words."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decision_log.query import MOST_WORDS, words_to_find
from bot.texts import Voice
from storage.tables import DecisionStatus

STOCKHOLM = Voice("sv", "Europe/Stockholm")


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("proposed", DecisionStatus.PROPOSED),
        ("Beslutat", DecisionStatus.DECIDED),
        ("ERSATT", DecisionStatus.REPLACED),
        ("withdrawn", DecisionStatus.WITHDRAWN),
        ("decide", None),
    ],
)
def test_a_status_is_one_in_either_language(word: str, status: DecisionStatus | None) -> None:
    """Whoever reads Swedish may still write English, and the other way round."""
    [found] = words_to_find(word, STOCKHOLM)

    assert found.status is status
    assert found.text == word


@pytest.mark.parametrize(
    ("word", "since", "until"),
    [
        ("2027", "2026-12-31 23:00", "2027-12-31 23:00"),
        ("2027-12", "2027-11-30 23:00", "2027-12-31 23:00"),
        ("2027-06-15", "2027-06-14 22:00", "2027-06-15 22:00"),
    ],
)
def test_days_are_the_askers_own(word: str, since: str, until: str) -> None:
    """A year, a month or a day, from midnight to midnight where they are."""
    [found] = words_to_find(word, STOCKHOLM)

    assert found.since == datetime.fromisoformat(since).replace(tzinfo=UTC)
    assert found.until == datetime.fromisoformat(until).replace(tzinfo=UTC)


@pytest.mark.parametrize("word", ["2027-13", "2027-02-30", "0000", "9999", "20270301", "2027-1"])
def test_what_is_no_day_is_a_word(word: str) -> None:
    """It is looked for as it stands."""
    [found] = words_to_find(word, STOCKHOLM)

    assert found.since is None


@given(st.text())
def test_anything_can_be_looked_for(given_words: str) -> None:
    """Nothing that somebody writes breaks it."""
    assert len(words_to_find(given_words, STOCKHOLM)) <= MOST_WORDS
