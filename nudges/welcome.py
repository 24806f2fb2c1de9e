"""The welcome path of newcomers: which of its three messages is due, and what in it is of use. Pure.

Day 1 says what this place is and where to begin; day 7 what somebody has not found yet who has not begun to take part;
day 14, to whoever has given no sign at all, that there is no hurry. What they have found themselves is not told.

A welcome is no word about quietness. The first two say nothing of what was counted, so that they come as soon as the
newcomer has had their own notice, from the day after it on. The third is about silence: it waits the notice's whole
fourteen days, comes with the weekly rounds only, and is the ladder's first step for whoever gets it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.calendars import DAY, Calendar
from nudges.quiet import Looked, Signs, came_on

# Two kinds of items, since the last belongs to the rounds and the others do not.
WELCOME = "welcome"
LAST_WELCOME = "last_welcome"


class Nth(StrEnum):
    """Which of the three it is; each is said at most once."""

    FIRST = "day_1"
    SECOND = "day_7"
    THIRD = "day_14"


# How long after somebody came each is due, and until when: from its day on where that suits and the budget has room,
# and not when the next one's day has come. Day 1 is the day on which they came.
DAYS: Mapping[Nth, tuple[timedelta, timedelta]] = {
    Nth.FIRST: (timedelta(days=0), timedelta(days=5)),
    Nth.SECOND: (timedelta(days=6), timedelta(days=12)),
    Nth.THIRD: (timedelta(days=13), timedelta(days=19)),
}
PATH = max(until for _, until in DAYS.values()) + DAY
# So long it may take until Samlas knows everybody who was there before it. Whoever is first heard of in these days,
# and of whom nobody has told when they came, was.
SETTLING_IN = timedelta(days=7)
# Where more are first heard of on one day, and nobody has told when they came, a place with its people was opened to
# Samlas: no welcome is said to colleagues of many years.
FEWEST_CALLED_MANY = 20
MANY = 0.02


class Tell(StrEnum):
    """What a welcome can say, in the order in which it does."""

    # What Samlas is.
    PLACE = "place"
    # How to look things up.
    WAYS = "ways"
    # That one can follow topics.
    TOPICS = "topics"
    # One thing that they may like; of the third, that starting small is fine.
    LIKE = "like"


@dataclass(frozen=True, slots=True)
class Found:
    """What a newcomer has found by themselves.

    `ways`: they have opened Home or used a command. `has_started`: they have written, replied or reacted.
    `has_given_sign`: any sign at all.
    """

    ways: bool = False
    topics: bool = False
    has_started: bool = False
    has_given_sign: bool = False


def came_after(member: Looked, first_sign: date | None, arrived: date) -> date | None:
    """Return the day on which a member came, where that was after Samlas did (`arrived`); None: they were there."""
    came = came_on(member, Signs(first=first_sign))
    if member.joined_on is None and came < arrived + SETTLING_IN:
        return None
    return came if came >= arrived else None


def is_on_path(member: Looked, first_sign: date | None, arrived: date, day: date) -> bool:
    """Whether a member is a newcomer whose welcome is not over on that day; they are never called quiet."""
    came = came_after(member, first_sign, arrived)
    return came is not None and day < came + PATH


def is_a_crowd(heard_of: int, people: int) -> bool:
    """Whether so many who were first heard of on one day, of all the `people`, cannot all have come that day."""
    return heard_of > max(FEWEST_CALLED_MANY, people * MANY)


def next_welcome(
    came: date,
    told_at: datetime,
    said: Collection[str],
    notice_for: timedelta,
    calendar: Calendar,
    minute: int,
    now: datetime,
) -> tuple[Nth, datetime] | None:
    """Return the welcome whose day has come by tomorrow, and its moment; None: none is due.

    `said` are those they had, or are about to have; `notice_for` how long the notice stands before anything is said
    about silence; `minute` when in their day.
    """
    today = calendar.local_day(now)
    earliest = max(today, calendar.local_day(told_at) + DAY)
    for nth, (after, until) in DAYS.items():
        first = max(earliest, came + after)
        if nth is Nth.THIRD:
            first = max(first, (told_at + notice_for).date())
        if nth in said or first > today + DAY:
            continue
        slot = calendar.slot_between(first, came + until, minute, now)
        if slot is not None:
            return nth, slot
    return None


def worth_telling(nth: Nth, found: Found, *, is_first: bool) -> tuple[Tell, ...]:
    """Return what is of use to a newcomer; nothing: the welcome is not said.

    `is_first`: they have had no welcome before. Whoever has begun to take part needs no more after the first, and
    whoever has given any sign is not asked to begin.
    """
    if nth is Nth.THIRD:
        return () if found.has_given_sign else (Tell.LIKE,)
    if nth is Nth.SECOND and found.has_started:
        return ()
    is_left = {Tell.WAYS: not found.ways, Tell.TOPICS: not found.topics, Tell.LIKE: not found.has_started}
    left = tuple(tell for tell, holds in is_left.items() if holds)
    return (Tell.PLACE, *left) if left and is_first else left
