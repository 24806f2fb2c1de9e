"""The all-staff reflex: whoever addresses everybody in a large channel is asked, alone, whether to announce it instead.

Nothing is deleted, blocked or told to anybody else, and nothing of what was written is kept.
"""

from dataclasses import replace
from datetime import timedelta

from bot.announcements.forms import compose_form
from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.intake import ADDRESSED_EVERYBODY
from bot.messages import Button, Buttons, Message, Style, Target, Words
from bot.texts import language_of, text
from storage.announcements import Draft, Wording, add_draft, store_draft
from storage.people import channel_size, channels_open_to, find_channel, take_reflex_turn
from storage.tables import AudienceKind, Channel

ANNOUNCE_HERE = "announcement.announce_here"

# PRODUCT chapter 1, "The all-staff reflex": in a channel of so many, and at most once in so long.
MANY = 50
ASKED_AGAIN_AFTER = timedelta(days=30)


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {ADDRESSED_EVERYBODY: addressed_everybody, ANNOUNCE_HERE: announce_here}


async def addressed_everybody(ctx: PersonContext, event: Event) -> Reply:
    """Offer an announcement to whoever addressed everybody in a large channel; at most once in 30 days."""
    channel = None
    if event.place.channel is not None:
        channel = await find_channel(ctx.session, ctx.workspace_id, event.place.channel)
    if channel is None or not await _is_open(ctx, channel):
        return Reply()
    people = await channel_size(ctx.session, ctx.workspace_id, known(channel.id))
    if people < MANY:
        return Reply()
    not_since = ctx.now - ASKED_AGAIN_AFTER
    if not await take_reflex_turn(ctx.session, ctx.workspace_id, ctx.member_id, not_since=not_since, now=ctx.now):
        return Reply()
    sentence = ctx.say.many(
        "This reaches {count} person. Shall I make it an announcement, so that the answers stay together?",
        "This reaches {count} people. Shall I make it an announcement, so that the answers stay together?",
        people,
    )
    label, target = ctx.say("Make it an announcement"), Target(known(channel.id), 1)
    offer = Button(label, ANNOUNCE_HERE, target, Style.PRIMARY, opens_form=True)
    only_you = Words(ctx.say("Only you see this, and your message stays as it is."))
    return Reply(whisper=Message(sentence, (Words(sentence), Buttons((offer,)), only_you)))


async def announce_here(ctx: PersonContext, event: Event) -> Reply:
    """Open the form for an announcement to that channel."""
    channels = await channels_open_to(ctx.session, ctx.workspace_id, ctx.member_id)
    channel = next((found for found in channels if event.target is not None and found.id == event.target.row), None)
    if channel is None:
        raise Refused(text("Samlas cannot post in this channel for you any more. Please choose again who it is for."))
    language = language_of(ctx.member.locale, ctx.settings.language)
    draft = await add_draft(ctx.session, ctx.workspace_id, ctx.member_id, language=language, now=ctx.now)
    content = replace(
        Draft.of(draft, {language: Wording()}), audience_kind=AudienceKind.CHANNEL, audience_id=known(channel.id)
    )
    await store_draft(ctx.session, ctx.workspace_id, draft, content, is_revised=True)
    return Reply(form=await compose_form(ctx, draft))


async def _is_open(ctx: PersonContext, channel: Channel) -> bool:
    channels = await channels_open_to(ctx.session, ctx.workspace_id, ctx.member_id)
    return channel.id in {found.id for found in channels}
