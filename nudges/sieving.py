"""Whom the rule of nudges/quiet.py need not be asked about, for all members at once: dates and sums, never wrongly no.

Pure. What comes of it is asked of the database in one query (storage/glancing.py), and the rule decides of the few
who are left.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from bot.calendars import DAY, Calendar, monday_of
from bot.settings import OrganisationSettings
from nudges.quiet import (
    FELL_NEEDS,
    FELL_TO,
    FEWEST_USUAL_SIGNS_A_WEEK,
    FEWEST_USUAL_WEEKS,
    LOOK_BACK,
    RECENT_WORKING_DAYS,
    Watched,
    recent_since,
    usual_weeks,
)
from nudges.watching import Watching
from storage.glancing import Fallen, Sieve

# "Under a quarter of the usual, over 20 working days": five times what was usual in a day.
_RATIO: Final = round(RECENT_WORKING_DAYS * FELL_TO)


def sieve_of(
    calendars: Collection[Calendar],
    watched: Watching,
    settings: OrganisationSettings,
    *,
    earliest: date,
    latest: date,
    until: date | None,
) -> Sieve:
    """Return whom to look at on any day from `earliest` to `latest`; with `until`, as if nothing came after it.

    `calendars` are all weeks that are worked, without anybody's leave: whoever has one is looked at in any case.
    """
    looked_from = earliest - LOOK_BACK
    # Of whoever had the notice later, not all of this time was watched in the same way, where there is an import.
    is_mixed = watched.imported is not None
    days = Watched(max(watched.first or looked_from, looked_from) if watched.is_import else looked_from)
    return Sieve(
        silent_since=latest - timedelta(days=settings.quiet_no_sign_working_days),
        until=until,
        away_since=looked_from,
        told_after=datetime.combine(looked_from, time(), UTC) if is_mixed else None,
        fell=settings.quiet_fell,
        fallen=fallen_of(calendars, days, earliest, latest) if settings.quiet_fell else None,
    )


def fallen_of(calendars: Collection[Calendar], days: Watched, earliest: date, latest: date) -> Fallen | None:
    """Return which sums do not rule out a fall for any of the calendars; None where nothing can be ruled out.

    In half of somebody's usual weeks, or one more, the rate is the median or above it, so that what they gave in all of
    them is at least the median times the working days of as many weeks: the bar. It is lower for whoever has fewer
    weeks behind them.
    """
    looked_at = [earliest + timedelta(days=offset) for offset in range((latest - earliest).days + 1)]
    began: list[tuple[Calendar, date, date]] = []
    for calendar in calendars:
        for day in looked_at:
            since = recent_since(calendar, days, max(days.since, day - LOOK_BACK), day)
            if since is None:
                return None
            began.append((calendar, day, since))
    bars: list[tuple[date, int]] = []
    first = split = max((since for _, _, since in began), default=latest)
    # A first sign on that day or up to a week before it: no week that begins before it is looked at.
    monday = monday_of(earliest - LOOK_BACK)
    while monday <= latest - FELL_NEEDS + 7 * DAY:
        found = [
            weeks
            for calendar, day, since in began
            if len(weeks := usual_weeks(calendar, days, max(monday, days.since, day - LOOK_BACK), since))
            >= FEWEST_USUAL_WEEKS
        ]
        if found:
            first = min(first, *(weeks[-1][0] for weeks in found))
            bars.append((monday, min(_half(weeks) for weeks in found)))
        monday += 7 * DAY
    return Fallen(
        first=first,
        split=split,
        last=latest,
        ratio=_RATIO,
        weekdays=max((len(calendar.weekdays) for calendar in calendars), default=0),
        a_week=int(FEWEST_USUAL_SIGNS_A_WEEK),
        bars=_changes(bars),
    )


def _half(weeks: Sequence[tuple[date, int]]) -> int:
    return sum(sorted(working for _, working in weeks)[: (len(weeks) + 1) // 2])


def _changes(bars: list[tuple[date, int]]) -> list[tuple[date, int]]:
    """Leave out the days after which the bar is the same."""
    # Nobody has a bar before there are enough usual weeks to tell a fall from.
    further = [*(bar for _, bar in bars[1:]), None] if bars else []
    return [(day, bar) for (day, bar), following in zip(bars, further, strict=True) if following != bar]
