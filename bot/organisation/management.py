"""The management group, whom authors may ask whether a decision is anchored: communications leads name who is in it."""

import structlog

from bot.context import Handlers, PersonContext, known
from bot.errors import Stale
from bot.events import Event, Reply
from bot.forms import Form, FormPart, PersonField, read
from bot.leads import leads_only
from bot.messages import Button, Buttons, Divider, Target, Tone, Words
from bot.names import shown_name
from bot.organisation.naming import CHANGED_MEANWHILE, chosen_person
from bot.people.looks import PART, leave_line
from storage.people import management_group, put_in_management_group

log = structlog.get_logger()

OVERVIEW = "management.overview"
NAME = "management.name"
REMOVE = "management.remove"


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {OVERVIEW: overview}


def home_handlers() -> Handlers:
    """Return what this module answers that changes Home."""
    return {NAME: name, REMOVE: remove}


async def overview(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open the list of the group."""
    await leads_only(ctx)
    return Reply(form=await _form(ctx))


async def name(ctx: PersonContext, event: Event) -> Reply:
    """Take somebody of the organisation into the group; who is in it stays in it."""
    await leads_only(ctx)
    form = await _form(ctx)
    person = await chosen_person(ctx, form, event.values, read(form, event.values)["who"])
    await put_in_management_group(ctx.session, ctx.workspace_id, known(person.id), is_in=True)
    await leave_line(ctx, [known(person.id)], PART)
    log.info("management.named", workspace=ctx.workspace_id, member=person.id, by=ctx.member_id)
    return Reply(form=await _form(ctx))


async def remove(ctx: PersonContext, event: Event) -> Reply:
    """Let somebody out of the group. What they have answered is kept.

    Raises Stale for somebody who is not in it any more.
    """
    await leads_only(ctx)
    row = 0 if event.target is None else event.target.row
    if row not in {member.id for member in await management_group(ctx.session, ctx.workspace_id)}:
        raise Stale(CHANGED_MEANWHILE, form=await _form(ctx))
    await put_in_management_group(ctx.session, ctx.workspace_id, row, is_in=False)
    await leave_line(ctx, [row], PART)
    log.info("management.removed", workspace=ctx.workspace_id, member=row, by=ctx.member_id)
    return Reply(form=await _form(ctx))


async def _form(ctx: PersonContext) -> Form:
    say = ctx.say
    group = await management_group(ctx.session, ctx.workspace_id)
    parts: list[FormPart] = [
        Words(say("Authors may ask them whether a decision is anchored before they announce it.")),
        Divider(),
    ]
    if not group:
        parts.append(Words(say("Nobody is in it yet.")))
    for member in group:
        parts += [
            Words(shown_name(member), Tone.STRONG),
            Buttons((Button(say("Remove"), REMOVE, Target(known(member.id), 1)),)),
        ]
    parts += [Divider(), PersonField("who", say("Name somebody"), required=True)]
    target = Target(ctx.workspace_id, ctx.workspace.settings_version)
    return Form(NAME, target, say("Management group"), tuple(parts), say("Name them"), say("Close"))
