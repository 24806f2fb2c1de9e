"""Who lives in a simulated organisation: the scripted truth, which Samlas is told only as much of as a platform tells.

Made from a seed alone, and kept apart from the rows: what is promised is checked against these people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from random import Random
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
# The fewest people of an organisation in which there is something to see.
FEWEST = 20


class Habit(StrEnum):
    """How somebody takes part. *fades*: until some day as an active one does, and then hardly at all.

    *bursts*: some weeks much, some weeks nothing. *reads*: presses and opens, and writes nothing. *silent*: no sign,
    whatever comes.
    """

    ACTIVE = "active"
    NOW_AND_THEN = "now and then"
    BURSTS = "bursts"
    FADES = "fades"
    READS = "reads"
    SILENT = "silent"


class Temper(StrEnum):
    """What somebody answers to what comes unasked."""

    NOTHING = "nothing"
    THANKS = "thanks"
    NOT_NOW = "not now"
    STOP = "stop"
    READING_ALONG = "reading along"
    DO_NOT_COUNT = "do not count"
    YES_PLEASE = "yes please"


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works: a country (perhaps with a region), its zone, and the language they read."""

    country: str
    region: str | None
    zone: str
    locale: str


PLACES = (
    Place("SE", None, "Europe/Stockholm", "sv"),
    Place("SE", None, "Europe/Stockholm", "en"),
    Place("DE", "BY", "Europe/Berlin", "en"),
    Place("GB", "ENG", "Europe/London", "en"),
    Place("US", "NY", "America/New_York", "en"),
    Place("IN", None, "Asia/Kolkata", "en"),
    Place("NZ", "AUK", "Pacific/Auckland", "en"),
    Place("AU", "SA", "Australia/Adelaide", "en"),
)
PLACE_WEIGHTS = (40, 12, 14, 8, 10, 8, 4, 4)

# Working days by ISO number, and hours in minutes after midnight: the ordinary, part-timers, and who works at night.
WEEKS = (
    ("12345", 8 * 60, 17 * 60),
    ("12345", 7 * 60, 15 * 60 + 30),
    ("1234", 9 * 60, 17 * 60),
    ("135", 8 * 60, 12 * 60),
    ("23", 11 * 60, 16 * 60),
    ("567", 10 * 60, 18 * 60),
    ("12345", 22 * 60, 6 * 60),
)
WEEK_WEIGHTS = (58, 14, 8, 6, 4, 4, 6)

HABIT_WEIGHTS = {
    Habit.ACTIVE: 34,
    Habit.NOW_AND_THEN: 22,
    Habit.BURSTS: 8,
    Habit.FADES: 18,
    Habit.READS: 10,
    Habit.SILENT: 8,
}
TEMPER_WEIGHTS = {
    Temper.NOTHING: 36,
    Temper.THANKS: 20,
    Temper.NOT_NOW: 12,
    Temper.STOP: 9,
    Temper.READING_ALONG: 10,
    Temper.DO_NOT_COUNT: 4,
    Temper.YES_PLEASE: 9,
}


@dataclass(slots=True)
class Person:
    """One person (or bot), what they are like, and what they have really done.

    `joins` is their first day on the platform and `leaves` the day from which they are gone; `away` their leaves, both
    days included. `signs` are the moments at which they did something that shows, in order. The wishes hold the moment
    of each press: `stopped` those of *Do not send me these* and of its way back, as (moment, whether it holds).
    """

    number: int
    name: str
    place: Place
    weekdays: frozenset[int]
    work_start: int
    work_end: int
    team: str
    habit: Habit
    temper: Temper
    joins: date
    leaves: date | None
    away: tuple[tuple[date, date], ...]
    fades_on: date
    in_announcement_channel: bool
    is_bot: bool = False
    is_coach: bool = False
    is_author: bool = False
    leads: bool = False
    signs: list[datetime] = field(default_factory=list)
    stopped: list[tuple[datetime, bool]] = field(default_factory=list)
    not_now: list[datetime] = field(default_factory=list)
    reading_along: list[datetime] = field(default_factory=list)
    uncounted_at: datetime | None = None
    lead_out_at: datetime | None = None
    # Asked, as a lead, for no card for a while; or that a colleague be offered a coach.
    cards_snoozed: list[datetime] = field(default_factory=list)
    coaches_wanted: list[datetime] = field(default_factory=list)
    # From when, and the day it ends, which is not part of it.
    pauses: list[tuple[datetime, date]] = field(default_factory=list)
    # Active again until then, after a message that helped.
    lively_until: date | None = None

    @property
    def external_id(self) -> str:
        """The platform's id."""
        return f"U{self.number:05}"

    @property
    def email(self) -> str:
        """The address by which the organisation's own list knows them."""
        return f"u{self.number:05}@simulated.example"

    @property
    def zone(self) -> ZoneInfo:
        """Where their clock stands."""
        return ZoneInfo(self.place.zone)

    def is_here(self, day: date) -> bool:
        """Whether the platform knows them on a day."""
        return self.joins <= day and (self.leaves is None or day < self.leaves)

    def has_stopped(self, moment: datetime) -> bool:
        """Whether *Do not send me these* held at a moment."""
        before = [holds for at, holds in self.stopped if at < moment]
        return bool(before) and before[-1]


def make_people(chance: Random, members: int, begins: date, days: int) -> list[Person]:
    """Return an organisation of so many people, and two bots beside them.

    The first is the communications lead, and there from the first day to the last. Some are still to come, and some
    will leave. Teams are of 2 to 14.
    """
    teams = _teams(chance, members)
    people = [_person(chance, number, teams[number], begins, days) for number in range(members)]
    first = people[0]
    first.habit, first.temper, first.is_author = Habit.ACTIVE, Temper.NOTHING, True
    for person in people[: max(4, members // 25)]:
        person.joins, person.leaves = min(person.joins, begins), None
        person.is_coach = person is not first
        if person.is_coach:
            person.habit = Habit.ACTIVE
    led: set[str] = set()
    for person in people:
        if person.team not in led and person.joins <= begins and person.leaves is None:
            led.add(person.team)
            person.leads = True
    for extra in range(2):
        bot = _person(chance, members + extra, "", begins, days)
        bot.is_bot, bot.name, bot.habit = True, f"Bot {extra}", Habit.SILENT
        bot.joins, bot.leaves = min(bot.joins, begins), None
        people.append(bot)
    return people


def _teams(chance: Random, members: int) -> Sequence[str]:
    teams: list[str] = []
    number = 0
    while len(teams) < members:
        number += 1
        teams += [f"Team {number}"] * chance.randint(2, 14)
    return teams


def _person(chance: Random, number: int, team: str, begins: date, days: int) -> Person:
    weekdays, work_start, work_end = chance.choices(WEEKS, WEEK_WEIGHTS)[0]
    # Most have been there for long.
    joins, leaves = begins - chance.randint(100, 3000) * DAY, None
    fate = chance.random()
    if fate < 0.12:  # noqa: PLR2004 - about one in eight comes later
        joins = begins + chance.randint(3, max(4, days - 5)) * DAY
    elif fate < 0.22:  # noqa: PLR2004 - and one in ten goes
        leaves = begins + chance.randint(5, max(6, days)) * DAY
    return Person(
        number=number,
        name=f"Person{number:05} Example",
        place=chance.choices(PLACES, PLACE_WEIGHTS)[0],
        weekdays=frozenset(int(day) for day in weekdays),
        work_start=work_start,
        work_end=work_end,
        team=team,
        habit=chance.choices(list(HABIT_WEIGHTS), list(HABIT_WEIGHTS.values()))[0],
        temper=chance.choices(list(TEMPER_WEIGHTS), list(TEMPER_WEIGHTS.values()))[0],
        joins=joins,
        leaves=leaves,
        away=_leaves(chance, begins, days),
        fades_on=begins + chance.randint(days // 6, max(days // 6, days * 2 // 3)) * DAY,
        in_announcement_channel=chance.random() < 0.5,  # noqa: PLR2004 - the others get copies
    )


def _leaves(chance: Random, begins: date, days: int) -> tuple[tuple[date, date], ...]:
    """Return some leaves, well apart from each other: the organisation's list holds one at a time."""
    found: list[tuple[date, date]] = []
    day = begins + chance.randint(10, 150) * DAY
    while day < begins + days * DAY:
        last = day + chance.choice((0, 4, 11, 25, 60)) * DAY
        found.append((day, last))
        day = last + chance.randint(40, 150) * DAY
    return tuple(found)


def as_csv(people: Sequence[Person], day: date) -> str:
    """Return the organisation's own list as it stands on a day: who is there, or comes within a week."""
    lines = [",".join(_COLUMNS)]
    for person in people:
        if person.is_bot or not (person.is_here(day) or day < person.joins <= day + 7 * DAY):
            continue
        # Known some time ahead, and in the list until it has been over for a while.
        leave = next((one for one in person.away if one[1] >= day - DAY and one[0] <= day + 21 * DAY), None)
        cells = (
            person.email,
            person.name,
            person.team,
            "yes" if person.leads else "",
            person.joins.isoformat(),
            person.place.country,
            person.place.region or "-",
            person.place.zone,
            " ".join(_WEEKDAYS[day] for day in sorted(person.weekdays)),
            f"{_clock(person.work_start)}-{_clock(person.work_end)}",
            "-" if leave is None else leave[0].isoformat(),
            "-" if leave is None else leave[1].isoformat(),
        )
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


_COLUMNS = (
    "e-mail",
    "name",
    "home team",
    "lead",
    "first working day",
    "country",
    "region",
    "zone",
    "working days",
    "working hours",
    "leave from",
    "leave to",
)
_WEEKDAYS = {1: "Mon", 2: "Tue", 3: "Wed", 4: "Thu", 5: "Fri", 6: "Sat", 7: "Sun"}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
