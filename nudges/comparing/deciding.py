"""A communications lead asks whether tips work, and turns that on where it could be found out, or off."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import structlog

from bot.context import Found, Handlers, LongLook, PersonContext
from bot.errors import Refused, Stale
from bot.events import Event, Reply
from bot.leads import leads_only
from bot.messages import Target
from bot.organisation.settings import COMPARISON
from bot.texts import text
from nudges.comparing.rules import RUNS_FOR, expected_in_a_year
from nudges.comparing.words import TURN_OFF, TURN_ON, Comparison, whole
from nudges.due import all_due
from nudges.ladder import Step
from nudges.sieving import the_day_before
from storage.comparing import groups_compared, people_tipped
from storage.floor import WEEK
from storage.newcomers import count_present
from storage.workspaces import change_settings

log = structlog.get_logger()


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {COMPARISON: overview, TURN_ON: turn_on, TURN_OFF: turn_off}


async def overview(ctx: PersonContext, event: Event) -> LongLook:  # noqa: ARG001 - every handler has the same form
    """Show what it is, how many people it takes, and where it stands."""
    await leads_only(ctx)

    async def look(ctx: PersonContext) -> Found:
        shown = whole(await comparison_of(ctx, await _due_now(ctx)), target_of(ctx), ctx.now.date(), ctx.say)
        return Found(Reply(whisper=shown), _nothing)

    return look


async def turn_on(ctx: PersonContext, event: Event) -> LongLook:
    """Leave one in ten without from now on, where a difference could be found within a year.

    Raises Stale when the settings were changed meanwhile, and Refused where it could not.
    """
    await _check(ctx, event)

    async def look(ctx: PersonContext) -> Found:
        comparison = await comparison_of(ctx, await _due_now(ctx))
        if not comparison.is_offered:
            raise Refused(text("It could not be found out here within a year, so nobody is left without a tip for it."))
        changed = {"does_it_work": True, "does_it_work_from": ctx.now.date().isoformat()}
        return _changed(ctx, changed, replace(comparison, is_on=True, since=ctx.now.date()))

    return look


async def turn_off(ctx: PersonContext, event: Event) -> LongLook:
    """Leave nobody without any more, also those whom the lot had left without. What has been summed up stays.

    Raises Stale when the settings were changed meanwhile.
    """
    await _check(ctx, event)

    async def look(ctx: PersonContext) -> Found:
        comparison = await comparison_of(ctx, await _due_now(ctx))
        changed = {"does_it_work": False, "does_it_work_from": None}
        return _changed(ctx, changed, replace(comparison, is_on=False, since=None))

    return look


def _changed(ctx: PersonContext, changed: Mapping[str, Any], comparison: Comparison) -> Found:
    after = Target(ctx.workspace_id, ctx.workspace.settings_version + 2)
    return Found(
        Reply(refreshed=whole(comparison, after, ctx.now.date(), ctx.say)),
        partial(_keep, changed, ctx.workspace.settings_version),
    )


async def _keep(changed: Mapping[str, Any], version: int, ctx: PersonContext) -> None:
    if ctx.workspace.settings_version != version:
        raise _stale()
    settings = {**ctx.workspace.settings, **changed}
    await change_settings(ctx.session, ctx.workspace_id, settings, ctx.now, ctx.member_id)
    log.info("comparison.changed", workspace=ctx.workspace_id, by=ctx.member_id, on=changed["does_it_work"])


async def _check(ctx: PersonContext, event: Event) -> None:
    await leads_only(ctx)
    if event.target != target_of(ctx):
        raise _stale()


def _stale() -> Stale:
    return Stale(text("The settings were changed since you opened this. Please open it again."))


async def _nothing(ctx: PersonContext) -> None:
    """Write nothing: how many there are leaves no trace, since nobody was shown."""


async def _due_now(ctx: PersonContext) -> int:
    as_of = the_day_before(ctx.now)
    return sum([1 async for one in all_due(ctx.session, ctx.workspace, ctx.settings, as_of) if one.step is Step.TIP])


async def comparison_of(ctx: PersonContext, due_now: int) -> Comparison:
    """Return where it stands; `due_now`: how many are due a tip now."""
    today = ctx.now.date()
    tipped, first = await people_tipped(ctx.session, ctx.workspace_id, Step.TIP, today - RUNS_FOR)
    weeks = 0 if first is None else (today - first) // WEEK
    people = await count_present(ctx.session, ctx.workspace_id)
    expected = expected_in_a_year(people, due_now, tipped, weeks)
    return Comparison(
        ctx.settings.does_it_work,
        await groups_compared(ctx.session, ctx.workspace_id),
        None if ctx.workspace.notice_given_at is None else expected,
        ctx.settings.does_it_work_from,
    )


def target_of(ctx: PersonContext) -> Target:
    """Return what a button of this is about: the organisation's settings as they stand."""
    return Target(ctx.workspace_id, ctx.workspace.settings_version + 1)
