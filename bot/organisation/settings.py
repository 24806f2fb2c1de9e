"""*Settings* on a communications lead's Home: what is set in a few lines, and the form that changes it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.calendars import WEEKDAYS
from bot.context import Found, Handlers, LongLook, PersonContext
from bot.errors import Stale
from bot.events import Event, Reply
from bot.forms import Form
from bot.leads import leads_only
from bot.messages import Button, Buttons, Field, Fields, Heading, Message, Part, Target, Tone, Words
from bot.names import shown_name
from bot.organisation.effect import CountDue, Effect, effect_in_words, is_touched, mark, version_of
from bot.organisation.lead_step import OVERVIEW as LEAD_STEP
from bot.organisation.management import OVERVIEW as MANAGEMENT
from bot.organisation.naming import OVERVIEW as LEADS
from bot.organisation.settings_form import (
    CHANGED,
    CONFIRMED,
    LANGUAGE_NAMES,
    as_time,
    as_weeks,
    read_settings,
    settings_form,
)
from bot.people.overview import OVERVIEW as PEOPLE
from bot.settings import OrganisationSettings
from bot.texts import text
from bot.topics.editing import OVERVIEW as TOPICS
from bot.topics.listing import topic_name, topics_here
from storage.people import channels_open_to, communications_leads, management_group
from storage.workspaces import change_settings

CHANGE = "settings.change"
# Answered by nudges/comparing.
COMPARISON = "comparison.overview"


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {CHANGE: change}


def home_handlers(count_due: CountDue | None = None) -> Handlers:
    """Return what this module answers that changes Home; `count_due`: whom the nudges would reach, where any are."""
    return {CHANGED: partial(changed, count_due), CONFIRMED: partial(changed, count_due)}


async def section(ctx: PersonContext) -> Sequence[Part]:
    """Show a communications lead what is set, and the ways to change it."""
    if not ctx.member.is_communications_lead:
        return ()
    say, settings = ctx.say, ctx.settings
    channels = await channels_open_to(ctx.session, ctx.workspace_id, ctx.member_id)
    named = {channel.external_id: f"#{channel.name}" for channel in channels}
    channel = settings.announcement_channel
    leads = await communications_leads(ctx.session, ctx.workspace_id)
    group = await management_group(ctx.session, ctx.workspace_id)
    weekdays = [say.say(WEEKDAYS[int(day)]) for day in sorted(set(settings.working_days))]
    place = [settings.zone, settings.country, *([settings.region] if settings.region else [])]
    lines = {
        say("Language"): say.say(LANGUAGE_NAMES[settings.language]),
        say("Place"): ", ".join(place),
        say("Working hours"): say(
            "{days}, {start} to {end}",
            days=say.listing(weekdays),
            start=as_time(settings.work_start),
            end=as_time(settings.work_end),
        ),
        say("Announcement channel"): (
            say("No channel") if channel is None else named.get(channel, say("one that you cannot see"))
        ),
        say("Weekly round"): say(
            "{day} at {time}", day=WEEKDAYS[settings.round_weekday], time=as_time(settings.round_minute)
        ),
        say("Weeks in which nobody is called quiet"): as_weeks(settings.quiet_weeks) or say("No weeks"),
        say("Suggestions to leads"): say("On") if settings.suggest_to_leads else say("Off"),
        say("Does it work?"): say("On") if settings.does_it_work else say("Off"),
        say("Topics"): say.listing([topic_name(topic, say) for topic in await topics_here(ctx)]) or say("No topics"),
        say("Communications leads"): say.listing([shown_name(lead) for lead in leads]),
        say("Management group"): say.listing([shown_name(member) for member in group]) or say("Nobody yet"),
    }
    return (
        Heading(say("Settings")),
        Fields(tuple(Field(label, value) for label, value in lines.items())),
        Buttons(
            (
                Button(say("Change settings"), CHANGE, _target(ctx)),
                Button(say("Communications leads"), LEADS, _target(ctx)),
                Button(say("Management group"), MANAGEMENT, _target(ctx)),
                Button(say("People and home teams"), PEOPLE, _target(ctx)),
                Button(say("Topics"), TOPICS, _target(ctx)),
                Button(say("Suggestions to leads"), LEAD_STEP, _target(ctx), opens_form=True),
                Button(say("Does it work?"), COMPARISON, _target(ctx)),
            )
        ),
    )


async def change(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open the form as the settings stand."""
    await leads_only(ctx)
    return Reply(form=await _form(ctx))


async def changed(count_due: CountDue | None, ctx: PersonContext, event: Event) -> Reply | LongLook:
    """Keep what was sent, as a new version; what decides who counts as quiet, only after its effect has been shown.

    Raises Refused for somebody who is no communications lead, Stale with the fresh form when somebody changed the
    settings meanwhile, and BadInput for what cannot be used.
    """
    await leads_only(ctx)
    form = await _form(ctx)
    if not _is_current(ctx, event):
        raise Stale(_CHANGED_MEANWHILE, form=form)
    settings = read_settings(form, event.values, ctx.workspace.settings)
    model = OrganisationSettings.model_validate(settings)
    shown = Target(ctx.workspace_id, mark(model, ctx.workspace.settings_version))
    was_shown = event.action == CONFIRMED and event.target == shown
    # Before the notice nobody may be looked at, and nobody is reached.
    has_effect = ctx.workspace.notice_given_at is not None and is_touched(ctx.settings, model)
    if count_due is not None and has_effect and not was_shown:
        return _shown_before(count_due, model, replace(form.holding(event.values), action=CONFIRMED, target=shown))
    await change_settings(ctx.session, ctx.workspace_id, settings, ctx.now, ctx.member_id)
    return _kept(ctx)


def _is_current(ctx: PersonContext, event: Event) -> bool:
    """Whether the form that was sent was made from the settings as they stand."""
    if event.target is None or event.target.row != ctx.workspace_id:
        return False
    made_from = version_of(event.target.version) if event.action == CONFIRMED else event.target.version
    return made_from == ctx.workspace.settings_version


def _kept(ctx: PersonContext) -> Reply:
    sentence = ctx.say("The settings are kept.")
    return Reply(close=True, whisper=Message(sentence, (Words(sentence),)))


def _shown_before(count_due: CountDue, after: OrganisationSettings, form: Form) -> LongLook:
    """Return the look at everybody that the effect takes, and the form that shows it and asks once more."""

    async def look(ctx: PersonContext) -> Found:
        effect = Effect(
            before=await count_due(ctx.session, ctx.workspace, ctx.settings, ctx.now),
            after=await count_due(ctx.session, ctx.workspace, after, ctx.now),
        )
        told = effect_in_words(ctx.settings, after, effect, ctx.say)
        asked = ctx.say("Nothing is kept yet. Send this form once more to keep it, or change it.")
        parts = (Words(told, Tone.STRONG), Words(asked), *form.parts)
        return Found(Reply(form=replace(form, parts=parts, submit=ctx.say("Keep it so"))), _nothing)

    return look


async def _nothing(ctx: PersonContext) -> None:
    """Write nothing: a look at the effect leaves no trace, since nobody was shown."""


_CHANGED_MEANWHILE = text("The settings were changed since you opened them. Here they are as they stand now.")


async def _form(ctx: PersonContext) -> Form:
    channels = await channels_open_to(ctx.session, ctx.workspace_id, ctx.member_id)
    return settings_form(ctx.settings, _target(ctx), channels, ctx.say)


def _target(ctx: PersonContext) -> Target:
    return Target(ctx.workspace_id, ctx.workspace.settings_version)
