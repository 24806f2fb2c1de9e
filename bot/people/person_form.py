"""One person as a communications lead sees and changes them: their home team and calendar, never a reason.

Their part in Samlas (coach, management group, communications lead) is told, and changed where it has its own place.
"""

import structlog

from bot.context import PersonContext, known
from bot.errors import BadInput, Stale
from bot.events import Event, Reply, whisper
from bot.forms import ChoiceField, Form, FormPart, Option, read
from bot.leads import leads_only
from bot.messages import Button, Buttons, Target, Tone, Words
from bot.names import shown_name
from bot.organisation.management import OVERVIEW as MANAGEMENT
from bot.organisation.naming import CHANGED_MEANWHILE
from bot.organisation.naming import OVERVIEW as LEADS
from bot.people.calendar_form import calendar_fields, calendar_stamp, read_calendar, stamp
from bot.people.keeping import keep_calendar
from bot.people.looks import CHANGED, SEEN, leave_line
from bot.people.own_parts import NAMES, PARTS, own_parts
from storage.home_teams import hold_person, hold_teams, set_home_team
from storage.people import home_teams
from storage.tables import Member, MemberState

log = structlog.get_logger()

KEEP = "people.keep"


async def open_person(ctx: PersonContext, person: Member) -> Reply:
    """Show a person's form to a communications lead, and leave a line in that person's log."""
    await leave_line(ctx, [known(person.id)], SEEN)
    return Reply(form=await person_form(ctx, person))


async def keep(ctx: PersonContext, event: Event) -> Reply:
    """Keep what a communications lead says of a person.

    Raises Stale, with the form as it then is, when anything in it was changed meanwhile, and BadInput with a sentence
    at each field that cannot be used.
    """
    await leads_only(ctx)
    await hold_teams(ctx.session, ctx.workspace_id)
    person = await hold_person(ctx.session, ctx.workspace_id, 0 if event.target is None else event.target.row)
    if person is None:
        raise Stale(CHANGED_MEANWHILE)
    form = await person_form(ctx, person)
    if event.target != form.target:
        raise Stale(CHANGED_MEANWHILE, form=form)
    given = read(form, event.values)
    calendar, wrong = read_calendar(given, ctx.settings)
    if wrong:
        raise BadInput(wrong, form.holding(event.values))
    team = int(given["team"]) if given["team"] else None
    moves = given["team"] != form.values()["team"]
    if moves:
        await set_home_team(ctx.session, ctx.workspace_id, known(person.id), team)
    if await keep_calendar(ctx, person, calendar) or moves:
        await leave_line(ctx, [known(person.id)], CHANGED)
        log.info("people.changed", workspace=ctx.workspace_id, member=person.id, by=ctx.member_id)
    return Reply(close=True, whisper=whisper(ctx.say("{name} is kept like that.", name=shown_name(person))).whisper)


async def person_form(ctx: PersonContext, person: Member) -> Form:
    """Return a person's form as what is known of them stands."""
    say = ctx.say
    teams = await home_teams(ctx.session, ctx.workspace_id)
    parts: list[FormPart] = []
    if person.state == MemberState.LISTED:
        parts.append(Words(say("Only the organisation's list tells of {name} so far.", name=shown_name(person))))
    parts += _roles(person, ctx)
    own = own_parts(person)
    if own:
        parts.append(
            Words(
                say(
                    "Set by {name}: {parts}. What you change of it is the organisation's again.",
                    name=shown_name(person),
                    parts=say.listing([say.say(NAMES[part]) for part in PARTS if part in own]),
                )
            )
        )
    team = _team_among(person, {known(team.id) for team in teams})
    parts += [
        ChoiceField(
            "team",
            say("Home team"),
            (Option("", say("No home team")), *(Option(str(team.id), team.name) for team in teams)),
            "" if team is None else str(team),
            required=False,
        ),
        *calendar_fields(person, ctx.settings, say),
    ]
    if person.id != ctx.member_id:
        logged = say("{name} can read, by {/samlas me}, that you have looked and what you do.", name=shown_name(person))
        parts.append(Words(logged, Tone.QUIET))
    target = Target(known(person.id), stamp(person.home_team_id, calendar_stamp(person)))
    return Form(KEEP, target, shown_name(person), tuple(parts), say("Keep"), say("Cancel"))


def _roles(person: Member, ctx: PersonContext) -> list[FormPart]:
    say = ctx.say
    roles = [
        word
        for holds, word in (
            (person.is_communications_lead, say("communications lead")),
            (person.in_management_group, say("management group")),
            (person.is_coach, say("coach")),
        )
        if holds
    ]
    target = Target(ctx.workspace_id, ctx.workspace.settings_version)
    told = say("Part in Samlas: {roles}.", roles=say.listing(roles)) if roles else say("No part in Samlas yet.")
    return [
        Words(say("{told} Coaches are volunteers: they say so themselves, with {/coach}.", told=told)),
        Buttons(
            (Button(say("Management group"), MANAGEMENT, target), Button(say("Communications leads"), LEADS, target))
        ),
    ]


def _team_among(person: Member, standing: set[int]) -> int | None:
    """Return a person's home team, where it has not ended."""
    return person.home_team_id if person.home_team_id in standing else None
