"""How an announcement looks: on its home post, in a copy, and in the preview before either exists."""

from bot.announcements.audience import audience_in_words
from bot.announcements.life import author_name, decision_as_it_stands
from bot.context import Context, PersonContext, known
from bot.decisions.checklist import ANCHORING, REVIEW, Answer, Item
from bot.decisions.outcome import Outcome
from bot.messages import (
    Button,
    Buttons,
    Field,
    Fields,
    Heading,
    Link,
    Message,
    Part,
    Style,
    Target,
    Tone,
    Words,
    Written,
)
from bot.texts import Voice
from storage.announcements import find_announcement, find_recipient, get_question
from storage.outbox import find_posted
from storage.people import get_member
from storage.tables import Announcement, AnnouncementKind, Outbox, ReadBy, Recipient

POST = "announcement.post"
COPY = "announcement.copy"
QUESTION = "announcement.question"
QUESTION_TOLD = "announcement.question_told"


async def announcement_parts(ctx: Context, announcement: Announcement) -> list[Part]:
    """Return an announcement as readers see it, without its buttons."""
    say = ctx.say
    parts: list[Part] = [
        Words(_kind_line(announcement, say), Tone.QUIET),
        Heading(announcement.title),
        Written(announcement.text),
    ]
    standing = await decision_as_it_stands(ctx, announcement)
    if standing is not None:
        parts.extend(decision_parts(*standing, say))
    if announcement.why_open:
        parts.append(Words(say("Published with this open because: {why}", why=announcement.why_open)))
    if announcement.confirm:
        parts.append(
            Words(
                say(
                    "{author} asks you to confirm that you have read this.",
                    author=await author_name(ctx, announcement),
                )
            )
        )
    parts.append(
        Words(
            say(
                "{author} to {audience}",
                author=await author_name(ctx, announcement),
                audience=await audience_in_words(ctx, announcement),
            ),
            Tone.QUIET,
        )
    )
    return parts


def decision_parts(items: tuple[Item, ...], answers: dict[str, Answer], outcome: Outcome, say: Voice) -> list[Part]:
    """Return what stands on a decision's post: its outcome, the answers meant for it, and what is open."""
    parts: list[Part] = [Words(say.say(outcome.line), Tone.STRONG)]
    shown = tuple(
        Field(item.label(say), _answer_in_words(item, answers[item.key], say))
        for item in items
        if item.on_post and item.key != ANCHORING and item.key in answers and not answers[item.key].is_open
    )
    if shown:
        parts.append(Fields(shown))
    open_questions = [item.label(say) for item in items if item.key in outcome.open_questions and item.on_post]
    if open_questions:
        parts.append(Words(say("Open questions: {items}", items="; ".join(open_questions)), Tone.QUIET))
    return parts


def reader_buttons(announcement: Announcement, recipient: Recipient | None, say: Voice) -> list[Part]:
    """Return what a reader can press; in a copy, whoever has read sees so instead of being asked again."""
    target = Target(known(announcement.id), announcement.revision)
    ask = Button(say("Ask a question"), "announcement.ask", target)
    if recipient is not None and recipient.read_at is not None:
        return [Words(_read_line(recipient, say), Tone.QUIET), Buttons((ask,))]
    read = Button(say("I have read this"), "announcement.read", target, Style.PRIMARY)
    not_relevant = Button(say("Not relevant to me"), "announcement.not_relevant", target)
    return [Buttons((read, ask, not_relevant))]


async def compose_post(ctx: Context, row: Outbox) -> Message | None:
    """Make the home post."""
    announcement = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    if announcement is None:
        return None
    parts = await announcement_parts(ctx, announcement)
    return Message(_summary(announcement, ctx.say), (*parts, *reader_buttons(announcement, None, ctx.say)))


async def compose_copy(ctx: Context, row: Outbox) -> Message | None:
    """Make one reader's copy; None for somebody who has read it at its home before their copy was sent."""
    announcement = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    if announcement is None or not isinstance(ctx, PersonContext):
        return None
    recipient = await find_recipient(ctx.session, ctx.workspace_id, row.subject_id, ctx.member_id)
    if row.posted_id is None and recipient is not None and recipient.read_at is not None:
        return None
    return await copy_message(ctx, announcement, recipient)


async def copy_message(ctx: PersonContext, announcement: Announcement, recipient: Recipient | None) -> Message:
    """Return a reader's copy as it stands for them."""
    parts = await announcement_parts(ctx, announcement)
    post = await find_posted(ctx.session, ctx.workspace_id, POST, known(announcement.id))
    if post is not None and post.link is not None:
        parts.append(Link(ctx.say("See it where the questions and answers are"), post.link))
    parts.extend(reader_buttons(announcement, recipient, ctx.say))
    return Message(_summary(announcement, ctx.say), tuple(parts))


async def compose_question(ctx: Context, row: Outbox) -> Message | None:
    """Make the question as it stands in the home post's thread."""
    question = await get_question(ctx.session, ctx.workspace_id, row.subject_id)
    asker = await get_member(ctx.session, ctx.workspace_id, question.member_id)
    sentence = ctx.say("{name} asks:", name=asker.name)
    return Message(sentence, (Words(sentence, Tone.STRONG), Written(question.text)))


async def compose_question_told(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author of a question, with the way to the thread where it can be answered."""
    question = await get_question(ctx.session, ctx.workspace_id, row.subject_id)
    asker = await get_member(ctx.session, ctx.workspace_id, question.member_id)
    announcement = await find_announcement(ctx.session, ctx.workspace_id, question.announcement_id)
    if announcement is None:
        return None
    sentence = ctx.say("{name} has a question about “{title}”.", name=asker.name, title=announcement.title)
    parts: list[Part] = [Words(sentence, Tone.STRONG), Written(question.text)]
    post = await find_posted(ctx.session, ctx.workspace_id, POST, known(announcement.id))
    if post is not None and post.link is not None:
        parts.append(Link(ctx.say("Answer in the thread"), post.link))
    else:
        parts.append(Words(ctx.say("This question has gone to you alone."), Tone.QUIET))
    return Message(sentence, tuple(parts))


def _kind_line(announcement: Announcement, say: Voice) -> str:
    if announcement.kind == AnnouncementKind.NEWS:
        return say("News")
    return say("Proposal: views are welcome in the thread") if announcement.is_proposal else say("Decision")


def _summary(announcement: Announcement, say: Voice) -> str:
    return say("Announcement: {title}", title=announcement.title)


def _answer_in_words(item: Item, answer: Answer, say: Voice) -> str:
    if item.key == REVIEW:
        return say.iso_day(answer.words)
    return answer.words


def _read_line(recipient: Recipient, say: Voice) -> str:
    if recipient.read_by == ReadBy.NOT_RELEVANT:
        return say("You have said that this is not relevant to you. Thank you for telling.")
    return say("You have read this. Thank you.")
