"""What a communications lead sees and presses: `/nudges`, who would get what and why, *Go*, *Stop everything*."""

from datetime import timedelta

from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.messages import Message, Target, Words
from bot.taking_part import as_command
from bot.texts import text
from nudges.due import all_due
from nudges.leads_view import GO, STOP_ALL, by_name, display_name, overview_message, shown_of
from nudges.notice import NOTICE, first_round_day
from nudges.stage import Stage, may_look, rounds_begin_at, stage_of
from storage.fan_out import start_fan_out
from storage.nudging import log_looks
from storage.outbox import Urgency
from storage.people import present_members
from storage.tables import AudienceKind, Copies, FanOut
from storage.workspaces import give_notice, turn_rounds_off, turn_rounds_on

# What a line in a member's log says was looked at.
PREVIEW = "nudges.preview"

_STAGES = tuple(Stage)


def handlers() -> Handlers:
    """Return the handlers of what a communications lead does, by action name."""
    return {"nudges": as_command(nudges), GO: go, STOP_ALL: stop_all}


async def nudges(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Show where the nudges stand, and who would get one."""
    await _leads_only(ctx)
    return Reply(whisper=await _overview(ctx))


async def go(ctx: PersonContext, event: Event) -> Reply:
    """Take the next step: give the notice, or after it start the rounds."""
    await _leads_only(ctx)
    if not _is_current(ctx, event):
        return await _changed_meanwhile(ctx)
    given = ctx.workspace.notice_given_at
    if given is None:
        given = ctx.now
        await give_notice(ctx.session, ctx.workspace_id, ctx.now)
        await start_fan_out(ctx.session, ctx.workspace_id, _notice_to_everybody(ctx))
    begin_at = rounds_begin_at(given, ctx.now, timedelta(days=ctx.settings.notice_days))
    await turn_rounds_on(ctx.session, ctx.workspace_id, begin_at)
    await ctx.session.refresh(ctx.workspace)
    return Reply(refreshed=await _overview(ctx))


async def stop_all(ctx: PersonContext, event: Event) -> Reply:
    """Stop everything at once, what is planned already included."""
    await _leads_only(ctx)
    if not _is_current(ctx, event):
        return await _changed_meanwhile(ctx)
    await turn_rounds_off(ctx.session, ctx.workspace_id)
    await ctx.session.refresh(ctx.workspace)
    return Reply(refreshed=await _overview(ctx))


async def _leads_only(ctx: PersonContext) -> None:
    if ctx.member.is_communications_lead:
        return
    people = await present_members(ctx.session, ctx.workspace_id)
    leads = [display_name(member) for member in people if member.is_communications_lead]
    if leads:
        raise Refused(
            text(
                "This is the communications leads' view. They are happy to tell you about it: {names}.",
                names=ctx.say.listing(leads),
            )
        )
    raise Refused(text("This is the communications leads' view, and nobody is one yet."))


def _target(ctx: PersonContext) -> Target:
    return Target(ctx.workspace_id, _STAGES.index(stage_of(ctx.workspace, ctx.now)) + 1)


def _is_current(ctx: PersonContext, event: Event) -> bool:
    if event.target is None or event.target.row != ctx.workspace_id:
        raise Refused(text("This button belongs to another organisation and does nothing here."))
    return event.target == _target(ctx)


async def _changed_meanwhile(ctx: PersonContext) -> Reply:
    sentence = ctx.say("This has changed since you opened it. Here it is as it stands now.")
    return Reply(refreshed=await _overview(ctx), whisper=Message(sentence, (Words(sentence),)))


def _notice_to_everybody(ctx: PersonContext) -> FanOut:
    return FanOut(
        workspace_id=ctx.workspace_id,
        message=NOTICE,
        subject_id=ctx.workspace_id,
        audience_kind=AudienceKind.EVERYONE,
        copies=Copies.ALL,
        priority=Urgency.COPY,
        resend_if_unknown=True,
        audience_as_of=ctx.now,
    )


async def _overview(ctx: PersonContext) -> Message:
    due = None
    if may_look(ctx.workspace):
        due = by_name([one async for one in all_due(ctx.session, ctx.workspace, ctx.settings, ctx.now.date())])
        await log_looks(
            ctx.session,
            ctx.workspace_id,
            [known(one.member.id) for one in shown_of(due)],
            by_member_id=ctx.member_id,
            what=PREVIEW,
            now=ctx.now,
        )
    return overview_message(
        stage_of(ctx.workspace, ctx.now),
        ctx.settings,
        _target(ctx),
        first_round_day(ctx),
        ctx.workspace.rounds_on_at or ctx.now,
        due,
        ctx.say,
    )
