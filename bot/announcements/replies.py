"""A reply to a direct-message copy: seen by nobody until its writer has chosen what becomes of it."""

from datetime import timedelta

from bot.announcements.home_post import POST
from bot.announcements.images import SENT, sent_picture
from bot.announcements.life import speaker_name, words_of, writer_name
from bot.announcements.posts import COPY
from bot.announcements.reading import note_read, put_in_thread, refresh_copy, tell_author, tell_picture
from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, Reply
from bot.messages import Button, Buttons, Message, Part, Style, Target, Tone, Words, Written
from bot.texts import text
from storage.announcements import VISIBLE, find_announcement
from storage.outbox import find_posted, last_said_to, posted_to_member
from storage.questions import add_question, forget_waiting_reply, take_waiting_reply
from storage.tables import Announcement, Question, ReadBy

# What the writer of a reply can press.
IN_THREAD = "reply.in_thread"
TO_AUTHOR = "reply.to_author"
NOTHING = "reply.nothing"

LONGEST_REPLY = 3000
# Where the platform does not tell what was replied to: the last thing we said, if it was not longer ago than this.
FOLLOWS_WITHIN = timedelta(days=7)


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {IN_THREAD: in_thread, TO_AUTHOR: to_author, NOTHING: nothing}


async def wrote_to_bot(ctx: PersonContext, event: Event) -> Reply | None:
    """Keep a reply to a copy for its writer's choice, which counts as having read; None for all else.

    A picture waits for its announcement.
    """
    if SENT in event.files:
        return await sent_picture(ctx, event)
    announcement = await _replied_to(ctx, event)
    words = event.text.strip()
    if announcement is None or not words:
        return None
    if len(words) > LONGEST_REPLY:
        raise Refused(text("At most {count} characters in a reply, please.", count=LONGEST_REPLY))
    announcement_id = known(announcement.id)
    reply_id = await add_question(
        ctx.session, ctx.workspace_id, announcement_id, ctx.member_id, words, ctx.now, is_reply=True
    )
    await note_read(ctx, event, announcement, ReadBy.WROTE_BACK)
    await refresh_copy(ctx, announcement)
    say, target = ctx.say, Target(reply_id, 1)
    title = (await words_of(ctx, announcement)).title
    sentence = say("Nobody else sees what you wrote about “{title}” until you choose.", title=title)
    choices = [Button(say("Only to the author"), TO_AUTHOR, target), Button(say("Nothing"), NOTHING, target)]
    if await find_posted(ctx.session, ctx.workspace_id, POST, announcement_id) is not None:
        choices.insert(0, Button(say("Post in the thread under my name"), IN_THREAD, target, Style.PRIMARY))
    parts: list[Part] = [Words(sentence, Tone.STRONG), Written(words)]
    if announcement.behalf_of_id is not None:
        writer, name = await writer_name(ctx, announcement), await speaker_name(ctx, announcement)
        told = say("The author is {writer}, who wrote it on behalf of {name}.", writer=writer, name=name)
        parts.append(Words(told, Tone.QUIET))
    return Reply(whisper=Message(sentence, (*parts, Buttons(tuple(choices)))))


async def in_thread(ctx: PersonContext, event: Event) -> Reply:
    """Post the reply under the announcement, with its writer's name."""
    reply, announcement = await _chosen(ctx, event, in_thread=True)
    if await put_in_thread(ctx, announcement, known(reply.id)):
        return _done(ctx.say("Your reply is in the thread, under your name."))
    await tell_author(ctx, announcement, known(reply.id))
    return _done(ctx.say("There is no thread any more, so your reply has gone to the author alone."))


async def to_author(ctx: PersonContext, event: Event) -> Reply:
    """Give the reply to the author and nobody else."""
    reply, announcement = await _chosen(ctx, event, in_thread=False)
    await tell_author(ctx, announcement, known(reply.id))
    return _done(ctx.say("Your reply has gone to the author alone."))


async def nothing(ctx: PersonContext, event: Event) -> Reply:
    """Forget the reply."""
    if event.target is None or not await forget_waiting_reply(
        ctx.session, ctx.workspace_id, event.target.row, ctx.member_id
    ):
        raise Refused(_CHOSEN)
    return _done(ctx.say("Nobody has seen it, and it is forgotten."))


async def _replied_to(ctx: PersonContext, event: Event) -> Announcement | None:
    """Return the announcement whose copy somebody has written under, as long as it is out."""
    key = event.place.thread
    if key is None:
        since = ctx.now - FOLLOWS_WITHIN
        posted = await last_said_to(ctx.session, ctx.workspace_id, ctx.member_id, since=since)
    else:
        posted = await posted_to_member(ctx.session, ctx.workspace_id, ctx.member_id, key)
    if posted is None or posted.message != COPY:
        return None
    announcement = await find_announcement(ctx.session, ctx.workspace_id, posted.subject_id)
    return announcement if announcement is not None and announcement.state in VISIBLE else None


async def _chosen(ctx: PersonContext, event: Event, *, in_thread: bool) -> tuple[Question, Announcement]:
    """Return the presser's own reply, for which they have not chosen before, and what it is about.

    Raises Refused for another's, for one chosen about already, and once the announcement was withdrawn.
    """
    reply = None
    if event.target is not None:
        reply = await take_waiting_reply(
            ctx.session, ctx.workspace_id, event.target.row, ctx.member_id, in_thread=in_thread
        )
    if reply is None:
        raise Refused(_CHOSEN)
    announcement = await find_announcement(ctx.session, ctx.workspace_id, reply.announcement_id)
    if announcement is None or announcement.state not in VISIBLE:
        raise Refused(text("The announcement was withdrawn meanwhile, so your reply stays with you."))
    if announcement.is_proposal:
        await tell_picture(ctx, announcement)
    return reply, announcement


def _done(sentence: str) -> Reply:
    return Reply(refreshed=Message(sentence, (Words(sentence),)))


_CHOSEN = text("There is no reply here any more for which to choose.")
