"""Whom the ladder would reach, with which step and why: the rules put to the rows, a page of members at a time.

The preview shows it, the weekly round plans from it, and a tip is checked against it when its turn comes.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING

from bot.calendars import DAY, Calendar, calendar_of
from bot.context import known
from bot.settings import OrganisationSettings
from nudges.budget import wants_nudges
from nudges.ladder import Quiet, Step, steps_of
from nudges.quiet import FELL_NEEDS, LOOK_BACK, Reason, Signs, quiet_reason
from nudges.sieving import AsOf, the_day_before
from nudges.stage import may_be_nudged
from nudges.watching import Watching, watching
from nudges.welcome import is_on_path
from storage.away import away_days
from storage.database import Session
from storage.nudging import members_by_row, sign_spans, signs_by_day
from storage.tables import Member, Workspace

if TYPE_CHECKING:
    from nudges.looking import Found, Look

# Of so many each, the rows are read and the steps found in one go.
PAGE = 500


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


async def due_page(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf, *, after: int = 0
) -> Page:
    """Return whom among the next members the ladder would reach on the day after `as_of`."""
    watched = await watching(session, workspace)
    if watched is None:
        return Page((), None)
    await _at_hand()
    from nudges.looking import look_at, quiet_after

    look = await look_at(session, workspace, settings, as_of, watched)
    page = await quiet_after(session, look, after)
    found = page.found[:PAGE]
    last = page.last if len(found) == len(page.found) else found[-1].member_id
    return Page(await _due_among(session, look, found), last)


async def all_due(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf
) -> AsyncIterator[Due]:
    """Go through everybody whom the ladder would reach on the day after `as_of`."""
    async for look, found in _pages(session, workspace, settings, as_of):
        for first in range(0, len(found), PAGE):
            for due in await _due_among(session, look, found[first : first + PAGE]):
                yield due


async def who_is_quiet(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf
) -> AsyncIterator["Found"]:
    """Go through everybody who counts as quiet on the day looked at, whether a step of the ladder is due or not."""
    async for _look, found in _pages(session, workspace, settings, as_of):
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


async def _pages(
    session: Session, workspace: Workspace, settings: OrganisationSettings, as_of: AsOf
) -> AsyncIterator[tuple["Look", Sequence["Found"]]]:
    watched = await watching(session, workspace)
    if watched is None:
        return
    await _at_hand()
    from nudges.looking import look_at, quiet_after

    look = await look_at(session, workspace, settings, as_of, watched)
    page = await quiet_after(session, look, 0)
    yield look, page.found
    while page.last is not None:
        page = await quiet_after(session, look, page.last, page.limit)
        yield look, page.found


async def _at_hand() -> None:
    """Import nudges/looking.py, the first time on a thread: numpy takes a tenth of a second."""
    if "nudges.looking" not in sys.modules:
        await asyncio.to_thread(import_module, "nudges.looking")


async def _due_among(session: Session, look: "Look", found: Sequence["Found"]) -> list[Due]:
    workspace, settings, watched = look.workspace, look.settings, look.watched
    workspace_id = known(workspace.id)
    members = await members_by_row(session, workspace_id, [one.member_id for one in found])
    quiet = await _quiet(session, workspace_id, settings, members, look.as_of, watched)
    steps = await steps_of(session, workspace_id, settings, quiet)
    notice_for = timedelta(days=settings.notice_days)
    return [
        Due(one.member, one.calendar, step, one.reason)
        for one in quiet
        if (step := steps.get(known(one.member.id))) is not None
        and wants_nudges(one.member, one.as_of + DAY)
        and not one.calendar.is_on_leave(one.as_of + DAY)
        and (watched.is_import or may_be_nudged(workspace, one.member, notice_for, one.as_of + DAY))
    ]


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
