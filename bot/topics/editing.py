"""The organisation's topics in its communications leads' hands: added, renamed, retired, brought back."""

import structlog

from bot.context import Handlers, PersonContext, known
from bot.errors import BadInput, Stale
from bot.events import Event, Reply
from bot.forms import Form, FormPart, TextField, read
from bot.leads import leads_only
from bot.messages import Button, Buttons, Divider, Target, Tone, Words
from bot.texts import Text, Voice, text
from bot.topics.listing import all_topics, topic_name
from storage.tables import Topic
from storage.topics import add_topic, change_topic, follower_counts, hold_topics

log = structlog.get_logger()

OVERVIEW = "topics.overview"
ADD = "topics.add"
EDIT = "topics.edit"
RENAME = "topics.rename"
RETIRE = "topics.retire"

# The keys of the fields for a topic's names.
_SV, _EN = "name_sv", "name_en"

LONGEST_NAME = 40
# More than this nobody looks through; and all platforms show as many in one form.
MOST_TOPICS = 30
# Of fewer it is not said how many follow a topic: nobody is to be recognised in a number.
FEWEST_TOLD = 5

_CHANGED_MEANWHILE = text("Somebody changed this since you opened it. Here it is as it stands now.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {OVERVIEW: overview, EDIT: edit}


def home_handlers() -> Handlers:
    """Return what this module answers that changes Home."""
    return {ADD: add, RENAME: rename, RETIRE: retire}


async def overview(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open the list of topics."""
    await leads_only(ctx)
    return Reply(form=await _overview_form(ctx))


async def add(ctx: PersonContext, event: Event) -> Reply:
    """Add a topic; one that was retired under this name is brought back.

    Raises BadInput for a name that another topic has, and for one topic more than there may be.
    """
    await leads_only(ctx)
    await hold_topics(ctx.session, ctx.workspace_id)
    form = await _overview_form(ctx)
    names = _read_names(form, event)
    topics = await all_topics(ctx)
    in_use = [topic for topic in topics if not topic.is_retired]
    _refuse_taken(form, event, names, in_use)
    if len(in_use) >= MOST_TOPICS:
        sentence = text("There are {count} topics already. Please retire one first.", count=len(in_use))
        raise BadInput({_SV: sentence}, form.holding(event.values))
    retired = next((topic for topic in topics if topic.is_retired and _is_called(topic, names)), None)
    if retired is None:
        await add_topic(ctx.session, ctx.workspace_id, *names)
    else:
        await change_topic(
            ctx.session, ctx.workspace_id, known(retired.id), retired.version, names=names, is_retired=False
        )
    log.info("topics.added", workspace=ctx.workspace_id, by=ctx.member_id)
    return Reply(form=await _overview_form(ctx))


async def edit(ctx: PersonContext, event: Event) -> Reply:
    """Open one topic's names."""
    await leads_only(ctx)
    return Reply(form=_rename_form(await _topic_of(ctx, event), ctx.say))


async def rename(ctx: PersonContext, event: Event) -> Reply:
    """Give a topic other names; it stays the same topic for whoever follows it."""
    await leads_only(ctx)
    await hold_topics(ctx.session, ctx.workspace_id)
    topic = await _topic_of(ctx, event)
    form = _rename_form(topic, ctx.say)
    names = _read_names(form, event)
    others = [other for other in await all_topics(ctx) if not other.is_retired and other.id != topic.id]
    _refuse_taken(form, event, names, others)
    await change_topic(ctx.session, ctx.workspace_id, known(topic.id), topic.version, names=names)
    log.info("topics.renamed", workspace=ctx.workspace_id, topic=topic.id, by=ctx.member_id)
    return Reply(form=await _overview_form(ctx))


async def retire(ctx: PersonContext, event: Event) -> Reply:
    """Offer a topic no more. What is filed under it stays so, and whoever followed it does again when it comes back."""
    await leads_only(ctx)
    await hold_topics(ctx.session, ctx.workspace_id)
    topic = await _topic_of(ctx, event)
    await change_topic(ctx.session, ctx.workspace_id, known(topic.id), topic.version, is_retired=True)
    log.info("topics.retired", workspace=ctx.workspace_id, topic=topic.id, by=ctx.member_id)
    return Reply(form=await _overview_form(ctx))


async def _topic_of(ctx: PersonContext, event: Event) -> Topic:
    """Return the topic that a button or form is about, in the version that somebody has before their eyes.

    Raises Stale, with the list as it is now, for one that was changed meanwhile.
    """
    for topic in await all_topics(ctx):
        if event.target == Target(known(topic.id), topic.version) and not topic.is_retired:
            return topic
    raise Stale(_CHANGED_MEANWHILE, form=await _overview_form(ctx))


async def _overview_form(ctx: PersonContext) -> Form:
    say = ctx.say
    topics = await all_topics(ctx)
    counts = await follower_counts(ctx.session, ctx.workspace_id)
    parts: list[FormPart] = [
        Words(
            say(
                "Authors choose topics for what they announce, and everybody chooses which ones to follow. What is on"
                " a topic that somebody follows stands first in their digest, and a tip may point to it. Posts that"
                " stand keep the names they were sent with until they are changed."
            )
        ),
        Divider(),
        Words(say("Another topic"), Tone.STRONG),
        *_name_fields("", "", say),
        Divider(),
    ]
    for topic in topics:
        if not topic.is_retired:
            parts += _topic_parts(topic, counts.get(known(topic.id), 0), say)
    retired = [topic_name(topic, say) for topic in topics if topic.is_retired]
    if retired:
        told = say(
            "Retired: {topics}. Added again by its name, a topic is back for those who followed it.",
            topics=", ".join(retired),
        )
        parts += [Divider(), Words(told, Tone.QUIET)]
    return Form(ADD, Target(ctx.workspace_id, 1), say("Topics"), tuple(parts), say("Add the topic"), say("Close"))


def _topic_parts(topic: Topic, followers: int, say: Voice) -> list[FormPart]:
    name, target = topic_name(topic, say), Target(known(topic.id), topic.version)
    in_both = " / ".join(dict.fromkeys((name, topic.name_sv, topic.name_en)))
    followed = _followed_in_words(followers)
    question = say(
        "Nobody can choose or follow “{name}” any more ({followed}), and it puts nothing first in a digest. What was"
        " announced under it stays so. Go on?",
        name=name,
        followed=followed,
    )
    buttons = (Button(say("Rename"), EDIT, target), Button(say("Retire"), RETIRE, target, confirm=question))
    # In as few parts as can be: Slack shows a hundred in one form, and there may be thirty topics.
    return [Words(say("{topic}, {followed}", topic=in_both, followed=followed)), Buttons(buttons)]


def _followed_in_words(followers: int) -> Text:
    if followers == 0:
        return text("followed by nobody yet")
    if followers < FEWEST_TOLD:
        return text("followed by fewer than {count} people", count=FEWEST_TOLD)
    return text("followed by {count} people", count=followers)


def _rename_form(topic: Topic, say: Voice) -> Form:
    means = say("Whoever follows it goes on following it, under its new name.")
    parts: tuple[FormPart, ...] = (Words(means), *_name_fields(topic.name_sv, topic.name_en, say))
    target = Target(known(topic.id), topic.version)
    return Form(RENAME, target, say("Rename a topic"), parts, say("Rename it"), say("Cancel"))


def _name_fields(name_sv: str, name_en: str, say: Voice) -> tuple[TextField, ...]:
    return (
        TextField(_SV, say("Name in Swedish"), name_sv, required=True, max_length=LONGEST_NAME),
        TextField(_EN, say("Name in English"), name_en, required=True, max_length=LONGEST_NAME),
    )


def _read_names(form: Form, event: Event) -> tuple[str, str]:
    given = read(form, event.values)
    return " ".join(given[_SV].split()), " ".join(given[_EN].split())


def _refuse_taken(form: Form, event: Event, names: tuple[str, str], others: list[Topic]) -> None:
    taken = text("Another topic is called that already.")
    wrong = {
        key: taken
        for key, name, in_use in (
            (_SV, names[0], {other.name_sv.casefold() for other in others}),
            (_EN, names[1], {other.name_en.casefold() for other in others}),
        )
        if name.casefold() in in_use
    }
    if wrong:
        raise BadInput(wrong, form.holding(event.values))


def _is_called(topic: Topic, names: tuple[str, str]) -> bool:
    """Whether a topic has one of these names, in its language."""
    return topic.name_sv.casefold() == names[0].casefold() or topic.name_en.casefold() == names[1].casefold()
