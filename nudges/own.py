"""*Your participation*, on Home and by `/samlas me`: one's own counts and topics, what one has chosen, who has looked.

By `/samlas me` it also says what is kept. Each button is checked to be the presser's own, has its way back (erasing
asks twice instead), and works before the notice too.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from bot.announcements.picture import NAMES
from bot.calendars import calendar_of
from bot.context import Handlers, PersonContext
from bot.errors import BadInput, Refused
from bot.events import Event, Reply, whisper
from bot.forms import DayField, Form, read
from bot.getting_in import MY_PAGE
from bot.messages import (
    Button,
    Buttons,
    Field,
    Fields,
    Heading,
    Message,
    Part,
    Share,
    Shares,
    Target,
    Tone,
    Words,
)
from bot.names import shown_name
from bot.people.looks import LOOKED_AT
from bot.people.own_calendar import CALENDAR, KEPT, keep_own_calendar, own_calendar_form
from bot.privacy.erasing import ERASE
from bot.privacy.exporting import EXPORT, EXPORTED
from bot.taking_part import as_command
from bot.texts import Text, text
from nudges.coaching.offering import COACHES
from nudges.coaching.talks import TOLD
from nudges.following import CHOOSE, CHOSEN, keep_choice, topic_parts, topics_form
from nudges.kept_words import kept_in_words
from nudges.leading.suggesting import NAMED, refresh_cards_naming
from nudges.overview import PREVIEW
from storage.away import begin_pause, end_pause
from storage.coaches import involve_lead
from storage.counting import note_sign
from storage.database import Session
from storage.nudging import count_again, count_no_more, looks_about, resume_nudges, sign_spans, signs_by_day
from storage.participation import own_sums
from storage.people import get_members, stop_nudges
from storage.tables import Kind

SHOW = "samlas me"
UNCOUNT = "own.uncount"
COUNT = "own.count"
TIPS_OFF = "own.tips_off"
TIPS_ON = "own.tips_on"
PAUSE = "own.pause"
PAUSED = "own.paused"
GO_ON = "own.go_on"
LEAD_OUT = "own.lead_out"
LEAD_IN = "own.lead_in"

# Where a button stands, in place of a version: a choice has none. A message by itself is refreshed by the answer.
_ON_HOME, _ALONE = 1, 2

SHOWN_DAYS = 30
SHOWN_WEEKS = 6
LONGEST_PAUSE = timedelta(days=366)
# Lines of who has looked; of so many looks, since one person may look often on one day.
MOST_LOOKS_SHOWN = 5
MOST_LOOKS_READ = 200

_KINDS: dict[Kind, Text] = {
    Kind.MESSAGE: text("Messages"),
    Kind.THREAD_REPLY: text("Replies"),
    Kind.REACTION: text("Reactions"),
    Kind.READ: text("Announcements read"),
    Kind.QUESTION: text("Questions"),
    Kind.COMMAND: text("Commands"),
    Kind.HOME: text("Opening Home"),
}
_LOOKED_AT: dict[str, Text] = {
    **LOOKED_AT,
    PREVIEW: text("whether you would get a tip, and why"),
    EXPORTED: text("everything that is kept about you, taken out as a file"),
    NAMED: text("that you may welcome an invitation, by name and without any number"),
    TOLD: text("that you would like to talk with a coach, and what you wrote about it"),
    COACHES: text("that you are a coach"),
    NAMES: text("that you have confirmed an announcement of theirs"),
}

_Change = Callable[[Session, int, int], Awaitable[None]]


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {SHOW: as_command(show), PAUSE: pause, CHOOSE: choose_topics, CALENDAR: calendar}


def home_handlers() -> Handlers:
    """Return what this module answers that changes Home."""
    return {
        UNCOUNT: partial(_choose, count_no_more),
        COUNT: partial(_choose, count_again),
        PAUSED: paused,
        GO_ON: go_on,
        TIPS_OFF: partial(_choose, stop_nudges),
        TIPS_ON: partial(_choose, resume_nudges),
        LEAD_OUT: partial(_choose, partial(involve_lead, is_involved=False)),
        LEAD_IN: partial(_choose, partial(involve_lead, is_involved=True)),
        CHOSEN: topics_chosen,
        KEPT: calendar_kept,
    }


async def show(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Show a member what is known of them, to them alone."""
    return Reply(whisper=await _message(ctx))


async def section(ctx: PersonContext) -> Sequence[Part]:
    """Show it on Home."""
    return [*await _parts(ctx, _ON_HOME), _whole(ctx)]


async def pause(ctx: PersonContext, event: Event) -> Reply:
    """Ask until when."""
    _own(ctx, event)
    return Reply(form=_pause_form(ctx, event))


async def paused(ctx: PersonContext, event: Event) -> Reply:
    """Leave the member alone until that day; the days until then never say that they were quiet."""
    _own(ctx, event)
    form = _pause_form(ctx, event)
    until = date.fromisoformat(read(form, event.values)["until"])
    today = calendar_of(ctx.member, ctx.settings).local_day(ctx.now)
    if not today < until <= today + LONGEST_PAUSE:
        latest = today + LONGEST_PAUSE
        sentence = text("Please give a day after today, and not after {day}.", day=latest)
        raise BadInput({"until": sentence}, form.holding(event.values))
    await begin_pause(ctx.session, ctx.workspace_id, ctx.member_id, today, until)
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    sentence_told = ctx.say("You have paused: no tips, reminders or digests before {day}.", day=until)
    answered = await _answered(ctx, event)
    return replace(answered, close=True, whisper=Message(sentence_told, (Words(sentence_told),)))


def _pause_form(ctx: PersonContext, event: Event) -> Form:
    say = ctx.say
    parts = (
        Words(say("No tips, reminders or digests until then, and nobody sees you as quiet for it afterwards.")),
        DayField("until", say("Until"), required=True),
    )
    # Where it was opened is where it shows.
    shown = _ON_HOME if event.target is None else event.target.version
    return Form(PAUSED, Target(ctx.member_id, shown), say("Pause"), parts, say("Pause"), say("Cancel"))


async def go_on(ctx: PersonContext, event: Event) -> Reply:
    """End the pause."""
    _own(ctx, event)
    today = calendar_of(ctx.member, ctx.settings).local_day(ctx.now)
    await end_pause(ctx.session, ctx.workspace_id, ctx.member_id, today)
    return await _answered(ctx, event)


def _own(ctx: PersonContext, event: Event) -> None:
    if event.target is None or event.target.row != ctx.member_id:
        raise Refused(text("This is somebody else's, so its buttons do nothing here."))


async def _choose(change: _Change, ctx: PersonContext, event: Event) -> Reply:
    """Do what a member has chosen about themselves, and nobody else."""
    _own(ctx, event)
    await change(ctx.session, ctx.workspace_id, ctx.member_id)
    await refresh_cards_naming(ctx, ctx.member_id)
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    return await _answered(ctx, event)


async def _answered(ctx: PersonContext, event: Event) -> Reply:
    is_alone = event.target is not None and event.target.version == _ALONE
    return Reply(refreshed=await _message(ctx)) if is_alone else Reply()


async def choose_topics(ctx: PersonContext, event: Event) -> Reply:
    """Open the form of the topics to follow."""
    return Reply(form=await topics_form(ctx, event))


async def topics_chosen(ctx: PersonContext, event: Event) -> Reply:
    """Keep which topics a member follows, and show it where they asked for the form."""
    sentence = await keep_choice(ctx, event)
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    is_alone = event.target is not None and event.target.version == _ALONE
    return Reply(close=True, whisper=whisper(sentence).whisper, refreshed=await _message(ctx) if is_alone else None)


async def calendar(ctx: PersonContext, event: Event) -> Reply:
    """Open the form of when the member works."""
    return Reply(form=own_calendar_form(ctx, event))


async def calendar_kept(ctx: PersonContext, event: Event) -> Reply:
    """Keep when the member works."""
    return Reply(close=True, whisper=whisper(await keep_own_calendar(ctx, event)).whisper)


async def _message(ctx: PersonContext) -> Message:
    parts = [*await _parts(ctx, _ALONE), *await kept_in_words(ctx), _whole(ctx)]
    return Message(ctx.say("Your participation"), tuple(parts))


async def _parts(ctx: PersonContext, shown: int) -> tuple[Part, ...]:
    return (
        Heading(ctx.say("Your participation")),
        *await _counts(ctx),
        Words(_tips_in_words(ctx)),
        _buttons(ctx, shown),
        *await topic_parts(ctx, Target(ctx.member_id, shown)),
        *await _looks(ctx),
    )


async def _counts(ctx: PersonContext) -> list[Part]:
    say = ctx.say
    if ctx.member.not_counted:
        return [Words(say("You are not counted, and nothing that was counted or learnt of you is kept."), Tone.STRONG)]
    if ctx.workspace.notice_given_at is None:
        return [Words(say("Nothing is counted of single people here. Before that begins, everybody is told."))]
    if ctx.member.told_at is None:
        return [Words(say("Nothing is counted of you yet: that begins when you have had the notice about it."))]
    today = ctx.now.date()
    sums = await own_sums(
        ctx.session, ctx.workspace_id, ctx.member_id, first=today - timedelta(days=SHOWN_DAYS - 1), last=today
    )
    spans = await sign_spans(ctx.session, ctx.workspace_id, [ctx.member_id])
    since = spans[ctx.member_id].first if ctx.member_id in spans else None
    parts: list[Part] = [Words(_sum_in_words(ctx, sum(sums.values()), since), Tone.STRONG)]
    if sums:
        shares = tuple(Share(say.say(_KINDS[kind]), count) for kind, count in sums.items())
        parts.append(Shares(say("How you took part"), shares))
        parts.extend(await _weeks(ctx, today))
    parts.append(
        Words(
            say(
                "You are counted in the channels that Samlas is in: how often, never what you write, and never direct"
                " messages. These numbers are shown to nobody but you."
            ),
            Tone.QUIET,
        )
    )
    return parts


async def _weeks(ctx: PersonContext, today: date) -> list[Part]:
    """Show the last weeks beside each other; a week begins on Monday, and one without any sign is left out."""
    monday = today - timedelta(days=today.weekday())
    first = monday - timedelta(weeks=SHOWN_WEEKS - 1)
    days = await signs_by_day(ctx.session, ctx.workspace_id, [ctx.member_id], first=first, last=today)
    by_week: Counter[date] = Counter()
    for day, count in days.get(ctx.member_id, {}).items():
        by_week[day - timedelta(days=day.weekday())] += count
    if not by_week:
        return []
    shares = tuple(Share(ctx.say("Week of {day}", day=week), count) for week, count in sorted(by_week.items()))
    return [Shares(ctx.say("Week by week"), shares)]


def _sum_in_words(ctx: PersonContext, signs: int, since: date | None) -> str:
    if since is None:
        return ctx.say("Nothing has been counted of you yet.")
    return ctx.say.many(
        "You took part {count} time in the last {days} days, counted since {day}.",
        "You took part {count} times in the last {days} days, counted since {day}.",
        signs,
        days=SHOWN_DAYS,
        day=since,
    )


def _tips_in_words(ctx: PersonContext) -> str:
    member, say = ctx.member, ctx.say
    today = calendar_of(member, ctx.settings).local_day(ctx.now)
    if member.nudges_off:
        return say("You get no tips, reminders or digests. Announcements still reach you.")
    if member.paused_until is not None and today < member.paused_until:
        return say("You have paused: no tips, reminders or digests before {day}.", day=member.paused_until)
    if member.nudges_snoozed_until is not None and today < member.nudges_snoozed_until:
        return say("You said not now: no tips, reminders or digests before {day}.", day=member.nudges_snoozed_until)
    if member.reading_along_until is not None and today < member.reading_along_until:
        return say("You are reading along, and get no tips before {day}.", day=member.reading_along_until)
    if member.not_counted:
        return say("Who is not counted gets no tips; a reminder may still come, at most one message a week.")
    return say("You may get a tip, a reminder or a digest now and then, at most one message a week.")


def _buttons(ctx: PersonContext, shown: int) -> Buttons:
    member, say = ctx.member, ctx.say
    target = Target(ctx.member_id, shown)
    today = calendar_of(member, ctx.settings).local_day(ctx.now)
    is_snoozed = member.nudges_snoozed_until is not None and today < member.nudges_snoozed_until
    question = say("What has been counted and learnt of you is deleted, and does not come back. Go on?")
    found = [
        Button(say("Count me again"), COUNT, target)
        if member.not_counted
        else Button(say("Do not count me"), UNCOUNT, target, confirm=question)
    ]
    if member.paused_until is not None and today < member.paused_until:
        found.append(Button(say("End the pause"), GO_ON, target))
    else:
        found.append(Button(say("Pause"), PAUSE, target, opens_form=True))
    if not member.nudges_off:
        found.append(Button(say("No tips or reminders for me"), TIPS_OFF, target))
    if member.nudges_off or is_snoozed:
        found.append(Button(say("Send me tips and reminders again"), TIPS_ON, target))
    # Also before the organisation lets leads be told anything: whoever has said so by then is never named.
    found.append(
        Button(say("My lead may be told"), LEAD_IN, target)
        if member.lead_not_involved
        else Button(say("Do not involve my lead"), LEAD_OUT, target)
    )
    found.append(Button(say("My calendar"), CALENDAR, target, opens_form=True))
    found.append(Button(say("My page"), MY_PAGE, target))
    return Buttons(tuple(found))


def _whole(ctx: PersonContext) -> Buttons:
    """Return the ways to have everything, or nothing, of oneself."""
    target = Target(ctx.member_id, _ALONE)
    return Buttons(
        (
            Button(ctx.say("Export my data"), EXPORT, target),
            Button(ctx.say("Erase my data"), ERASE, target, opens_form=True),
        )
    )


async def _looks(ctx: PersonContext) -> list[Part]:
    say = ctx.say
    looks = await looks_about(ctx.session, ctx.workspace_id, ctx.member_id, MOST_LOOKS_READ)
    # Each person once a day, however often they looked, the latest first.
    days = dict.fromkeys((look.by_member_id, say.day_of(look.at), look.what) for look in looks)
    shown = list(days)[:MOST_LOOKS_SHOWN]
    if not shown:
        return [Words(say("Nobody has looked at data about you."), Tone.QUIET)]
    by_id = {
        member.id: member
        for member in await get_members(ctx.session, ctx.workspace_id, [by for by, _, _ in shown if by is not None])
    }
    lines = tuple(
        Field(
            shown_name(by_id[by], say) if by in by_id else say("Somebody who runs Samlas, by the command line"),
            say("{day}: {what}", day=day, what=say.say(_LOOKED_AT.get(what, _ANYTHING))),
        )
        for by, day, what in shown
    )
    return [Words(say("Who has looked at data about you:")), Fields(lines)]


_ANYTHING = text("what is kept about you")
