"""Who the communications leads are: they name others, and there is always at least one."""

from collections.abc import Mapping

import structlog

from bot.context import Handlers, PersonContext, known
from bot.errors import BadInput, Refused, Stale
from bot.events import Event, Reply
from bot.forms import Form, FormPart, PersonField, read
from bot.leads import leads_only
from bot.messages import Button, Buttons, Divider, Message, Target, Tone, Words
from bot.names import shown_name
from bot.people.looks import PART, leave_line
from bot.texts import text
from storage.people import communications_leads, find_member, name_lead, unname_lead
from storage.tables import Member, MemberState

log = structlog.get_logger()

OVERVIEW = "leads.overview"
NAME = "leads.name"
REMOVE = "leads.remove"

CHANGED_MEANWHILE = text("Somebody changed this since you opened it. Here it is as it stands now.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {OVERVIEW: overview}


def home_handlers() -> Handlers:
    """Return what this module answers that changes Home."""
    return {NAME: name, REMOVE: remove}


async def overview(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open the list of leads."""
    await leads_only(ctx)
    return Reply(form=await _form(ctx))


async def name(ctx: PersonContext, event: Event) -> Reply:
    """Make somebody of the organisation a communications lead."""
    await leads_only(ctx)
    form = await _form(ctx)
    person = await chosen_person(ctx, form, event.values, read(form, event.values)["who"])
    if person.is_communications_lead:
        sentence = text("{name} is a communications lead already.", name=shown_name(person))
        raise BadInput({"who": sentence}, form.holding(event.values))
    await name_lead(ctx.session, ctx.workspace_id, known(person.id))
    await leave_line(ctx, [known(person.id)], PART)
    log.info("leads.named", workspace=ctx.workspace_id, member=person.id, by=ctx.member_id)
    return Reply(form=await _form(ctx))


async def remove(ctx: PersonContext, event: Event) -> Reply:
    """Let somebody be a communications lead no more; never the last one.

    Raises Refused when nobody would be left, and Stale for somebody who is none any more.
    """
    await leads_only(ctx)
    leads = await communications_leads(ctx.session, ctx.workspace_id)
    row = 0 if event.target is None else event.target.row
    if row not in {lead.id for lead in leads}:
        raise Stale(CHANGED_MEANWHILE, form=await _form(ctx))
    if not await unname_lead(ctx.session, ctx.workspace_id, row, ctx.now):
        raise Refused(text("There has to be one communications lead at least. Name somebody else first."))
    await leave_line(ctx, [row], PART)
    log.info("leads.removed", workspace=ctx.workspace_id, member=row, by=ctx.member_id)
    if row == ctx.member_id:
        sentence = ctx.say("You are a communications lead no more. The others can name you again.")
        return Reply(close=True, whisper=Message(sentence, (Words(sentence),)))
    return Reply(form=await _form(ctx))


async def chosen_person(
    ctx: PersonContext, form: Form, values: Mapping[str, str], given: str, *, key: str = "who"
) -> Member:
    """Return the present member that was chosen in a field of a form.

    Raises BadInput, with what was sent, for anybody else.
    """
    person = await find_member(ctx.session, ctx.workspace_id, given)
    if person is None or person.is_bot or person.state == MemberState.LEFT:
        raise BadInput({key: text("Please choose somebody of the organisation.")}, form.holding(values))
    return person


async def _form(ctx: PersonContext) -> Form:
    say = ctx.say
    leads = await communications_leads(ctx.session, ctx.workspace_id)
    parts: list[FormPart] = [
        Words(say("They run Samlas here: the settings, the notice and the rounds. There is always at least one.")),
        Divider(),
    ]
    for lead in leads:
        parts += _lead_parts(ctx, lead, is_only=len(leads) == 1)
    parts += [Divider(), PersonField("who", say("Name somebody else"), required=True)]
    target = Target(ctx.workspace_id, ctx.workspace.settings_version)
    return Form(NAME, target, say("Communications leads"), tuple(parts), say("Name them"), say("Close"))


def _lead_parts(ctx: PersonContext, lead: Member, *, is_only: bool) -> list[FormPart]:
    say = ctx.say
    shown: list[FormPart] = [Words(shown_name(lead), Tone.STRONG)]
    if not is_only:
        question = say("{name} can then no longer run Samlas here. Go on?", name=shown_name(lead))
        shown.append(Buttons((Button(say("Remove"), REMOVE, Target(known(lead.id), 1), confirm=question),)))
    return shown
