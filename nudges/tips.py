"""The tip on its way out: made when its turn comes, if it is still true, and paid back if it is not."""

from bot.context import Context, PersonContext, known
from bot.messages import Message
from bot.settings import OrganisationSettings
from nudges.budget import LIMITS, has_room, paid_days, wants_nudges
from nudges.calendars import calendar_of, monday_of
from nudges.due import quiet_among
from nudges.messages import Standing, Suggestion, Tip, tip_message
from nudges.quiet import Reason
from nudges.stage import rounds_ran_since
from storage.database import Session
from storage.nudging import drop_nudge, find_nudge, nudges_of, pay_on
from storage.people import channels_of, get_channel, get_member
from storage.tables import Member, Nudge, NudgeAnswer, Outbox, OutboxState
from storage.workspaces import get_workspace

TIP = "nudge.tip"


async def compose_tip(ctx: Context, row: Outbox) -> Message | None:
    """Return the tip, or None when it is no longer true, wanted, or the time for it."""
    nudge = await find_nudge(ctx.session, ctx.workspace_id, row.subject_id)
    if not isinstance(ctx, PersonContext) or nudge is None or not await is_still_right(ctx, nudge):
        return None
    return tip_message(await tip_of(ctx, nudge), Standing.NEW, None, ctx.say)


async def is_still_right(ctx: PersonContext, nudge: Nudge) -> bool:
    """Whether a planned nudge may go out now.

    Within the member's working hours, in the week it was planned for, with the rounds on ever since; and the member
    has not asked to be left alone, has room in their budget, and is still quiet for the same reason.
    """
    calendar = calendar_of(ctx.member, ctx.settings)
    today = calendar.local_day(ctx.now)
    if (
        nudge.dropped
        or not rounds_ran_since(ctx.workspace, nudge.planned_at, ctx.now)
        or not calendar.is_working_at(ctx.now)
        or today < nudge.local_date
        or monday_of(today) != monday_of(nudge.local_date)
        or not wants_nudges(ctx.member, today)
    ):
        return False
    since = today - max(length for length, _ in LIMITS)
    nudges = await nudges_of(ctx.session, ctx.workspace_id, [ctx.member_id], since=since)
    others = [other for other in nudges.get(ctx.member_id, ()) if other.id != nudge.id]
    if not has_room(paid_days(others), today):
        return False
    quiet = await quiet_among(ctx.session, ctx.workspace, ctx.settings, [ctx.member], ctx.now.date())
    return [reason for _, _, reason in quiet] == [nudge.reason]


async def tip_settled(session: Session, row: Outbox) -> None:
    """Give a tip that never arrived back to the budget; one sent later than planned is paid on the day it was sent.

    One that may have arrived stays paid. So does one that the member's platform will not take from us: to try that
    again each week would help nobody.
    """
    nudge = await find_nudge(session, row.workspace_id, row.subject_id)
    if nudge is None:
        return
    if row.state in (OutboxState.DROPPED, OutboxState.FAILED):
        await drop_nudge(session, row.workspace_id, row.subject_id)
    elif row.state == OutboxState.SENT and row.settled_at is not None:
        member = await get_member(session, row.workspace_id, nudge.member_id)
        workspace = await get_workspace(session, row.workspace_id)
        settings = OrganisationSettings.model_validate(workspace.settings)
        day = calendar_of(member, settings).local_day(row.settled_at)
        if day != nudge.local_date:
            await pay_on(session, row.workspace_id, row.subject_id, day)


async def tip_of(ctx: PersonContext, nudge: Nudge) -> Tip:
    """Return what a nudge says."""
    suggestion = None
    if nudge.channel_id is not None:
        channel = await get_channel(ctx.session, ctx.workspace_id, nudge.channel_id)
        inside = channel.id in await channels_of(ctx.session, ctx.workspace_id, ctx.member_id)
        # It may have been closed, or closed to others, since the tip was planned.
        if not channel.is_archived and (inside or not channel.is_private):
            suggestion = Suggestion(channel.name, channel.purpose, inside)
    return Tip(known(nudge.id), ctx.member.name, Reason(nudge.reason), suggestion)


def standing_of(nudge: Nudge, member: Member) -> Standing:
    """Return where a tip stands for its reader."""
    if member.nudges_off:
        return Standing.STOPPED
    match nudge.answer:
        case NudgeAnswer.HELPED:
            return Standing.HELPED
        case NudgeAnswer.NOT_NOW if member.nudges_snoozed_until is not None:
            return Standing.NOT_NOW
        case NudgeAnswer.NOT_NOW | NudgeAnswer.STOP:
            return Standing.STARTED_AGAIN
        case _:
            return Standing.NEW
