"""Whom a draft would reach if it were published now, in words for its author's preview."""

from datetime import UTC

from bot.announcements.audience import knows_only_rosters
from bot.announcements.home_post import HomePost, home_of
from bot.context import Context
from bot.messages import Tone, Words
from bot.texts import Text, text, texts
from storage.announcements import count_important
from storage.audience import Reach, reach
from storage.outsiders import outsiders_in
from storage.people import get_channel
from storage.recipients import audience_of
from storage.tables import Announcement, AudienceKind


async def reach_in_words(ctx: Context, draft: Announcement) -> list[Words]:
    """Return whom publishing a draft would reach now, whom it would not, and who else would see it."""
    home = await home_of(ctx, draft)
    found = await reach(ctx.session, ctx.workspace_id, audience_of(draft), home.copies, home.channel_id)
    lines = [_people(ctx, draft, found, has_post=home.channel_id is not None), *await _where(ctx, draft, home, found)]
    if draft.important:
        messages = texts("Will message {count} person", "Will message {count} people", found.messages)
        important = await important_so_far(ctx)
        lines.append(ctx.say("{messages}; {important}.", messages=messages, important=important))
    if found.without_message:
        lines.append(
            ctx.say(
                "{count} cannot be reached directly: {why}.",
                count=found.without_message,
                why=", ".join(ctx.say.say(said) for said in _without_message(ctx, found)),
            )
        )
    outsiders = 0
    if home.channel_id is not None:
        outsiders = await outsiders_in(ctx.session, ctx.workspace_id, home.channel_id)
    if outsiders:
        lines.append(
            ctx.say.many(
                "{count} person from outside will see this.", "{count} people from outside will see this.", outsiders
            )
        )
    return [Words(line, Tone.STRONG) for line in lines]


async def important_so_far(ctx: Context) -> Text:
    """Return how many important announcements there were this month, as the end of a sentence."""
    local = ctx.now.astimezone(ctx.say.zone)
    month = local.replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    count = await count_important(ctx.session, ctx.workspace_id, since=month, until=ctx.now)
    if not count:
        return text("no important ones so far this month")
    return texts("{count} important one so far this month", "{count} important ones so far this month", count)


async def _where(ctx: Context, draft: Announcement, home: HomePost, found: Reach) -> list[str]:
    """Say where the post will stand, or why there is none: whoever publishes sees it before, and not afterwards."""
    if home.channel_id is not None:
        channel = await get_channel(ctx.session, ctx.workspace_id, home.channel_id)
        return [ctx.say("Its post stands in #{channel}.", channel=channel.name)]
    if not found.messages:
        return []
    match AudienceKind(draft.audience_kind):
        case AudienceKind.EVERYONE:
            return [ctx.say("It has no post: no announcement channel is chosen in which Samlas can post.")]
        case AudienceKind.HOME_TEAM:
            return [ctx.say("It has no post: the home team has no channel that you can post in.")]
        case _:
            return []


def _people(ctx: Context, draft: Announcement, found: Reach, *, has_post: bool) -> str:
    if not has_post and not found.messages:
        return ctx.say("Nobody can be reached: there is no channel to post in, and nobody to write to.")
    people = texts("Goes to {count} person", "Goes to {count} people", found.people)
    if found.listed:
        people = texts(
            "Goes to {count} person, {listed} of whom the chat has not seen yet",
            "Goes to {count} people, {listed} of whom the chat has not seen yet",
            found.people,
            listed=found.listed,
        )
    elif draft.audience_kind == AudienceKind.EVERYONE and knows_only_rosters(ctx.workspace):
        people = texts(
            "Goes to the {count} person Samlas knows", "Goes to the {count} people Samlas knows", found.people
        )
    if draft.important:
        # How many are messaged stands in a line of its own.
        return ctx.say("{people}.", people=people)
    if found.messages == 0:
        return ctx.say("{people}, by its post alone.", people=people)
    return ctx.say.many(
        "{people}; {count} of them gets a direct message.",
        "{people}; {count} of them get a direct message.",
        found.messages,
        people=people,
    )


def _without_message(ctx: Context, found: Reach) -> list[Text]:
    said: list[Text] = []
    if found.unreachable and ctx.workspace.app_for_each:
        said.append(text("{count} without the app", count=found.unreachable))
    elif found.unreachable:
        said.append(text("{count} to whom the chat lets no message through", count=found.unreachable))
    if found.blocked:
        said.append(text("{count} who blocked Samlas", count=found.blocked))
    return said
