"""The statistics, against what their authors and others have published."""

from math import comb
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nudges.comparing.numbers import difference_interval, people_needed, share_interval

shares = st.tuples(st.integers(1, 500), st.floats(0, 1)).map(lambda drawn: (round(drawn[0] * drawn[1]), drawn[0]))


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_of_a_share(hits: int, of: int, low: float, high: float) -> None:
    """As in Newcombe's comparison of seven methods (Statistics in Medicine 17, 857-872), table I, method 3."""
    found = share_interval(hits, of)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("hits", "of", "other_hits", "other_of", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
        (10, 10, 0, 10, 0.6075, 1.0),
    ],
)
def test_the_interval_of_a_difference(
    hits: int, of: int, other_hits: int, other_of: int, low: float, high: float
) -> None:
    """As in Newcombe's comparison of eleven methods (Statistics in Medicine 17, 873-890), table II, method 10."""
    found = difference_interval(hits, of, other_hits, other_of)

    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(shares, shares)
def test_a_difference_lies_in_its_interval(one: tuple[int, int], other: tuple[int, int]) -> None:
    """Whatever was counted, the interval holds the difference, stays within -1 and 1, and turned around is turned."""
    found, turned = difference_interval(*one, *other), difference_interval(*other, *one)

    seen = one[0] / one[1] - other[0] / other[1]
    assert -1 - 1e-9 <= found.low <= seen + 1e-9
    assert seen - 1e-9 <= found.high <= 1 + 1e-9
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


@pytest.mark.parametrize(
    ("without", "tipped", "power", "each"),
    [
        # R's own help of power.prop.test: n = 76.7.
        (0.5, 0.75, 0.9, 77),
        (0.5, 0.6, 0.8, 388),
    ],
)
def test_as_many_with_as_without(without: float, tipped: float, power: float, each: int) -> None:
    """Of groups as large as each other, it takes as many as R's power.prop.test says, rounded up."""
    found = people_needed(without, tipped, 1, power=power)

    assert (found.tipped, found.without, found.people) == (each, each, 2 * each)


def test_one_in_ten_finds_what_it_is_meant_to_four_times_in_five() -> None:
    """Worked out another way: over every count of those without, how often the interval leaves out no difference."""
    found = people_needed(0.25, 0.35, 9)
    normal = NormalDist(0.35 * found.tipped, (found.tipped * 0.35 * 0.65) ** 0.5)

    power = 0.0
    for hits in range(found.without + 1):
        chance = comb(found.without, hits) * 0.25**hits * 0.75 ** (found.without - hits)
        # The fewest with a tip who make a difference that is above none.
        fewest = (
            next(
                count
                for count in range(found.tipped + 1)
                if difference_interval(count, found.tipped, hits, found.without).low > 0 or count == found.tipped
            )
            if chance > 1e-6
            else found.tipped
        )
        power += chance * (1 - normal.cdf(fewest - 0.5))

    assert (found.tipped, found.without) == (1683, 187)
    assert power == pytest.approx(0.8, abs=0.03)
