"""Takes people who come to a tip into the comparison, and sums up what followed: called by the round, and a job."""

from collections.abc import Mapping
from datetime import date

from bot.calendars import monday_of
from bot.context import Context
from nudges.comparing.rules import draws_no_tip, takes_in
from storage.comparing import add_compared, compared_among, comparing_key, groups_compared, sum_up_compared
from storage.effects import RETURNS_WITHIN
from storage.errands import advance_errand, claim_errand

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
    new = {member_id: day for member_id, (_, day) in coming.items() if member_id not in before}
    without = {member_id for member_id in new if draws_no_tip(key, coming[member_id][0])}
    for is_without in (False, True):
        drawn = {member_id: day for member_id, day in new.items() if (member_id in without) is is_without}
        await add_compared(ctx.session, ctx.workspace_id, drawn, is_without=is_without)
    return without


async def sum_up(ctx: Context) -> None:
    """Sum up, once a week, what followed for those for whom four weeks have passed."""
    monday = monday_of(ctx.now.date())
    errand = await claim_errand(ctx.session, ctx.workspace_id, ERRAND, monday, ctx.now)
    if errand is not None:
        await sum_up_compared(ctx.session, ctx.workspace_id, monday - RETURNS_WITHIN)
        await advance_errand(ctx.session, ctx.workspace_id, errand, None, ctx.now)
