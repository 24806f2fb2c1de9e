"""Which coach a member is matched with: of those who can, the one with the least to do. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendars import Calendar
from nudges.coaching.times import proposed_times

WEEK = timedelta(days=7)
# How far back it says something about how much a coach has had to do.
REMEMBERED = timedelta(days=28)
# What holds for a coach who has offered nothing of their own.
A_WEEK = 1


@dataclass(frozen=True, slots=True)
class Asking:
    """Whoever would like to talk: in which language, who leads them, when they work, and when they talk already."""

    member_id: int
    language: str
    lead_id: int | None
    calendar: Calendar
    talks: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One coach. `matched` are the moments of the last four weeks at which they were matched with somebody."""

    member_id: int
    languages: frozenset[str]
    calendar: Calendar
    a_week: int = A_WEEK
    has_left: bool = False
    is_paused: bool = False
    matched: tuple[datetime, ...] = ()
    talks: tuple[datetime, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """Who it is, and which times are proposed to both."""

    coach_id: int
    times: tuple[datetime, ...]


def best_match(asking: Asking, candidates: Sequence[Candidate], tried: Collection[int], now: datetime) -> Match | None:
    """Return the least-loaded coach who can, with the times; None when nobody is free.

    Of several with as little to do, whoever was matched longest ago, then whoever was known first: the order of
    `candidates` says nothing. `tried` are those with whom this very wish was matched before.
    """
    able = [one for one in candidates if one.member_id not in tried and can_take(asking, one, now)]
    for one in sorted(able, key=_load):
        times = proposed_times(asking.calendar, one.calendar, now, (*asking.talks, *one.talks))
        if times:
            return Match(one.member_id, times)
    return None


def can_take(asking: Asking, coach: Candidate, now: datetime) -> bool:
    """Whether a coach may be asked: somebody else, not their lead, here, with the language and room."""
    return (
        coach.member_id not in (asking.member_id, asking.lead_id)
        and not coach.has_left
        and not coach.is_paused
        and not coach.calendar.is_on_leave(coach.calendar.local_day(now))
        and asking.language in coach.languages
        and sum(1 for moment in coach.matched if moment > now - WEEK) < coach.a_week
    )


def _load(coach: Candidate) -> tuple[int, float, int]:
    return (
        len(coach.matched),
        max(moment.timestamp() for moment in coach.matched) if coach.matched else 0.0,
        coach.member_id,
    )
