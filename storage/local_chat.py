"""The queries of the local web chat, which plays the platform: what was written, reacted to and looked at.

Called by adapters/local alone. Unlike the bot, this chat keeps what people write.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, literal
from sqlmodel import col, delete, or_, select, update

from storage.database import Session
from storage.dialect import greatest, insert
from storage.people import add_channel_members, find_channel
from storage.tables import Channel, ChannelMember, LocalMessage, LocalReaction, LocalSeen

# What the name of a conversation that several people have with the bot begins with; no channel has it.
TOGETHER = "+"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A channel, or the direct conversation between a member and the bot; exactly one is set."""

    channel_id: int | None = None
    direct_with: int | None = None

    @property
    def place(self) -> str:
        """The name under which it is kept how far somebody has looked."""
        return "direct" if self.channel_id is None else f"channel:{self.channel_id}"


@dataclass(frozen=True, slots=True)
class Replies:
    """What stands under a message: how many replies, the last one's time, and who wrote (None: the bot)."""

    count: int
    last_at: datetime
    authors: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """A conversation with something new for a member: how many messages, and the newest one."""

    conversation: Conversation
    count: int
    newest: LocalMessage


async def add_message(
    session: Session,
    workspace_id: int,
    conversation: Conversation,
    *,
    now: datetime,
    author_id: int | None = None,
    text: str = "",
    content: Mapping[str, Any] | None = None,
    thread_of: int | None = None,
    only_for: int | None = None,
    delivery_id: str | None = None,
) -> LocalMessage:
    """Store a message and return it; one with a delivery id that is there already is returned as it stands."""
    if delivery_id is not None:
        standing = await find_delivered(session, workspace_id, delivery_id)
        if standing is not None:
            return standing
    message = LocalMessage(
        workspace_id=workspace_id,
        channel_id=conversation.channel_id,
        direct_with=conversation.direct_with,
        thread_of=thread_of,
        author_id=author_id,
        only_for=only_for,
        text=text,
        content=dict(content) if content is not None else None,
        delivery_id=delivery_id,
        written_at=now,
    )
    session.add(message)
    await session.flush()
    return message


async def find_delivered(session: Session, workspace_id: int, delivery_id: str) -> LocalMessage | None:
    """Return the message that was stored under a delivery id."""
    found = await session.execute(
        select(LocalMessage).where(LocalMessage.workspace_id == workspace_id, LocalMessage.delivery_id == delivery_id)
    )
    return found.scalar_one_or_none()


async def find_message(session: Session, workspace_id: int, message_id: int) -> LocalMessage | None:
    """Return a message of this workspace by row id."""
    found = await session.execute(
        select(LocalMessage).where(LocalMessage.workspace_id == workspace_id, col(LocalMessage.id) == message_id)
    )
    return found.scalar_one_or_none()


async def change_content(
    session: Session, workspace_id: int, message_id: int, content: Mapping[str, Any], now: datetime
) -> bool:
    """Change what a message of the bot says; False when there is none."""
    changed = await session.execute(
        update(LocalMessage)
        .where(
            col(LocalMessage.workspace_id) == workspace_id,
            col(LocalMessage.id) == message_id,
            col(LocalMessage.author_id).is_(None),
        )
        .values(content=dict(content), edited_at=now)
        .returning(col(LocalMessage.id))
    )
    return changed.first() is not None


async def dismiss_whisper(session: Session, workspace_id: int, member_id: int, message_id: int) -> bool:
    """Remove what only this member sees; False when it is not theirs, or not a whisper."""
    removed = await session.execute(
        delete(LocalMessage)
        .where(
            col(LocalMessage.workspace_id) == workspace_id,
            col(LocalMessage.id) == message_id,
            col(LocalMessage.only_for) == member_id,
        )
        .returning(col(LocalMessage.id))
    )
    return removed.first() is not None


async def recent_messages(
    session: Session, workspace_id: int, conversation: Conversation, viewer_id: int, limit: int
) -> list[LocalMessage]:
    """Return the newest messages of a conversation that a member may see, oldest first; no thread replies."""
    found = await session.execute(
        select(LocalMessage)
        .where(
            LocalMessage.workspace_id == workspace_id,
            _in(conversation),
            col(LocalMessage.thread_of).is_(None),
            _visible_to(viewer_id),
        )
        .order_by(col(LocalMessage.id).desc())
        .limit(limit)
    )
    return list(reversed(found.scalars().all()))


async def thread_messages(session: Session, workspace_id: int, root_id: int, viewer_id: int) -> Sequence[LocalMessage]:
    """Return what stands under a message and a member may see, oldest first."""
    found = await session.execute(
        select(LocalMessage)
        .where(
            LocalMessage.workspace_id == workspace_id,
            LocalMessage.thread_of == root_id,
            _visible_to(viewer_id),
        )
        .order_by(col(LocalMessage.id))
    )
    return found.scalars().all()


async def replies_to(session: Session, workspace_id: int, message_ids: Collection[int]) -> dict[int, Replies]:
    """Return what stands under each of the messages; whispers are nobody's replies."""
    found = await session.execute(
        select(LocalMessage.thread_of, LocalMessage.author_id, LocalMessage.written_at)
        .where(
            LocalMessage.workspace_id == workspace_id,
            col(LocalMessage.thread_of).in_(message_ids),
            col(LocalMessage.only_for).is_(None),
        )
        .order_by(col(LocalMessage.id))
    )
    gathered: dict[int, list[tuple[int | None, datetime]]] = {}
    for root_id, author_id, written_at in found.all():
        if root_id is not None:
            gathered.setdefault(root_id, []).append((author_id, written_at))
    return {
        root_id: Replies(len(written), written[-1][1], tuple(dict.fromkeys(author for author, _ in written)))
        for root_id, written in gathered.items()
    }


async def react(session: Session, workspace_id: int, message_id: int, member_id: int, emoji: str) -> None:
    """Put a member's emoji on a message; once is enough."""
    await session.execute(
        insert(LocalReaction)
        .values(workspace_id=workspace_id, message_id=message_id, member_id=member_id, emoji=emoji)
        .on_conflict_do_nothing()
    )


async def unreact(session: Session, workspace_id: int, message_id: int, member_id: int, emoji: str) -> None:
    """Take a member's emoji off a message."""
    await session.execute(
        delete(LocalReaction).where(
            col(LocalReaction.workspace_id) == workspace_id,
            col(LocalReaction.message_id) == message_id,
            col(LocalReaction.member_id) == member_id,
            col(LocalReaction.emoji) == emoji,
        )
    )


async def reactions_on(
    session: Session, workspace_id: int, message_ids: Collection[int]
) -> dict[int, dict[str, list[int]]]:
    """Return, by message and emoji, the members who have reacted."""
    found = await session.execute(
        select(LocalReaction)
        .where(LocalReaction.workspace_id == workspace_id, col(LocalReaction.message_id).in_(message_ids))
        .order_by(col(LocalReaction.emoji), col(LocalReaction.member_id))
    )
    gathered: dict[int, dict[str, list[int]]] = {}
    for reaction in found.scalars():
        gathered.setdefault(reaction.message_id, {}).setdefault(reaction.emoji, []).append(reaction.member_id)
    return gathered


async def seen_up_to(session: Session, workspace_id: int, member_id: int, conversation: Conversation) -> int:
    """Return the row id of the last message that a member has looked at in a conversation; 0 for none."""
    found = await session.execute(
        select(LocalSeen.last_message_id).where(
            LocalSeen.workspace_id == workspace_id,
            LocalSeen.member_id == member_id,
            LocalSeen.place == conversation.place,
        )
    )
    return found.scalar_one_or_none() or 0


async def newest_in(session: Session, workspace_id: int, conversation: Conversation) -> int:
    """Return the row id of a conversation's newest message, thread replies included; 0 for none."""
    found = await session.execute(
        select(func.max(LocalMessage.id)).where(LocalMessage.workspace_id == workspace_id, _in(conversation))
    )
    return found.scalar_one_or_none() or 0


async def note_seen(
    session: Session, workspace_id: int, member_id: int, conversation: Conversation, message_id: int
) -> None:
    """Keep that a member has looked at a conversation as far as that message."""
    statement = insert(LocalSeen).values(
        workspace_id=workspace_id, member_id=member_id, place=conversation.place, last_message_id=message_id
    )
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=["member_id", "place"],
            set_={"last_message_id": greatest(LocalSeen.last_message_id, message_id)},
        )
    )


async def unread_of(session: Session, workspace_id: int, member_id: int) -> list[Unread]:
    """Return the conversations with something new for a member, the newest first.

    New is what others have written, replies included, in the member's channels and in their conversation with the
    bot, since they last looked there. A whisper is not: it is said to somebody who is there.
    """
    place = func.coalesce(literal("channel:") + cast(col(LocalMessage.channel_id), String), "direct")
    found = await session.execute(
        select(func.count(), func.max(LocalMessage.id))
        .select_from(LocalMessage)
        .join(
            ChannelMember,
            and_(
                col(ChannelMember.channel_id) == col(LocalMessage.channel_id),
                col(ChannelMember.member_id) == member_id,
            ),
            isouter=True,
        )
        .join(
            LocalSeen,
            and_(col(LocalSeen.member_id) == member_id, col(LocalSeen.place) == place),
            isouter=True,
        )
        .where(
            LocalMessage.workspace_id == workspace_id,
            or_(col(ChannelMember.member_id).is_not(None), col(LocalMessage.direct_with) == member_id),
            or_(col(LocalMessage.author_id).is_(None), col(LocalMessage.author_id) != member_id),
            col(LocalMessage.only_for).is_(None),
            col(LocalMessage.id) > func.coalesce(LocalSeen.last_message_id, 0),
        )
        .group_by(place)
    )
    counts = {newest: count for count, newest in found.all()}
    messages = await session.execute(
        select(LocalMessage)
        .where(LocalMessage.workspace_id == workspace_id, col(LocalMessage.id).in_(counts))
        .order_by(col(LocalMessage.id).desc())
    )
    return [
        Unread(Conversation(message.channel_id, message.direct_with), counts[message.id], message)
        for message in messages.scalars()
    ]


async def open_together(
    session: Session, workspace_id: int, external_id: str, name: str, member_ids: Sequence[int]
) -> Channel:
    """Return the conversation that these people have with the bot; the first time it is made.

    To everything else it is a private channel that the bot is not in: nothing written there is counted.
    """
    standing = await find_channel(session, workspace_id, external_id)
    if standing is not None:
        return standing
    made = Channel(workspace_id=workspace_id, external_id=external_id, name=name, is_private=True, bot_is_in=False)
    session.add(made)
    await session.flush()
    if made.id is not None:
        await add_channel_members(session, workspace_id, made.id, member_ids)
    return made


async def all_channels(session: Session, workspace_id: int) -> Sequence[Channel]:
    """Return the channels that are not archived, by name, whether the bot is in them or not."""
    found = await session.execute(
        select(Channel)
        .where(Channel.workspace_id == workspace_id, col(Channel.is_archived).is_(False))
        .order_by(col(Channel.name))
    )
    return found.scalars().all()


def _in(conversation: Conversation) -> ColumnElement[bool]:
    if conversation.channel_id is not None:
        return col(LocalMessage.channel_id) == conversation.channel_id
    return col(LocalMessage.direct_with) == conversation.direct_with


def _visible_to(viewer_id: int) -> ColumnElement[bool]:
    return or_(col(LocalMessage.only_for).is_(None), col(LocalMessage.only_for) == viewer_id)
