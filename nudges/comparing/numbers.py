"""The statistics of comparing two shares: how many people it takes, and how sure the difference is. Pure."""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
POWER = 0.8


@dataclass(frozen=True, slots=True)
class Interval:
    """Between which values the true one lies, with 95 % confidence."""

    low: float
    high: float


def share_interval(hits: int, of: int) -> Interval:
    """Return where the share of which `hits` of so many (1 at least) are a sample lies.

    Wilson's score interval without continuity correction: E. B. Wilson, *Probable inference, the law of succession,
    and statistical inference*, Journal of the American Statistical Association 22 (1927), 209-212.
    """
    z = _two_sided(CONFIDENCE)
    middle = 2 * hits + z * z
    around = z * sqrt(z * z + 4 * hits * (of - hits) / of)
    whole = 2 * (of + z * z)
    return Interval(max((middle - around) / whole, 0.0), min((middle + around) / whole, 1.0))


def difference_interval(hits: int, of: int, other_hits: int, other_of: int) -> Interval:
    """Return where the difference of two shares (the first less the other) lies, of samples independent of each other.

    Newcombe's hybrid score interval, his method 10: R. G. Newcombe, *Interval estimation for the difference between
    independent proportions: comparison of eleven methods*, Statistics in Medicine 17 (1998), 873-890.
    """
    share, other = hits / of, other_hits / other_of
    its, others = share_interval(hits, of), share_interval(other_hits, other_of)
    return Interval(
        share - other - sqrt((share - its.low) ** 2 + (others.high - other) ** 2),
        share - other + sqrt((its.high - share) ** 2 + (other - others.low) ** 2),
    )


@dataclass(frozen=True, slots=True)
class Needed:
    """How many people it takes to find a difference: with a tip, and without."""

    tipped: int
    without: int

    @property
    def people(self) -> int:
        """All of them."""
        return self.tipped + self.without


def people_needed(without: float, tipped: float, times: int, *, power: float = POWER) -> Needed:
    """Return how many people it takes to find that two shares differ, where they are these.

    `times` as many get a tip as get none. Two-sided, at 5 %, without continuity correction: J. L. Fleiss, A. Tytun and
    H. K. Ury, *A simple approximation for calculating sample sizes for comparing independent proportions*, Biometrics
    36 (1980), 343-346.
    """
    mean = (without + times * tipped) / (times + 1)
    by_chance = _two_sided(CONFIDENCE) * sqrt((times + 1) * mean * (1 - mean))
    missed = NormalDist().inv_cdf(power) * sqrt(times * without * (1 - without) + tipped * (1 - tipped))
    fewest = ceil((by_chance + missed) ** 2 / (times * (tipped - without) ** 2))
    return Needed(times * fewest, fewest)


def _two_sided(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
