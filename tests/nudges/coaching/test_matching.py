"""Which coach it is: of those who can, the one with the least to do; never somebody who may not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nudges.coaching.matching import REMEMBERED, WEEK, Asking, Candidate, best_match, can_take
from tests.nudges.people import calendar

NOW = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)
DAYS = calendar(zone="Europe/Stockholm")
NIGHTS = calendar(zone="Europe/Stockholm", work_start=22 * 60, work_end=6 * 60)
AWAY = calendar(zone="Europe/Stockholm", leave_from=date(2027, 3, 1), leave_to=date(2027, 3, 5))
EVA = Asking(1, "sv", 2, DAYS)
MOMENTS = st.timedeltas(timedelta(), REMEMBERED).map(lambda ago: NOW - ago)


@st.composite
def candidates(draw: st.DrawFn) -> Sequence[Candidate]:
    """Draw some coaches, eva and her lead perhaps among them."""
    member_ids = draw(st.lists(st.integers(1, 8), unique=True, max_size=6))
    return [
        Candidate(
            member_id,
            frozenset(draw(st.sets(st.sampled_from(("sv", "en"))))),
            draw(st.sampled_from((DAYS, DAYS, NIGHTS, AWAY))),
            draw(st.integers(1, 3)),
            has_left=draw(st.booleans()),
            is_paused=draw(st.booleans()),
            matched=tuple(draw(st.lists(MOMENTS, max_size=4))),
        )
        for member_id in member_ids
    ]


@settings(deadline=None)
@given(candidates(), st.sets(st.integers(1, 8), max_size=3))
def test_whoever_it_is_can(coaches: Sequence[Candidate], tried: set[int]) -> None:
    """Not herself, not her lead, nobody tried, away, paused or full; with a language and hours in common."""
    match = best_match(EVA, coaches, tried, NOW)

    if match is None:
        return
    [coach] = [one for one in coaches if one.member_id == match.coach_id]
    assert coach.member_id not in {1, 2, *tried}
    assert not coach.has_left
    assert not coach.is_paused
    assert coach.calendar == DAYS
    assert "sv" in coach.languages
    assert sum(1 for moment in coach.matched if moment > NOW - WEEK) < coach.a_week
    assert match.times


@pytest.mark.parametrize("member_id", [EVA.member_id, EVA.lead_id])
def test_never_herself_nor_her_lead(member_id: int) -> None:
    """However free they are, and though nobody else is a coach."""
    free = Candidate(7, frozenset({"sv"}), DAYS)

    match = best_match(EVA, [replace(free, member_id=member_id)], (), NOW)

    assert match is None
    assert best_match(EVA, [free], (), NOW) is not None


@settings(deadline=None)
@given(candidates(), st.sets(st.integers(1, 8), max_size=3))
def test_nobody_who_can_has_less_to_do(coaches: Sequence[Candidate], tried: set[int]) -> None:
    """It is nobody only when nobody can, and else one of those with the least to do."""
    able = [
        one for one in coaches if one.member_id not in tried and can_take(EVA, one, NOW) and one.calendar is not NIGHTS
    ]

    match = best_match(EVA, coaches, tried, NOW)

    assert (match is None) == (able == [])
    if match is not None:
        loads = {one.member_id: len(one.matched) for one in able}
        assert loads[match.coach_id] == min(loads.values())


@settings(deadline=None)
@given(candidates(), st.randoms(use_true_random=False))
def test_the_order_says_nothing(coaches: Sequence[Candidate], chance: Random) -> None:
    """However the coaches are listed, it is the same one."""
    shuffled = list(coaches)
    chance.shuffle(shuffled)

    assert best_match(EVA, coaches, (), NOW) == best_match(EVA, shuffled, (), NOW)


def test_of_equals_whoever_was_matched_longest_ago() -> None:
    """The turn goes round."""
    lately = Candidate(3, frozenset({"sv"}), DAYS, a_week=2, matched=(NOW - timedelta(days=9),))
    before = replace(lately, member_id=4, matched=(NOW - timedelta(days=20),))

    match = best_match(EVA, [lately, before], (), NOW)

    assert match is not None
    assert match.coach_id == 4


def test_a_week_later_there_is_room_again() -> None:
    """One a week is one in seven days."""
    full = Candidate(3, frozenset({"sv"}), DAYS, matched=(NOW - timedelta(days=6, hours=23),))

    assert best_match(EVA, [full], (), NOW) is None
    assert best_match(EVA, [full], (), NOW + timedelta(hours=1)) is not None
