"""What is most relevant to somebody, of what they have not read: the order of a digest, with the reasons. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.topics.interests import Interests


class Why(StrEnum):
    """Why something stands where it does in a digest."""

    FOLLOWS = "follows"
    SHOWN = "shown"
    OWN_TEAM = "own_team"
    DECISION = "decision"


@dataclass(frozen=True, slots=True)
class Unread:
    """An announcement that waits to be read, as far as its relevance goes; topics by row id."""

    announcement_id: int
    topics: frozenset[int]
    is_for_own_team: bool
    is_decision: bool
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Ranked:
    """An announcement in its place; `reasons` from the strongest on, `topic` the one that is liked, if one is."""

    announcement_id: int
    reasons: Sequence[Why]
    topic: int | None


def most_relevant_first(unread: Collection[Unread], interests: Interests) -> list[Ranked]:
    """Return what to name first.

    What is on a topic that somebody follows, then on one they have shown to like; within each, what is for their own
    home team, then decisions before news (PRODUCT chapter 1, "One place to come to"). Of what is alike in that, what is
    only on topics they have waved aside comes last, and else the newest first.
    """
    ordered = sorted(unread, key=lambda one: (one.published_at, one.announcement_id), reverse=True)
    ordered.sort(key=lambda one: _place(one, interests))
    return [_ranked(one, interests) for one in ordered]


def _place(one: Unread, interests: Interests) -> tuple[int, bool, bool, bool]:
    liking = 0 if one.topics & interests.follows else 1 if one.topics & interests.shown else 2
    is_waved_aside = bool(one.topics) and one.topics <= interests.waved_aside
    return liking, not one.is_for_own_team, not one.is_decision, is_waved_aside


def _ranked(one: Unread, interests: Interests) -> Ranked:
    follows, shown = one.topics & interests.follows, one.topics & interests.shown
    found = {
        Why.FOLLOWS: bool(follows),
        Why.SHOWN: bool(shown) and not follows,
        Why.OWN_TEAM: one.is_for_own_team,
        Why.DECISION: one.is_decision,
    }
    return Ranked(
        one.announcement_id, [why for why, holds in found.items() if holds], min(follows or shown, default=None)
    )
