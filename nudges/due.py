"""Whom the ladder would reach, with which step and why: the rules put to the rows, a page of members at a time.

The preview shows it, the weekly round plans from it, and a tip is checked against it when its turn comes.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache

from bot.calendars import DAY, Calendar, calendar_of
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
    quiet_reason,
)
from nudges.sieving import sieve_of
from nudges.stage import may_be_nudged
from nudges.watching import Watching, watching
from nudges.welcome import is_on_path
from storage.away import away_days
from storage.database import Session
from storage.glancing import Glance, Sieve, Week, glances, weeks_worked
from storage.nudging import members_by_row, sign_spans, signs_by_day
from storage.tables import Member, Workspace

PAGE = 500
# Of glances alone, which are small, so many are read at a time.
MOST_AT_ONCE = 5_000


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
class Found:
    """One member who counts as quiet, by row id, and why."""

    member_id: int
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


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a workspace's members: by what, on which day, and whom of them at all."""

    workspace: Workspace
    settings: OrganisationSettings
    as_of: AsOf
    watched: Watching
    sieve: Sieve


async def _look_at(session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf) -> _Look | None:
    watched = await watching(session, workspace)
    if watched is None:
        return None
    calendars = {calendar_of(week, settings) for week in await weeks_worked(session, known(workspace.id))}
    sieve = sieve_of(calendars, watched, settings, earliest=as_of.earliest, latest=as_of.latest, until=as_of.until)
    return _Look(workspace, settings, as_of, watched, sieve)


async def due_page(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf, *, after: int = 0
) -> Page:
    """Return whom among the next members the ladder would reach on the day after `as_of`."""
    look = await _look_at(session, workspace, settings, as_of)
    return Page((), None) if look is None else await _page(session, look, after)


async def all_due(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf
) -> AsyncIterator[Due]:
    """Go through everybody whom the ladder would reach on the day after `as_of`."""
    look = await _look_at(session, workspace, settings, as_of)
    after: int | None = None if look is None else 0
    while look is not None and after is not None:
        page = await _page(session, look, after)
        for due in page.due:
            yield due
        after = page.last


async def who_is_quiet(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf
) -> AsyncIterator[Found]:
    """Go through everybody who counts as quiet on the day looked at, whether a step of the ladder is due or not."""
    look = await _look_at(session, workspace, settings, as_of)
    after: int | None = None if look is None else 0
    while look is not None and after is not None:
        found, after = await _quiet_page(session, look, after, MOST_AT_ONCE)
        for one in found:
            yield one


async def count_due(session: Session, workspace: Workspace, settings: OrganisationSettings, now: datetime) -> int:
    """Return how many the ladder would reach just now under these settings; nobody, before the notice."""
    return sum([1 async for _ in all_due(session, workspace, settings, the_day_before(now))])


async def quiet_among(
    session: Session, workspace: Workspace, settings: OrganisationSettings, members: Sequence[Member], as_of: AsOf
) -> list[Quiet]:
    """Return those of the members who count as quiet, each with their calendar and why."""
    watched = await watching(session, workspace)
    return [] if watched is None else await _quiet(session, known(workspace.id), settings, members, as_of, watched)


async def _page(session: Session, look: _Look, after: int) -> Page:
    workspace, settings, watched = look.workspace, look.settings, look.watched
    workspace_id = known(workspace.id)
    found, last = await _quiet_page(session, look, after, PAGE)
    members = await members_by_row(session, workspace_id, [one.member_id for one in found])
    quiet = await _quiet(session, workspace_id, settings, members, look.as_of, watched)
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
    return Page(due, last)


async def _quiet_page(session: Session, look: _Look, after: int, limit: int) -> tuple[list[Found], int | None]:
    """Return who is quiet among the next of those who may be, and the row id to go on after (None: these were all)."""
    settings, as_of, watched, workspace_id = look.settings, look.as_of, look.watched, known(look.workspace.id)
    page = await glances(session, workspace_id, look.sieve, after=after, limit=limit)
    last = page[-1].member_id if len(page) == limit else None
    # Few are away, have a sign that is not to be seen, or are to be compared with what is usual for them.
    away = await away_days(session, workspace_id, [one.member_id for one in page], since=as_of.earliest - LOOK_BACK)
    hidden = [one.member_id for one in page if as_of.until is not None and one.last and one.last > as_of.until]
    spans = await sign_spans(session, workspace_id, hidden, until=as_of.until) if hidden else {}
    calendar_for = cache(lambda *week: calendar_of(Week(*week), settings))
    days_for, day_for = cache(watched.of), cache(as_of.of)
    found: dict[int, Found] = {}
    compared: dict[int, tuple[Glance, Calendar, Signs, Watched, date]] = {}
    for one in page:
        days = days_for(one.told_at)
        calendar = calendar_for(
            one.zone,
            one.working_days,
            one.work_start,
            one.work_end,
            one.country,
            one.region,
            one.leave_from,
            one.leave_to,
        )
        day = day_for(calendar)
        if days is None or day is None:
            continue
        if one.member_id in away:
            calendar = replace(calendar, away=tuple(away[one.member_id]))
        span = spans.get(one.member_id)
        signs = Signs(one.first, one.last) if span is None else Signs(span.first, span.last)
        if is_on_path(one, signs.first, watched.arrived, day):
            continue
        reason = quiet_reason(one, calendar, signs, days, settings, day)
        if reason is not None:
            found[one.member_id] = Found(one.member_id, reason)
        elif settings.quiet_fell and signs.first is not None and signs.first <= as_of.latest - FELL_NEEDS:
            compared[one.member_id] = one, calendar, signs, days, day
    if compared:
        by_day = await signs_by_day(
            session, workspace_id, list(compared), first=as_of.earliest - LOOK_BACK, last=as_of.latest
        )
        for member_id, (one, calendar, signs, days, day) in compared.items():
            counted = replace(signs, by_day=by_day.get(member_id, {}))
            reason = quiet_reason(one, calendar, counted, days, settings, day)
            if reason is not None:
                found[member_id] = Found(member_id, reason)
    return sorted(found.values(), key=lambda it: it.member_id), last


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
