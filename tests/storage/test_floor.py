"""The floor of 5 and the rounding: what may be told of a group, and how exactly."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.floor import (
    FLOOR,
    LARGE,
    Rough,
    about,
    after_quarter,
    groups_to_show,
    monday_of,
    parts_of,
    quarter_of,
    roughly,
)
from storage.tables import Bound


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int]:
    """Draw a count and the group that it is of."""
    whole = draw(st.integers(FLOOR, 3000))
    return draw(st.integers(0, whole)), whole


@pytest.mark.parametrize(
    ("count", "whole", "share", "bound"),
    [
        (20, 40, 500, Bound.ABOUT),
        (0, 40, 100, Bound.AT_MOST),
        (40, 40, 900, Bound.AT_LEAST),
        (3, 5, 600, Bound.ABOUT),
        (33, 330, 106, Bound.ABOUT),  # 35 people
        (2, 330, 15, Bound.AT_MOST),  # 5 people or fewer
    ],
)
def test_what_is_told_of_a_group(count: int, whole: int, share: int, bound: Bound) -> None:
    """A small group's share is told in tenths, a large group's in steps of at least 5 people."""
    assert about(count, whole) == Rough(share, bound)


@given(counts())
def test_nobody_and_everybody_are_never_told_apart_from_all_but_one(drawn: tuple[int, int]) -> None:
    """Each open end stands for two counts at least: no figure says that nobody took part, or that all did."""
    _, whole = drawn

    assert about(0, whole) == about(1, whole)
    assert about(whole, whole) == about(whole - 1, whole)


@given(counts())
def test_a_rounded_figure_is_close(drawn: tuple[int, int]) -> None:
    """It is off by a tenth of a small group at most, and of a large one by 5 people or a tenth of the figure."""
    count, whole = drawn

    off = abs(about(count, whole).share * whole / 1000 - count)

    assert off <= (max(1.0, whole / 10) if whole < LARGE else max(FLOOR, count / 10)) + 1


def test_no_figure_is_about_fewer_than_five() -> None:
    """Asking for one is a defect."""
    with pytest.raises(ValueError, match="so few"):
        about(2, 4)


@given(st.dictionaries(st.integers(1, 50), st.integers(0, 30), max_size=12), st.integers(0, 12))
def test_the_rest_is_never_a_few(members: dict[int, int], others: int) -> None:
    """Shown groups have 5 people or more each, and so has everything that is not shown, unless it is nobody."""
    shown = groups_to_show(members, others)

    rest = others + sum(size for group, size in members.items() if group not in shown)
    assert all(members[group] >= FLOOR for group in shown)
    assert not shown or rest == 0 or rest >= FLOOR


def test_as_much_is_shown_as_may_be() -> None:
    """One group is left out where a few would be the rest, the smallest; none where nobody or enough are left over."""
    assert groups_to_show({1: 5, 2: 8, 3: 7}, 0) == {1, 2, 3}
    assert groups_to_show({1: 5, 2: 8, 3: 7}, 3) == {2, 3}
    assert groups_to_show({1: 5, 2: 8, 3: 4}, 0) == {2}
    assert groups_to_show({1: 5, 2: 8, 3: 4}, 1) == {1, 2}


@given(st.integers(FLOOR, 5000))
def test_parts_are_never_under_the_floor(members: int) -> None:
    """Equal parts of a group, to tell how evenly it takes part, have 5 people or more each."""
    assert members // parts_of(members) >= FLOOR


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_each_week_belongs_to_one_quarter(day: date) -> None:
    """To that of its Monday; the next quarter begins three months later."""
    quarter = quarter_of(monday_of(day))

    assert quarter.day == 1
    assert quarter.month in (1, 4, 7, 10)
    assert quarter <= monday_of(day) < after_quarter(quarter)
    assert (after_quarter(quarter) - quarter).days in range(90, 93)


def test_rough_numbers() -> None:
    """A figure is rounded to about a tenth of itself."""
    assert [roughly(figure) for figure in (0, 7, 19, 34, 62, 96)] == [0, 7, 19, 34, 60, 95]
