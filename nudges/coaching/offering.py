"""`/coach`: a volunteer registers, sees and changes what they have offered, pauses, and steps down."""

from collections.abc import Sequence
from datetime import date

from bot.calendars import calendar_of
from bot.context import Handlers, PersonContext, known
from bot.errors import BadInput, Refused
from bot.events import Event, Reply, whisper
from bot.forms import YES, ChoiceField, DayField, Form, FormPart, Option, TextField, TickField, read
from bot.messages import Button, Buttons, Heading, Part, Target, Tone, Words
from bot.names import shown_name
from bot.organisation.settings_form import LANGUAGE_NAMES
from bot.taking_part import as_command
from bot.texts import Text, text
from nudges.coaching.talks import candidate_of
from storage.coaches import Offer, coaches, find_coach, register_coach, step_down
from storage.nudging import log_looks
from storage.tables import Coach

COMMAND = "coach"
OPEN = "coaching.register"
KEEP = "coaching.keep"
STEP_DOWN = "coaching.step_down"
# What a line in a coach's log says a communications lead has seen.
COACHES = "coaching.coaches"

MOST_A_WEEK = 5
LONGEST_ABOUT = 200
_SPEAKS = "speaks_"


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {COMMAND: as_command(offer), OPEN: offer, KEEP: keep, STEP_DOWN: leave}


async def offer(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open the form: empty, or with what this coach has offered. A communications lead reads who the others are."""
    everybody = await coaches(ctx.session, ctx.workspace_id) if ctx.member.is_communications_lead else ()
    others = [found for found in everybody if found.member.id != ctx.member_id]
    await log_looks(
        ctx.session,
        ctx.workspace_id,
        [known(found.member.id) for found in others],
        by_member_id=ctx.member_id,
        what=COACHES,
        now=ctx.now,
    )
    return Reply(form=await _form(ctx, [shown_name(found.member) for found in everybody]))


async def keep(ctx: PersonContext, event: Event) -> Reply:
    """Keep what somebody offers; from now on they are a coach.

    Raises BadInput for a form without a language, and for a pause that ends in the past.
    """
    form = await _form(ctx)
    if event.target != form.target:
        raise Refused(_NOT_YOURS)
    given = read(form, event.values)
    languages = [language for language in LANGUAGE_NAMES if given[f"{_SPEAKS}{language}"] == YES]
    until = date.fromisoformat(given["paused_until"]) if given["paused_until"] else None
    wrong: dict[str, Text] = {}
    if not languages:
        wrong[f"{_SPEAKS}{next(iter(LANGUAGE_NAMES))}"] = text("Please choose one language at least.")
    if until is not None and until <= calendar_of(ctx.member, ctx.settings).local_day(ctx.now):
        wrong["paused_until"] = text("Please give a day that is still to come, or leave it empty.")
    if wrong:
        raise BadInput(wrong, form.holding(event.values))
    await register_coach(
        ctx.session,
        ctx.workspace_id,
        ctx.member_id,
        a_week=int(given["a_week"]),
        languages=languages,
        about=" ".join(given["about"].split()),
        paused_until=until,
        now=ctx.now,
    )
    return Reply(close=True, whisper=whisper(_thanks(ctx, until)).whisper)


def _thanks(ctx: PersonContext, until: date | None) -> str:
    if until is not None:
        return ctx.say("Kept. Nobody is sent to you before {day}.", day=until)
    return ctx.say("Thank you for being there. When somebody would like to talk, I write to you here.")


async def leave(ctx: PersonContext, event: Event) -> Reply:
    """Let a coach step down; the talks that they have promised stay theirs."""
    if event.target != _target(ctx):
        raise Refused(_NOT_YOURS)
    await step_down(ctx.session, ctx.workspace_id, ctx.member_id)
    sentence = ctx.say("You are a coach no more. Thank you for having been one; talks already begun are still yours.")
    return Reply(close=True, whisper=whisper(sentence).whisper)


_NOT_YOURS = text("This is somebody else's, so its buttons do nothing here.")


async def home_section(ctx: PersonContext) -> Sequence[Part]:
    """Show a coach what they have offered."""
    if not ctx.member.is_coach:
        return ()
    say = ctx.say
    coach = await find_coach(ctx.session, ctx.workspace_id, ctx.member_id)
    here = candidate_of(Offer(ctx.member, coach), ctx.settings, ctx.now)
    sentence = say.many(
        "You are a coach, for {count} colleague a week at most. Thank you.",
        "You are a coach, for {count} colleagues a week at most. Thank you.",
        here.a_week,
    )
    parts: list[Part] = [Heading(say("Being a coach")), Words(sentence)]
    if coach is not None and coach.paused_until is not None and here.is_paused:
        parts.append(Words(say("You have paused until {day}.", day=coach.paused_until), Tone.QUIET))
    parts.append(Buttons((Button(say("Change what I offer"), OPEN, _target(ctx), opens_form=True),)))
    return parts


async def _form(ctx: PersonContext, everybody: Sequence[str] = ()) -> Form:
    say = ctx.say
    coach = await find_coach(ctx.session, ctx.workspace_id, ctx.member_id)
    shown = candidate_of(Offer(ctx.member, coach), ctx.settings, ctx.now)
    parts: list[FormPart] = []
    if everybody:
        parts.append(Words(say("Coaches here: {names}.", names=say.listing(everybody)), Tone.QUIET))
    parts.append(
        Words(
            say("You are a coach. Change what you like.")
            if ctx.member.is_coach
            else say(
                "A coach talks with a colleague for half an hour, to help them find their way in here. You see their"
                " name and what they choose to write to you, nothing else, and can always say not this time."
            )
        )
    )
    parts += _fields(ctx, coach, shown.a_week, shown.languages)
    if ctx.member.is_coach:
        question = say("Be a coach no more?")
        parts.append(Buttons((Button(say("Step down"), STEP_DOWN, _target(ctx), confirm=question),)))
    submit = say("Keep") if ctx.member.is_coach else say("I will be a coach")
    return Form(KEEP, _target(ctx), say("Being a coach"), tuple(parts), submit, say("Cancel"))


def _fields(ctx: PersonContext, coach: Coach | None, a_week: int, speaks: frozenset[str]) -> list[FormPart]:
    say = ctx.say
    until = coach.paused_until if coach is not None else None
    return [
        ChoiceField(
            "a_week",
            say("How many colleagues a week, at most?"),
            tuple(Option(str(count), str(count)) for count in range(1, MOST_A_WEEK + 1)),
            str(a_week),
        ),
        Words(say("In which languages?"), Tone.STRONG),
        *(
            TickField(f"{_SPEAKS}{language}", say.say(name).capitalize(), language in speaks)
            for language, name in LANGUAGE_NAMES.items()
        ),
        TextField(
            "about",
            say("What do you gladly talk about?"),
            "" if coach is None else coach.about,
            say("One line; whoever you talk with reads it. May be left empty."),
            max_length=LONGEST_ABOUT,
        ),
        DayField(
            "paused_until",
            say("Pause until"),
            "" if until is None else until.isoformat(),
            say("Before that day nobody is sent to you. Empty: no pause."),
        ),
    ]


def _target(ctx: PersonContext) -> Target:
    return Target(ctx.member_id, 1)
