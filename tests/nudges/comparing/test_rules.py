"""Who is left without a tip, for how long, and when it can be said whether tips help."""

from datetime import date, timedelta

import pytest

from bot.messages import Target
from bot.texts import Voice
from nudges.comparing.rules import (
    NEEDED,
    difference,
    draws_no_tip,
    expected_in_a_year,
    is_without_on,
    takes_in,
)
from nudges.comparing.words import Comparison, whole
from storage.comparing import Group, Groups
from tests.nudges.people import SETTINGS
from tests.support import words_of

KEY = bytes(range(32))
BEGUN = date(2027, 3, 1)
ON = SETTINGS.model_copy(update={"does_it_work": True, "does_it_work_from": BEGUN})
ENOUGH = Groups(Group(NEEDED.tipped, 589), Group(NEEDED.without, 47))


def test_the_lot_falls_on_one_in_ten_and_always_the_same() -> None:
    """Of many people about a tenth; the same whenever it is drawn, and others under another key."""
    people = [f"U{number}" for number in range(20_000)]

    drawn = {person for person in people if draws_no_tip(KEY, person)}

    assert len(drawn) == pytest.approx(2_000, abs=150)
    assert drawn == {person for person in people if draws_no_tip(KEY, person)}
    assert len(drawn & {person for person in people if draws_no_tip(KEY[::-1], person)}) < 300


def test_without_for_a_quarter() -> None:
    """From the day of the tip that does not come, for as long as the ladder rests after one that does."""
    assert is_without_on(BEGUN, BEGUN)
    assert is_without_on(BEGUN, BEGUN + timedelta(days=89))
    assert not is_without_on(BEGUN, BEGUN + timedelta(days=90))


def test_nobody_is_left_without_for_nothing() -> None:
    """Not while it is off, not after its year, and not when there are enough."""
    last = BEGUN + timedelta(days=363)

    assert takes_in(ON, Groups(), BEGUN)
    assert takes_in(ON, Groups(), last)
    assert not takes_in(ON, Groups(), last + timedelta(days=1))
    assert not takes_in(ON, ENOUGH, BEGUN)
    assert not takes_in(SETTINGS, Groups(), BEGUN)


@pytest.mark.parametrize(
    ("people", "due_now", "tipped", "weeks", "expected"),
    [
        (5_000, 30, 12, 2, 120),
        (5_000, 30, 200, 13, 800),
        (5_000, 30, 900, 60, 900),
        (100, 30, 900, 60, 100),
        (5_000, 0, 0, 0, 0),
    ],
    ids=["by those due now", "after a quarter", "after a year", "never more than there are", "nobody"],
)
def test_how_many_a_year_brings(people: int, due_now: int, tipped: int, weeks: int, expected: int) -> None:
    """By what the rounds have sent, from a quarter on; before that by those due now, four times over."""
    assert expected_in_a_year(people, due_now, tipped, weeks) == expected


def test_too_few_to_say() -> None:
    """Nothing is said before both groups are as large as was said beforehand, however clear it looks."""
    assert difference(Groups(Group(NEEDED.tipped, NEEDED.tipped), Group(NEEDED.without - 1, 0))) is None
    assert difference(Groups(Group(NEEDED.tipped - 1, NEEDED.tipped - 1), Group(NEEDED.without, 0))) is None


def test_what_came_of_it() -> None:
    """35 % against 25 % is a difference; 30 % against 28 % is none that can be told from chance."""
    found = difference(ENOUGH)
    none = difference(Groups(Group(NEEDED.tipped, 505), Group(NEEDED.without, 52)))
    harm = difference(Groups(Group(NEEDED.tipped, 200), Group(NEEDED.without, 60)))

    assert found is not None
    assert (found.tipped, found.without, found.points, found.low, found.high) == (35, 25, 10, 3, 16)
    assert found.is_found
    assert none is not None
    assert not none.is_found
    assert harm is not None
    assert harm.is_found
    assert harm.points < 0


def test_nobody_due_is_no_estimate() -> None:
    """Where nobody is due a tip, that is what it says, and not that a year would bring about none."""
    shown = words_of(whole(Comparison(is_on=False, groups=Groups(), expected=0), Target(1, 1), BEGUN, Voice("en")))

    assert "nobody here is due one now" in shown
    assert "about 0" not in shown
