"""The notice to everybody, sent once, before anything is kept per person; to whoever arrives later, on arrival.

A member is counted by name, looked at and nudged only from the moment their own notice has arrived.
"""

from datetime import date, timedelta

from bot.calendars import calendar_of
from bot.context import Context, PersonContext
from bot.messages import Message
from nudges.messages import Choices, notice_message
from nudges.stage import counts_from, rounds_begin_at
from storage.database import Session
from storage.outbox import Urgency, say_to_member
from storage.tables import Outbox, OutboxState, Platform
from storage.telling import note_told, people_not_told, tell_again

NOTICE = "nudges.notice"
# So many newcomers are told in one transaction.
PAGE = 500
# A notice that failed on the way is tried again the next day; to whoever could not be reached, once a week.
AFTER_A_FAILURE = timedelta(days=1)
AFTER_A_REFUSAL = timedelta(days=7)


async def compose_notice(ctx: Context, row: Outbox) -> Message | None:  # noqa: ARG001 - every composer has the same form
    """Return the notice for one member; None if none was given."""
    if not isinstance(ctx, PersonContext) or ctx.workspace.notice_given_at is None:
        return None
    choices = Choices(is_counted=not ctx.member.not_counted, gets_nudges=not ctx.member.nudges_off)
    return notice_message(ctx.member_id, first_round_day(ctx), choices, ctx.say)


def first_round_day(ctx: PersonContext) -> date:
    """Return the day, in the member's zone, before which they get nothing for being quiet."""
    given = counts_from(ctx.workspace, ctx.member.told_at or ctx.now)
    begins = rounds_begin_at(given, given, timedelta(days=ctx.settings.notice_days))
    return calendar_of(ctx.member, ctx.settings).local_day(begins)


async def settled(session: Session, row: Outbox) -> None:
    """Record that a member has had the notice; nothing of one that did not arrive."""
    if row.state == OutboxState.SENT and row.member_id is not None and row.settled_at is not None:
        await note_told(session, row.workspace_id, row.member_id, row.settled_at)


async def tell_everybody(ctx: Context) -> bool:
    """Give the notice to the next people who have not had it: who arrived since, and whom it did not reach.

    Not in an import, where nobody can be told anything. True: there may be more to tell.
    """
    if ctx.workspace.notice_given_at is None or ctx.workspace.platform == Platform.IMPORTED:
        return False
    newcomers = await people_not_told(ctx.session, ctx.workspace_id, NOTICE, limit=PAGE)
    for member_id in newcomers:
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
    await tell_again(
        ctx.session,
        ctx.workspace_id,
        NOTICE,
        now=ctx.now,
        failed_before=ctx.now - AFTER_A_FAILURE,
        refused_before=ctx.now - AFTER_A_REFUSAL,
        limit=PAGE,
    )
    return len(newcomers) == PAGE
