"""Three months of taking part at Lindvalla, as counts: made up by a fixed seed, pure, up to yesterday."""

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from adapters.local.made_up.people import ROOMS, Habit, Person
from storage.tables import Kind

SEED: Final = 20_270_301
DAY: Final = timedelta(days=1)
# The organisation's quiet weeks are not counted among them, so that what is usual can be told from what is recent.
WEEKS: Final = 13
# Whoever has stopped did so this many of their ordinary working days ago: past the 15 after which it shows, with
# room for public holidays between.
STOPPED_FOR: Final = 24
# Whoever has fallen did so over the last weeks: 20 working days are compared, and holidays make them longer.
FELL_FOR: Final = 30
JOINED_DAYS_AGO: Final = 24
# Everybody who takes part has done so within these last working days.
SEEN_WITHIN: Final = 3

SIGNS_A_DAY: Final[Mapping[Habit, float]] = {
    Habit.ORDINARY: 1.6,
    Habit.LIVELY: 3.6,
    Habit.SELDOM: 0.8,
    Habit.STOPPED: 1.1,
    Habit.FELL: 2.4,
    Habit.NEVER_STARTED: 0.0,
}
KINDS: Final[Mapping[Kind, float]] = {
    Kind.MESSAGE: 38,
    Kind.THREAD_REPLY: 22,
    Kind.REACTION: 28,
    Kind.READ: 6,
    Kind.COMMAND: 2,
    Kind.HOME: 4,
}

ByDay = Counter[tuple[str, date, int]]


@dataclass(frozen=True, slots=True)
class History:
    """Counts by (person or channel, day, kind), both by external id."""

    by_member: ByDay
    by_channel: ByDay


def begins_on(today: date, quiet_weeks: Sequence[int]) -> date:
    """Return the Monday on which the history begins."""
    monday = today - timedelta(days=today.weekday())
    ordinary = 0
    while ordinary < WEEKS:
        monday -= 7 * DAY
        if monday.isocalendar().week not in quiet_weeks:
            ordinary += 1
    return monday


def history_of(
    people: Sequence[Person], channels: Mapping[str, Sequence[str]], today: date, quiet_weeks: Sequence[int]
) -> History:
    """Make up what everybody did up to yesterday; `channels` are those that each person is in."""
    begin = begins_on(today, quiet_weeks)
    liveliness = {room.external_id: room.liveliness for room in ROOMS}
    by_member: ByDay = Counter()
    by_channel: ByDay = Counter()
    for person in people:
        # A seed of their own: nobody's habits change because somebody else was added.
        chance = random.Random(f"{SEED}:{person.external_id}")  # noqa: S311 - made-up counts, nothing secret
        rooms = [room for room in channels[person.external_id] if liveliness[room] > 0]
        weights = [liveliness[room] for room in rooms]
        days = list(_working_days(person, begin, today, quiet_weeks))
        for number, day in enumerate(days):
            left = len(days) - number
            for _ in range(_signs(person.habit, left, chance)):
                kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
                by_member[person.external_id, day, int(kind)] += 1
                if kind is not Kind.HOME:
                    by_channel[chance.choices(rooms, weights)[0], day, int(kind)] += 1
    return History(by_member, by_channel)


def _working_days(person: Person, begin: date, today: date, quiet_weeks: Sequence[int]) -> Iterator[date]:
    weekdays = {int(day) for day in person.working_days or "12345"}
    day = begin
    while day < today:
        if day.isoweekday() in weekdays and day.isocalendar().week not in quiet_weeks:
            yield day
        day += DAY


def _signs(habit: Habit, days_left: int, chance: random.Random) -> int:
    """Return how many signs somebody gave on a day after which `days_left` working days, it included, are left."""
    signs = _poisson(SIGNS_A_DAY[habit], chance)
    match habit:
        case Habit.STOPPED if days_left <= STOPPED_FOR:
            return 0
        case Habit.FELL if days_left <= FELL_FOR:
            # A single sign now and then: enough not to have stopped.
            return 1 if days_left in (4, 17) else 0
        case Habit.ORDINARY | Habit.LIVELY | Habit.SELDOM if days_left == SEEN_WITHIN:
            return max(1, signs)
        case _:
            return signs


def _poisson(mean: float, chance: random.Random) -> int:
    """Return a count of independent events, by Knuth's method (small means only)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
