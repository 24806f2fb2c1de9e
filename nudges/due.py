"""Whom the ladder would reach, with which step and why: the rules put to the rows, a page of members at a time.

The preview shows it, the weekly round plans from it, and a tip is checked against it when its turn comes.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.context import known
from bot.settings import OrganisationSettings
from nudges.budget import STEP_PAUSE, step_is_due, wants_nudges
from nudges.calendars import DAY, Calendar, calendar_of
from nudges.quiet import FELL_NEEDS, LOOK_BACK, Reason, Signs, Watched, quiet_reason
from nudges.stage import was_told_lately
from storage.contacts import days_said
from storage.database import Session
from storage.nudging import first_sign_of_all, last_imported_day, people_page, sign_spans, signs_by_day
from storage.tables import Member, Platform, Workspace

PAGE = 500

AsOf = Callable[[Calendar], date | None]
"""The last day that is looked at of a member, whole, in their own zone; None: they are not looked at."""


class Step(StrEnum):
    """The steps of the ladder, which are kinds of items."""

    TIP = "tip"


@dataclass(frozen=True, slots=True)
class Quiet:
    """One member who counts as quiet, looked at up to and with the day `as_of`."""

    member: Member
    calendar: Calendar
    reason: Reason
    as_of: date


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
    return lambda calendar: calendar.local_day(now) - DAY


def through(day: date) -> AsOf:
    """Look at everybody up to and with the same day."""
    return lambda _: day


async def due_page(
    session: Session,
    workspace: Workspace,
    settings: OrganisationSettings,
    as_of: AsOf,
    *,
    until: date | None = None,
    after: int = 0,
) -> Page:
    """Return whom among the next members the ladder would reach on the day after `as_of`.

    With `until`, no sign after that day is looked at. Without it all are, and a sign after `as_of` stops everything.
    """
    workspace_id = known(workspace.id)
    members = await people_page(session, workspace_id, after=after, limit=PAGE)
    quiet = await quiet_among(session, workspace, settings, members, as_of, until=until)
    said: dict[int, list[date]] = {}
    if quiet:
        since = min(one.as_of for one in quiet) - STEP_PAUSE
        quiet_ids = [known(one.member.id) for one in quiet]
        said = await days_said(session, workspace_id, quiet_ids, Step.TIP, since=since)
    notice_for = timedelta(days=settings.notice_days)
    due = [
        Due(one.member, one.calendar, Step.TIP, one.reason)
        for one in quiet
        if wants_nudges(one.member, one.as_of + DAY)
        and not one.calendar.is_on_leave(one.as_of + DAY)
        and step_is_due(said.get(known(one.member.id), ()), one.as_of + DAY)
        and not was_told_lately(workspace, one.member, notice_for, one.as_of + DAY)
    ]
    return Page(due, known(members[-1].id) if len(members) == PAGE else None)


async def all_due(
    session: Session,
    workspace: Workspace,
    settings: OrganisationSettings,
    as_of: AsOf,
    until: date | None = None,
) -> AsyncIterator[Due]:
    """Go through everybody whom the ladder would reach."""
    after: int | None = 0
    while after is not None:
        page = await due_page(session, workspace, settings, as_of, until=until, after=after)
        for due in page.due:
            yield due
        after = page.last


async def quiet_among(
    session: Session,
    workspace: Workspace,
    settings: OrganisationSettings,
    members: Sequence[Member],
    as_of: AsOf,
    *,
    until: date | None = None,
) -> list[Quiet]:
    """Return those of the members who count as quiet, each with their calendar and why; `until` as for `due_page`."""
    watched = await _watched(session, workspace)
    if watched is None:
        return []
    looked_at = [
        (member, calendar, day)
        for member in members
        if (day := as_of(calendar := calendar_of(member, settings))) is not None
    ]
    if not looked_at:
        return []
    workspace_id = known(workspace.id)
    spans = await sign_spans(session, workspace_id, [known(member.id) for member, _, _ in looked_at], until=until)
    signs = {member_id: Signs(span.first, span.last) for member_id, span in spans.items()}
    # Only for "fell" are counts by day needed, and only of people who have been here long enough for it.
    last = max(day for _, _, day in looked_at)
    compared = [member_id for member_id, span in spans.items() if span.first <= last - FELL_NEEDS]
    if settings.quiet_fell and compared:
        by_day = await signs_by_day(session, workspace_id, compared, first=last - LOOK_BACK - 2 * DAY, last=last)
        for member_id, days in by_day.items():
            signs[member_id] = Signs(signs[member_id].first, signs[member_id].last, days)
    found = []
    for member, calendar, day in looked_at:
        reason = quiet_reason(member, calendar, signs.get(known(member.id), Signs()), watched, settings, day)
        if reason is not None:
            found.append(Quiet(member, calendar, reason, day))
    return found


async def _watched(session: Session, workspace: Workspace) -> Watched | None:
    """Return since when signs are counted by member: the notice, or before it an imported history; None: not at all."""
    workspace_id = known(workspace.id)
    first = await first_sign_of_all(session, workspace_id)
    if workspace.platform == Platform.IMPORTED:
        return None if first is None else Watched(first)
    if workspace.notice_given_at is None:
        return None
    notice = workspace.notice_given_at.date()
    imported = await last_imported_day(session, workspace_id)
    gap = (imported + DAY, notice - DAY) if imported is not None and imported + DAY < notice else None
    return Watched(min(first, notice) if first is not None else notice, gap)
