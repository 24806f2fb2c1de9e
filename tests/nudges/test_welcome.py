"""The rules of the welcome path: pure, over when somebody came and what they have found."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars import DAY
from nudges.welcome import (
    DAYS,
    PATH,
    SETTLING_IN,
    Found,
    Nth,
    Tell,
    came_after,
    is_a_crowd,
    is_on_path,
    next_welcome,
    worth_telling,
)
from tests.nudges.people import calendar, somebody

ARRIVED = date(2027, 2, 1)
# A Monday.
CAME = date(2027, 3, 1)
FORTNIGHT = timedelta(days=14)
FOUND = st.builds(Found, ways=st.booleans(), topics=st.booleans(), has_started=st.booleans())


def at(day: date, hour: int = 8) -> datetime:
    """Return an hour of a day, UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def due(now: datetime, *said: Nth, came: date = CAME, told_at: datetime | None = None) -> tuple[Nth, date] | None:
    """Return which welcome is due, and on which day, to somebody in Stockholm who was told on the day they came."""
    found = next_welcome(came, told_at or at(came), said, FORTNIGHT, calendar(zone="Europe/Stockholm"), 600, now)
    return None if found is None else (found[0], found[1].date())


@pytest.mark.parametrize(
    ("today", "said", "expected"),
    [
        (date(2027, 3, 1), (), (Nth.FIRST, date(2027, 3, 2))),
        (date(2027, 3, 2), (Nth.FIRST,), None),
        (date(2027, 3, 6), (Nth.FIRST,), (Nth.SECOND, date(2027, 3, 8))),
        (date(2027, 3, 8), (Nth.FIRST, Nth.SECOND), None),
        (date(2027, 3, 14), (Nth.FIRST, Nth.SECOND), (Nth.THIRD, date(2027, 3, 15))),
        (date(2027, 3, 14), (), (Nth.THIRD, date(2027, 3, 15))),
        (date(2027, 3, 21), (), None),
    ],
    ids=["day 1", "had it", "day 7", "had both", "day 14", "had none", "over"],
)
def test_the_days_of_the_path(today: date, said: tuple[Nth, ...], expected: tuple[Nth, date] | None) -> None:
    """Each on its day, or on the next working day; the notice comes first, and a day lies between."""
    assert due(at(today), *said) == expected


def test_before_their_first_day_nothing_comes() -> None:
    """Who is in the chat before their first working day is welcomed on that day and not before it."""
    assert due(at(CAME - 5 * DAY), told_at=at(CAME - 9 * DAY)) is None
    assert due(at(CAME - DAY), told_at=at(CAME - 9 * DAY)) == (Nth.FIRST, CAME)


@given(
    came=st.dates(date(2027, 1, 1), date(2027, 12, 1)),
    told_after=st.integers(-10, 30),
    offset=st.integers(0, 30),
    hour=st.integers(0, 23),
    said=st.sets(st.sampled_from(Nth)),
    working_days=st.sampled_from(["12345", "67", "3"]),
)
def test_never_outside_its_days_nor_too_soon_after_the_notice(
    came: date, told_after: int, offset: int, hour: int, said: set[Nth], working_days: str
) -> None:
    """In working hours, after their own notice, each once, and of silence only after the notice's fourteen days."""
    now, told_at = at(came + offset * DAY, hour), at(came + told_after * DAY)
    theirs = calendar(zone="Europe/Stockholm", working_days=working_days)

    found = next_welcome(came, told_at, said, FORTNIGHT, theirs, 600, now)

    if found is not None:
        nth, slot = found
        day = theirs.local_day(slot)
        assert nth not in said
        assert slot >= now
        assert theirs.is_working_at(slot)
        assert day > theirs.local_day(told_at)
        assert came + DAYS[nth][0] <= day <= came + DAYS[nth][1]
        assert nth is not Nth.THIRD or day >= (told_at + FORTNIGHT).date()


@given(nth=st.sampled_from([Nth.FIRST, Nth.SECOND]), found=FOUND, is_first=st.booleans())
def test_what_they_have_found_is_not_told(nth: Nth, found: Found, *, is_first: bool) -> None:
    """No welcome tells what its reader has found, and none says only what Samlas is."""
    told = worth_telling(nth, found, is_first=is_first)

    assert not (found.ways and Tell.WAYS in told)
    assert not (found.topics and Tell.TOPICS in told)
    assert not (found.has_started and Tell.LIKE in told)
    assert told != (Tell.PLACE,)
    assert (Tell.PLACE in told) == (is_first and bool(told))


def test_who_has_found_everything_is_left_alone() -> None:
    """Nothing is left to tell them, on any day."""
    found = Found(ways=True, topics=True, has_started=True, has_given_sign=True)

    assert [worth_telling(nth, found, is_first=True) for nth in Nth] == [(), (), ()]


def test_who_takes_part_gets_no_second() -> None:
    """Whoever has begun needs no more after the first."""
    assert worth_telling(Nth.SECOND, Found(has_started=True, has_given_sign=True), is_first=False) == ()
    assert worth_telling(Nth.SECOND, Found(ways=True, has_given_sign=True), is_first=False) == (Tell.TOPICS, Tell.LIKE)


def test_any_sign_and_the_third_is_not_said() -> None:
    """It is for whoever never started; opening Home once is a start."""
    assert worth_telling(Nth.THIRD, Found(), is_first=False) == (Tell.LIKE,)
    assert worth_telling(Nth.THIRD, Found(ways=True, has_given_sign=True), is_first=False) == ()


def test_who_was_there_before_is_no_newcomer() -> None:
    """By the day they joined, or where nobody has told it, when Samlas had had time to hear of everybody."""
    before = somebody(joined_on=ARRIVED - DAY)
    after = somebody(joined_on=ARRIVED)
    heard_of = somebody(joined_on=None, created_at=at(ARRIVED + SETTLING_IN))
    heard_of_at_once = somebody(joined_on=None, created_at=at(ARRIVED + SETTLING_IN - DAY))

    assert came_after(before, None, ARRIVED) is None
    assert came_after(after, None, ARRIVED) == ARRIVED
    assert came_after(heard_of, None, ARRIVED) == ARRIVED + SETTLING_IN
    assert came_after(heard_of_at_once, None, ARRIVED) is None
    assert came_after(heard_of, ARRIVED - 100 * DAY, ARRIVED) is None


def test_the_path_ends() -> None:
    """It lasts twenty days, as long as the last welcome may still come."""
    newcomer = somebody(joined_on=CAME)

    assert is_on_path(newcomer, None, ARRIVED, CAME + PATH - DAY)
    assert not is_on_path(newcomer, None, ARRIVED, CAME + PATH)
    assert not is_on_path(somebody(joined_on=ARRIVED - DAY), None, ARRIVED, ARRIVED)


def test_a_place_that_is_opened_brings_no_newcomers() -> None:
    """Forty at once in a small company are colleagues of long standing; three, or many in a big one, are new."""
    assert is_a_crowd(40, 300)
    assert not is_a_crowd(3, 30)
    assert not is_a_crowd(150, 10_000)
