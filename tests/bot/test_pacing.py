"""How fast and how often the sender may try, whatever the platform's numbers are."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.pacing import MOST_TRIES, Bucket, pause_after
from tests.soak import times

STEPS = st.lists(st.tuples(st.floats(0, 30), st.integers(1, 8)), min_size=1, max_size=60)
RATES = st.floats(0.01, 1000)
BURSTS = st.integers(1, 1000)
CHANCES = st.floats(0, 1, exclude_max=True)


def sent_at(bucket: Bucket, steps: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """Return when how many messages go, for somebody who wants some after each of these waits."""
    now = bucket.at
    sent = []
    for wait, wanted in steps:
        now += wait
        count = min(wanted, bucket.ready(now))
        bucket = bucket.taken(count, now)
        sent.append((now, count))
    return sent


@pytest.mark.soak
@settings(max_examples=times(100, 5_000))
@given(rate=RATES, burst=BURSTS, steps=STEPS)
def test_never_above_the_limit(rate: float, burst: int, steps: list[tuple[float, int]]) -> None:
    """In no stretch of time do more messages go than the burst and what the rate gives in it."""
    sent = sent_at(Bucket(rate, burst, float(burst), at=1000.0), steps)

    for first in range(len(sent)):
        total = 0
        for at, count in sent[first:]:
            total += count
            assert total <= burst + rate * (at - sent[first][0]) + 1e-6


@pytest.mark.soak
@settings(max_examples=times(100, 5_000))
@given(rate=RATES, burst=BURSTS, steps=STEPS)
def test_level_stays_within(rate: float, burst: int, steps: list[tuple[float, int]]) -> None:
    """A bucket never holds less than nothing or more than a burst."""
    bucket = Bucket(rate, burst, 0.0, at=0.0)
    now = 0.0
    for wait, wanted in steps:
        now += wait
        bucket = bucket.taken(min(wanted, bucket.ready(now)), now)
        assert 0.0 <= bucket.level_at(now) <= burst


@pytest.mark.soak
@settings(max_examples=times(100, 5_000))
@given(rate=RATES, burst=BURSTS, level=st.floats(0, 1000), at=st.floats(0, 1e6))
def test_wait_is_exact(rate: float, burst: int, level: float, at: float) -> None:
    """After the wait that a bucket names a message may go, and noticeably before it none."""
    bucket = Bucket(rate, burst, min(level, float(burst)), at)

    wait = bucket.wait(at)

    assert bucket.ready(at + wait + 1e-6 / rate + at * 1e-12) >= 1
    if wait * rate > 1e-3:
        assert bucket.ready(at + wait - 1e-3 / rate) == 0


def test_clock_that_stands_still() -> None:
    """A moment told again, or an earlier one, fills nothing."""
    bucket = Bucket(10.0, 5, 0.0, at=100.0)

    assert [bucket.ready(now) for now in (100.0, 99.0, 0.0)] == [0, 0, 0]


def test_putting_back() -> None:
    """A message that was not sent after all is put back, but never above the burst."""
    full = Bucket(1.0, 2, 2.0, at=0.0)

    assert full.taken(2, 0.0).taken(-1, 0.0).ready(0.0) == 1
    assert full.taken(-1, 0.0).ready(0.0) == 2


@given(tries=st.integers(1, MOST_TRIES - 1), chance=CHANCES)
def test_pause(tries: int, chance: float) -> None:
    """A pause is anything from half of its longest up to it by chance, and the longest grows up to two hours."""
    pause, longest = pause_after(tries, chance), pause_after(tries, 1.0)

    assert pause is not None
    assert longest is not None
    assert longest / 2 <= pause <= longest <= timedelta(hours=2)


def test_an_hour_without_the_platform() -> None:
    """Nothing is given up within an hour, by whatever chance."""
    shortest = [pause for tries in range(1, MOST_TRIES) if (pause := pause_after(tries, 0.0)) is not None]

    assert sum(shortest, timedelta()) > timedelta(hours=1)


def test_longest_pauses() -> None:
    """The longest pauses begin at four seconds, and each is longer than the one before it; then the sender gives up."""
    longest = [pause for tries in range(1, MOST_TRIES) if (pause := pause_after(tries, 1.0)) is not None]

    assert longest[0] == timedelta(seconds=4)
    assert all(shorter < longer for shorter, longer in pairwise(longest))
    assert pause_after(MOST_TRIES, 0.5) is None
