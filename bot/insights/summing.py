"""Sums up what insights show: each whole week once, when it is over, by the membership frozen for its quarter."""

from datetime import date, timedelta
from typing import Final

from bot.context import Context
from storage.effects import sum_up_reach, sum_up_tips
from storage.floor import WEEK, monday_of, quarter_of
from storage.insights import end_of, forget_membership, freeze_quarter, sum_up_week, summed_weeks
from storage.nudging import first_sign_of_all

# A sign given just before midnight may be counted just after it.
GRACE: Final = timedelta(hours=1)
# So many weeks in one go; after a history of years has been imported, the next ticks do the rest.
WEEKS_AT_ONCE: Final = 13
# The kind of item whose effect is shown.
TIP: Final = "tip"


async def sum_up(ctx: Context) -> None:
    """Sum up the weeks that are over and have not been, the earliest first.

    Nothing before the notice: until then nobody is looked at by name, not even for a sum.
    """
    if ctx.workspace.notice_given_at is None:
        return
    this_week = monday_of((ctx.now - GRACE).date())
    first = await first_sign_of_all(ctx.session, ctx.workspace_id)
    done = await summed_weeks(ctx.session, ctx.workspace_id)
    due = [] if first is None else weeks_due(monday_of(first), this_week, done)
    for week in due[:WEEKS_AT_ONCE]:
        await freeze_quarter(ctx.session, ctx.workspace_id, quarter_of(week), ctx.now)
        await sum_up_week(ctx.session, ctx.workspace_id, week)
        if week == this_week - WEEK:
            await sum_up_reach(ctx.session, ctx.workspace_id, end_of(week))
            await sum_up_tips(ctx.session, ctx.workspace_id, TIP, this_week)
    if due and len(due) <= WEEKS_AT_ONCE:
        await forget_membership(ctx.session, ctx.workspace_id, quarter_of(this_week))


def weeks_due(first: date, this_week: date, done: frozenset[date]) -> list[date]:
    """Return the Mondays from `first` on, before this week's, that have not been summed up, in order."""
    count = (this_week - first) // WEEK
    return [week for week in (first + number * WEEK for number in range(count)) if week not in done]
