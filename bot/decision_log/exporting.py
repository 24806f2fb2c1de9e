"""Takes the decision log along: what of it is exported, for the command line and for whoever asks in the chat.

In the chat somebody gets the decisions that they see, with what stands on the posts; what is for the record only is
for whoever runs Samlas (bot/commands/export.py).
"""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace

from bot.announcements.audience import audience_in_words
from bot.announcements.home_post import POST
from bot.announcements.life import author_name, words_of
from bot.context import Context, Handlers, PersonContext, known
from bot.decision_log.export import Exported, as_csv, as_markdown, file_names
from bot.decisions.checklist import ItemKind, answer_in_words
from bot.decisions.standing import Standing, standing_of
from bot.errors import Refused
from bot.events import Event, File, Reply
from bot.messages import Button, Buttons, Message, Target, Words
from bot.texts import Voice, text
from bot.topics.listing import topic_name, topics_about
from storage.decision_log import Logged, announcement_of_decision, decision_log, replacement_of
from storage.outbox import find_posted
from storage.tables import DecisionStatus

CSV = "decisions.as_csv"
MARKDOWN = "decisions.as_markdown"
CSV_NAME = "decisions.csv"
MARKDOWN_NAME = "decisions.zip"


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {CSV: table, MARKDOWN: files}


def ways_to_export(ctx: PersonContext) -> Buttons:
    """Return what leads to the two files."""
    target = Target(ctx.workspace_id, 1)
    return Buttons((Button(ctx.say("All as Markdown"), MARKDOWN, target), Button(ctx.say("All as CSV"), CSV, target)))


async def table(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Hand somebody the decisions they see as one table."""
    decisions = await _seen(ctx)
    return Reply(file=File(CSV_NAME, as_csv(decisions, ctx.say).encode(), _beside(decisions, ctx.say)))


async def files(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - as above
    """Hand somebody the decisions they see, each as a file of Markdown, in one archive."""
    decisions = await _seen(ctx)
    names = file_names(decisions)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in decisions:
            archive.writestr(names[one.number], as_markdown(one, names, ctx.say))
    return Reply(file=File(MARKDOWN_NAME, packed.getvalue(), _beside(decisions, ctx.say)))


async def exported(ctx: Context, one: Logged, *, with_the_record: bool) -> Exported:
    """Return one decision as it is exported, in the context's language."""
    announcement, decision = one.announcement, one.decision
    words = await words_of(ctx, announcement)
    standing = await standing_of(ctx, announcement)
    newer = await replacement_of(ctx.session, ctx.workspace_id, known(decision.id))
    post = await find_posted(ctx.session, ctx.workspace_id, POST, known(announcement.id))
    published = announcement.published_at or announcement.created_at
    return Exported(
        number=known(announcement.id),
        title=words.title,
        text=words.text,
        day=published.astimezone(ctx.say.zone).date(),
        status=one.status,
        outcome="" if standing is None else ctx.say.say(standing.line),
        author=await author_name(ctx, announcement),
        audience=ctx.say.say(await audience_in_words(ctx, announcement)),
        answers=[] if standing is None else _answers(standing, ctx.say, with_the_record=with_the_record),
        topics=[topic_name(topic, ctx.say) for topic in await topics_about(ctx, announcement)],
        why_open=announcement.why_open,
        withdrawn_why=decision.withdrawn_why,
        # What a withdrawn decision had taken the place of stands again.
        replaces=None if one.status is DecisionStatus.WITHDRAWN else await _number_of(ctx, decision.replaces_id),
        replaced_by=None if newer is None else known(newer.id),
        review_on=decision.review_on,
        link=None if post is None else post.link,
    )


async def _seen(ctx: PersonContext) -> list[Exported]:
    """Return what this person sees of the log, with links among these alone. Raises Refused where that is nothing."""
    logged = await decision_log(ctx.session, ctx.workspace_id, ctx.member)
    if not logged:
        raise Refused(text("Nothing has been decided here yet."))
    decisions = [await exported(ctx, one, with_the_record=False) for one in logged]
    numbers = {one.number for one in decisions}
    return [
        replace(
            one,
            replaces=one.replaces if one.replaces in numbers else None,
            replaced_by=one.replaced_by if one.replaced_by in numbers else None,
        )
        for one in decisions
    ]


def _beside(decisions: Sequence[Exported], say: Voice) -> Message:
    sentence = say.many("{count} decision, as a file", "{count} decisions, as a file", len(decisions))
    return Message(sentence, (Words(sentence),))


async def _number_of(ctx: Context, decision_id: int | None) -> int | None:
    if decision_id is None:
        return None
    older = await announcement_of_decision(ctx.session, ctx.workspace_id, decision_id)
    return None if older is None else known(older.id)


def _answers(standing: Standing, say: Voice, *, with_the_record: bool) -> list[tuple[str, str]]:
    return [
        (item.label(say), answer_in_words(item, standing.answers[item.key], say))
        for item in standing.items
        # How it is anchored is the outcome.
        if item.key in standing.answers and item.kind is not ItemKind.ANCHORING and (item.on_post or with_the_record)
    ]
