"""What Samlas promises, checked from the record of what was sent and the truth about everybody, and from nothing else.

No rule of the product is asked: whatever it decides, this is worked out anew (nudges/simulation/truth.py).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from bot.settings import OrganisationSettings
from nudges.simulation import truth
from nudges.simulation.people import DAY, Person
from nudges.simulation.platform import CONTACT_BUTTONS, STEPS, Said, Sort
from nudges.simulation.simulating import Lived

BUDGET = ((7, 1), (30, 3))
QUARTER = timedelta(days=90)
NOT_NOW = timedelta(days=30)
READING_ALONG = timedelta(days=180)
NEWCOMER = timedelta(days=14)
# The first day on which somebody is there is day 1.
LAST_WELCOME = timedelta(days=13)
SMALLEST_TEAM = 5
MOST_REMINDERS = 2
# With everybody is who was told within a day of the first.
GOING_OUT = timedelta(days=1)
# Signs are looked at this far back, and this many working days are recent.
LOOK_BACK = timedelta(days=180)
RECENT = 20
# The moment of a round is exact, unless the platform or a process was in trouble.
ON_TIME = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Broken:
    """One promise that was not kept: which, to whom (the platform's id), when, and what was seen."""

    promise: str
    person: str
    at: datetime
    seen: str = ""


def broken_promises(lived: Lived) -> list[Broken]:
    """Return every promise that was not kept, in order of time."""
    people = {person.external_id: person for person in lived.people}
    to: dict[str, list[Said]] = defaultdict(list)
    for said in lived.record:
        to[said.to].append(said)
    found: list[Broken] = []
    for external_id, record in to.items():
        person = people[external_id]
        contacts = [said for said in record if said.is_contact]
        steps = [said for said in record if said.sorts & STEPS]
        found += _gone(person, record)
        found += _budget(person, contacts)
        for said in contacts:
            found += _contact(person, said, lived)
        found += _once_a_quarter(person, steps)
        found += _reminders(person, contacts)
        notice = min((said.at for said in record if Sort.NOTICE in said.sorts), default=None)
        for said in steps:
            found += _step(person, said, notice, lived)
    found += _lead_cards(lived)
    return sorted(found, key=lambda broken: (broken.at, broken.promise, broken.person))


def _gone(person: Person, record: Sequence[Said]) -> Iterator[Broken]:
    for said in record:
        if person.is_bot or not person.is_here(said.at.date()):
            yield Broken("never to bots or to who has left", person.external_id, said.at)


def _budget(person: Person, contacts: Sequence[Said]) -> Iterator[Broken]:
    days = [truth.local_day(person, said.at) for said in contacts]
    for said, day in zip(contacts, days, strict=True):
        for length, most in BUDGET:
            within = sum(day - length * DAY < other <= day for other in days)
            if within > most:
                yield Broken("the budget", person.external_id, said.at, f"{within} in {length} days")


def _contact(person: Person, said: Said, lived: Lived) -> Iterator[Broken]:
    """Look at what holds of everything unasked-for."""
    at, who = said.at, person.external_id
    day = truth.local_day(person, at)
    if truth.is_holiday(person, day):
        yield Broken("never on a public holiday", who, at)
    if truth.is_on_leave(person, day):
        yield Broken("never on leave", who, at)
    if not truth.is_at_work(person, at):
        yield Broken("within working hours", who, at, f"{at.astimezone(person.zone):%a %H:%M}")
    if truth.is_paused(person, at):
        yield Broken("never in a pause", who, at)
    if person.has_stopped(at):
        yield Broken("never after Do not send me these", who, at)
    if _asked_not_now(person, at):
        yield Broken("not for 30 days after Not now", who, at)
    if not said.actions >= CONTACT_BUTTONS:
        yield Broken("with its three buttons", who, at)
    if Sort.COACH_OFFER in said.sorts:
        # What a lead has just asked for may come at any moment of their hours.
        yield from _offer(person, said, lived)
    elif not _on_time(person, said, lived):
        yield Broken("at the round's hour, on both sides of a clock change", who, at, f"{at.astimezone(person.zone)}")


def _offer(person: Person, said: Said, lived: Lived) -> Iterator[Broken]:
    leads = [lead for lead in lived.people if lead.leads and lead.team == person.team]
    if not any(asked < said.at for lead in leads for asked in lead.coaches_wanted):
        yield Broken("no coach is offered unless their lead asked for it", person.external_id, said.at)


def _asked_not_now(person: Person, at: datetime) -> bool:
    """Whether *Not now* holds; whoever asked for these again meanwhile took it back."""
    last = max((pressed for pressed in person.not_now if pressed < at), default=None)
    if last is None or truth.local_day(person, at) >= truth.local_day(person, last) + NOT_NOW:
        return False
    return not any(last < again < at for again, holds in person.stopped if not holds)


def _on_time(person: Person, said: Said, lived: Lived) -> bool:
    """Whether it came at the round's hour of somebody's own clock, or when their hours of that day begin."""
    settings, local = lived.plan.settings, said.at.astimezone(person.zone)
    end = person.work_end if person.work_start < person.work_end else truth.MIDNIGHT
    minute = settings.round_minute if person.work_start <= settings.round_minute < end else person.work_start
    late = timedelta(minutes=local.hour * 60 + local.minute - minute)
    in_trouble = any(begins <= said.at <= ends + 12 * timedelta(hours=1) for begins, ends in lived.troubles)
    return timedelta() <= late and (late <= ON_TIME or in_trouble)


def _once_a_quarter(person: Person, steps: Sequence[Said]) -> Iterator[Broken]:
    for sort in STEPS:
        days = [(truth.local_day(person, said.at), said) for said in steps if sort in said.sorts]
        for (before, _), (day, said) in pairwise(days):
            if day - before < QUARTER:
                yield Broken("once a quarter for one reason", person.external_id, said.at, f"{sort} on {before} too")


def _reminders(person: Person, contacts: Sequence[Said]) -> Iterator[Broken]:
    times: dict[str, int] = defaultdict(int)
    for said in contacts:
        for title in said.titles:
            times[title] += 1
            if times[title] > MOST_REMINDERS:
                yield Broken("at most two reminders of one announcement", person.external_id, said.at, title)


def _step(person: Person, said: Said, notice: datetime | None, lived: Lived) -> Iterator[Broken]:
    """Look at what holds of the steps to who has gone quiet."""
    at, who = said.at, person.external_id
    day = truth.local_day(person, at)
    settings = lived.plan.settings
    if notice is None or day < _counts_from(notice, lived) + timedelta(days=settings.notice_days):
        yield Broken("nothing before the notice and its days", who, at, f"told {notice}")
    if person.uncounted_at is not None and person.uncounted_at < at:
        yield Broken("nobody who is not counted", who, at)
    if any(pressed < at and day < truth.local_day(person, pressed) + READING_ALONG for pressed in person.reading_along):
        yield Broken("nobody who is reading along", who, at)
    if Sort.WELCOME in said.sorts:
        # A newcomer's last welcome stands where others get a tip.
        may_come = _is_new_and_silent(person, at)
    else:
        may_come = notice is None or _is_quiet(person, at, notice.date(), settings)
    if not may_come:
        yield Broken("nobody who has given a sign", who, at, f"last {_last_sign(person, at)}")


def _counts_from(notice: datetime, lived: Lived) -> date:
    return (lived.noticed_at if notice <= lived.noticed_at + GOING_OUT else notice).date()


def _last_sign(person: Person, at: datetime) -> datetime | None:
    return max((sign for sign in person.signs if sign < at), default=None)


def _is_new_and_silent(person: Person, at: datetime) -> bool:
    """Whether the last of a newcomer's welcomes may come: on day 14, to who has given no sign at all."""
    return truth.local_day(person, at) >= person.joins + LAST_WELCOME and _last_sign(person, at) is None


def _is_quiet(person: Person, at: datetime, told: date, settings: OrganisationSettings) -> bool:
    """Whether somebody may be called quiet for any of the three reasons. Signs are counted by the UTC day."""
    if at.date() < person.joins + NEWCOMER:
        return False
    quiet_weeks = frozenset(settings.quiet_weeks)
    through = truth.local_day(person, at) - DAY
    days = [sign.astimezone(UTC).date() for sign in person.signs if sign < at and sign.date() >= told]
    if any(day > through for day in days):
        return False
    if not days:
        # Their silence is watched from the notice on.
        since = max(told, person.joins)
        silent = truth.working_days(person, since - DAY, through, quiet_weeks)
        never_started = through >= since + timedelta(days=settings.quiet_never_started_days)
        return silent >= settings.quiet_no_sign_working_days or never_started
    if truth.working_days(person, max(days), through, quiet_weeks) >= settings.quiet_no_sign_working_days:
        return True
    return _gives_far_less(person, days, max(told, through - LOOK_BACK), through, quiet_weeks)


def _gives_far_less(
    person: Person, days: Sequence[date], since: date, through: date, quiet_weeks: frozenset[int]
) -> bool:
    """Whether somebody gave less than half as much on their last 20 working days as on those before.

    Samlas promises a quarter of what is usual, which it works out by weeks; so coarse a look as this one needs room.
    """
    recent = before = 0
    day = through
    working = 0
    while working < RECENT and day >= since:
        working += truth.counts_as_working_day(person, day, quiet_weeks)
        day -= DAY
    recent = sum(day < sign for sign in days)
    earlier = truth.working_days(person, since - DAY, day, quiet_weeks)
    before = sum(since <= sign <= day for sign in days)
    return earlier > 0 and recent / RECENT < before / earlier / 2


def _lead_cards(lived: Lived) -> Iterator[Broken]:
    """Look at the cards for leads: when they come, and whom they name."""
    by_id = {person.external_id: person for person in lived.people}
    weeks: dict[str, tuple[int, int]] = {}
    for said in lived.record:
        if Sort.LEAD_CARD not in said.sorts:
            continue
        lead, who = by_id[said.to], said.to
        day = truth.local_day(lead, said.at)
        week = day.isocalendar()[:2]
        if not lived.leads_told[0] < said.at <= lived.leads_told[1]:
            yield Broken("no card for leads while the third step is off", who, said.at)
        if weeks.get(who) == week:
            yield Broken("one card for a lead a week", who, said.at)
        weeks[who] = week
        if any(asked < said.at and day < truth.local_day(lead, asked) + NOT_NOW for asked in lead.cards_snoozed):
            yield Broken("no card for 30 days after Snooze", who, said.at)
        yield from _named(lead, said, lived.people)


def _named(lead: Person, said: Said, people: Sequence[Person]) -> Iterator[Broken]:
    """Look at who is named to a lead: of a team large enough, who has not said no."""
    at = said.at
    team = [person for person in people if person.team == lead.team and person.is_here(at.date())]
    for person in people:
        if person is lead or person.name not in said.words:
            continue
        who = person.external_id
        if person.team != lead.team or not lead.leads:
            yield Broken("named to nobody but their lead", who, at)
        if len(team) < SMALLEST_TEAM:
            yield Broken("nobody named in a home team under 5", who, at, f"{len(team)} people")
        if person.lead_out_at is not None and person.lead_out_at < at:
            yield Broken("nobody named against their wish", who, at)
        if person.has_stopped(at) or _asked_not_now(person, at):
            yield Broken("nobody named who said no to nudges", who, at)
        if person.uncounted_at is not None and person.uncounted_at < at:
            yield Broken("nobody named who is not counted", who, at)
