"""`/decision-path`: how decisions are made here. The organisation writes it, and each manager gets it once."""

from collections.abc import Sequence
from dataclasses import replace

from bot.context import Context, Handlers, PersonContext
from bot.decisions.editing import OVERVIEW
from bot.decisions.path_text import brought, path_in
from bot.errors import BadInput, Refused, Stale
from bot.events import Event, Reply
from bot.forms import ChoiceField, Form, Option, TextField, read
from bot.leads import leads_only
from bot.messages import Button, Buttons, Heading, Message, Part, Style, Target, Tone, Words, Written
from bot.settings import OrganisationSettings
from bot.taking_part import as_command
from bot.texts import LANGUAGES, Text, Voice, text
from storage.decision_path import (
    count_path_readers,
    find_path_reader,
    managers_not_told,
    note_path_read,
    note_told,
)
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.tables import Outbox
from storage.workspaces import change_settings

PATH = "decisions.path"

SHOW = "decision_path.show"
EDIT = "decision_path.edit"
EDITED = "decision_path.edited"
ADOPT = "decision_path.adopt"
READ = "decision_path.read"

# What every platform's own field for text takes.
LONGEST_PATH = 3000

RULES: dict[str, Text] = {
    "any": text("One of the management group says so"),
    "majority": text("More than half of those asked say so"),
    "all": text("All of those asked say so"),
}
_CHANGED = text("This was changed since you opened it here. Here it is as it stands now.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {"decision-path": as_command(show), SHOW: show, EDIT: edit, EDITED: edited, ADOPT: adopt, READ: read_it}


async def show(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Show the path; to a communications lead, with what they can change and how many managers have read it."""
    parts = _path_parts(ctx)
    if ctx.member.is_communications_lead:
        version = ctx.settings.decision_path_version
        told, have_read = await count_path_readers(ctx.session, ctx.workspace_id, version)
        if told:
            sentence = ctx.say.many(
                "{count} manager has got it; {read} of them say that they have read it.",
                "{count} managers have got it; {read} of them say that they have read it.",
                told,
                read=have_read,
            )
            parts.append(Words(sentence, Tone.QUIET))
        if version == 0:
            not_yet = ctx.say(
                "This is what Samlas brings, and it has gone to nobody. Use it as it is, or write your own: then each"
                " manager gets it once."
            )
            parts.append(Words(not_yet, Tone.QUIET))
        parts.append(_lead_buttons(ctx))
    return Reply(whisper=Message(ctx.say("How decisions are made here"), tuple(parts)))


async def edit(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - as above
    """Open the form in which the organisation writes it."""
    await leads_only(ctx)
    return Reply(form=_form(ctx))


async def edited(ctx: PersonContext, event: Event) -> Reply:
    """Keep what was written. Other words are a new version, which each manager gets."""
    await leads_only(ctx)
    form = _form(ctx)
    if event.target != form.target:
        raise Stale(_CHANGED, form=form.holding(event.values))
    given = read(form, event.values)
    written = {language: given[language] for language in LANGUAGES if given[language]}
    if not written:
        raise BadInput({LANGUAGES[0]: text("Please write it in one language at least.")}, form.holding(event.values))
    # What Samlas brings becomes the organisation's own when it is kept, and so is written then.
    is_new = written != _written(ctx) or ctx.settings.decision_path_version == 0
    version = ctx.settings.decision_path_version + (1 if is_new else 0)
    settings = {
        **ctx.workspace.settings,
        "anchoring_rule": given["rule"],
        **({"decision_path": written, "decision_path_version": version} if is_new else {}),
    }
    await change_settings(ctx.session, ctx.workspace_id, settings, ctx.now, ctx.member_id)
    if is_new:
        await tell_managers(replace(ctx, settings=OrganisationSettings.model_validate(settings)))
        sentence = ctx.say("It is kept, and each manager gets it once.")
    else:
        sentence = ctx.say("It is kept. The text is as it was, so nobody gets it again.")
    return Reply(close=True, whisper=Message(sentence, (Words(sentence),)))


async def adopt(ctx: PersonContext, event: Event) -> Reply:
    """Keep what Samlas brings as the organisation's own, as it is; each manager gets it."""
    await leads_only(ctx)
    form = _form(ctx)
    if event.target != form.target or ctx.settings.decision_path_version:
        raise Stale(_CHANGED, form=form)
    settings = {**ctx.workspace.settings, "decision_path": _written(ctx), "decision_path_version": 1}
    await change_settings(ctx.session, ctx.workspace_id, settings, ctx.now, ctx.member_id)
    await tell_managers(replace(ctx, settings=OrganisationSettings.model_validate(settings)))
    sentence = ctx.say("It is kept, and each manager gets it once.")
    return Reply(whisper=Message(sentence, (Words(sentence),)))


async def read_it(ctx: PersonContext, event: Event) -> Reply:
    """Record that a manager has read the version they were sent."""
    version = 0 if event.target is None else event.target.row
    if not await note_path_read(ctx.session, ctx.workspace_id, ctx.member_id, version, ctx.now):
        raise Refused(text("This went to somebody else, so there is nothing to note."))
    await refresh_posted(ctx.session, ctx.workspace_id, PATH, version, now=ctx.now, member_id=ctx.member_id)
    return Reply(refreshed=await _told_message(ctx, version))


async def tell_managers(ctx: Context) -> None:
    """Send the path to each manager who has not been sent it as it stands: when it is written, and who comes later.

    What Samlas brings is there for whoever asks, and goes to them when a communications lead has made it the
    organisation's own: until then nobody here has said that this is how decisions are made.
    """
    version = ctx.settings.decision_path_version
    if version == 0:
        return
    for member_id in await managers_not_told(ctx.session, ctx.workspace_id, version):
        if await note_told(ctx.session, ctx.workspace_id, member_id, version, ctx.now):
            await say_to_member(
                ctx.session,
                ctx.workspace_id,
                member_id,
                PATH,
                version,
                now=ctx.now,
                urgency=Urgency.WORK_CARD,
                once=f"{PATH}:{version}:{member_id}",
                resend_if_unknown=True,
            )


async def compose_path(ctx: Context, row: Outbox) -> Message | None:
    """Make a manager's message; None when it was changed again before its turn, since they get that."""
    is_new = row.posted_id is None
    if not isinstance(ctx, PersonContext) or (is_new and row.subject_id != ctx.settings.decision_path_version):
        return None
    return await _told_message(ctx, row.subject_id)


async def leads_section(ctx: PersonContext) -> Sequence[Part]:
    """Show a communications lead on Home the way to what they look after."""
    if not ctx.member.is_communications_lead:
        return ()
    target = Target(ctx.workspace_id, ctx.workspace.settings_version)
    return (
        Heading(ctx.say("How decisions are made here")),
        Buttons((Button(ctx.say("Decision path and checklist"), SHOW, target),)),
    )


async def _told_message(ctx: PersonContext, version: int) -> Message:
    sentence = ctx.say("How decisions are made here has been written down anew. Please have a look.")
    parts: list[Part] = [Words(sentence), *_path_parts(ctx)]
    reader = await find_path_reader(ctx.session, ctx.workspace_id, ctx.member_id, version)
    if version != ctx.settings.decision_path_version:
        sentence = ctx.say("How decisions are made here has been changed again since; you have got it anew.")
        return Message(sentence, (Words(sentence, Tone.QUIET),))
    if reader is not None and reader.read_at is not None:
        parts.append(Words(ctx.say("You have read this. Thank you."), Tone.QUIET))
    else:
        button = Button(ctx.say("I have read this"), READ, Target(version, version), Style.PRIMARY)
        parts.append(Buttons((button,)))
    return Message(sentence, tuple(parts))


def _path_parts(ctx: PersonContext) -> list[Part]:
    return [Heading(ctx.say("How decisions are made here")), Written(path_in(ctx.settings, ctx.say))]


def _lead_buttons(ctx: PersonContext) -> Buttons:
    target = Target(ctx.workspace_id, ctx.workspace.settings_version)
    as_it_is = (Button(ctx.say("Use it as it is"), ADOPT, target, Style.PRIMARY),)
    return Buttons(
        (
            *(as_it_is if ctx.settings.decision_path_version == 0 else ()),
            Button(ctx.say("Write it"), EDIT, target, opens_form=True),
            Button(ctx.say("The checklist"), OVERVIEW, target, opens_form=True),
        )
    )


def _written(ctx: PersonContext) -> dict[str, str]:
    """Return the words that the form opens with, by language."""
    written = {language: words for language, words in ctx.settings.decision_path.items() if words}
    return written or {language: brought(Voice(language, written_as=ctx.say.written_as)) for language in LANGUAGES}


def _form(ctx: PersonContext) -> Form:
    say = ctx.say
    written = _written(ctx)
    hint = say("Markdown works: **bold**, lists, links.")
    return Form(
        EDITED,
        Target(ctx.workspace_id, ctx.workspace.settings_version),
        say("Decision path"),
        (
            Words(
                say("How are decisions made here, and how are they told? Each manager gets it once when it changes.")
            ),
            *(
                TextField(key, label, written.get(key, ""), hint, multiline=True, max_length=LONGEST_PATH)
                for key, label in (("sv", say("In Swedish")), ("en", say("In English")))
            ),
            ChoiceField(
                "rule",
                say("A decision is anchored when"),
                tuple(Option(rule, say.say(name)) for rule, name in RULES.items()),
                ctx.settings.anchoring_rule,
            ),
        ),
        say("Keep"),
        say("Cancel"),
    )
