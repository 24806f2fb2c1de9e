"""Whom the ladder would reach, with which step and why: the rules put to the rows, a page of members at a time.

The preview shows it, the weekly round plans from it, and a tip is checked against it when its turn comes.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from bot.calendars import DAY, Calendar, calendar_of, monday_of
from bot.context import known
from bot.settings import OrganisationSettings
from nudges.budget import wants_nudges
from nudges.ladder import Quiet, Step, steps_of
from nudges.quiet import (
    FELL_NEEDS,
    LOOK_BACK,
    Reason,
    Signs,
    Watched,
    may_have_fallen,
    quiet_reason,
    recent_since,
    usual_weeks,
)
from nudges.stage import may_be_nudged
from nudges.watching import Watching, watching
from nudges.welcome import is_on_path
from storage.away import away_days
from storage.database import Session
from storage.nudging import (
    Glance,
    glance_page,
    members_by_row,
    sign_spans,
    signs_by_day,
    sums_around,
)
from storage.tables import Member, Workspace

PAGE = 500


@dataclass(frozen=True, slots=True)
class AsOf:
    """Up to which day members are looked at.

    `of` gives the last day that is looked at of a member, whole, in their own zone; None: they are not looked at. It
    is none before `earliest` or after `latest`. With `until`, no sign after that day is looked at. Without it all are,
    and a sign after the day looked at stops everything.
    """

    of: Callable[[Calendar], date | None]
    earliest: date
    latest: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One member whom a step of the ladder would reach."""

    member: Member
    calendar: Calendar
    step: Step
    reason: Reason


@dataclass(frozen=True, slots=True)
class Page:
    """What was found among one page of members; `last` is the row id to go on after, None when these were the last."""

    due: Sequence[Due]
    last: int | None


def the_day_before(now: datetime) -> AsOf:
    """Look at each member up to their last whole day."""
    # A day is over first in the Line Islands (UTC+14), and last at UTC-12.
    return AsOf(lambda calendar: calendar.local_day(now) - DAY, now.date() - 2 * DAY, now.date())


def through(day: date) -> AsOf:
    """Look at everybody up to and with the same day, as if it were the next."""
    return AsOf(lambda _: day, day, day, until=day)


async def due_page(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf, *, after: int = 0
) -> Page:
    """Return whom among the next members the ladder would reach on the day after `as_of`."""
    watched = await watching(session, workspace)
    return Page((), None) if watched is None else await _page(session, workspace, settings, as_of, watched, after)


async def all_due(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf
) -> AsyncIterator[Due]:
    """Go through everybody whom the ladder would reach on the day after `as_of`."""
    watched = await watching(session, workspace)
    after: int | None = None if watched is None else 0
    while watched is not None and after is not None:
        page = await _page(session, workspace, settings, as_of, watched, after)
        for due in page.due:
            yield due
        after = page.last


async def count_due(session: Session, workspace: Workspace, settings: OrganisationSettings, now: datetime) -> int:
    """Return how many the ladder would reach just now under these settings; nobody, before the notice."""
    return sum([1 async for _ in all_due(session, workspace, settings, the_day_before(now))])


async def quiet_among(
    session: Session, workspace: Workspace, settings: OrganisationSettings, members: Sequence[Member], as_of: AsOf
) -> list[Quiet]:
    """Return those of the members who count as quiet, each with their calendar and why."""
    watched = await watching(session, workspace)
    return [] if watched is None else await _quiet(session, known(workspace.id), settings, members, as_of, watched)


async def _page(
    session: Session,
    workspace: Workspace,
    settings: OrganisationSettings,
    as_of: AsOf,
    watched: Watching,
    after: int,
) -> Page:
    workspace_id = known(workspace.id)
    glances = await glance_page(session, workspace_id, after=after, limit=PAGE)
    counted = [glance for glance in glances if watched.of(glance.told_at) is not None]
    closer = await _worth_a_closer_look(session, workspace_id, settings, counted, as_of, watched)
    members = await members_by_row(session, workspace_id, closer)
    quiet = await _quiet(session, workspace_id, settings, members, as_of, watched)
    steps = await steps_of(session, workspace_id, settings, quiet)
    notice_for = timedelta(days=settings.notice_days)
    due = [
        Due(one.member, one.calendar, step, one.reason)
        for one in quiet
        if (step := steps.get(known(one.member.id))) is not None
        and wants_nudges(one.member, one.as_of + DAY)
        and not one.calendar.is_on_leave(one.as_of + DAY)
        and (watched.is_import or may_be_nudged(workspace, one.member, notice_for, one.as_of + DAY))
    ]
    return Page(due, glances[-1].member_id if len(glances) == PAGE else None)


async def _worth_a_closer_look(
    session: Session,
    workspace_id: int,
    settings: OrganisationSettings,
    glances: Sequence[Glance],
    as_of: AsOf,
    watched: Watching,
) -> list[int]:
    """Return the row ids of those for whom a glance does not rule out that they are quiet; mostly these are few."""
    silent_since = as_of.latest - timedelta(days=settings.quiet_no_sign_working_days)
    closer = [
        glance.member_id
        for glance in glances
        if glance.last is None or glance.last <= silent_since or (as_of.until is not None and glance.last > as_of.until)
    ]
    if settings.quiet_fell:
        silent = set(closer)
        others = [glance for glance in glances if glance.member_id not in silent]
        # Days away move what is compared: whoever had some is looked at closely.
        away = await away_days(
            session, workspace_id, [glance.member_id for glance in others], since=as_of.earliest - LOOK_BACK
        )
        closer += away
        others = [glance for glance in others if glance.member_id not in away]
        closer += await _fallen_at_a_glance(session, workspace_id, settings, others, as_of, watched)
    return sorted(closer)


async def _fallen_at_a_glance(
    session: Session,
    workspace_id: int,
    settings: OrganisationSettings,
    glances: Sequence[Glance],
    as_of: AsOf,
    watched: Watching,
) -> list[int]:
    """Return the row ids of those who may have fallen, by two sums each."""
    looked_from = as_of.earliest - LOOK_BACK
    compared = [
        # Most had the notice so long ago that they share what was watched of them.
        (glance, glance.first, calendar_of(glance, settings), days.within(looked_from))
        for glance in glances
        if glance.first is not None
        and glance.first <= as_of.latest - FELL_NEEDS
        and (days := watched.of(glance.told_at)) is not None
    ]
    began = {
        (calendar, days): recent_since(calendar, days, max(days.since, as_of.latest - LOOK_BACK), as_of.latest)
        for calendar, days in {(calendar, days) for _, _, calendar, days in compared}
    }
    # One day for all: the later it is, the less is taken for recent, and the fewer are ruled out.
    split = max((day for day in began.values() if day is not None), default=None)
    if split is None:
        return [glance.member_id for glance, _, _, _ in compared]
    sums = await sums_around(
        session,
        workspace_id,
        [glance.member_id for glance, _, _, _ in compared],
        first=looked_from,
        split=split,
        last=as_of.latest,
    )

    @cache
    def weeks_by_day(calendar: Calendar, days: Watched, week: date) -> list[list[tuple[date, int]]]:
        return [
            usual_weeks(calendar, days, max(week, days.since, day - LOOK_BACK), since)
            for day in _days(as_of.earliest, as_of.latest)
            if (since := recent_since(calendar, days, max(days.since, day - LOOK_BACK), day)) is not None
        ]

    return [
        glance.member_id
        for glance, first, calendar, days in compared
        if began[calendar, days] is None
        or any(
            may_have_fallen(weeks, len(calendar.weekdays), recent, before)
            # No week that begins before their first sign is looked at.
            for weeks in weeks_by_day(calendar, days, monday_of(first - DAY) + 7 * DAY)
            for before, recent in (sums.get(glance.member_id, (0, 0)),)
        )
    ]


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


async def _quiet(
    session: Session,
    workspace_id: int,
    settings: OrganisationSettings,
    members: Sequence[Member],
    as_of: AsOf,
    watched: Watching,
) -> list[Quiet]:
    away = await away_days(
        session, workspace_id, [known(member.id) for member in members], since=as_of.earliest - LOOK_BACK
    )
    looked_at = [
        (member, replace(calendar, away=tuple(away.get(known(member.id), ()))), days, day)
        for member in members
        if (days := watched.of(member.told_at)) is not None
        and (day := as_of.of(calendar := calendar_of(member, settings))) is not None
    ]
    member_ids = [known(member.id) for member, _, _, _ in looked_at]
    spans = await sign_spans(session, workspace_id, member_ids, until=as_of.until)
    signs = {member_id: Signs(span.first, span.last) for member_id, span in spans.items()}

    def quiet_now() -> dict[int, Quiet]:
        return {
            known(member.id): Quiet(member, calendar, reason, day, signs.get(known(member.id), Signs()).last)
            for member, calendar, days, day in looked_at
            if not is_on_path(member, signs.get(known(member.id), Signs()).first, watched.arrived, day)
            and (reason := quiet_reason(member, calendar, signs.get(known(member.id), Signs()), days, settings, day))
        }

    quiet = quiet_now()
    # Only for "fell" are counts by day needed, and only of people who have been here long enough for it.
    compared = [
        member_id
        for member_id, span in spans.items()
        if member_id not in quiet and span.first <= as_of.latest - FELL_NEEDS
    ]
    if settings.quiet_fell and compared:
        comparing = set(compared)
        looked_at = [entry for entry in looked_at if entry[0].id in comparing]
        by_day = await signs_by_day(
            session, workspace_id, compared, first=as_of.earliest - LOOK_BACK, last=as_of.latest
        )
        for member_id, counts in by_day.items():
            signs[member_id] = Signs(signs[member_id].first, signs[member_id].last, counts)
        quiet |= quiet_now()
    return [quiet[member_id] for member_id in member_ids if member_id in quiet]
