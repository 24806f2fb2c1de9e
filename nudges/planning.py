"""The weekly round: once per workspace and ISO week, whoever is due gets their step planned for their own slot.

A job, called often. It goes on where it stopped, a page of members at a time, so that no commit of others waits long.
"""

from datetime import date, datetime, timedelta

from bot.calendars import DAY, Calendar, monday_of
from bot.context import Context, known
from bot.topics.learning import interests
from nudges.comparing.taking_in import left_without
from nudges.contacts import Kinds, Wanted, Wish, plan
from nudges.due import due_page
from nudges.finding import Lively, lively_here, thing_to_like
from nudges.ladder import Step
from nudges.leading.suggesting import plan_cards
from nudges.sieving import AsOf
from nudges.stage import rounds_run
from nudges.told_in_digest import named_on
from storage.nudging import advance_round, claim_round, member_channels

# A day begins first in the Line Islands (UTC+14): from then on somebody's slot of that day may come.
EARLIEST_ZONE = timedelta(hours=14)


def week_of_round(now: datetime, weekday: int) -> date | None:
    """Return the Monday of the week whose round is to be planned at `now`; None before its weekday has begun anywhere.

    A round that was missed on its day is planned later in the same week, never in the next.
    """
    day = (now + EARLIEST_ZONE).date()
    return monday_of(day) if day.isoweekday() >= weekday else None


async def plan_round(ctx: Context, kinds: Kinds) -> bool:
    """Plan the next page of the workspace's round of this week, where there is one; True: there is another."""
    week = week_of_round(ctx.now, ctx.settings.round_weekday)
    if week is None or not rounds_run(ctx.workspace, ctx.now):
        return False
    claimed = await claim_round(ctx.session, ctx.workspace_id, week, ctx.now)
    if claimed is None:
        return False

    def slot_of(calendar: Calendar) -> datetime | None:
        return calendar.slot(week, ctx.settings.round_weekday, ctx.settings.round_minute, ctx.now)

    def before_slot(calendar: Calendar) -> date | None:
        # What is true then, if nothing is heard until then; it is looked at again when its turn comes.
        slot = slot_of(calendar)
        return None if slot is None else calendar.local_day(slot) - DAY

    as_of = AsOf(before_slot, earliest=week - DAY, latest=week + 5 * DAY)
    page = await due_page(ctx.session, ctx.workspace, ctx.settings, as_of, after=claimed.cursor)
    await plan_cards(ctx, week, [due for due in page.due if due.step is Step.SUGGESTION])
    coming = {
        known(due.member.id): (due.member.external_id, due.calendar.local_day(slot))
        for due in page.due
        if due.step is Step.TIP and (slot := slot_of(due.calendar)) is not None
    }
    without = await left_without(ctx, coming)
    to_members = [due for due in page.due if due.step is not Step.SUGGESTION and due.member.id not in without]
    lively = await lively_here(ctx) if to_members else Lively()
    member_ids = [known(due.member.id) for due in to_members]
    inside = await member_channels(ctx.session, ctx.workspace_id, member_ids)
    likes = await interests(ctx, member_ids, ctx.now.date())
    wishes = []
    for due, member_id in zip(to_members, member_ids, strict=True):
        slot = slot_of(due.calendar)
        if slot is None:
            continue
        step = Wanted(due.step, due.reason)
        if due.step is Step.TIP:
            beside = await named_on(ctx, due.member, due.calendar, due.calendar.local_day(slot))
            liked = await thing_to_like(
                ctx, due.member, likes[member_id], lively, inside.get(member_id, set()), told_beside=beside
            )
            if liked is not None:
                step = Wanted(due.step, due.reason, liked.row, liked.because, liked.topic)
        wishes.append(Wish(member_id, [step], slot))
    await plan(ctx, kinds, wishes)
    if page.last is None:
        await advance_round(ctx.session, ctx.workspace_id, week, claimed.cursor, done_at=ctx.now)
    else:
        await advance_round(ctx.session, ctx.workspace_id, week, page.last, done_at=None)
    return page.last is not None
