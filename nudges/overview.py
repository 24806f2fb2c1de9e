"""What a communications lead sees and presses: `/nudges`, who would get what and why, *Go*, *Stop everything*.

What announcements bring goes out before the notice too, so that everything can be stopped then as well.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from bot.calendars import calendar_of, monday_of
from bot.context import Found, Handlers, LongLook, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.leads import leads_only
from bot.messages import Divider, Message, Target, Words
from bot.taking_part import as_command
from bot.texts import text
from nudges.comparing.deciding import comparison_of, target_of
from nudges.comparing.words import in_short
from nudges.contacts import CONTACT
from nudges.due import Due, all_due
from nudges.ladder import Step
from nudges.leads_view import GO, RESUME, STOP_ALL, Rounds, Stands, by_name, overview_message, shown_of
from nudges.notice import NOTICE, first_round_day
from nudges.sieving import the_day_before
from nudges.stage import Stage, may_look, rounds_begin_at, stage_of
from storage.contacts import give_back_waiting
from storage.fan_out import start_fan_out
from storage.newcomers import count_present
from storage.nudging import latest_round, log_looks, sent_since
from storage.outbox import Urgency
from storage.tables import AudienceKind, Copies, FanOut
from storage.workspaces import give_notice, let_go_out_again, turn_rounds_off, turn_rounds_on

# What a line in a member's log says was looked at.
PREVIEW = "nudges.preview"

# So many weeks ahead the next round is looked for: on a longer leave nobody waits for it.
WEEKS_AHEAD = 9

_STAGES = tuple(Stage)


def handlers() -> Handlers:
    """Return the handlers of what a communications lead does, by action name."""
    return {"nudges": as_command(nudges), GO: go, STOP_ALL: stop_all, RESUME: resume}


async def nudges(ctx: PersonContext, event: Event) -> LongLook:  # noqa: ARG001 - every handler has the same form
    """Show where the nudges stand, and who would get one."""
    await leads_only(ctx)
    return _overview(lambda message: Reply(whisper=message))


async def go(ctx: PersonContext, event: Event) -> LongLook:
    """Take the next step: give the notice, or after it start the rounds."""
    await leads_only(ctx)
    if not _is_current(ctx, event):
        return _changed_meanwhile(ctx)
    given = ctx.workspace.notice_given_at
    is_first = given is None
    if given is None:
        given = ctx.now
        await give_notice(ctx.session, ctx.workspace_id, ctx.now)
        await start_fan_out(ctx.session, ctx.workspace_id, _notice_to_everybody(ctx))
    begin_at = rounds_begin_at(given, ctx.now, timedelta(days=ctx.settings.notice_days))
    await turn_rounds_on(ctx.session, ctx.workspace_id, begin_at)
    sentence = await _gone(ctx, is_first=is_first)
    return _overview(lambda message: Reply(refreshed=message, whisper=Message(sentence, (Words(sentence),))))


async def _gone(ctx: PersonContext, *, is_first: bool) -> str:
    """Return what *Go* has set going: the notice, to how many, or the rounds."""
    if is_first:
        return ctx.say.many(
            "The notice goes out now, to {count} person. Nobody gets a tip before its {days} days have passed.",
            "The notice goes out now, to {count} people. Nobody gets a tip before its {days} days have passed.",
            await count_present(ctx.session, ctx.workspace_id),
            days=ctx.settings.notice_days,
        )
    return ctx.say("Done. Above it says when the next round comes.")


async def stop_all(ctx: PersonContext, event: Event) -> LongLook:
    """Stop everything at once, what is planned already included."""
    await leads_only(ctx)
    if not _is_current(ctx, event):
        return _changed_meanwhile(ctx)
    await turn_rounds_off(ctx.session, ctx.workspace_id, ctx.now)
    await give_back_waiting(ctx.session, ctx.workspace_id, CONTACT, ctx.now)
    return _overview(lambda message: Reply(refreshed=message))


async def resume(ctx: PersonContext, event: Event) -> LongLook:
    """Let what announcements bring go out again; the rounds begin with *Go* alone."""
    await leads_only(ctx)
    if not _is_current(ctx, event):
        return _changed_meanwhile(ctx)
    await let_go_out_again(ctx.session, ctx.workspace_id)
    return _overview(lambda message: Reply(refreshed=message))


def _target(ctx: PersonContext) -> Target:
    is_stopped = ctx.workspace.stopped_at is not None
    return Target(ctx.workspace_id, 2 * _STAGES.index(stage_of(ctx.workspace, ctx.now)) + is_stopped + 1)


def _is_current(ctx: PersonContext, event: Event) -> bool:
    if event.target is None or event.target.row != ctx.workspace_id:
        raise Refused(text("This button belongs to another organisation and does nothing here."))
    return event.target == _target(ctx)


def _changed_meanwhile(ctx: PersonContext) -> LongLook:
    sentence = ctx.say("This has changed since you opened it. Here it is as it stands now.")
    return _overview(lambda message: Reply(refreshed=message, whisper=Message(sentence, (Words(sentence),))))


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


async def _rounds(ctx: PersonContext) -> Rounds:
    """Return when the next round comes where the reader is, and what the last one has sent."""
    calendar, settings = calendar_of(ctx.member, ctx.settings), ctx.settings
    begins = max(ctx.now, ctx.workspace.rounds_on_at or ctx.now)
    last = await latest_round(ctx.session, ctx.workspace_id)
    week, found = monday_of(begins.astimezone(calendar.zone).date()), None
    for monday in (week + timedelta(weeks=number) for number in range(WEEKS_AHEAD)):
        # What has been planned of this week's round has its moment by then.
        since = last.planned_at if last is not None and last.week == monday else begins
        slot = calendar.slot(monday, settings.round_weekday, settings.round_minute, since)
        if slot is not None and slot >= ctx.now:
            found = slot
            break
    sent = None if last is None else await sent_since(ctx.session, ctx.workspace_id, Step.TIP, last.planned_at)
    return Rounds(found, sent)


def _overview(reply: Callable[[Message], Reply]) -> LongLook:
    """Return the look at everybody that the overview takes; for each person shown, a line says that it was taken."""

    async def look(ctx: PersonContext) -> Found:
        due = None
        if may_look(ctx.workspace):
            as_of = the_day_before(ctx.now)
            due = by_name([one async for one in all_due(ctx.session, ctx.workspace, ctx.settings, as_of)])
        message = overview_message(
            Stands(
                stage_of(ctx.workspace, ctx.now),
                first_round_day(ctx),
                ctx.workspace.rounds_on_at or ctx.now,
                is_stopped=ctx.workspace.stopped_at is not None,
                rounds=await _rounds(ctx),
            ),
            ctx.settings,
            _target(ctx),
            due,
            ctx.say,
        )
        if due is not None:
            comparison = await comparison_of(ctx, sum(one.step is Step.TIP for one in due))
            parts = in_short(comparison, target_of(ctx), ctx.now.date(), ctx.say)
            message = replace(message, parts=(*message.parts, Divider(), *parts))
        return Found(reply(message), partial(_log_looks, shown_of(due or [])))

    return look


async def _log_looks(shown: Sequence[Due], ctx: PersonContext) -> None:
    about = [known(one.member.id) for one in shown]
    await log_looks(ctx.session, ctx.workspace_id, about, by_member_id=ctx.member_id, what=PREVIEW, now=ctx.now)
