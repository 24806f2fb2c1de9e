"""The organisation's topics as they are offered and shown: in the reader's language, as choices, as a post's line."""

from collections.abc import Iterable, Sequence

from bot.context import Context, known
from bot.forms import ChoicesField, Option, several
from bot.messages import Part, Tone, Words
from bot.texts import Voice, text
from storage.tables import Announcement, Topic
from storage.topics import begin_topics, filed_under, topics_of

# What a new organisation begins with, and makes its own.
FIRST_TOPICS = (
    text("Offices"),
    text("IT and tools"),
    text("Training"),
    text("People and benefits"),
    text("Clients and work"),
    text("Finance"),
    text("Security and privacy"),
    text("Social life"),
)


async def all_topics(ctx: Context) -> Sequence[Topic]:
    """Return the organisation's topics, the retired ones too, by name; a new organisation gets its first ones here."""
    if ctx.workspace.topics_begun_at is None:
        names = [(Voice("sv").say(name), Voice("en").say(name)) for name in FIRST_TOPICS]
        await begin_topics(ctx.session, ctx.workspace_id, names, ctx.now)
    return await topics_so_far(ctx)


async def topics_so_far(ctx: Context) -> Sequence[Topic]:
    """Return the topics that there are, the retired ones too, by name; none before the first. It only reads."""
    found = await topics_of(ctx.session, ctx.workspace_id)
    return sorted(found, key=lambda topic: topic_name(topic, ctx.say).casefold())


async def topics_here(ctx: Context) -> Sequence[Topic]:
    """Return the topics that there are to choose from, by name."""
    return [topic for topic in await all_topics(ctx) if not topic.is_retired]


def topic_name(topic: Topic, say: Voice) -> str:
    """Return what a topic is called in this language."""
    return topic.name_sv if say.language == "sv" else topic.name_en


def topic_options(topics: Sequence[Topic], say: Voice) -> tuple[Option, ...]:
    """Return topics as they are chosen in a form, by row id."""
    return tuple(Option(str(topic.id), topic_name(topic, say)) for topic in topics)


async def topics_about(ctx: Context, announcement: Announcement) -> Sequence[Topic]:
    """Return what an announcement is about, topics that are retired by now too, by name."""
    filed = await filed_under(ctx.session, ctx.workspace_id, [known(announcement.id)])
    return sorted(filed.get(known(announcement.id), []), key=lambda topic: topic_name(topic, ctx.say).casefold())


async def topics_field(ctx: Context, announcement: Announcement) -> ChoicesField:
    """Return the field for what an announcement is about."""
    return ChoicesField(
        "topics",
        ctx.say("Topics"),
        topic_options(await topics_here(ctx), ctx.say),
        as_value(known(topic.id) for topic in await topics_about(ctx, announcement) if not topic.is_retired),
        ctx.say("Whoever follows one of them finds this first in their digest, and everybody finds it by them."),
    )


def chosen_topics(given: str) -> list[int]:
    """Return the row ids that were chosen in a field of topics, in order."""
    return sorted(int(value) for value in several(given))


def as_value(topic_ids: Iterable[int]) -> str:
    """Return topics as the value of a field of topics."""
    return ",".join(str(topic_id) for topic_id in sorted(topic_ids))


async def topics_line(ctx: Context, announcement: Announcement) -> list[Part]:
    """Return the quiet line that says what an announcement is about; nothing for one without topics."""
    names = [topic_name(topic, ctx.say) for topic in await topics_about(ctx, announcement)]
    return [Words(ctx.say("Topics: {topics}", topics=", ".join(names)), Tone.QUIET)] if names else []
