"""Who fell, found for many at once: the columns say of everybody what the rule says of each."""

import random
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
from hypothesis import event, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from bot.calendars import DAY, Calendar
from nudges.falling import compared, fallen, given
from nudges.quiet import FELL_NEEDS, LOOK_BACK, Signs, Watched, fell
from storage.columns import Counts, Spans
from tests.nudges.people import calendar

AS_OF = date(2027, 3, 9)
# So that a day of the week is not always the same one.
LOOKS = st.sampled_from([AS_OF + offset * DAY for offset in range(8)])
CALENDARS = st.builds(
    calendar,
    working_days=st.sampled_from([None, "12345", "1234567", "12"]),
    country=st.sampled_from([None, "DE", "XX"]),
    leave_from=st.sampled_from([None, None, AS_OF - 60 * DAY, AS_OF - 12 * DAY, AS_OF + 9 * DAY]),
    leave_to=st.sampled_from([None, AS_OF + 30 * DAY]),
)
WATCHED = st.builds(
    lambda since, gap: Watched(AS_OF - since * DAY, gap and (AS_OF - gap[0] * DAY, AS_OF - gap[1] * DAY)),
    st.sampled_from([400, 178, 120, 70, 30]),
    st.sampled_from([None, None, (110, 100), (65, 40), (300, 200)]),
)
# How many days ago somebody's first sign can have come, how likely one is on a day, how many days ago that changed to
# which share of it, and one of many lives like that.
PEOPLE = st.lists(
    st.tuples(
        st.one_of(st.integers(50, 80), st.integers(80, 200)),
        st.sampled_from([0.1, 0.3, 0.6, 1.0]),
        st.integers(15, 45),
        st.sampled_from([0.0, 0.1, 0.2, 0.4]),
        st.integers(0, 1_000_000),
    ),
    min_size=1,
    max_size=8,
)


def lived(began: int, usual: float, turned: int, share: float, life: int) -> Mapping[date, int]:
    """Return how many signs somebody gave by day; some days later too than those that are looked at."""
    chance = random.Random(life)
    return {
        AS_OF - ago * DAY: chance.randint(1, 6)
        for ago in range(began, -10, -1)
        if chance.random() < usual * (share if ago < turned else 1)
    }


def in_columns(lives: Mapping[int, Mapping[date, int]]) -> tuple[Spans, Counts]:
    """Return the lives of members as they are read, in no order, and some of it as of two kinds."""
    spans = sorted((member, min(life).toordinal(), max(life).toordinal()) for member, life in lives.items())
    counts = [
        (member, day.toordinal(), part)
        for member, life in lives.items()
        for day, count in life.items()
        for part in ((1, count - 1) if count > 1 else (count,))
    ]
    random.Random(7).shuffle(counts)
    return Spans(*_columns(spans, 3)), Counts(*_columns(counts, 3))


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
    return [np.array([row[at] for row in rows], np.int64) for at in range(width)]


@settings(max_examples=150, deadline=None)
@for_all(people=PEOPLE, calendar=CALENDARS, watched=WATCHED, as_of=LOOKS)
def test_the_columns_say_what_the_rule_says(
    people: Sequence[tuple[int, float, int, float, int]], calendar: Calendar, watched: Watched, as_of: date
) -> None:
    """Everybody who fell is found among many, and nobody else: whatever their lives, calendar and watched days."""
    lives = {7 + 3 * at: life for at, person in enumerate(people) if (life := lived(*person))}
    spans, counts = in_columns(lives)

    found = fallen(compared(calendar, watched, as_of), given(spans, counts, after=5, until=40))

    looked_from = as_of - LOOK_BACK
    expected = {
        member: fell(
            calendar,
            Signs(min(life), max(life), {day: count for day, count in life.items() if looked_from <= day <= as_of}),
            watched,
            as_of,
        )
        for member, life in lives.items()
    }
    assert dict(zip(spans.member.tolist(), found.tolist(), strict=True)) == expected
    assert all(min(lives[member]) <= as_of - FELL_NEEDS for member, has_fallen in expected.items() if has_fallen)
    event(f"some fell: {any(expected.values())}")


def test_fallen_as_soon_as_can_be() -> None:
    """Whoever works every day of the week may have fallen 61 days after their first sign, and no sooner."""
    as_of = date(2027, 3, 13)
    every_day = calendar(working_days="1234567", country="XX")
    life = {as_of - ago * DAY: 2 for ago in range(61, 19, -1)}
    spans, counts = in_columns({1: life, 2: {day + DAY: count for day, count in life.items()}})

    found = fallen(compared(every_day, Watched(as_of - 200 * DAY), as_of), given(spans, counts, after=0, until=2))

    assert found.tolist() == [True, False]
    assert as_of - FELL_NEEDS == min(life)


def test_those_of_some() -> None:
    """What some of the members gave is theirs alone, in the order in which they are asked for."""
    spans, counts = in_columns({1: {AS_OF: 2}, 4: {AS_OF - DAY: 1}, 9: {AS_OF: 5}})

    some = given(spans, counts, after=0, until=9).of(np.array([2, 0]))

    assert some.first.tolist() == [AS_OF.toordinal(), AS_OF.toordinal()]
    assert np.bincount(some.row, weights=some.count).tolist() == [5, 2]
