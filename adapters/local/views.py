"""What the pages show, gathered from the database and put into words: read by the templates, drawn for one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup

from adapters.local.chat import Here, base_of, viewer_of
from adapters.local.emoji import EMOJI
from adapters.local.markdown import written
from adapters.local.message_json import from_json
from adapters.local.rendering import At, render
from bot.context import PersonContext, known
from bot.texts import Voice
from storage.local_chat import (
    Replies,
    reactions_on,
    recent_messages,
    replies_to,
    seen_up_to,
    thread_messages,
)
from storage.people import get_members
from storage.tables import LocalMessage, Member

BOT_NAME = "Samlas"
# Messages of one person that follow each other within this stand under one name.
TOGETHER = timedelta(minutes=5)
HUES = 12
MOST_AVATARS = 4


@dataclass(frozen=True, slots=True)
class Face:
    """A person's picture: their initials on their colour. `hue` None is the bot's own mark."""

    name: str
    initials: str
    hue: int | None


BOT_FACE = Face(BOT_NAME, "", None)


@dataclass(frozen=True, slots=True)
class ReactionView:
    """One emoji on a message: who chose it, and whether this person did."""

    emoji: str
    label: str
    count: int
    is_mine: bool
    names: str


@dataclass(frozen=True, slots=True)
class RepliesView:
    """The line under a message that leads into its thread."""

    label: str
    last: str
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class MessageView:
    """One message as it is drawn."""

    id: int
    face: Face
    is_bot: bool
    is_whisper: bool
    continues: bool
    time: str
    moment: str
    # The day that begins with this message, in words.
    new_day: str | None
    begins_new: bool
    body: Markup
    reactions: tuple[ReactionView, ...]
    replies: RepliesView | None
    can_react: bool
    can_reply: bool


def face_of(member: Member) -> Face:
    """Return a person's picture; its colour is always the same."""
    words = member.name.split() or [member.external_id]
    initials = words[0][:1] + (words[-1][:1] if len(words) > 1 else "")
    # A step with no divisor in common with the number of colours: neighbours in a list look different.
    return Face(member.name or member.external_id, initials.upper(), known(member.id) * 5 % HUES)


async def log_of(ctx: PersonContext, here: Here, limit: int, new_after: int) -> list[MessageView]:
    """Return a conversation's newest messages, oldest first; what came after the message `new_after` is new."""
    stored = await recent_messages(ctx.session, ctx.workspace_id, here.conversation, ctx.member_id, limit)
    return await _views(ctx, here, stored, new_after, in_thread=False)


async def thread_of(ctx: PersonContext, here: Here, root: LocalMessage) -> list[MessageView]:
    """Return a thread: the message it stands under, then the replies."""
    replies = await thread_messages(ctx.session, ctx.workspace_id, known(root.id), ctx.member_id)
    return await _views(ctx, here, [root, *replies], new_after=None, in_thread=True)


async def seen_before(ctx: PersonContext, here: Here) -> int:
    """Return the id of the last message that the person had looked at here."""
    return await seen_up_to(ctx.session, ctx.workspace_id, ctx.member_id, here.conversation)


def day_in_words(day: date, today: date, say: Voice) -> str:
    """Return a day as a separator says it."""
    if day == today:
        return say("Today")
    if day == today - timedelta(days=1):
        return say("Yesterday")
    return say.weekday(day)


async def _views(
    ctx: PersonContext, here: Here, stored: Sequence[LocalMessage], new_after: int | None, *, in_thread: bool
) -> list[MessageView]:
    ids = [known(message.id) for message in stored]
    reactions = await reactions_on(ctx.session, ctx.workspace_id, ids)
    replies = {} if in_thread else await replies_to(ctx.session, ctx.workspace_id, ids)
    people = await _people(ctx, stored, reactions, replies)
    views: list[MessageView] = []
    before: LocalMessage | None = None
    new_has_begun = False
    for message in stored:
        message_id = known(message.id)
        new_day = _new_day(ctx, before, message) if not in_thread else None
        begins_new = (
            not new_has_begun
            and new_after is not None
            and message_id > new_after
            and message.author_id != ctx.member_id
            and message.only_for is None
        )
        new_has_begun = new_has_begun or begins_new
        is_open = here.channel is not None and here.is_member and message.only_for is None
        views.append(
            MessageView(
                id=message_id,
                face=_face(people, message.author_id),
                is_bot=message.author_id is None,
                is_whisper=message.only_for is not None,
                continues=new_day is None and not begins_new and _continues(before, message),
                time=ctx.say.clock_time(message.written_at),
                moment=ctx.say.moment(message.written_at),
                new_day=new_day,
                begins_new=begins_new,
                body=body_of(ctx, message),
                reactions=_reactions(ctx, reactions.get(message_id, {}), people),
                replies=_replies(ctx, replies.get(message_id), people),
                can_react=is_open,
                can_reply=is_open and not in_thread,
            )
        )
        before = message
    return views


def body_of(ctx: PersonContext, message: LocalMessage) -> Markup:
    """Return what a message says, as HTML."""
    if message.content is None:
        return Markup('<div class="written">{}</div>').format(written(message.text))
    return render(from_json(message.content), viewer_of(ctx), At(message=known(message.id)))


def preview_of(message: LocalMessage, longest: int = 90) -> str:
    """Return the beginning of a message in plain words."""
    words = " ".join((message.text if message.content is None else str(message.content["summary"])).split())
    return words if len(words) <= longest else f"{words[: longest - 1]}…"


async def _people(
    ctx: PersonContext,
    stored: Sequence[LocalMessage],
    reactions: dict[int, dict[str, list[int]]],
    replies: dict[int, Replies],
) -> dict[int, Member]:
    wanted = {message.author_id for message in stored}
    wanted.update(author for under in replies.values() for author in under.authors)
    wanted.update(member for by_emoji in reactions.values() for members in by_emoji.values() for member in members)
    found = await get_members(ctx.session, ctx.workspace_id, [member for member in wanted if member is not None])
    return {known(member.id): member for member in found}


def _face(people: dict[int, Member], author_id: int | None) -> Face:
    return BOT_FACE if author_id is None else face_of(people[author_id])


def _new_day(ctx: PersonContext, before: LocalMessage | None, message: LocalMessage) -> str | None:
    day = _local_day(ctx, message.written_at)
    if before is not None and _local_day(ctx, before.written_at) == day:
        return None
    return day_in_words(day, _local_day(ctx, ctx.now), ctx.say)


def _local_day(ctx: PersonContext, moment: datetime) -> date:
    return moment.astimezone(ctx.say.zone).date()


def _continues(before: LocalMessage | None, message: LocalMessage) -> bool:
    return (
        before is not None
        and message.author_id is not None
        and before.author_id == message.author_id
        and message.written_at - before.written_at < TOGETHER
    )


def _reactions(
    ctx: PersonContext, by_emoji: dict[str, list[int]], people: dict[int, Member]
) -> tuple[ReactionView, ...]:
    return tuple(
        ReactionView(
            emoji=emoji,
            label=ctx.say.say(EMOJI[emoji]),
            count=len(members),
            is_mine=ctx.member_id in members,
            names=ctx.say.listing([people[member].name for member in members]),
        )
        for emoji, members in by_emoji.items()
        if emoji in EMOJI
    )


def _replies(ctx: PersonContext, replies: Replies | None, people: dict[int, Member]) -> RepliesView | None:
    if replies is None:
        return None
    today, last_day = _local_day(ctx, ctx.now), _local_day(ctx, replies.last_at)
    last = ctx.say.clock_time(replies.last_at) if last_day == today else day_in_words(last_day, today, ctx.say)
    return RepliesView(
        label=ctx.say.many("{count} reply", "{count} replies", replies.count),
        last=last,
        faces=tuple(_face(people, author) for author in replies.authors[:MOST_AVATARS]),
    )


def link_to(person: str, here: Here) -> str:
    """Return the address of a conversation as one person sees it."""
    return base_of(person) + here.path
