"""What the people of a simulated organisation do: a working day's signs, and answers to what reaches them.

Everything somebody does is drawn from the seed, the person and the day or the message, so that one person's chance
never hangs on another's. What they did is kept with them (nudges/simulation/people.py) once Samlas has taken it.
"""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from bot.events import REACTED, WROTE, Event, Place
from nudges.simulation import answering, truth
from nudges.simulation.answering import Does
from nudges.simulation.office import KEY, channel_of
from nudges.simulation.people import DAY, Habit, Person
from nudges.simulation.platform import SimulatedPlatform, Stands

# Signs on a working day.
RATES: Mapping[Habit, float] = {
    Habit.ACTIVE: 1.1,
    Habit.NOW_AND_THEN: 0.35,
    Habit.BURSTS: 0.0,
    Habit.FADES: 1.4,
    Habit.READS: 0.0,
    Habit.SILENT: 0.0,
}
FADED = 0.02
BURST = 1.8
LIVELY = 1.0
READS_AT_HOME = 0.12
HOME = 0.01
REPLIES, REACTIONS = 0.25, 0.35
PAUSES_A_DAY = 0.0006


@dataclass(order=True, slots=True)
class Planned:
    """Something that somebody will do. `event` alone is only counted; otherwise `does` says what it takes."""

    at: datetime
    number: int
    person: Person = field(compare=False)
    event: Event | None = field(compare=False, default=None)
    does: Does | None = field(compare=False, default=None)


class Life:
    """The agenda of everybody."""

    def __init__(self, seed: int, people: Sequence[Person]) -> None:
        """Begin with nothing planned."""
        self._seed = seed
        self._agenda: list[Planned] = []
        self._numbers = itertools.count(1)
        self.people = people
        self.by_id = {person.external_id: person for person in people}
        self._comes_and_goes: dict[date, list[Person]] = defaultdict(list)
        for person in people:
            for day in (person.joins, person.leaves):
                if day is not None:
                    self._comes_and_goes[day].append(person)

    def comes_and_goes(self, day: date) -> Sequence[Person]:
        """Return those whose first day it is, or the day from which they are gone."""
        return self._comes_and_goes.get(day, ())

    def chance(self, person: Person, what: object) -> Random:
        """Return the chance of one person and one thing."""
        return Random(f"{self._seed}:{person.number}:{what}")  # noqa: S311 - a simulation

    def plan(self, at: datetime, person: Person, does: Does) -> None:
        """Let somebody do something that takes an answer."""
        heapq.heappush(self._agenda, Planned(at, next(self._numbers), person, does=does))

    def plan_day(self, day: date) -> None:
        """Plan everybody's own day of that date, wherever it is that day."""
        for person in self.people:
            if not person.is_bot:
                self._plan_day_of(person, day)

    def _plan_day_of(self, person: Person, day: date) -> None:
        if not person.is_here(day) or day.isoweekday() not in person.weekdays:
            return
        if truth.is_holiday(person, day) or truth.is_on_leave(person, day):
            return
        chance = self.chance(person, day)
        for _ in range(_how_many(chance, self._rate(person, day))):
            at = moment_at_work(chance, person, day)
            heapq.heappush(self._agenda, Planned(at, next(self._numbers), person, event=self._sign(chance, person, at)))
        at_home = READS_AT_HOME if person.habit is Habit.READS else HOME if person.habit is Habit.ACTIVE else 0.0
        if chance.random() < at_home:
            self.plan(moment_at_work(chance, person, day), person, answering.open_home)
        if person.habit is not Habit.SILENT and chance.random() < PAUSES_A_DAY:
            until = day + chance.randint(5, 25) * DAY
            self.plan(moment_at_work(chance, person, day), person, answering.Pause(until))

    def _rate(self, person: Person, day: date) -> float:
        if person.lively_until is not None and day < person.lively_until:
            return max(LIVELY, RATES[person.habit])
        match person.habit:
            case Habit.BURSTS:
                week = self.chance(person, ("week", day.isocalendar()[:2]))
                return BURST if week.random() < 0.5 else 0.0  # noqa: PLR2004 - every other week
            case Habit.FADES if day >= person.fades_on:
                return FADED
            case habit:
                return RATES[habit]

    def _sign(self, chance: Random, person: Person, at: datetime) -> Event:
        number = next(self._numbers)
        kind = chance.random()
        thread = "t1" if kind < REPLIES else None
        action = REACTED if REPLIES <= kind < REPLIES + REACTIONS else WROTE
        place = Place(channel_of(person), f"t{number + 1}", thread)
        return Event(action, KEY, person.external_id, f"sign-{number}", at, place)

    def next_until(self, moment: datetime) -> Iterator[Planned]:
        """Go through what is done up to a moment, in order; what that leads to is planned for later."""
        while self._agenda and self._agenda[0].at <= moment:
            yield heapq.heappop(self._agenda)

    def hear(self, platform: SimulatedPlatform, key: str, stands: Stands, *, is_new: bool = True) -> None:
        """Let whom a message reaches decide what to do about it."""
        now = platform.clock.now()
        if stands.to.member is not None:
            readers = [self.by_id[person] for person in (stands.to.member, *stands.to.others)]
        elif not is_new:
            return
        else:
            readers = [
                person for person in self.people if person.in_announcement_channel and person.is_here(now.date())
            ]
        wanted = False
        for person in readers:
            chance = self.chance(person, (key, now))
            for does, days in answering.answers(chance, person, key, stands):
                wanted = True
                self.plan(self._at_work_after(chance, person, now, days), person, does)
        if not wanted:
            platform.forget(key)

    def _at_work_after(self, chance: Random, person: Person, now: datetime, days: int) -> datetime:
        """Return a moment in somebody's working hours, so many days from now or some more."""
        day = truth.local_day(person, now) + days * DAY
        for _ in range(120):
            at = moment_at_work(chance, person, day)
            if at > now and truth.is_at_work(person, at):
                return at
            day += DAY
        return now + 120 * DAY


def moment_at_work(chance: Random, person: Person, day: date) -> datetime:
    """Return a moment within somebody's hours of a day, in UTC; hours past midnight end on the next day."""
    length = (person.work_end - person.work_start) % truth.MIDNIGHT
    minute = person.work_start + chance.randrange(1, length)
    local = datetime.combine(day, time(), person.zone) + timedelta(minutes=minute, seconds=chance.randrange(60))
    return local.astimezone(UTC)


def _how_many(chance: Random, rate: float) -> int:
    """Return how often something happens that happens so often on average, at most three times."""
    return sum(chance.random() < rate / 3 for _ in range(3)) if rate > 0 else 0
