"""What is learnt of a topic from reading and waving aside, how it fades, and that undoing undoes it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.topics.interests import (
    HALVES_IN,
    KEPT_FOR,
    NOTHING,
    WEIGHTS,
    Interests,
    Learnt,
    after_sign,
    after_undo,
    interests_of,
)
from storage.tables import ReadBy

DAY = date(2027, 3, 3)
TOPIC = 7
days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
signs = st.sampled_from(ReadBy)


def learnt(*signs_given: tuple[ReadBy, int]) -> Learnt:
    """Return what is learnt from signs given so many days after the first of them."""
    found = None
    for by, later in signs_given:
        found = after_sign(found, by, DAY + timedelta(days=later))
    assert found is not None
    return found


def likes(known: Learnt, later: int = 0) -> Interests:
    """Return what somebody likes, so many days after the first day, by what is known of one topic."""
    return interests_of((), {TOPIC: known}, DAY + timedelta(days=later))


def test_reading_twice_shows_it() -> None:
    """One announcement read says nothing yet, two within three weeks show a liking; so does one answer."""
    assert likes(learnt((ReadBy.PRESSED, 0))) == Interests()
    assert likes(learnt((ReadBy.PRESSED, 0), (ReadBy.REACTED, 21)), 21).shown == {TOPIC}
    assert likes(learnt((ReadBy.PRESSED, 0), (ReadBy.PRESSED, 60)), 60).shown == frozenset()
    assert likes(learnt((ReadBy.ASKED, 0))).shown == {TOPIC}


def test_not_relevant_says_the_contrary() -> None:
    """One *Not relevant to me* waves a topic aside for 45 days, and outweighs a liking."""
    waved = learnt((ReadBy.NOT_RELEVANT, 0))
    both = learnt((ReadBy.PRESSED, 0), (ReadBy.PRESSED, 0), (ReadBy.NOT_RELEVANT, 0))

    assert likes(waved, 45).waved_aside == {TOPIC}
    assert likes(waved, 46).waved_aside == frozenset()
    assert likes(both) == Interests()


def test_what_is_chosen_holds() -> None:
    """Whoever follows a topic follows it, whatever they have called not relevant."""
    found = interests_of({TOPIC}, {TOPIC: learnt((ReadBy.NOT_RELEVANT, 0))}, DAY)

    assert found == Interests(follows=frozenset({TOPIC}))


def test_it_fades_to_half() -> None:
    """In 45 days, and when it is deleted less than a tenth is left."""
    known = Learnt(8.0, DAY)

    assert known.on(DAY + HALVES_IN) == 4.0
    assert known.on(DAY + KEPT_FOR) < 0.8


@given(st.lists(st.tuples(signs, days), max_size=8), signs, days, st.integers(0, 400))
def test_undoing_leaves_nothing(before: list[tuple[ReadBy, date]], by: ReadBy, given_on: date, later: int) -> None:
    """What is left of a sign that was taken back is what there would be without it, whenever that is."""
    known = None
    for sign, day in sorted(before, key=lambda one: one[1]):
        known = after_sign(known, sign, min(day, given_on))
    day = given_on + timedelta(days=later)

    undone = after_undo(after_sign(known, by, given_on), by, given_on, day)

    left = 0.0 if undone is None else undone.on(day)
    assert left == pytest.approx(0.0 if known is None else known.on(day), abs=2 * NOTHING)


@given(st.floats(-50, 50), days, days, days)
def test_nothing_grows_by_waiting(score: float, as_of: date, first: date, second: date) -> None:
    """As days go by a score comes nearer to nothing, and never changes sides."""
    early, late = sorted((first, second))
    known = Learnt(score, as_of)

    assert abs(known.on(late)) <= abs(known.on(early)) <= abs(score)
    assert known.on(late) * score >= 0


@given(st.sets(st.integers(1, 9)), st.dictionaries(st.integers(1, 9), st.floats(-20, 20)), days)
def test_a_topic_is_liked_in_one_way(followed: set[int], scores: dict[int, float], day: date) -> None:
    """Followed, shown or waved aside, never two of these."""
    found = interests_of(followed, {topic: Learnt(score, DAY) for topic, score in scores.items()}, day)

    assert found.follows == followed
    assert not found.follows & (found.shown | found.waved_aside)
    assert not found.shown & found.waved_aside


def test_every_sign_has_its_weight() -> None:
    """Whatever counts as having read says something about topics."""
    assert set(WEIGHTS) == set(ReadBy)
