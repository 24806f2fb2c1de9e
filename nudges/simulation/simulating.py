"""Lets a simulated organisation live through its days, at the moments at which something can happen.

Those are the jobs' ticks, once a day (a job computes what is due, so that more of them would find nothing), the moments
at which something in the outbox is due, and each hour in which somebody does something.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from bot import __version__
from bot.settings import OrganisationSettings
from nudges.simulation.answering import (
    Actor,
    Announce,
    Does,
    go,
    offer_to_coach,
    turn_third_step_off,
    turn_third_step_on,
)
from nudges.simulation.life import Life
from nudges.simulation.office import Office, SimulatedClock
from nudges.simulation.people import DAY, Person, make_people
from nudges.simulation.platform import Said, SimulatedPlatform
from storage.migrate import migrate

# A Monday. 120 days from here lie on both sides of the beginning of summer time, and a year has both its changes.
BEGINS = date(2027, 1, 4)
# When the day has begun everywhere; what is planned then lies ahead of everybody.
TICK_AT = time(10, 10)
LIST_AT, ROSTER_AT = time(0, 20), time(0, 5)
# The platform tells of who comes and goes, and at times of everybody.
TELLS_OF_ALL = 28
# From the first day: the coaches register and the notice is given; then something is announced every three weeks,
# each third time with confirmation (in the usual year on the Tuesday before Good Friday too).
GOES_AFTER = timedelta(days=1)
ANNOUNCED_FROM, ANNOUNCED_EVERY = 15, 21
# For some of the time, leads are told too.
LEADS_TOLD_FROM, LEADS_TOLD_UNTIL = 1 / 6, 11 / 12
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated."""

    members: int
    days: int
    seed: int
    settings: OrganisationSettings = field(default_factory=OrganisationSettings)
    begins: date = BEGINS


@dataclass(frozen=True, slots=True)
class Lived:
    """What came of it: the record of what was sent, and the truth about everybody."""

    plan: Plan
    people: Sequence[Person]
    record: Sequence[Said]
    noticed_at: datetime
    ends: datetime
    restarts: int
    crashes: int
    # From when to when leads might be told of colleagues.
    leads_told: tuple[datetime, datetime]
    # Hours in which the platform took nothing, and moments at which a process was made to end.
    troubles: Sequence[tuple[datetime, datetime]]


async def simulate(plan: Plan, folder: Path, progress: Callable[[int], None] = lambda _day: None) -> Lived:
    """Live through the plan's days over a new SQLite database in this folder. `progress` is told of each day gone by.

    The same plan comes to the same record.
    """
    file = folder / "simulated.db"
    migrate(file, __version__)
    begins = datetime.combine(plan.begins, time(), UTC)
    clock = SimulatedClock(begins)
    chance = Random(plan.seed)  # noqa: S311 - a simulation
    people = make_people(chance, plan.members, plan.begins, plan.days)
    life = Life(plan.seed, people)
    down = _down(chance, plan)
    platform = SimulatedPlatform(
        clock,
        lambda key, stands: life.hear(platform, key, stands),
        lambda key, stands: life.hear(platform, key, stands, is_new=False),
        down,
    )
    office = Office(file, clock, platform, chance.random)
    world = _World(plan, life, office, chance)
    try:
        # A chance of its own: who lives there is to be the same with and without.
        await office.move_in(people, plan.settings, Random(plan.seed).randbytes(32))  # noqa: S311 - a simulation
        world.script()
        for number in range(plan.days):
            await world.live(plan.begins + number * DAY)
            progress(number + 1)
    finally:
        await office.close()
    ends = begins + plan.days * DAY
    troubles = [*down, *world.troubles]
    return Lived(
        plan,
        people,
        platform.record,
        begins + GOES_AFTER,
        ends,
        office.restarts,
        office.crashes,
        world.leads_told,
        sorted(troubles),
    )


def _down(chance: Random, plan: Plan) -> list[tuple[datetime, datetime]]:
    """Return the hours in which the platform is down: each about as often as once in six weeks, on a Tuesday."""
    hours: list[tuple[datetime, datetime]] = []
    for week in range(3, plan.days // 7, 6):
        tuesday = plan.begins + timedelta(days=7 * (week + chance.randrange(3)) + 1)
        begins = datetime.combine(tuesday, time(chance.choice((7, 8, 9, 14))), UTC) + timedelta(minutes=30)
        hours.append((begins, begins + HOUR))
    return hours


@dataclass
class _World:
    """The organisation on its way through its days."""

    plan: Plan
    life: Life
    office: Office
    chance: Random
    next_sending: datetime | None = None
    troubles: list[tuple[datetime, datetime]] = field(default_factory=list)

    @property
    def leads_told(self) -> tuple[datetime, datetime]:
        """From when to when the third step is on."""
        begins = datetime.combine(self.plan.begins, time(12), UTC)
        first, last = (int(self.plan.days * part) * DAY for part in (LEADS_TOLD_FROM, LEADS_TOLD_UNTIL))
        return begins + first, begins + last

    def script(self) -> None:
        """Plan what the communications lead and the coaches do, and everybody's first day."""
        begins = self.office.clock.now()
        lead = self.life.people[0]
        for person in self.life.people:
            if person.is_coach:
                self.life.plan(begins + HOUR, person, offer_to_coach)
        self.life.plan(begins + GOES_AFTER, lead, go)
        for moment, turn in zip(self.leads_told, (turn_third_step_on, turn_third_step_off), strict=True):
            self.life.plan(moment, lead, turn)
        for number, day in enumerate(range(ANNOUNCED_FROM, self.plan.days, ANNOUNCED_EVERY)):
            announce = Announce(f"Announcement {number + 1}", confirm=number % 3 == 0)
            self.life.plan(begins + day * DAY + 9 * HOUR, lead, announce)
        self.life.plan_day(self.plan.begins)

    async def live(self, day: date) -> None:
        """Live through one UTC day. Tomorrow begins today already where the sun comes up first."""
        self.life.plan_day(day + DAY)
        moments = [(datetime.combine(day, TICK_AT, UTC), self.office.tick)]
        if self.life.comes_and_goes(day):
            moments.append((datetime.combine(day, ROSTER_AT, UTC), self._hear_of))
        if (day - self.plan.begins).days % TELLS_OF_ALL == TELLS_OF_ALL - 1:
            moments.append((datetime.combine(day, ROSTER_AT, UTC), self._see))
        if day.isoweekday() == 1:
            moments.append((datetime.combine(day, LIST_AT, UTC), self._list))
        if self.chance.random() < 1 / 20:
            moments.append((datetime.combine(day, time(9, 30), UTC), self._restart))
        if self.chance.random() < 1 / 25 or (day.isoweekday() == 2 and self.chance.random() < 1 / 5):  # noqa: PLR2004
            moments.append((datetime.combine(day, time(8, 55), UTC), self._die_soon))
        for at, does in sorted(moments, key=lambda one: one[0]):
            await self._go_to(at)
            await does()
            await self._look_ahead()
        await self._go_to(datetime.combine(day + DAY, time(), UTC))

    async def _go_to(self, moment: datetime) -> None:
        """Go on until a moment, by the hour and by what is due to be sent."""
        clock = self.office.clock
        while clock.now() < moment:
            now = clock.now()
            hour = now.replace(minute=0, second=0, microsecond=0) + HOUR
            stop = min(moment, hour, self.next_sending or moment)
            acted = await self._act_until(stop)
            clock.go_to(stop)
            if acted or (self.next_sending is not None and self.next_sending <= stop):
                await self.office.send()
                await self._look_ahead()

    async def _act_until(self, moment: datetime) -> bool:
        """Let everybody do what they do until then; whether something may have to be sent for it."""
        counted = []
        acted = False
        for planned in self.life.next_until(moment):
            person = planned.person
            if not person.is_here(planned.at.date()):
                continue
            if planned.event is not None:
                counted.append(planned.event)
                person.signs.append(planned.at)
                continue
            # Signs come before what is asked after them.
            await self.office.take_many(counted)
            counted.clear()
            self.office.clock.go_to(planned.at)
            if planned.does is not None:
                await planned.does(Actor(self.office, person, self._later(person)))
                acted = True
        await self.office.take_many(counted)
        return acted

    def _later(self, person: Person) -> Callable[[Does, int], None]:
        return lambda does, days: self.life.plan(self.office.clock.now() + days * DAY, person, does)

    async def _look_ahead(self) -> None:
        self.next_sending = await self.office.next_sending()

    async def _hear_of(self) -> None:
        await self.office.hear_of(self.life.comes_and_goes(self.office.clock.now().date()))

    async def _see(self) -> None:
        await self.office.see(self.life.people)

    async def _list(self) -> None:
        await self.office.import_list(self.life.people, self.office.clock.now().date())

    async def _restart(self) -> None:
        await self.office.restart()

    async def _die_soon(self) -> None:
        """Let the process be gone after some of the next messages, before it hears that they stand."""
        self.office.platform.dies_after = self.chance.randrange(4)
        now = self.office.clock.now()
        self.troubles.append((now, now + 2 * DAY))
