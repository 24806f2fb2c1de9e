"""`/samlas people`, and *People and home teams* on Home: where a communications lead begins to change either."""

from bot.context import Handlers, PersonContext, known
from bot.errors import BadInput, Stale
from bot.events import Event, Reply
from bot.forms import ChoiceField, Form, FormPart, Option, PersonField, TextField, read
from bot.leads import leads_only
from bot.messages import Button, Buttons, Divider, Heading, Target, Tone, Words
from bot.organisation.naming import CHANGED_MEANWHILE, chosen_person
from bot.people import person_form, team_form
from bot.people.cells import Unusable
from bot.people.choosing import person_by_email
from bot.people.comparing import team_key
from bot.people.person_form import open_person
from bot.taking_part import as_command
from bot.texts import text
from storage.home_teams import hold_teams
from storage.people import home_teams
from storage.people_list import team_sizes

SHOW = "samlas people"
OVERVIEW = "people.overview"
OPEN = "people.open"
TEAM = "people.team"
BEGIN = "people.begin"

_LONGEST_EMAIL = 254


def handlers() -> Handlers:
    """Return what this module and the forms behind it answer, by action name."""
    return {
        SHOW: as_command(overview),
        OVERVIEW: overview,
        OPEN: open_chosen,
        TEAM: open_team,
        BEGIN: begin,
        person_form.KEEP: person_form.keep,
        team_form.KEEP: keep_team,
        team_form.END: end,
    }


async def overview(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open the form in which a person or a home team is chosen."""
    await leads_only(ctx)
    return Reply(form=await _form(ctx))


async def open_chosen(ctx: PersonContext, event: Event) -> Reply:
    """Open the chosen person's form: chosen from the chat's own people, or by an e-mail address of the list.

    Raises BadInput for nobody, and for somebody who is not of the organisation.
    """
    await leads_only(ctx)
    form = await _form(ctx)
    given = read(form, event.values)
    if given["who"]:
        return await open_person(ctx, await chosen_person(ctx, form, event.values, given["who"]))
    if not given["email"]:
        nobody = text("Please choose somebody here, or give their e-mail address.")
        raise BadInput({"who": nobody}, form.holding(event.values))
    try:
        person = await person_by_email(ctx, given["email"])
    except Unusable as unusable:
        raise BadInput({"email": unusable.sentence}, form.holding(event.values)) from unusable
    return await open_person(ctx, person)


async def open_team(ctx: PersonContext, event: Event) -> Reply:
    """Open the chosen home team's form."""
    await leads_only(ctx)
    form = await _form(ctx)
    given = read(form, event.values)
    for team in await home_teams(ctx.session, ctx.workspace_id):
        if str(team.id) == given["team"]:
            return Reply(form=await team_form.team_form(ctx, team))
    raise BadInput({"team": text("Please choose one of these.")}, form.holding(event.values))


async def begin(ctx: PersonContext, event: Event) -> Reply:
    """Have another home team, and open its form; one of that name that had ended begins again."""
    await leads_only(ctx)
    await hold_teams(ctx.session, ctx.workspace_id)
    form = await _form(ctx)
    name = " ".join(read(form, event.values)["begin"].split())
    if not name:
        raise BadInput({"begin": text("Please write something here.")}, form.holding(event.values))
    if team_key(name) in {team_key(team.name) for team in await home_teams(ctx.session, ctx.workspace_id)}:
        raise BadInput({"begin": text("Another home team is called that already.")}, form.holding(event.values))
    return Reply(form=await team_form.team_form(ctx, await team_form.begun(ctx, name)))


async def keep_team(ctx: PersonContext, event: Event) -> Reply:
    """Keep what a team's form says, and go back to where it was chosen."""
    if not await team_form.kept(ctx, event):
        raise Stale(CHANGED_MEANWHILE, form=await _form(ctx))
    return Reply(form=await _form(ctx))


async def end(ctx: PersonContext, event: Event) -> Reply:
    """End a home team, and go back to where it was chosen."""
    if not await team_form.ended(ctx, event):
        raise Stale(CHANGED_MEANWHILE, form=await _form(ctx))
    return Reply(form=await _form(ctx))


async def _form(ctx: PersonContext) -> Form:
    say = ctx.say
    teams = await home_teams(ctx.session, ctx.workspace_id)
    sizes = await team_sizes(ctx.session, ctx.workspace_id)
    target = Target(ctx.workspace_id, 1)
    parts: list[FormPart] = [
        Words(say("Which home team somebody is in, and when they work. Their log tells them of each look.")),
        PersonField("who", say("Somebody")),
        TextField(
            "email",
            say("Or their e-mail address"),
            hint=say("For somebody on the organisation's list whom the chat has not seen yet."),
            max_length=_LONGEST_EMAIL,
        ),
        Divider(),
        Heading(say("Home teams")),
    ]
    if teams:
        options = tuple(
            Option(
                str(team.id),
                say.many(
                    "{team}, {count} person", "{team}, {count} people", sizes.get(known(team.id), 0), team=team.name
                ),
            )
            for team in teams
        )
        parts += [
            ChoiceField("team", say("Home team"), options, required=False),
            Buttons((Button(say("Change this team"), TEAM, target),)),
        ]
    else:
        parts.append(Words(say("There is none yet."), Tone.QUIET))
    parts += [
        TextField("begin", say("Another home team"), max_length=team_form.LONGEST_NAME),
        Buttons((Button(say("Begin this team"), BEGIN, target),)),
    ]
    return Form(OPEN, target, say("People and home teams"), tuple(parts), say("Show this person"), say("Close"))
