"""The notice to everybody, sent once, before anything is kept per person; to whoever arrives later, on arrival."""

from datetime import date, timedelta

from bot.calendars import calendar_of
from bot.context import Context, PersonContext
from bot.messages import Message
from nudges.messages import Choices, notice_message
from nudges.stage import rounds_begin_at, told_at
from storage.nudging import people_not_told
from storage.outbox import Urgency, say_to_member
from storage.tables import Outbox, Platform

NOTICE = "nudges.notice"
# So many newcomers are told in one transaction.
PAGE = 500


async def compose_notice(ctx: Context, row: Outbox) -> Message | None:  # noqa: ARG001 - every composer has the same form
    """Return the notice for one member; None if none was given."""
    if not isinstance(ctx, PersonContext) or ctx.workspace.notice_given_at is None:
        return None
    choices = Choices(is_counted=not ctx.member.not_counted, gets_nudges=not ctx.member.nudges_off)
    return notice_message(ctx.member_id, first_round_day(ctx), choices, ctx.say)


def first_round_day(ctx: PersonContext) -> date:
    """Return the day, in the member's zone, before which nobody gets anything unasked-for."""
    given = told_at(ctx.workspace, ctx.member) or ctx.now
    begins = rounds_begin_at(given, given, timedelta(days=ctx.settings.notice_days))
    return calendar_of(ctx.member, ctx.settings).local_day(begins)


async def tell_newcomers(ctx: Context) -> None:
    """Give the notice to the next people who arrived after it was given to everybody.

    Not in an import, where nobody can be told anything.
    """
    given = ctx.workspace.notice_given_at
    if given is None or ctx.workspace.platform == Platform.IMPORTED:
        return
    for member_id in await people_not_told(ctx.session, ctx.workspace_id, NOTICE, since=given, limit=PAGE):
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            member_id,
            NOTICE,
            ctx.workspace_id,
            now=ctx.now,
            urgency=Urgency.COPY,
            once=f"{NOTICE}:{ctx.workspace_id}:newcomer:{member_id}",
            resend_if_unknown=True,
        )
