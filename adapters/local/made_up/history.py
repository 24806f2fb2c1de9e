"""Taking part at Lindvalla, as counts: three months of it, and each day from then on. Pure, by a fixed seed."""

import math
import random
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
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
WEDNESDAY: Final = 3

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

LIVELINESS: Final[Mapping[str, float]] = {room.external_id: room.liveliness for room in ROOMS}

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
    history = History(Counter(), Counter())
    for person in people:
        # A seed of their own: nobody's habits change because somebody else was added.
        chance = random.Random(f"{SEED}:{person.external_id}")  # noqa: S311 - made-up counts, nothing secret
        days = list(_working_days(person, begin, today, quiet_weeks))
        for number, day in enumerate(days):
            left = len(days) - number
            signs = _signs(person.habit, left, chance)
            _give(history, person.external_id, channels[person.external_id], day, signs, chance)
    return history


def lived_on(
    people: Sequence[Person],
    channels: Mapping[str, Sequence[str]],
    day: date,
    quiet_weeks: Sequence[int],
    invited: Collection[str],
) -> History:
    """Make up what everybody does on a day after the history: the same each time it is asked.

    Whoever had stopped, fallen or never begun stays so, except those of the `invited` who come back once asked.
    """
    history = History(Counter(), Counter())
    if day.isocalendar().week in quiet_weeks:
        return history
    for person in people:
        if str(day.isoweekday()) not in (person.working_days or "12345"):
            continue
        chance = random.Random(f"{SEED}:{person.external_id}:{day}")  # noqa: S311 - as above
        comes_back = person.comes_back and person.external_id in invited
        signs = _signs_from_now_on(Habit.ORDINARY if comes_back else person.habit, day, chance)
        _give(history, person.external_id, channels[person.external_id], day, signs, chance)
    return history


def _give(history: History, person: str, channels: Sequence[str], day: date, signs: int, chance: random.Random) -> None:
    rooms = [room for room in channels if LIVELINESS[room] > 0]
    weights = [LIVELINESS[room] for room in rooms]
    for _ in range(signs):
        kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
        history.by_member[person, day, int(kind)] += 1
        if kind is not Kind.HOME:
            history.by_channel[chance.choices(rooms, weights)[0], day, int(kind)] += 1


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


def _signs_from_now_on(habit: Habit, day: date, chance: random.Random) -> int:
    match habit:
        case Habit.STOPPED | Habit.NEVER_STARTED:
            return 0
        case Habit.FELL:
            # As before: a single sign, every second week.
            return 1 if day.isoweekday() == WEDNESDAY and (day.toordinal() // 7) % 2 else 0
        case _:
            return _poisson(SIGNS_A_DAY[habit], chance)


def _poisson(mean: float, chance: random.Random) -> int:
    """Return a count of independent events, by Knuth's method (small means only)."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count
