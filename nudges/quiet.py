"""Who has gone quiet, and why: three reasons, each a pure rule over one member's row, calendar and counts.

Used by the preview, the weekly round, and once more when a nudge's turn comes. No reason is ever worded as a fault.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from statistics import median
from typing import Protocol

from bot.calendars import DAY, Calendar, monday_of
from bot.settings import OrganisationSettings
from bot.texts import Text, text, texts
from storage.tables import MemberState

# Counts are looked at this far back: they are kept for 180 days.
LOOK_BACK = timedelta(days=180)
# Whoever joined less than this ago is a newcomer, and never called quiet.
NEWCOMER_FOR = timedelta(days=14)
# Of whoever joined so long before they were counted by name, nobody knows whether they started in between.
SEEN_FROM_THE_START = timedelta(days=7)

# "Fell" compares the last 20 working days, four ordinary weeks, with up to 12 weeks before them. With fewer than 6
# there is no usual level yet. Whoever gives 2 signs a week falls under a quarter of that by chance in 3 of 1,000
# such spans (Poisson, mean 8, at most 1); below 2 a week it would happen all the time and say nothing.
RECENT_WORKING_DAYS = 20
MOST_USUAL_WEEKS = 12
FEWEST_USUAL_WEEKS = 6
FEWEST_USUAL_SIGNS_A_WEEK = 2.0
FELL_TO = 0.25
# Nobody can have fallen sooner after their first sign: whole weeks, and days of which the last is the one looked at.
FELL_NEEDS = timedelta(days=RECENT_WORKING_DAYS - 1, weeks=FEWEST_USUAL_WEEKS)


class Reason(StrEnum):
    """Why a member counts as quiet, in the order in which one goes before the other."""

    NEVER_STARTED = "never_started"
    NO_SIGN = "no_sign"
    FELL = "fell"


@dataclass(frozen=True, slots=True)
class Signs:
    """What was counted of one member: the first and last day with any sign, and signs by day.

    `first` may lie after the day looked at (somebody who came later); a `last` that does is a sign since then.
    `by_day` reaches LOOK_BACK back.
    """

    first: date | None = None
    last: date | None = None
    by_day: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watched:
    """The days on which signs of members were counted at all: silence on any other day says nothing.

    From `since`, with at most one gap, both days included, between the end of an imported history and the notice.
    """

    since: date
    gap: tuple[date, date] | None = None

    @property
    def unbroken_since(self) -> date:
        """The day from which on every day was watched."""
        return self.gap[1] + DAY if self.gap else self.since

    def within(self, since: date) -> "Watched":
        """Return the same of the days from one on, for looking no further back."""
        gap = self.gap if self.gap is not None and self.gap[1] >= since else None
        return Watched(max(self.since, since), gap)

    def saw(self, day: date) -> bool:
        """Whether a sign on that day would have been counted."""
        return day >= self.since and not (self.gap and self.gap[0] <= day <= self.gap[1])


class Looked(Protocol):
    """What the rule asks of a member's row."""

    @property
    def state(self) -> str: ...  # noqa: D102 - as the row's own column
    @property
    def is_bot(self) -> bool: ...  # noqa: D102 - as above
    @property
    def not_counted(self) -> bool: ...  # noqa: D102 - as above
    @property
    def joined_on(self) -> date | None: ...  # noqa: D102 - as above
    @property
    def created_at(self) -> datetime: ...  # noqa: D102 - as above
    @property
    def paused_until(self) -> date | None: ...  # noqa: D102 - as above
    @property
    def reading_along_until(self) -> date | None: ...  # noqa: D102 - as above


def quiet_reason(
    member: Looked,
    calendar: Calendar,
    signs: Signs,
    watched: Watched,
    settings: OrganisationSettings,
    as_of: date,
) -> Reason | None:
    """Return why a member counts as quiet, looked at up to and with the day `as_of`, whole; None when they do not.

    Whoever has given a sign since then does not. Where several reasons hold, the first of *never started*, *no sign*,
    *fell* is given.
    """
    came = came_on(member, signs)
    if not may_be_quiet(member, calendar, came, signs, as_of):
        return None
    began = silence_began(calendar, watched, settings, as_of)
    reason = silence(member, came, signs, watched, settings, as_of, began)
    return Reason.FELL if reason is None and settings.quiet_fell and fell(calendar, signs, watched, as_of) else reason


def may_be_quiet(member: Looked, calendar: Calendar, came: date, signs: Signs, as_of: date) -> bool:
    """Whether a member can count as quiet at all: not who is back, and none of those who are never called so."""
    is_back = signs.last is not None and signs.last > as_of
    return not is_back and not is_never_quiet(member, calendar, came, as_of)


def silence(
    member: Looked,
    came: date,
    signs: Signs,
    watched: Watched,
    settings: OrganisationSettings,
    as_of: date,
    began: date | None,
) -> Reason | None:
    """Return which of the reasons holds that ask for no sign at all, of somebody who can count as quiet.

    `began` is what `silence_began` says of their calendar.
    """
    if settings.quiet_never_started and never_started(member, signs, watched, settings, as_of):
        return Reason.NEVER_STARTED
    if settings.quiet_no_sign and no_sign(came, signs, began):
        return Reason.NO_SIGN
    return None


def came_on(member: Looked, signs: Signs) -> date:
    """Return the day from which a member can have given signs.

    Where nobody has told when they joined, it is the day of their first sign or the day we first heard of them,
    whichever was earlier.
    """
    if member.joined_on is not None:
        return member.joined_on
    heard_of = member.created_at.date()
    return heard_of if signs.first is None else min(heard_of, signs.first)


def is_never_quiet(member: Looked, calendar: Calendar, came: date, as_of: date) -> bool:
    """Whether a member is one of those never called quiet: left, on leave, paused, reading along, not counted, a bot,
    or a newcomer (or not there yet).
    """
    return (
        member.state == MemberState.LEFT
        or member.is_bot
        or member.not_counted
        or calendar.is_on_leave(as_of)
        or (member.paused_until is not None and as_of < member.paused_until)
        or (member.reading_along_until is not None and as_of < member.reading_along_until)
        or as_of < came + NEWCOMER_FOR
    )


def never_started(member: Looked, signs: Signs, watched: Watched, settings: OrganisationSettings, as_of: date) -> bool:
    """Whether somebody joined 14 or more days ago and has given no sign since.

    Only of a known joining day since which, but for a few days until their notice came, signs have been counted
    without a gap: whoever was here long before may have started then.
    """
    if member.joined_on is None or member.joined_on + SEEN_FROM_THE_START < watched.unbroken_since:
        return False
    seen_since = max(member.joined_on, watched.unbroken_since)
    has_started = signs.first is not None and signs.first <= as_of
    return not has_started and as_of >= seen_since + timedelta(days=settings.quiet_never_started_days)


def silence_began(calendar: Calendar, watched: Watched, settings: OrganisationSettings, as_of: date) -> date | None:
    """Return the day on which the last 15 working days began, `as_of` among them; None: not as many were watched."""
    return working_day_back(calendar, watched, settings.quiet_no_sign_working_days, as_of)


def no_sign(came: date, signs: Signs, began: date | None) -> bool:
    """Whether the last 15 of the member's own working days, since `began`, went by without a sign.

    A sign on a free day is a sign. Days before they came, or before anybody was counted, are not looked at.
    """
    return began is not None and began >= came and (signs.last is None or began > signs.last)


def fell(calendar: Calendar, signs: Signs, watched: Watched, as_of: date) -> bool:
    """Whether the member's signs fell to under a quarter of their own usual level.

    Recent: signs per working day over the last 20 working days. Usual: the median, over up to 12 whole weeks before
    these in which they had working days, of signs per working day. Weeks of leave, holidays or quiet weeks therefore
    neither lower the usual level nor count as recent silence, and one busy week does not raise it.
    """
    if signs.first is None or not signs.by_day:
        return False
    # Their first sign may have come in the middle of a week.
    earliest = max(signs.first, watched.since, as_of - LOOK_BACK)
    began = recent_since(calendar, watched, earliest, as_of)
    if began is None:
        return False
    recent = sum(count for day, count in signs.by_day.items() if began <= day <= as_of) / RECENT_WORKING_DAYS
    weeks = usual_weeks(calendar, watched, earliest, began)
    if len(weeks) < FEWEST_USUAL_WEEKS:
        return False
    by_week: dict[int, int] = {}
    for day, count in signs.by_day.items():
        week = _week_of(day)
        by_week[week] = by_week.get(week, 0) + count
    rates = [by_week.get(_week_of(monday), 0) / working for monday, working in weeks]
    usual = median(rates)
    return usual * len(calendar.weekdays) >= FEWEST_USUAL_SIGNS_A_WEEK and recent < usual * FELL_TO


def recent_since(calendar: Calendar, watched: Watched, earliest: date, as_of: date) -> date | None:
    """Return the day on which the last 20 watched working days began; None where there are not as many."""
    began = working_day_back(calendar, watched, RECENT_WORKING_DAYS, as_of)
    return began if began is not None and began >= earliest else None


def _week_of(day: date) -> int:
    """Return the number of the ISO week that a day is in, counted from the first week of all."""
    return (day.toordinal() - 1) // 7


# Most people share their calendar and what was watched of them, so that of many thousands these are few.
@lru_cache(maxsize=4096)
def working_day_back(calendar: Calendar, watched: Watched, count: int, as_of: date) -> date | None:
    """Return the day on which the last so many watched working days began, `as_of` among them; None: not as many."""
    seen = (day for day in calendar.working_days_back(as_of, watched.since - DAY) if watched.saw(day))
    return next(islice(seen, count - 1, None), None)


def usual_weeks(calendar: Calendar, watched: Watched, earliest: date, before: date) -> Sequence[tuple[date, int]]:
    """Return the Mondays of the weeks that say what is usual, latest first, each with its working days.

    Whole watched weeks between the two days, in which there were working days, as many as are needed.
    """
    return _usual_weeks(calendar, watched, monday_of(earliest - DAY) + 7 * DAY, before)


@lru_cache(maxsize=4096)
def _usual_weeks(calendar: Calendar, watched: Watched, earliest: date, before: date) -> Sequence[tuple[date, int]]:
    weeks: list[tuple[date, int]] = []
    monday = monday_of(before) - 7 * DAY
    while monday >= earliest and len(weeks) < MOST_USUAL_WEEKS:
        week = [monday + timedelta(days=offset) for offset in range(7)]
        working = sum(1 for day in week if calendar.works_on(day))
        if working and all(watched.saw(day) for day in week):
            weeks.append((monday, working))
        monday -= 7 * DAY
    return weeks


def in_words(reason: Reason, settings: OrganisationSettings) -> Text:
    """Return a reason as a communications lead reads it: what was seen, never a date."""
    match reason:
        case Reason.NEVER_STARTED:
            return texts(
                "joined {count} day or more ago, and no sign yet",
                "joined {count} days or more ago, and no sign yet",
                settings.quiet_never_started_days,
            )
        case Reason.NO_SIGN:
            return texts(
                "no sign for {count} of their working days",
                "no sign for {count} of their working days",
                settings.quiet_no_sign_working_days,
            )
        case Reason.FELL:
            return text("under a quarter of what is usual for them")
