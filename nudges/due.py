"""Whom the ladder would reach, with which step and why: the rules put to the rows, a page of members at a time.

The preview shows it, the weekly round plans from it, and a nudge is checked against it when its turn comes.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.context import known
from bot.settings import OrganisationSettings
from nudges.budget import STEP_PAUSE, step_is_due, wants_nudges
from nudges.calendars import DAY, Calendar, calendar_of
from nudges.quiet import FELL_NEEDS, LOOK_BACK, Reason, Signs, Watched, quiet_reason
from nudges.stage import was_told_lately
from storage.database import Session
from storage.nudging import (
    first_sign_of_all,
    last_imported_day,
    nudges_of,
    people_page,
    sign_spans,
    signs_by_day,
)
from storage.tables import Member, NudgeKind, Platform, Workspace

PAGE = 500


@dataclass(frozen=True, slots=True)
class Due:
    """One member whom a step of the ladder would reach."""

    member: Member
    calendar: Calendar
    step: NudgeKind
    reason: Reason


@dataclass(frozen=True, slots=True)
class Page:
    """What was found among one page of members; `last` is the row id to go on after, None when these were the last."""

    due: Sequence[Due]
    last: int | None


async def due_page(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: date, *, after: int = 0
) -> Page:
    """Return whom among the next members the ladder would reach, looking at counts up to and with `as_of` (UTC)."""
    workspace_id = known(workspace.id)
    members = await people_page(session, workspace_id, after=after, limit=PAGE)
    member_ids = [known(member.id) for member in members]
    nudges = await nudges_of(session, workspace_id, member_ids, since=as_of - STEP_PAUSE)
    reachable = [
        member
        for member in members
        if wants_nudges(member, as_of)
        and step_is_due(NudgeKind.TIP, nudges.get(known(member.id), ()), as_of)
        and not was_told_lately(workspace, member, timedelta(days=settings.notice_days), as_of)
    ]
    due = [
        Due(member, calendar, NudgeKind.TIP, reason)
        for member, calendar, reason in await quiet_among(session, workspace, settings, reachable, as_of)
    ]
    return Page(due, member_ids[-1] if len(members) == PAGE else None)


async def all_due(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: date
) -> AsyncIterator[Due]:
    """Go through everybody whom the ladder would reach."""
    after: int | None = 0
    while after is not None:
        page = await due_page(session, workspace, settings, as_of, after=after)
        for due in page.due:
            yield due
        after = page.last


async def quiet_among(
    session: Session,
    workspace: Workspace,
    settings: OrganisationSettings,
    members: Sequence[Member],
    as_of: date,
) -> list[tuple[Member, Calendar, Reason]]:
    """Return those of the members who count as quiet on a day, each with their calendar and why."""
    watched = await _watched(session, workspace)
    if watched is None or not members:
        return []
    workspace_id = known(workspace.id)
    spans = await sign_spans(session, workspace_id, [known(member.id) for member in members], as_of)
    signs = {member_id: Signs(span.first, span.last) for member_id, span in spans.items()}
    # Only for "fell" are counts by day needed, and only of people who have been here long enough for it.
    compared = [member_id for member_id, span in spans.items() if span.first <= as_of - FELL_NEEDS]
    by_day = await signs_by_day(session, workspace_id, compared, first=as_of - LOOK_BACK, last=as_of)
    for member_id, days in by_day.items():
        signs[member_id] = Signs(signs[member_id].first, signs[member_id].last, days)
    found = []
    for member in members:
        calendar = calendar_of(member, settings)
        reason = quiet_reason(member, calendar, signs.get(known(member.id), Signs()), watched, settings, as_of)
        if reason is not None:
            found.append((member, calendar, reason))
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
