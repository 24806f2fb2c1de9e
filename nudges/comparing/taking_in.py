"""Takes people who come to a tip into the comparison, and sums up what followed: called by the round, and a job."""

from collections.abc import Mapping
from datetime import date

from bot.calendars import monday_of
from bot.context import Context
from nudges.comparing.rules import draws_no_tip, takes_in
from storage.comparing import add_compared, compared_among, comparing_key, groups_compared, sum_up_compared
from storage.effects import RETURNS_WITHIN
from storage.errands import advance_errand, claim_errand
from storage.tables import Compared

ERRAND = "nudges.comparing"


async def left_without(ctx: Context, coming: Mapping[int, tuple[str, date]]) -> set[int]:
    """Take in who comes to a tip and never was before; returns whom of them the lot leaves without.

    `coming` gives, by row id, the platform's id of each and the day, where they are, for which the tip would be.
    """
    groups = await groups_compared(ctx.session, ctx.workspace_id)
    if not coming or not takes_in(ctx.settings, groups, ctx.now.date()):
        return set()
    key = await comparing_key(ctx.session)
    before = await compared_among(ctx.session, ctx.workspace_id, list(coming))
    new = [
        Compared(
            workspace_id=ctx.workspace_id, member_id=member_id, due_on=day, is_without=draws_no_tip(key, external_id)
        )
        for member_id, (external_id, day) in coming.items()
        if member_id not in before
    ]
    await add_compared(ctx.session, new)
    return {one.member_id for one in new if one.is_without}


async def sum_up(ctx: Context) -> None:
    """Sum up, once a week, what followed for those for whom four weeks have passed."""
    monday = monday_of(ctx.now.date())
    errand = await claim_errand(ctx.session, ctx.workspace_id, ERRAND, monday, ctx.now)
    if errand is not None:
        await sum_up_compared(ctx.session, ctx.workspace_id, monday - RETURNS_WITHIN)
        await advance_errand(ctx.session, ctx.workspace_id, errand, None, ctx.now)
