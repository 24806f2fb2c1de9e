"""What readers do: confirm, ask, wave aside, take it back, reply and react. Each first sign is told to the picture."""

from datetime import timedelta

from bot.announcements.forms import question_form
from bot.announcements.life import published
from bot.announcements.picture import PICTURE
from bot.announcements.posts import POST, QUESTION, QUESTION_TOLD, copy_message
from bot.context import PersonContext, known
from bot.errors import BadInput, Refused
from bot.events import Event, Reply, whisper
from bot.messages import Button, Buttons, Message, Target, Words
from bot.taking_part import count, take_back
from bot.texts import text
from storage.announcements import (
    add_question,
    find_announcement,
    find_recipient,
    mark_read,
    take_back_read,
)
from storage.outbox import (
    Urgency,
    find_posted,
    posted_at_place,
    refresh_posted,
    say_in_channel,
    say_to_member,
)
from storage.tables import Announcement, Kind, ReadBy

# PRODUCT chapter 1, "Buttons": *I have read this* can be taken back this long.
UNDO_WITHIN = timedelta(minutes=5)
LONGEST_QUESTION = 3000


async def read(ctx: PersonContext, event: Event) -> Reply:
    """Record *I have read this*."""
    announcement = await published(ctx, event)
    await _note_read(ctx, event, announcement, ReadBy.PRESSED)
    return await _answer(ctx, event, announcement, ctx.say("Noted: you have read this. Thank you."))


async def not_relevant(ctx: PersonContext, event: Event) -> Reply:
    """Record *Not relevant to me*, which counts as having read."""
    announcement = await published(ctx, event)
    await _note_read(ctx, event, announcement, ReadBy.NOT_RELEVANT)
    return await _answer(
        ctx, event, announcement, ctx.say("Noted: this is not relevant to you. Thank you for telling.")
    )


async def undo(ctx: PersonContext, event: Event) -> Reply:
    """Take back a press, within five minutes."""
    announcement = await published(ctx, event)
    before = await find_recipient(ctx.session, ctx.workspace_id, known(announcement.id), ctx.member_id)
    taken_back = await take_back_read(
        ctx.session,
        ctx.workspace_id,
        known(announcement.id),
        ctx.member_id,
        read_since=ctx.now - UNDO_WITHIN,
    )
    if not taken_back or before is None or before.read_at is None:
        raise Refused(text("There is nothing to take back any more: it can be done for five minutes."))
    await take_back(ctx, event, Kind.READ, before.read_at)
    await _tell_picture(ctx, announcement)
    return await _answer(ctx, event, announcement, ctx.say("Taken back."))


async def ask(ctx: PersonContext, event: Event) -> Reply:
    """Open the question's form."""
    return Reply(form=question_form(await published(ctx, event), ctx.say))


async def question(ctx: PersonContext, event: Event) -> Reply:
    """Put the question into the home post's thread and tell the author; without a home post, tell only the author."""
    announcement = await published(ctx, event)
    asked = event.values.get("question", "").strip()
    if not asked:
        raise BadInput({"question": text("Please write your question.")})
    if len(asked) > LONGEST_QUESTION:
        raise BadInput({"question": text("At most {count} characters, please.", count=LONGEST_QUESTION)})
    announcement_id = known(announcement.id)
    question_id = await add_question(ctx.session, ctx.workspace_id, announcement_id, ctx.member_id, asked, ctx.now)
    await count(ctx, event, Kind.QUESTION)
    await _note_read(ctx, event, announcement, ReadBy.ASKED)
    home = await find_posted(ctx.session, ctx.workspace_id, POST, announcement_id)
    if home is not None and home.channel_id is not None:
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
    said = whisper(
        ctx.say("Your question is in the thread, and the author is told.")
        if home is not None
        else ctx.say("Your question has gone to the author.")
    )
    return Reply(close=True, whisper=said.whisper)


async def replied(ctx: PersonContext, event: Event) -> Reply:
    """Count a reply in a home post's thread as having read."""
    await _sign_at_home(ctx, event, event.place.thread, ReadBy.REPLIED)
    return Reply()


async def reacted(ctx: PersonContext, event: Event) -> Reply:
    """Count a reaction on a home post as having read."""
    await _sign_at_home(ctx, event, event.place.message, ReadBy.REACTED)
    return Reply()


async def _sign_at_home(ctx: PersonContext, event: Event, key: str | None, by: ReadBy) -> None:
    if event.place.channel is None or key is None:
        return
    posted = await posted_at_place(ctx.session, ctx.workspace_id, event.place.channel, key)
    if posted is None or posted.message != POST:
        return
    announcement = await find_announcement(ctx.session, ctx.workspace_id, posted.subject_id)
    if announcement is not None:
        await _note_read(ctx, event, announcement, by)


async def _note_read(ctx: PersonContext, event: Event, announcement: Announcement, by: ReadBy) -> None:
    first = await mark_read(ctx.session, ctx.workspace_id, announcement, ctx.member_id, ctx.now, by)
    if first:
        await count(ctx, event, Kind.READ)
        await _tell_picture(ctx, announcement)


async def _tell_picture(ctx: PersonContext, announcement: Announcement) -> None:
    await refresh_posted(ctx.session, ctx.workspace_id, PICTURE, known(announcement.id), now=ctx.now)


async def _answer(ctx: PersonContext, event: Event, announcement: Announcement, sentence: str) -> Reply:
    """Say what was noted where it was pressed: in a copy by the copy itself, on the shared post by a whisper."""
    recipient = await find_recipient(ctx.session, ctx.workspace_id, known(announcement.id), ctx.member_id)
    can_undo = (
        recipient is not None
        and recipient.read_at is not None
        and recipient.read_by in (ReadBy.PRESSED, ReadBy.NOT_RELEVANT)
        and recipient.read_at > ctx.now - UNDO_WITHIN
    )
    take_it_back = Button(ctx.say("Undo"), "announcement.undo", Target(known(announcement.id), announcement.revision))
    answer = Message(sentence, (Words(sentence), *((Buttons((take_it_back,)),) if can_undo else ())))
    if event.place.channel is not None:
        return Reply(whisper=answer)
    fresh = await copy_message(ctx, announcement, recipient)
    return Reply(refreshed=Message(fresh.summary, (*fresh.parts, *answer.parts[1:])))
