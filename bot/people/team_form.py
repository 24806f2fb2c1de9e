"""One home team as a communications lead changes it: its name, its one lead, its channel, and its end."""

from collections.abc import Sequence

import structlog

from bot.context import PersonContext, known
from bot.errors import BadInput, Stale
from bot.events import Event
from bot.forms import ChoiceField, Form, FormPart, Option, PersonField, TextField, read
from bot.leads import leads_only
from bot.messages import Button, Buttons, Style, Target, Tone, Words
from bot.names import shown_name
from bot.organisation.naming import CHANGED_MEANWHILE
from bot.people.calendar_form import stamp
from bot.people.cells import Unusable
from bot.people.choosing import person_by_email
from bot.people.comparing import team_key
from bot.people.looks import LEADING, TEAM_ENDED, leave_line
from bot.texts import Text, text
from storage.home_teams import change_team, hold_teams, people_of_team
from storage.people import channels_open_to, find_member, get_members, home_teams
from storage.people_list import begin_teams, end_team, every_team
from storage.tables import Channel, HomeTeam, Member, MemberState

log = structlog.get_logger()

KEEP = "people.keep_team"
END = "people.end_team"

LONGEST_NAME = 80
_LONGEST_EMAIL = 254


async def begun(ctx: PersonContext, name: str) -> HomeTeam:
    """Return the home team of this name, which nobody else has: a new one, or one that had ended."""
    ended = [team for team in await every_team(ctx.session, ctx.workspace_id) if team_key(team.name) == team_key(name)]
    called = ended[0].name if ended else name
    await begin_teams(ctx.session, ctx.workspace_id, [called])
    log.info("home_teams.begun", workspace=ctx.workspace_id, by=ctx.member_id)
    return next(team for team in await home_teams(ctx.session, ctx.workspace_id) if team.name == called)


async def kept(ctx: PersonContext, event: Event) -> bool:
    """Keep what a communications lead says of a team; False when there is no such team any more.

    Raises Stale, with the form as it then is, when the team was changed meanwhile, and BadInput with a sentence at
    each field that cannot be used.
    """
    await leads_only(ctx)
    await hold_teams(ctx.session, ctx.workspace_id)
    team = await _team_of(ctx, event)
    if team is None:
        return False
    form = await team_form(ctx, team)
    if event.target != form.target:
        raise Stale(CHANGED_MEANWHILE, form=form)
    given = read(form, event.values)
    wrong: dict[str, Text] = {}
    name = " ".join(given["name"].split())
    others = [other for other in await every_team(ctx.session, ctx.workspace_id) if other.id != team.id]
    taken = next((other for other in others if team_key(other.name) == team_key(name)), None)
    if taken is not None:
        wrong["name"] = (
            text("Another home team is called that already.")
            if taken.ended_at is None
            else text("A home team that has ended was called that. Please choose another name, or begin it again.")
        )
    lead = await _lead(ctx, given, wrong, before=form.values()["lead"])
    if wrong:
        raise BadInput(wrong, form.holding(event.values))
    lead_id = None if lead is None else known(lead.id)
    if lead_id != team.lead_id:
        await leave_line(ctx, [row for row in (team.lead_id, lead_id) if row is not None], LEADING)
    channel_id = int(given["channel"]) if given["channel"] else None
    await change_team(ctx.session, ctx.workspace_id, known(team.id), name, lead_id, channel_id)
    log.info("home_teams.changed", workspace=ctx.workspace_id, team=team.id, by=ctx.member_id)
    return True


async def ended(ctx: PersonContext, event: Event) -> bool:
    """End a home team; False when it was changed meanwhile, or has ended. Who was in it reads so in their log."""
    await leads_only(ctx)
    await hold_teams(ctx.session, ctx.workspace_id)
    team = await _team_of(ctx, event)
    if team is None or event.target != _target(team):
        return False
    about = set(await people_of_team(ctx.session, ctx.workspace_id, known(team.id)))
    about |= {team.lead_id} if team.lead_id is not None else set()
    await leave_line(ctx, sorted(about), TEAM_ENDED)
    await end_team(ctx.session, ctx.workspace_id, known(team.id), ctx.now)
    log.info("home_teams.ended", workspace=ctx.workspace_id, team=team.id, by=ctx.member_id)
    return True


async def team_form(ctx: PersonContext, team: HomeTeam) -> Form:
    """Return a team's form as it stands."""
    say, size = ctx.say, len(await people_of_team(ctx.session, ctx.workspace_id, known(team.id)))
    lead = await _present_lead(ctx, team)
    is_listed = lead is not None and lead.state == MemberState.LISTED
    parts: list[FormPart] = [
        Words(say.many("{count} person is in it.", "{count} people are in it.", size)),
        TextField("name", say("Name"), team.name, required=True, max_length=LONGEST_NAME),
        PersonField(
            "lead",
            say("Its lead"),
            "" if lead is None or is_listed else lead.external_id,
            say("One lead a team. A team may be without one."),
        ),
        TextField(
            "lead_email",
            say("Or the lead's e-mail address"),
            (lead.email or "") if lead is not None and is_listed else "",
            say("For somebody on the organisation's list whom the chat has not seen yet."),
            max_length=_LONGEST_EMAIL,
        ),
    ]
    if lead is not None and not is_listed:
        # Some clients cannot empty a person's field.
        parts.append(
            Words(say("Led by {name}. “none” in place of an address: nobody.", name=shown_name(lead)), Tone.QUIET)
        )
    parts.append(await _channel_field(ctx, team))
    question = say.many(
        "{count} person is then in no home team. What was announced to it stays. End it?",
        "{count} people are then in no home team. What was announced to it stays. End it?",
        size,
    )
    parts.append(Buttons((Button(say("End this team"), END, _target(team), Style.DANGER, question),)))
    return Form(KEEP, _target(team), say("Home team"), tuple(parts), say("Keep"), say("Cancel"))


def _target(team: HomeTeam) -> Target:
    return Target(known(team.id), stamp(team.name, team.lead_id, team.channel_id))


async def _team_of(ctx: PersonContext, event: Event) -> HomeTeam | None:
    row = 0 if event.target is None else event.target.row
    return next((team for team in await home_teams(ctx.session, ctx.workspace_id) if team.id == row), None)


async def _present_lead(ctx: PersonContext, team: HomeTeam) -> Member | None:
    found = [] if team.lead_id is None else await get_members(ctx.session, ctx.workspace_id, [team.lead_id])
    return next((member for member in found if _is_present(member)), None)


def _is_present(member: Member) -> bool:
    return not member.is_bot and member.state != MemberState.LEFT


async def _lead(ctx: PersonContext, given: dict[str, str], wrong: dict[str, Text], *, before: str) -> Member | None:
    """Return who is to lead; what cannot be used is added to `wrong`.

    Who was chosen just now goes before an address.
    """
    is_chosen = bool(given["lead"]) and given["lead"] != before
    written = "" if is_chosen else given["lead_email"]
    if written.casefold() in _NOBODY:
        return None
    if written:
        try:
            return await person_by_email(ctx, written)
        except Unusable as unusable:
            wrong["lead_email"] = unusable.sentence
            return None
    if not given["lead"]:
        return None
    chosen = await find_member(ctx.session, ctx.workspace_id, given["lead"])
    if chosen is None or not _is_present(chosen):
        wrong["lead"] = text("Please choose somebody of the organisation.")
        return None
    return chosen


_NOBODY = ("none", "ingen", "-")


async def _channel_field(ctx: PersonContext, team: HomeTeam) -> ChoiceField:
    say = ctx.say
    channels = await channels_open_to(ctx.session, ctx.workspace_id, ctx.member_id)
    options = [Option("", say("No channel")), *(Option(str(one.id), f"#{one.name}") for one in channels)]
    if team.channel_id is not None and not _is_among(team.channel_id, channels):
        # It may be private, and is not named to whoever is not in it.
        options.append(Option(str(team.channel_id), say("As it is: one that you are not in, or that Samlas is not in")))
    hint = say("Where announcements to the team stand. Samlas has to be in it.")
    value = "" if team.channel_id is None else str(team.channel_id)
    return ChoiceField("channel", say("Its channel"), tuple(options), value, hint, required=False)


def _is_among(channel_id: int, channels: Sequence[Channel]) -> bool:
    return channel_id in {channel.id for channel in channels}
