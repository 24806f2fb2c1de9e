"""*Settings* on a communications lead's Home: what is set in a few lines, and the form that changes it."""

from collections.abc import Sequence

from bot.calendars import WEEKDAYS
from bot.context import Handlers, PersonContext
from bot.errors import Stale
from bot.events import Event, Reply
from bot.forms import Form
from bot.leads import leads_only
from bot.messages import Button, Buttons, Field, Fields, Heading, Message, Part, Target, Words
from bot.names import shown_name
from bot.organisation.lead_step import OVERVIEW as LEAD_STEP
from bot.organisation.management import OVERVIEW as MANAGEMENT
from bot.organisation.naming import OVERVIEW as LEADS
from bot.organisation.settings_form import (
    CHANGED,
    LANGUAGE_NAMES,
    as_time,
    as_weeks,
    read_settings,
    settings_form,
)
from bot.people.overview import OVERVIEW as PEOPLE
from bot.texts import text
from bot.topics.editing import OVERVIEW as TOPICS
from bot.topics.listing import topic_name, topics_here
from storage.people import channels_open_to, communications_leads, management_group
from storage.workspaces import change_settings

CHANGE = "settings.change"


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {CHANGE: change}


def home_handlers() -> Handlers:
    """Return what this module answers that changes Home."""
    return {CHANGED: changed}


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
            )
        ),
    )


async def change(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open the form as the settings stand."""
    await leads_only(ctx)
    return Reply(form=await _form(ctx))


async def changed(ctx: PersonContext, event: Event) -> Reply:
    """Keep what was sent, as a new version.

    Raises Refused for somebody who is no communications lead, Stale with the fresh form when somebody changed the
    settings meanwhile, and BadInput for what cannot be used.
    """
    await leads_only(ctx)
    form = await _form(ctx)
    if event.target != form.target:
        raise Stale(_CHANGED_MEANWHILE, form=form)
    settings = read_settings(form, event.values, ctx.workspace.settings)
    await change_settings(ctx.session, ctx.workspace_id, settings, ctx.now, ctx.member_id)
    sentence = ctx.say("The settings are kept.")
    return Reply(close=True, whisper=Message(sentence, (Words(sentence),)))


_CHANGED_MEANWHILE = text("The settings were changed since you opened them. Here they are as they stand now.")


async def _form(ctx: PersonContext) -> Form:
    channels = await channels_open_to(ctx.session, ctx.workspace_id, ctx.member_id)
    return settings_form(ctx.settings, _target(ctx), channels, ctx.say)


def _target(ctx: PersonContext) -> Target:
    return Target(ctx.workspace_id, ctx.workspace.settings_version)
