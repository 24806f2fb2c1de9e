"""Which times are proposed for a talk: in the working hours that both share, on different days. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.calendars import Calendar, Works, calendar_of
from bot.settings import OrganisationSettings

LENGTH = timedelta(minutes=30)
# Nobody is asked for a talk that begins sooner than this.
NOT_WITHIN = timedelta(hours=2)
# How far ahead is looked: three weeks, so that a holiday week leaves some days.
LOOK_AHEAD = timedelta(days=21)
STEP = timedelta(minutes=30)
MOST = 3
# Where in the hours of the first, second and third day: one late in the morning, one in the afternoon, one early, so
# that whoever is never free at one time of day has a choice.
PLACES = (1 / 3, 3 / 4, 1 / 8)


def at_work(member: Works, settings: OrganisationSettings) -> Calendar:
    """Return when somebody works, for what they have asked for or offered.

    The organisation's quiet weeks are about who is called quiet; whoever works in them can talk in them.
    """
    return replace(calendar_of(member, settings), quiet_weeks=frozenset())


def proposed_times(
    member: Calendar, coach: Calendar, now: datetime, taken: Collection[datetime] = ()
) -> tuple[datetime, ...]:
    """Return up to three beginnings, in UTC and in order, each on a day of its own as far as there are such days.

    Each talk lies wholly within the working hours of both, on nobody's leave, holiday or free day, begins on a half
    hour of the member's clock and not within two hours from `now`, and overlaps with none of those that begin at
    `taken`. Empty where the two share no hours.
    """
    days = _shared(member, coach, now, taken)
    chosen: list[datetime] = []
    for beginnings, place in zip(days, PLACES, strict=False):
        chosen.append(beginnings[int(len(beginnings) * place)])
    for beginnings in days:
        # Too few days: what else there is on them, as far apart as a talk is long.
        for begins in beginnings:
            if len(chosen) < MOST and all(abs(begins - other) >= 2 * LENGTH for other in chosen):
                chosen.append(begins)
    return tuple(sorted(chosen))


def _shared(
    member: Calendar, coach: Calendar, now: datetime, taken: Collection[datetime]
) -> Sequence[Sequence[datetime]]:
    """Return what both could take, by the member's day, at most as many days as are proposed."""
    begins = _half_hour(now + NOT_WITHIN, member)
    days: dict[date, list[datetime]] = {}
    while begins <= now + LOOK_AHEAD:
        if _suits(begins, member) and _suits(begins, coach) and not _overlaps(begins, taken):
            day = member.local_day(begins)
            if day not in days and len(days) == MOST:
                break
            days.setdefault(day, []).append(begins)
        begins += STEP
    return list(days.values())


def _half_hour(moment: datetime, calendar: Calendar) -> datetime:
    """Return the next half hour of somebody's clock, which in some zones is none of UTC's."""
    local = moment.astimezone(calendar.zone)
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return moment + (STEP - past if past else timedelta())


def _suits(begins: datetime, calendar: Calendar) -> bool:
    return calendar.is_working_at(begins) and calendar.is_working_at(begins + LENGTH - timedelta(minutes=1))


def _overlaps(begins: datetime, taken: Collection[datetime]) -> bool:
    return any(abs(begins - other) < LENGTH for other in taken)


def next_working_moment(calendar: Calendar, now: datetime) -> datetime:
    """Return `now` within somebody's working hours, else when these begin next; `now` where they never do."""
    if calendar.is_working_at(now):
        return now
    today = calendar.local_day(now)
    return calendar.slot_between(today, today + LOOK_AHEAD, calendar.work_start, now) or now
