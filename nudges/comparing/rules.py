"""Who is left without a tip, for how long, and when there is enough to say whether tips help. Pure.

A lot is drawn for each person by a keyed hash, so that it falls the same in every process, after every restart and
under every SAMLAS_SECRET_KEY, and nobody can choose it. Everybody comes into the comparison once, on the day of the
first tip that they come to while it runs, whatever becomes of that tip: both groups are taken in by one rule. Whoever
draws no tip gets none, nor the steps that follow one, for the quarter that the ladder rests after a tip anyway; then
they are like everybody. Nothing is paid for them meanwhile and no step of theirs begins its quarter.
"""

import hmac
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final

from bot.settings import OrganisationSettings
from nudges.budget import STEP_PAUSE
from nudges.comparing.numbers import difference_interval, people_needed
from storage.comparing import Groups

# One of so many draws no tip.
ONE_IN: Final = 10
# What it is made to find. A quarter came back by themselves in the community of docs/racket.md; a tip that brings
# less than one more in ten back is not worth its interruption.
BY_THEMSELVES: Final = 0.25
WITH_A_TIP: Final = 0.35
NEEDED: Final = people_needed(BY_THEMSELVES, WITH_A_TIP, ONE_IN - 1)
# It runs for a year, and then nobody more is left without.
RUNS_FOR: Final = timedelta(days=364)
WEEKS_IN_YEAR: Final = 52
# From so many weeks of rounds on, what they sent says what a year brings.
WEEKS_TO_TELL: Final = 13
# Each step comes once a quarter at most.
QUARTERS_IN_YEAR: Final = 4


def draws_no_tip(key: bytes, external_id: str) -> bool:
    """Whether the lot leaves somebody without, whom their platform knows by this id."""
    return int.from_bytes(hmac.digest(key, external_id.encode(), "sha256")[:8]) % ONE_IN == 0


def is_without_on(due_on: date, day: date) -> bool:
    """Whether somebody whom the lot left without on `due_on` is without on a day."""
    return abs(day - due_on) < STEP_PAUSE


def takes_in(settings: OrganisationSettings, groups: Groups, day: date) -> bool:
    """Whether people still come into the comparison: while it is on, for a year, until there are enough."""
    begun = settings.does_it_work_from
    return settings.does_it_work and not is_enough(groups) and (begun is None or day < begun + RUNS_FOR)


def is_enough(groups: Groups) -> bool:
    """Whether so many have been compared that the difference looked for would be found."""
    return groups.tipped.people >= NEEDED.tipped and groups.without.people >= NEEDED.without


def expected_in_a_year(people: int, due_now: int, tipped: int, weeks: int) -> int:
    """Return how many people would come to a tip in a year, at most: each once, of all the `people`.

    From what `weeks` of rounds have sent (`tipped` people), where they are a quarter or more; before that as if those
    who are due one now were as many each quarter.
    """
    if weeks < WEEKS_TO_TELL:
        return min(people, due_now * QUARTERS_IN_YEAR)
    return min(people, ceil(tipped * WEEKS_IN_YEAR / min(weeks, WEEKS_IN_YEAR)))


@dataclass(frozen=True, slots=True)
class Difference:
    """What came of it, in whole per cent: who came back with a tip and without, and the difference's interval."""

    tipped: int
    without: int
    points: int
    low: int
    high: int

    @property
    def is_found(self) -> bool:
        """Whether there is one: the interval, as it is shown, leaves out that there is none."""
        return self.low > 0 or self.high < 0


def difference(groups: Groups) -> Difference | None:
    """Return what came of it; None: too few to say."""
    if not is_enough(groups):
        return None
    tipped, without = groups.tipped, groups.without
    between = difference_interval(tipped.returned, tipped.people, without.returned, without.people)
    share, other = tipped.returned / tipped.people, without.returned / without.people
    return Difference(
        round(100 * share),
        round(100 * other),
        round(100 * (share - other)),
        round(100 * between.low),
        round(100 * between.high),
    )
