"""How rounded figures are said: they never sound more exact than they are."""

from collections.abc import Sequence

from bot.texts import Voice
from storage.floor import LARGE, WHOLE
from storage.tables import Bound


def how_many(say: Voice, share: int, bound: str, members: int) -> str:
    """Return how many of a group a share of it (in thousandths) is: people of a large one, per cent of a small."""
    if members < LARGE:
        return say("{share} of {count} people", share=thousandths_in_words(say, share, Bound(bound)), count=members)
    people = round(share * members / WHOLE)
    match Bound(bound):
        case Bound.AT_MOST:
            return say("about {people} of {count} people, or fewer", people=people, count=members)
        case Bound.AT_LEAST:
            return say("about {people} of {count} people, or more", people=people, count=members)
        case Bound.ABOUT:
            return say("about {people} of {count} people", people=people, count=members)


def thousandths_in_words(say: Voice, share: int, bound: Bound) -> str:
    """Return a share in per cent, as it is meant."""
    percent = round(share * 100 / WHOLE)
    match bound:
        case Bound.AT_MOST:
            return say("about {percent} % or less", percent=percent)
        case Bound.AT_LEAST:
            return say("about {percent} % or more", percent=percent)
        case Bound.ABOUT:
            return say("about {percent} %", percent=percent)


def bounded(share: int, bounds: Sequence[Bound]) -> Bound:
    """Return how the mean of several rounded shares is meant: open at an end only where all of them are."""
    only = set(bounds)
    if len(only) == 1 and share:
        return only.pop()
    return Bound.ABOUT
