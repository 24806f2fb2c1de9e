"""How much goes in one transaction follows from how long the last one took."""

from datetime import timedelta

import pytest

from bot.portions import AIM, BEGINNING, LEAST, MOST, Portion, next_size


def milliseconds(number: float) -> timedelta:
    """Return so many milliseconds."""
    return timedelta(milliseconds=number)


@pytest.mark.parametrize(
    ("size", "took", "follows"),
    [
        (200, milliseconds(50), 200),
        (200, milliseconds(100), 100),
        (200, milliseconds(40), 250),
        # Never more than twice, nor less than an eighth.
        (200, milliseconds(1), 400),
        (800, milliseconds(5_000), 100),
        # Nor beyond the ends.
        (900, milliseconds(1), MOST),
        (30, milliseconds(5_000), LEAST),
        (200, timedelta(0), 400),
    ],
)
def test_what_follows_a_full_page(size: int, took: timedelta, follows: int) -> None:
    """As much as would have taken the time that is aimed at, within bounds."""
    assert next_size(size, took, is_full=True) == follows


def test_a_page_that_was_not_full_says_nothing_of_larger_ones() -> None:
    """It lets nothing grow, however quick it was; slow, it is a sign of a busy machine."""
    assert next_size(200, milliseconds(1), is_full=False) == 200
    assert next_size(200, milliseconds(100), is_full=False) == 100


@pytest.mark.parametrize("milliseconds_a_row", [0.01, 0.2, 1.0, 2.0])
def test_it_finds_what_fits(milliseconds_a_row: float) -> None:
    """On whatever machine, from the fourth page on none takes longer than twice what is aimed at."""
    portion = Portion()
    took = []
    for _ in range(12):
        seconds = portion.size * milliseconds_a_row / 1000
        took.append(seconds)
        portion.took(seconds, rows=portion.size)

    assert max(took[3:]) <= 2 * AIM.total_seconds()
    assert took[-1] == pytest.approx(min(AIM.total_seconds(), MOST * milliseconds_a_row / 1000), rel=0.05)


def test_a_slow_moment_is_made_up_for() -> None:
    """One page that took long makes the next one small, and the size comes back page by page."""
    portion = Portion()
    for _ in range(5):
        portion.took(0.02, rows=portion.size)
    portion.took(2.0, rows=portion.size)
    after = portion.size
    for _ in range(5):
        portion.took(0.001, rows=portion.size)

    assert (BEGINNING < MOST, after, portion.size) == (True, 125, MOST)
