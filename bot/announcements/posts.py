"""How an announcement looks: on its home post, in a copy, and in the preview before either exists."""

from collections.abc import Mapping

from bot.announcements.audience import audience_in_words
from bot.announcements.home_post import link_to_post
from bot.announcements.images import shown_picture
from bot.announcements.life import author_name, speaker_name, words_of, writer_name
from bot.announcements.relations import relation_parts
from bot.announcements.wording import in_order
from bot.context import Context, PersonContext, known
from bot.decisions.checklist import ItemKind, answer_in_words
from bot.decisions.standing import Standing, standing_of
from bot.messages import (
    Button,
    Buttons,
    Divider,
    Field,
    Fields,
    Heading,
    Message,
    Part,
    Style,
    Target,
    Tone,
    Words,
    Written,
)
from bot.names import shown_name
from bot.reasons import reason_of
from bot.texts import Voice
from bot.topics.listing import topics_line
from storage.announcements import Wording, find_announcement, wordings_of
from storage.people import get_member
from storage.questions import get_question
from storage.recipients import find_recipient
from storage.steps import last_step_to
from storage.tables import Announcement, AnnouncementKind, AnnouncementState, Outbox, ReadBy, Recipient

COPY = "announcement.copy"
QUESTION = "announcement.question"
QUESTION_TOLD = "announcement.question_told"
QUESTION_ALONE = "announcement.question_alone"

# What a reader can press; bot/announcements/reading.py answers.
READ = "announcement.read"
NOT_RELEVANT = "announcement.not_relevant"
UNDO = "announcement.undo"
ASK = "announcement.ask"


async def announcement_parts(
    ctx: Context,
    announcement: Announcement,
    *,
    in_all_languages: bool = False,
    wordings: Mapping[str, Wording] | None = None,
) -> list[Part]:
    """Return an announcement as readers see it, without its buttons: in this reader's language, or in all it has.

    With `wordings`, as it would look if it said that, in all languages.
    """
    say = ctx.say
    parts: list[Part] = [Words(_kind_line(announcement, say), Tone.QUIET)]
    if wordings is not None:
        shown = in_order(wordings, ctx.settings.language)
    else:
        shown = await _wordings(ctx, announcement) if in_all_languages else [await words_of(ctx, announcement)]
    alt = " / ".join(words.alt for words in shown if words.alt)
    for number, words in enumerate(shown):
        # One picture, in whichever languages it is told.
        picture = [] if number else await shown_picture(ctx, announcement, alt)
        parts.extend([*([Divider()] if number else []), Heading(words.title), *picture, Written(words.text)])
    standing = await standing_of(ctx, announcement)
    if standing is not None:
        parts.extend(decision_parts(standing, say))
        parts.extend(await relation_parts(ctx, announcement))
    if announcement.why_open:
        parts.append(Words(say("Published with this open because: {why}", why=announcement.why_open)))
    if announcement.confirm:
        parts.append(
            Words(
                say(
                    "{author} asks you to confirm that you have read this, and sees who has.",
                    author=await speaker_name(ctx, announcement),
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
    parts.extend(await topics_line(ctx, announcement))
    if announcement.edited_at is not None:
        parts.append(Words(say("Edited {moment}", moment=announcement.edited_at), Tone.QUIET))
    return parts


def decision_parts(standing: Standing, say: Voice) -> list[Part]:
    """Return what stands on a decision's post: its outcome, the answers meant for it, and what is open."""
    parts: list[Part] = [Words(say.say(standing.line), Tone.STRONG)]
    on_post = [item for item in standing.items if item.on_post]
    shown = tuple(
        Field(item.label(say), answer_in_words(item, standing.answers[item.key], say))
        for item in on_post
        # How it is anchored is what the line says.
        if item.kind is not ItemKind.ANCHORING and item.key in standing.answers
    )
    if shown:
        parts.append(Fields(shown))
    open_questions = [item.label(say) for item in on_post if item.key in standing.open_questions]
    if open_questions:
        parts.append(Words(say("Open questions: {items}", items="; ".join(open_questions)), Tone.QUIET))
    return parts


def reader_buttons(announcement: Announcement, recipient: Recipient | None, say: Voice) -> list[Part]:
    """Return what a reader can press; in a copy, whoever has read sees so instead of being asked again."""
    target = Target(known(announcement.id), announcement.revision)
    ask = Button(say("Ask a question"), ASK, target, opens_form=True)
    if recipient is not None and recipient.read_at is not None:
        return [Words(_read_line(recipient, say), Tone.QUIET), Buttons((ask,))]
    read = Button(say("I have read this"), READ, target, Style.PRIMARY)
    not_relevant = Button(say("Not relevant to me"), NOT_RELEVANT, target)
    return [Buttons((read, ask, not_relevant))]


async def withdrawn_message(ctx: Context, announcement: Announcement) -> Message:
    """Return what stands where a withdrawn announcement stood: its title, by whom it was withdrawn, and why."""
    title = (await words_of(ctx, announcement)).title
    if not isinstance(ctx, PersonContext):
        title = " / ".join(words.title for words in await _wordings(ctx, announcement))
    parts: list[Part] = [
        Words(ctx.say("Withdrawn"), Tone.QUIET),
        Heading(title),
        Words(await withdrawn_line(ctx, announcement)),
    ]
    return Message(ctx.say("Withdrawn: {title}", title=title), tuple(parts))


async def withdrawn_line(ctx: Context, announcement: Announcement) -> str:
    """Return by whom an announcement was withdrawn, and why."""
    step = await last_step_to(ctx.session, ctx.workspace_id, known(announcement.id), AnnouncementState.WITHDRAWN)
    if step is None or step.by_member_id is None:
        return ctx.say("This was withdrawn.")
    name = shown_name(await get_member(ctx.session, ctx.workspace_id, step.by_member_id), ctx.say)
    return ctx.say("{name} has withdrawn this: {why}", name=name, why=step.why)


async def compose_post(ctx: Context, row: Outbox) -> Message | None:
    """Make the home post; None for one that was withdrawn before it stood."""
    announcement = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    if announcement is None:
        return None
    if announcement.state == AnnouncementState.WITHDRAWN:
        return None if row.posted_id is None else await withdrawn_message(ctx, announcement)
    parts = await announcement_parts(ctx, announcement, in_all_languages=True)
    titles = " / ".join(words.title for words in await _wordings(ctx, announcement))
    summary = ctx.say("Announcement: {title}", title=titles)
    return Message(summary, (*parts, *reader_buttons(announcement, None, ctx.say)))


async def compose_copy(ctx: Context, row: Outbox) -> Message | None:
    """Make one reader's copy.

    None before it was sent: for somebody who has read it at its home, and of one that was withdrawn meanwhile.
    """
    announcement = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    if announcement is None or not isinstance(ctx, PersonContext):
        return None
    if announcement.state == AnnouncementState.WITHDRAWN:
        return None if row.posted_id is None else await withdrawn_message(ctx, announcement)
    recipient = await find_recipient(ctx.session, ctx.workspace_id, row.subject_id, ctx.member_id)
    if row.posted_id is None and recipient is not None and recipient.read_at is not None:
        return None
    return await copy_message(ctx, announcement, recipient)


async def copy_message(ctx: PersonContext, announcement: Announcement, recipient: Recipient | None) -> Message:
    """Return a reader's copy as it stands for them."""
    parts = await announcement_parts(ctx, announcement)
    label = ctx.say("See it where the questions and answers are")
    parts.extend(await link_to_post(ctx, known(announcement.id), label))
    parts.extend(reader_buttons(announcement, recipient, ctx.say))
    summary = ctx.say("Announcement: {title}", title=(await words_of(ctx, announcement)).title)
    return Message(summary, tuple(parts))


async def compose_question(ctx: Context, row: Outbox) -> Message | None:
    """Make the question as it stands in the home post's thread."""
    question = await get_question(ctx.session, ctx.workspace_id, row.subject_id)
    asker = await get_member(ctx.session, ctx.workspace_id, question.member_id)
    name = shown_name(asker, ctx.say)
    sentence = ctx.say("{name} replies:", name=name) if question.is_reply else ctx.say("{name} asks:", name=name)
    return Message(sentence, (Words(sentence, Tone.STRONG), Written(question.text)))


async def compose_question_told(ctx: Context, row: Outbox) -> Message | None:
    """Tell the author of a question, with the way to the thread where it can be answered."""
    question = await get_question(ctx.session, ctx.workspace_id, row.subject_id)
    asker = await get_member(ctx.session, ctx.workspace_id, question.member_id)
    announcement = await find_announcement(ctx.session, ctx.workspace_id, question.announcement_id)
    if announcement is None:
        return None
    title = (await words_of(ctx, announcement)).title
    name = shown_name(asker, ctx.say)
    sentence = (
        ctx.say("{name} has replied to “{title}”.", name=name, title=title)
        if question.is_reply
        else ctx.say("{name} has a question about “{title}”.", name=name, title=title)
    )
    parts: list[Part] = [Words(sentence, Tone.STRONG), Written(question.text)]
    failure = reason_of(question.failure)
    link = await link_to_post(ctx, question.announcement_id, ctx.say("Answer in the thread"))
    if failure is not None:
        told = ctx.say("It could not be posted in the thread, so it has gone to you alone. {reason}", reason=failure)
        parts.append(Words(told, Tone.QUIET))
    elif question.in_thread and link:
        parts.extend(link)
    else:
        parts.append(Words(ctx.say("This has gone to you alone."), Tone.QUIET))
    return Message(sentence, tuple(parts))


async def compose_question_alone(ctx: Context, row: Outbox) -> Message | None:
    """Tell the asker that their question is not in the thread after all."""
    question = await get_question(ctx.session, ctx.workspace_id, row.subject_id)
    announcement = await find_announcement(ctx.session, ctx.workspace_id, question.announcement_id)
    if announcement is None:
        return None
    title, author = (await words_of(ctx, announcement)).title, await writer_name(ctx, announcement)
    sentence = (
        ctx.say(
            "Your reply to “{title}” could not be posted in the thread, so it has gone to {author} alone.",
            title=title,
            author=author,
        )
        if question.is_reply
        else ctx.say(
            "Your question about “{title}” could not be posted in the thread, so it has gone to {author} alone.",
            title=title,
            author=author,
        )
    )
    return Message(sentence, (Words(sentence), Written(question.text)))


def kind_in_words(kind: str, say: Voice) -> str:
    """Return what is announced, in a word."""
    return say("News") if kind == AnnouncementKind.NEWS else say("A decision")


def _kind_line(announcement: Announcement, say: Voice) -> str:
    if announcement.kind == AnnouncementKind.NEWS:
        return say("News")
    return say("Proposal: views are welcome in the thread") if announcement.is_proposal else say("Decision")


async def _wordings(ctx: Context, announcement: Announcement) -> list[Wording]:
    """Return every wording, the one in the organisation's language first."""
    return in_order(await wordings_of(ctx.session, ctx.workspace_id, announcement), ctx.settings.language)


def _read_line(recipient: Recipient, say: Voice) -> str:
    if recipient.read_by == ReadBy.NOT_RELEVANT:
        return say("You have said that this is not relevant to you. Thank you for telling.")
    return say("You have read this. Thank you.")
