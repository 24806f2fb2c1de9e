"""The weekly round: once per workspace and ISO week, whoever is due gets a nudge planned for their own slot.

A job, called often. It goes on where it stopped, a page of members at a time, so that no commit of others waits long.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import structlog

from bot.context import known
from bot.settings import OrganisationSettings
from nudges.budget import STEP_PAUSE, has_room, paid_days, step_is_due, wants_nudges
from nudges.calendars import DAY, monday_of
from nudges.due import Due, due_page
from nudges.stage import rounds_run
from nudges.tips import TIP
from storage.database import Session
from storage.nudging import (
    add_nudge,
    advance_round,
    claim_round,
    lively_channels,
    lock_member,
    member_channels,
    nudges_of,
)
from storage.outbox import Urgency, say_to_member
from storage.tables import Channel, Workspace
from storage.workspaces import all_workspaces

# A day begins first in the Line Islands (UTC+14): from then on somebody's slot of that day may come.
EARLIEST_ZONE = timedelta(hours=14)
LIVELY_WITHIN = timedelta(days=14)
MOST_CHANNELS = 20

log = structlog.get_logger()


def week_of_round(now: datetime, weekday: int) -> date | None:
    """Return the Monday of the week whose round is to be planned at `now`; None before its weekday has begun anywhere.

    A round that was missed on its day is planned later in the same week, never in the next.
    """
    day = (now + EARLIEST_ZONE).date()
    return monday_of(day) if day.isoweekday() >= weekday else None


async def plan_rounds(session: Session, now: datetime) -> None:
    """Plan the next page of each workspace's round of this week, where there is one."""
    for workspace in await all_workspaces(session):
        workspace_id = known(workspace.id)
        if not rounds_run(workspace, now):
            continue
        try:
            async with session.begin_nested():
                await _plan_page(session, workspace, now)
        except Exception:
            # One organisation's trouble is not the others'.
            log.exception("round.failed", workspace=workspace_id)


async def _plan_page(session: Session, workspace: Workspace, now: datetime) -> None:
    workspace_id = known(workspace.id)
    settings = OrganisationSettings.model_validate(workspace.settings)
    week = week_of_round(now, settings.round_weekday)
    if week is None:
        return
    claimed = await claim_round(session, workspace_id, week, now)
    if claimed is None:
        return
    page = await due_page(session, workspace, settings, now.date(), after=claimed.cursor)
    channels = await _lively(session, workspace_id, settings, now.date())
    inside = await member_channels(session, workspace_id, [known(due.member.id) for due in page.due])
    for due in page.due:
        channel = suggested(channels, inside.get(known(due.member.id), set()))
        await _plan(session, workspace_id, settings, due, channel, week, now)
    if page.last is None:
        await advance_round(session, workspace_id, week, claimed.cursor, done_at=now)
    else:
        await advance_round(session, workspace_id, week, page.last, done_at=None)


async def _plan(
    session: Session,
    workspace_id: int,
    settings: OrganisationSettings,
    due: Due,
    channel: Channel | None,
    week: date,
    now: datetime,
) -> None:
    slot = due.calendar.slot(week, settings.round_weekday, settings.round_minute, now)
    if slot is None:
        return
    day = due.calendar.local_day(slot)
    # Two planners cannot both spend the last of a budget: the second waits here, and then sees what the first paid.
    member = await lock_member(session, workspace_id, known(due.member.id))
    member_id = known(member.id)
    nudges = (await nudges_of(session, workspace_id, [member_id], since=day - STEP_PAUSE)).get(member_id, [])
    if not wants_nudges(member, day) or not step_is_due(due.step, nudges, day) or not has_room(paid_days(nudges), day):
        return
    nudge_id = await add_nudge(
        session,
        workspace_id,
        member_id,
        due.step,
        reason=due.reason,
        local_date=day,
        channel_id=None if channel is None else channel.id,
        now=now,
    )
    if nudge_id is not None:
        await say_to_member(
            session,
            workspace_id,
            member_id,
            TIP,
            nudge_id,
            now=now,
            urgency=Urgency.NUDGE,
            not_before=slot,
            once=f"{TIP}:{nudge_id}",
        )


def suggested(channels: Sequence[Channel], inside: set[int]) -> Channel | None:
    """Return the liveliest channel that a member is not in; the liveliest of all where they are in every one."""
    elsewhere = [channel for channel in channels if channel.id not in inside]
    return next(iter([*elsewhere, *channels]), None)


async def _lively(
    session: Session, workspace_id: int, settings: OrganisationSettings, today: date
) -> Sequence[Channel]:
    found = await lively_channels(
        session, workspace_id, first=today - LIVELY_WITHIN + DAY, last=today, limit=MOST_CHANNELS
    )
    # Announcements reach everybody anyway.
    return [channel for channel in found if channel.external_id != settings.announcement_channel]
