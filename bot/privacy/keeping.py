"""The job by which counts of single members end: once a day it goes through all of them, some at a time."""

from datetime import timedelta
from typing import Final

from bot.context import Context
from bot.machine import Machine
from bot.portions import Portion
from storage.counts_kept import kept_from_day, note_swept, sum_up_old_counts
from storage.errands import advance_errand, claim_errand

SWEEP: Final = "counts.sweep"


async def sum_up(portion: Portion, machine: Machine, ctx: Context) -> bool:
    """Sum up and delete what is older than the organisation keeps: the next members, and no more rows than a portion.

    Returns whether there are more. A crash, or a program that did not run for weeks, loses nothing: what is old is
    computed and not remembered.
    """
    today = ctx.now.date()
    errand = await claim_errand(ctx.session, ctx.workspace_id, SWEEP, today, ctx.now)
    if errand is None:
        return False
    began = machine.monotonic()
    kept_days = ctx.settings.counts_kept_days
    kept_from = kept_from_day(today, kept_days)
    swept = await sum_up_old_counts(
        ctx.session,
        ctx.workspace_id,
        kept_from=kept_from,
        imported_since=ctx.now - timedelta(days=kept_days),
        after=errand.cursor,
        at_once=portion.size,
    )
    await advance_errand(ctx.session, ctx.workspace_id, errand, swept.cursor, ctx.now)
    await note_swept(ctx.session, ctx.workspace_id, swept, kept_from=kept_from, now=ctx.now)
    portion.took(machine.monotonic() - began, rows=swept.rows)
    return swept.cursor is not None
