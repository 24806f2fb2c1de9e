"""The notice to everybody, sent once, before anything is kept per person."""

from datetime import date, timedelta

from bot.context import Context, PersonContext
from bot.messages import Message
from nudges.calendars import calendar_of
from nudges.messages import Choices, notice_message
from nudges.stage import rounds_begin_at
from storage.tables import Outbox

NOTICE = "nudges.notice"


async def compose_notice(ctx: Context, row: Outbox) -> Message | None:  # noqa: ARG001 - every composer has the same form
    """Return the notice for one member; None if none was given."""
    if not isinstance(ctx, PersonContext) or ctx.workspace.notice_given_at is None:
        return None
    choices = Choices(is_counted=not ctx.member.not_counted, gets_tips=not ctx.member.nudges_off)
    return notice_message(ctx.member_id, first_round_day(ctx), choices, ctx.say)


def first_round_day(ctx: PersonContext) -> date:
    """Return the day, in the member's zone, before which nobody gets anything unasked-for."""
    given = ctx.workspace.notice_given_at or ctx.now
    begins = rounds_begin_at(given, given, timedelta(days=ctx.settings.notice_days))
    return calendar_of(ctx.member, ctx.settings).local_day(begins)
