"""The weekly round: once per workspace and ISO week, whoever is due gets a nudge planned for their own slot.

A job, called often. It goes on where it stopped, a page of members at a time, so that no commit of others waits long.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.context import Context, known
from nudges.budget import STEP_PAUSE, has_room, paid_days, step_is_due, wants_nudges
from nudges.calendars import DAY, monday_of
from nudges.due import Due, due_page
from nudges.stage import rounds_run
from nudges.tips import TIP
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
from storage.tables import Channel

# A day begins first in the Line Islands (UTC+14): from then on somebody's slot of that day may come.
EARLIEST_ZONE = timedelta(hours=14)
LIVELY_WITHIN = timedelta(days=14)
MOST_CHANNELS = 20


def week_of_round(now: datetime, weekday: int) -> date | None:
    """Return the Monday of the week whose round is to be planned at `now`; None before its weekday has begun anywhere.

    A round that was missed on its day is planned later in the same week, never in the next.
    """
    day = (now + EARLIEST_ZONE).date()
    return monday_of(day) if day.isoweekday() >= weekday else None


async def plan_round(ctx: Context) -> None:
    """Plan the next page of the workspace's round of this week, where there is one."""
    week = week_of_round(ctx.now, ctx.settings.round_weekday)
    if week is None or not rounds_run(ctx.workspace, ctx.now):
        return
    claimed = await claim_round(ctx.session, ctx.workspace_id, week, ctx.now)
    if claimed is None:
        return
    page = await due_page(ctx.session, ctx.workspace, ctx.settings, ctx.now.date(), after=claimed.cursor)
    channels = await _lively(ctx)
    inside = await member_channels(ctx.session, ctx.workspace_id, [known(due.member.id) for due in page.due])
    for due in page.due:
        await _plan(ctx, due, suggested(channels, inside.get(known(due.member.id), set())), week)
    if page.last is None:
        await advance_round(ctx.session, ctx.workspace_id, week, claimed.cursor, done_at=ctx.now)
    else:
        await advance_round(ctx.session, ctx.workspace_id, week, page.last, done_at=None)


async def _plan(ctx: Context, due: Due, channel: Channel | None, week: date) -> None:
    slot = due.calendar.slot(week, ctx.settings.round_weekday, ctx.settings.round_minute, ctx.now)
    if slot is None:
        return
    day = due.calendar.local_day(slot)
    # Two planners cannot both spend the last of a budget: the second waits here, and then sees what the first paid.
    member = await lock_member(ctx.session, ctx.workspace_id, known(due.member.id))
    member_id = known(member.id)
    found = await nudges_of(ctx.session, ctx.workspace_id, [member_id], since=day - STEP_PAUSE)
    nudges = found.get(member_id, [])
    if not wants_nudges(member, day) or not step_is_due(due.step, nudges, day) or not has_room(paid_days(nudges), day):
        return
    nudge_id = await add_nudge(
        ctx.session,
        ctx.workspace_id,
        member_id,
        due.step,
        reason=due.reason,
        local_date=day,
        channel_id=None if channel is None else channel.id,
        now=ctx.now,
    )
    if nudge_id is not None:
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            member_id,
            TIP,
            nudge_id,
            now=ctx.now,
            urgency=Urgency.NUDGE,
            not_before=slot,
            once=f"{TIP}:{nudge_id}",
        )


def suggested(channels: Sequence[Channel], inside: set[int]) -> Channel | None:
    """Return the liveliest channel that a member is not in; the liveliest of all where they are in every one."""
    elsewhere = [channel for channel in channels if channel.id not in inside]
    return next(iter([*elsewhere, *channels]), None)


async def _lively(ctx: Context) -> Sequence[Channel]:
    today = ctx.now.date()
    found = await lively_channels(
        ctx.session, ctx.workspace_id, first=today - LIVELY_WITHIN + DAY, last=today, limit=MOST_CHANNELS
    )
    # Announcements reach everybody anyway.
    return [channel for channel in found if channel.external_id != ctx.settings.announcement_channel]
