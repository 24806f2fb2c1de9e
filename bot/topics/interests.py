"""Which topics somebody likes: what they follow, and what they have shown by what they read and waved aside. Pure.

Each first sign of having read an announcement adds its weight to each of its topics, and every score fades to half in
45 days, so that what somebody liked last year says little about today. Nothing is learnt from what is written.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from storage.tables import ReadBy

# What a sign of having read says about liking a topic: an answer more than a press, and *Not relevant to me* the
# contrary.
WEIGHTS: Mapping[ReadBy, float] = {
    ReadBy.PRESSED: 1.0,
    ReadBy.REACTED: 1.0,
    ReadBy.REPLIED: 2.0,
    ReadBy.WROTE_BACK: 2.0,
    ReadBy.ASKED: 2.0,
    ReadBy.NOT_RELEVANT: -2.0,
}
HALVES_IN = timedelta(days=45)
# Two announcements read within three weeks of each other, or one answered lately.
SHOWN_FROM = 1.7
# One waved aside, for 45 days.
WAVED_ASIDE_FROM = -1.0
# A score that was added to before that has faded to less than a tenth, and is deleted.
KEPT_FOR = timedelta(days=180)
# What is smaller comes of calculating with fractions.
NOTHING = 1e-6


@dataclass(frozen=True, slots=True)
class Learnt:
    """How much somebody has shown to like one topic, as of a UTC day."""

    score: float
    as_of: date

    def on(self, day: date) -> float:
        """Return what is left of the score on a day; an earlier day is taken for its own."""
        return self.score * _left(self.as_of, day)


@dataclass(frozen=True, slots=True)
class Interests:
    """What somebody likes, by the topics' row ids: those they follow, and of the others those they have shown."""

    follows: frozenset[int] = frozenset()
    shown: frozenset[int] = frozenset()
    waved_aside: frozenset[int] = frozenset()


def after_sign(learnt: Learnt | None, by: ReadBy, day: date) -> Learnt:
    """Return what is learnt of one topic when somebody gives a sign of having read an announcement about it."""
    return _moved(learnt, WEIGHTS[by], day)


def after_undo(learnt: Learnt, by: ReadBy, given_on: date, day: date) -> Learnt | None:
    """Return what is left when somebody takes back the sign that they gave on a day: as if it had not been given.

    None when nothing is.
    """
    found = _moved(learnt, -WEIGHTS[by] * _left(given_on, day), day)
    return None if abs(found.score) < NOTHING else found


def interests_of(followed: Collection[int], learnt: Mapping[int, Learnt], day: date) -> Interests:
    """Return what somebody likes on a day. What they have chosen holds, whatever has been learnt."""
    scores = {topic: known.on(day) for topic, known in learnt.items() if topic not in followed}
    return Interests(
        frozenset(followed),
        frozenset(topic for topic, score in scores.items() if score >= SHOWN_FROM),
        frozenset(topic for topic, score in scores.items() if score <= WAVED_ASIDE_FROM),
    )


def _moved(learnt: Learnt | None, by: float, day: date) -> Learnt:
    if learnt is None:
        return Learnt(by, day)
    as_of = max(day, learnt.as_of)
    return Learnt(learnt.on(as_of) + by, as_of)


def _left(since: date, day: date) -> float:
    halvings = max(day - since, timedelta()) / HALVES_IN
    return float(0.5**halvings)
