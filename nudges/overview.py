"""What a communications lead sees and presses: `/nudges`, who would get what and why, *Go*, *Stop everything*."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.messages import (
    Button,
    Buttons,
    Divider,
    Field,
    Fields,
    Heading,
    Message,
    Part,
    Share,
    Shares,
    Style,
    Target,
    Tone,
    Words,
)
from bot.settings import OrganisationSettings
from bot.taking_part import as_command
from bot.texts import Text, Voice, text
from nudges.due import Due, all_due
from nudges.messages import notice_parts
from nudges.notice import NOTICE, first_round_day
from nudges.quiet import Reason, in_words
from nudges.stage import Stage, may_look, rounds_begin_at, stage_of
from storage.fan_out import start_fan_out
from storage.nudging import log_looks
from storage.outbox import Urgency
from storage.people import present_members
from storage.tables import AudienceKind, Copies, FanOut, Member
from storage.workspaces import give_notice, turn_rounds_off, turn_rounds_on

GO = "nudges.go"
STOP_ALL = "nudges.stop_all"
# More names than this are no use in a chat message; the command line lists them all.
MOST_NAMES = 40
# What a line in a member's log says was looked at.
PREVIEW = "nudges.preview"

_STAGES = tuple(Stage)
_WEEKDAYS = (
    text("Monday"),
    text("Tuesday"),
    text("Wednesday"),
    text("Thursday"),
    text("Friday"),
    text("Saturday"),
    text("Sunday"),
)


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


def display_name(member: Member) -> str:
    """Return a member's name, or the platform's id of one whose name nobody has told."""
    return member.name or member.external_id


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
    say, stage = ctx.say, stage_of(ctx.workspace, ctx.now)
    parts: list[Part] = [Heading(say("Who may like an invitation")), *_stage_parts(ctx, stage)]
    if may_look(ctx.workspace):
        due = [one async for one in all_due(ctx.session, ctx.workspace, ctx.settings, ctx.now.date())]
        due.sort(key=lambda one: display_name(one.member).casefold())
        shown = due[:MOST_NAMES]
        parts += [Divider(), *preview_parts(due, shown, ctx.settings, say)]
        await log_looks(
            ctx.session,
            ctx.workspace_id,
            [known(one.member.id) for one in shown],
            by_member_id=ctx.member_id,
            what=PREVIEW,
            now=ctx.now,
        )
    return Message(say("Who may like an invitation"), tuple(parts))


def _stage_parts(ctx: PersonContext, stage: Stage) -> list[Part]:
    say, target = ctx.say, _target(ctx)
    stop = Buttons((Button(say("Stop everything"), STOP_ALL, target, Style.DANGER),))
    match stage:
        case Stage.OFF:
            return [
                Words(
                    say(
                        "Nothing is kept about single people yet, and nobody gets anything. Go sends everybody this"
                        " notice, and the first round follows {days} days later:",
                        days=ctx.settings.notice_days,
                    )
                ),
                *notice_parts(first_round_day(ctx), say),
                Buttons(
                    (
                        Button(
                            say("Go: give the notice"),
                            GO,
                            target,
                            Style.PRIMARY,
                            say("Send this notice to everybody now?"),
                        ),
                    )
                ),
            ]
        case Stage.NOTICE:
            begins = ctx.workspace.rounds_on_at or ctx.now
            return [
                Words(say("Everybody has been told. The first round comes after {moment}.", moment=begins)),
                stop,
            ]
        case Stage.READY:
            return [
                Words(say("Everybody has been told, and the rounds are off: nobody gets anything.")),
                Buttons((Button(say("Go: start the rounds"), GO, target, Style.PRIMARY),)),
            ]
        case Stage.ON:
            return [Words(_rhythm(ctx.settings, say)), stop]


def _rhythm(settings: OrganisationSettings, say: Voice) -> str:
    return say(
        "A round goes out once a week, {weekday} at {time} where each person is, within their working hours.",
        weekday=_WEEKDAYS[settings.round_weekday - 1],
        time=f"{settings.round_minute // 60:02}:{settings.round_minute % 60:02}",
    )


_REASONS: dict[Reason, Text] = {
    Reason.NEVER_STARTED: text("Not started yet"),
    Reason.NO_SIGN: text("No sign for a while"),
    Reason.FELL: text("Much less than usual"),
}


def preview_parts(due: Sequence[Due], shown: Sequence[Due], settings: OrganisationSettings, say: Voice) -> list[Part]:
    """Return who would get a tip and why: how many by reason, then names, without any date."""
    if not due:
        return [Words(say("Nobody would get a tip just now."))]
    counts = Counter(one.reason for one in due)
    parts: list[Part] = [
        Words(
            say.many("{count} person would get a friendly tip:", "{count} people would get a friendly tip:", len(due)),
            Tone.STRONG,
        ),
        Shares(
            say("Why"), tuple(Share(say.say(_REASONS[reason]), counts[reason]) for reason in Reason if counts[reason])
        ),
        Fields(tuple(Field(display_name(one.member), say.say(in_words(one.reason, settings))) for one in shown)),
    ]
    if len(due) > len(shown):
        parts.append(
            Words(
                say.many(
                    "And {count} more; samlas nudges preview lists everybody.",
                    "And {count} more; samlas nudges preview lists everybody.",
                    len(due) - len(shown),
                ),
                Tone.QUIET,
            )
        )
    parts.append(Words(say("That you have looked is written down for each person shown here."), Tone.QUIET))
    return parts
