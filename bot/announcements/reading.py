"""What readers do: confirm, ask, wave aside, take it back, reply and react. Each first sign is told to the picture."""

from dataclasses import replace
from datetime import timedelta

from bot.announcements.forms import ASKED, question_form
from bot.announcements.home_post import POST
from bot.announcements.life import published_or_refuse
from bot.announcements.picture import PICTURE
from bot.announcements.posts import ASK, COPY, NOT_RELEVANT, QUESTION, QUESTION_TOLD, READ, UNDO, copy_message
from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply, whisper
from bot.forms import read as read_form
from bot.intake import REACTED_TO_US, REPLIED_TO_US
from bot.messages import Button, Buttons, Message, Target, Words
from bot.taking_part import count, take_back
from bot.texts import text
from bot.topics.learning import learn, unlearn
from storage.announcements import VISIBLE, find_announcement
from storage.outbox import (
    Urgency,
    find_posted,
    posted_at_place,
    posted_to_member,
    refresh_posted,
    say_in_channel,
    say_to_member,
)
from storage.questions import add_question
from storage.recipients import PRESSES, find_recipient, mark_read, take_back_press
from storage.tables import Announcement, Kind, ReadBy, Recipient

# PRODUCT chapter 1, "Buttons": *I have read this* can be taken back this long.
UNDO_WITHIN = timedelta(minutes=5)
# What somebody has to say, and not merely that they have read.
_VIEWS = (ReadBy.ASKED, ReadBy.REPLIED)


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {
        READ: read,
        NOT_RELEVANT: not_relevant,
        UNDO: undo,
        ASK: ask,
        ASKED: question,
        REPLIED_TO_US: replied,
        REACTED_TO_US: reacted,
    }


async def read(ctx: PersonContext, event: Event) -> Reply:
    """Record *I have read this*."""
    return await _pressed(ctx, event, ReadBy.PRESSED, ctx.say("Noted: you have read this. Thank you."))


async def not_relevant(ctx: PersonContext, event: Event) -> Reply:
    """Record *Not relevant to me*, which counts as having read."""
    sentence = ctx.say("Noted: this is not relevant to you. Thank you for telling.")
    return await _pressed(ctx, event, ReadBy.NOT_RELEVANT, sentence)


async def undo(ctx: PersonContext, event: Event) -> Reply:
    """Take back a press, within five minutes. What else they did with it still counts as having read."""
    announcement = await published_or_refuse(ctx, event)
    announcement_id = known(announcement.id)
    before = await find_recipient(ctx.session, ctx.workspace_id, announcement_id, ctx.member_id)
    pressed_at = None if before is None else before.read_at
    pressed = None if before is None else before.read_by
    recipient = await take_back_press(
        ctx.session, ctx.workspace_id, announcement_id, ctx.member_id, read_since=ctx.now - UNDO_WITHIN
    )
    if recipient is None or pressed_at is None:
        raise Refused(text("There is nothing to take back any more: it can be done for five minutes."))
    if pressed is not None:
        await unlearn(ctx, announcement, ReadBy(pressed), pressed_at)
    if recipient.read_by is not None:
        await learn(ctx, announcement, ReadBy(recipient.read_by))
    if recipient.read_at is not None:
        sentence = ctx.say("Taken back. That you have answered or reacted still counts as having read.")
    else:
        await take_back(ctx, event, Kind.READ, pressed_at)
        sentence = ctx.say("Taken back.")
    await tell_picture(ctx, announcement)
    return await _answer(ctx, event, announcement, recipient, sentence)


async def read_elsewhere(ctx: PersonContext, event: Event, announcement_id: int) -> Message:
    """Record *I have read this*, pressed under something that leads to the announcement; returns what is said to that.

    Raises Refused where the announcement does not stand any more, or is not for the presser's eyes.
    """
    announcement = await published_or_refuse(ctx, replace(event, target=Target(announcement_id, 1)))
    await note_read(ctx, event, announcement, ReadBy.PRESSED)
    await refresh_copy(ctx, announcement)
    recipient = await find_recipient(ctx.session, ctx.workspace_id, announcement_id, ctx.member_id)
    return _noted(ctx, announcement, recipient, ctx.say("Noted: you have read this. Thank you."))


async def ask(ctx: PersonContext, event: Event) -> Reply:
    """Open the question's form."""
    return Reply(form=question_form(await published_or_refuse(ctx, event), ctx.say))


async def question(ctx: PersonContext, event: Event) -> Reply:
    """Put the question into the home post's thread; without a home post, tell only the author.

    Where it goes into the thread, the author is told when it stands there (bot/announcements/delivery.py).
    """
    announcement = await published_or_refuse(ctx, event)
    asked = read_form(question_form(announcement, ctx.say), event.values)["question"]
    announcement_id = known(announcement.id)
    question_id = await add_question(ctx.session, ctx.workspace_id, announcement_id, ctx.member_id, asked, ctx.now)
    await count(ctx, event, Kind.QUESTION)
    await note_read(ctx, event, announcement, ReadBy.ASKED)
    await refresh_copy(ctx, announcement)
    if await put_in_thread(ctx, announcement, question_id):
        said = whisper(ctx.say("Your question is in the thread, and the author is told."))
    else:
        await tell_author(ctx, announcement, question_id)
        said = whisper(ctx.say("Your question has gone to the author."))
    return Reply(close=True, whisper=said.whisper)


async def put_in_thread(ctx: PersonContext, announcement: Announcement, question_id: int) -> bool:
    """Put a question or a reply into the home post's thread; False where there is none.

    The author is told when it stands there (bot/announcements/delivery.py).
    """
    home = await find_posted(ctx.session, ctx.workspace_id, POST, known(announcement.id))
    if home is None or home.channel_id is None:
        return False
    await say_in_channel(
        ctx.session,
        ctx.workspace_id,
        home.channel_id,
        QUESTION,
        question_id,
        now=ctx.now,
        urgency=Urgency.ANSWER,
        thread_id=home.id,
    )
    return True


async def tell_author(ctx: PersonContext, announcement: Announcement, question_id: int) -> None:
    """Tell a question or a reply to the author alone."""
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        announcement.author_id,
        QUESTION_TOLD,
        question_id,
        now=ctx.now,
        urgency=Urgency.ANSWER,
        resend_if_unknown=True,
    )


async def replied(ctx: PersonContext, event: Event) -> Reply:
    """Count a reply in a home post's thread as having read."""
    await _sign_at_home(ctx, event, event.place.thread, ReadBy.REPLIED)
    return Reply()


async def reacted(ctx: PersonContext, event: Event) -> Reply:
    """Count a reaction on a home post, or on one's own copy where a platform tells of it, as having read."""
    await _sign_at_home(ctx, event, event.place.message, ReadBy.REACTED)
    return Reply()


async def _sign_at_home(ctx: PersonContext, event: Event, key: str | None, by: ReadBy) -> None:
    if key is None:
        return
    if event.place.channel is None:
        posted = await posted_to_member(ctx.session, ctx.workspace_id, ctx.member_id, key)
    else:
        posted = await posted_at_place(ctx.session, ctx.workspace_id, event.place.channel, key)
    if posted is None or posted.message not in (POST, COPY) or posted.member_id not in (None, ctx.member_id):
        return
    announcement = await find_announcement(ctx.session, ctx.workspace_id, posted.subject_id)
    # What stands of one that was withdrawn tells who did that, and no more: to react to that is no reading.
    if announcement is not None and announcement.state in VISIBLE:
        await note_read(ctx, event, announcement, by)
        await refresh_copy(ctx, announcement)


async def _pressed(ctx: PersonContext, event: Event, by: ReadBy, noted: str) -> Reply:
    """Record a press, and say so; to somebody it is not for, say that there was nothing to note."""
    announcement = await published_or_refuse(ctx, event)
    await note_read(ctx, event, announcement, by)
    recipient = await find_recipient(ctx.session, ctx.workspace_id, known(announcement.id), ctx.member_id)
    if recipient is None:
        noted = ctx.say("Thank you. You are not among those this is for, so there is nothing to note.")
    return await _answer(ctx, event, announcement, recipient, noted)


async def note_read(ctx: PersonContext, event: Event, announcement: Announcement, by: ReadBy) -> None:
    """Record a sign of having read; the first is counted, and told to the author's picture, as is each view."""
    first = await mark_read(ctx.session, ctx.workspace_id, announcement, ctx.member_id, ctx.now, by)
    if first:
        await count(ctx, event, Kind.READ)
        await learn(ctx, announcement, by)
    if first or (announcement.is_proposal and by in _VIEWS):
        await tell_picture(ctx, announcement)


async def tell_picture(ctx: PersonContext, announcement: Announcement) -> None:
    """Have the author's card show what has changed."""
    await refresh_posted(ctx.session, ctx.workspace_id, PICTURE, known(announcement.id), now=ctx.now)


async def refresh_copy(ctx: PersonContext, announcement: Announcement) -> None:
    """Have this reader's copy show what they did elsewhere."""
    await refresh_posted(
        ctx.session, ctx.workspace_id, COPY, known(announcement.id), now=ctx.now, member_id=ctx.member_id
    )


async def _answer(
    ctx: PersonContext, event: Event, announcement: Announcement, recipient: Recipient | None, sentence: str
) -> Reply:
    """Say what was noted where it was pressed: in a copy by the copy itself, on the shared post by a whisper."""
    answer = _noted(ctx, announcement, recipient, sentence)
    if event.place.channel is not None:
        await refresh_copy(ctx, announcement)
        return Reply(whisper=answer)
    fresh = await copy_message(ctx, announcement, recipient)
    return Reply(refreshed=Message(fresh.summary, (*fresh.parts, *answer.parts[1:])))


def _noted(ctx: PersonContext, announcement: Announcement, recipient: Recipient | None, sentence: str) -> Message:
    can_undo = (
        recipient is not None
        and recipient.read_at is not None
        and recipient.read_by in PRESSES
        and recipient.read_at > ctx.now - UNDO_WITHIN
    )
    take_it_back = Button(ctx.say("Undo"), UNDO, Target(known(announcement.id), announcement.revision))
    return Message(sentence, (Words(sentence), *((Buttons((take_it_back,)),) if can_undo else ())))
