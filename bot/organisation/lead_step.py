"""Whether team leads may be told who may welcome an invitation: off until a communications lead turns it on.

Turning it on says what it means, and asks whether it has been taken up with those who have a say in it.
"""

from typing import Any

import structlog

from bot.calendars import DAY
from bot.context import Handlers, PersonContext
from bot.errors import BadInput, Stale
from bot.events import Event, Reply
from bot.forms import YES, Form, TickField, read
from bot.leads import leads_only
from bot.messages import Message, Target, Tone, Words
from bot.texts import text
from storage.workspaces import change_settings

log = structlog.get_logger()

OVERVIEW = "lead_step.overview"
TURN_ON = "lead_step.turn_on"
TURN_OFF = "lead_step.turn_off"

# By then it is another day everywhere: whoever was invited before the step was there has not read of it.
TOLD_AFTER = 2 * DAY


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {OVERVIEW: overview}


def home_handlers() -> Handlers:
    """Return what this module answers that changes Home."""
    return {TURN_ON: turn_on, TURN_OFF: turn_off}


async def overview(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open what it means, with the way to turn it on or off."""
    await leads_only(ctx)
    return Reply(form=_form(ctx))


async def turn_on(ctx: PersonContext, event: Event) -> Reply:
    """Let leads be told, of those whose invitation has told them so.

    Raises BadInput where it has not been taken up, and Stale when the settings were changed meanwhile.
    """
    await leads_only(ctx)
    form = _current(ctx, event, is_on=False)
    if read(form, event.values)["taken_up"] != YES:
        sentence = text("Please take it up first, and tick this then. Where nobody has a say in it, tick it as well.")
        raise BadInput({"taken_up": sentence}, form.holding(event.values))
    told_from = (ctx.now.date() + TOLD_AFTER).isoformat()
    await _keep(ctx, suggest_to_leads=True, suggest_to_leads_from=told_from)
    return _done(ctx.say("It is on. Whoever is invited to talk with a coach from now on reads of it first."))


async def turn_off(ctx: PersonContext, event: Event) -> Reply:
    """Let no lead be told any more, what is planned included.

    Raises Stale when the settings were changed meanwhile.
    """
    await leads_only(ctx)
    _current(ctx, event, is_on=True)
    await _keep(ctx, suggest_to_leads=False, suggest_to_leads_from=None)
    return _done(ctx.say("It is off. No lead is told anything, and what was planned is not sent."))


def _current(ctx: PersonContext, event: Event, *, is_on: bool) -> Form:
    form = _form(ctx)
    if event.target != form.target or ctx.settings.suggest_to_leads is not is_on:
        raise Stale(
            text("The settings were changed since you opened them. Here they are as they stand now."), form=form
        )
    return form


async def _keep(ctx: PersonContext, **changed: Any) -> None:
    settings = {**ctx.workspace.settings, **changed}
    await change_settings(ctx.session, ctx.workspace_id, settings, ctx.now, ctx.member_id)
    log.info("lead_step.changed", workspace=ctx.workspace_id, by=ctx.member_id, on=changed["suggest_to_leads"])


def _done(sentence: str) -> Reply:
    return Reply(close=True, whisper=Message(sentence, (Words(sentence),)))


def _form(ctx: PersonContext) -> Form:
    say = ctx.say
    target = Target(ctx.workspace_id, ctx.workspace.settings_version)
    title = say("Suggestions to leads")
    means = (
        Words(
            say(
                "Somebody who stays quiet after a tip and an invitation to talk with a coach may be named to the lead"
                " of their home team, as somebody who may welcome an invitation. A lead gets one private message a week"
                " at most, with names and ideas: no number, no date, no reason."
            )
        ),
        Words(
            say(
                "Nobody is named in a home team of fewer than five, nobody who has said no, and nobody whose"
                " invitation did not tell them of it. Each can read that they were named."
            )
        ),
    )
    if ctx.settings.suggest_to_leads:
        on = Words(say("It is on."), Tone.STRONG)
        return Form(TURN_OFF, target, title, (on, *means), say("Turn it off"), say("Cancel"))
    asks = (
        Words(
            say(
                "To tell a lead about single people may be a matter for those who represent them: in Sweden it may have"
                " to be negotiated before it is decided (MBL 11), in Germany the works council may have a say (BetrVG"
                " 87)."
            )
        ),
        TickField(
            "taken_up",
            say("It has been taken up with the unions or the works council, where there are any"),
            hint=say("Samlas keeps who has turned it on, and when."),
        ),
    )
    off = Words(say("It is off: no lead is told anything."), Tone.STRONG)
    return Form(TURN_ON, target, title, (off, *means, *asks), say("Turn it on"), say("Cancel"))
