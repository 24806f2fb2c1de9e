"""The local platform as the sender sees it: posts, edits and finds the bot's messages in the local chat."""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from adapters.local.live import DIRECT, EVERYWHERE, Live, channel_place
from adapters.local.message_json import to_json
from bot.clock import Clock
from bot.context import known
from bot.messages import Message
from bot.platform import NOT_STANDING, NotSent, Sent, To
from bot.texts import text
from storage.database import Database, Session
from storage.local_chat import (
    TOGETHER,
    Conversation,
    add_message,
    change_content,
    find_delivered,
    find_message,
    open_together,
)
from storage.people import find_channel, find_member, get_channel, get_member
from storage.tables import LocalMessage, Member, MemberState, OutboxState, Platform
from storage.workspaces import find_workspace

# How a message of ours is linked to; whoever looks at the link goes there as the person they are.
LINK = "/local/message/"


class LocalGateway:
    """Implements bot.platform.Gateway in the same process and database."""

    platform = Platform.LOCAL.value
    timeout = timedelta(seconds=5)
    rate = 200.0
    burst = 200
    can_tell = True

    def __init__(self, database: Database, clock: Clock, live: Live) -> None:
        """Store in the database, and wake the tabs that are open."""
        self._database = database
        self._clock = clock
        self._live = live

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:
        """Store a message where its people will find it; one that stands already is left as it is."""
        async with self._database.begin() as session:
            workspace_id = await _workspace_id(session, workspace)
            conversation = await _conversation(session, workspace_id, to)
            stored = await add_message(
                session,
                workspace_id,
                conversation,
                now=self._clock.now(),
                content=to_json(message),
                thread_of=_thread(to),
                delivery_id=delivery_id,
            )
        self._tell(to)
        return _sent(stored, to)

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:
        """Change a message of ours where it stands."""
        async with self._database.begin() as session:
            workspace_id = await _workspace_id(session, workspace)
            message_id = int(reference["message"])
            if not await change_content(session, workspace_id, message_id, to_json(message), self._clock.now()):
                raise NotSent(OutboxState.FAILED, NOT_STANDING)
            to = await _where(session, workspace_id, message_id)
        self._tell(to)

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:
        """Return the message that was posted with this delivery id, None when it was not."""
        async with self._database.read() as session:
            workspace_id = await _workspace_id(session, workspace)
            stored = await find_delivered(session, workspace_id, delivery_id)
        return None if stored is None else _sent(stored, to)

    def _tell(self, to: To) -> None:
        if to.others:
            # Who has not been in it yet is to see it in their list.
            self._live.tell(EVERYWHERE)
        elif to.channel is not None:
            self._live.tell(channel_place(to.channel))
        else:
            self._live.tell(DIRECT, to.member)


def _thread(to: To) -> int | None:
    root = to.under if to.thread is None else to.thread["message"]
    return None if root is None else int(root)


def _sent(stored: LocalMessage, to: To) -> Sent:
    message_id = known(stored.id)
    place = together(to) if to.others else to.channel if to.channel is not None else f"direct:{to.member}"
    return Sent({"message": message_id}, place, str(message_id), f"{LINK}{message_id}")


async def _workspace_id(session: Session, external_id: str) -> int:
    workspace = await find_workspace(session, Platform.LOCAL, external_id)
    if workspace is None:
        raise NotSent(OutboxState.FAILED, text("There is no such local chat."))
    return known(workspace.id)


async def _conversation(session: Session, workspace_id: int, to: To) -> Conversation:
    if to.others:
        people = [await _present(session, workspace_id, person) for person in (to.member or "", *to.others)]
        names = ", ".join(person.name or person.external_id for person in people)
        opened = await open_together(
            session, workspace_id, together(to), names, [known(person.id) for person in people]
        )
        return Conversation(channel_id=known(opened.id))
    if to.channel is not None:
        channel = await find_channel(session, workspace_id, to.channel)
        if channel is None or channel.is_archived:
            raise NotSent(OutboxState.FAILED, text("The channel is not there any more."))
        return Conversation(channel_id=known(channel.id))
    return Conversation(direct_with=known((await _present(session, workspace_id, to.member or "")).id))


async def _present(session: Session, workspace_id: int, external_id: str) -> Member:
    member = await find_member(session, workspace_id, external_id)
    if member is None or member.state == MemberState.LEFT:
        raise NotSent(OutboxState.UNREACHABLE, text("They are not in the local chat."))
    return member


def together(to: To) -> str:
    """Return the name of the conversation that some people have with the bot: always the same for the same people.

    It outlives them, and so does not say who they are.
    """
    people = "\n".join(sorted((to.member or "", *to.others)))
    return f"{TOGETHER}{hashlib.sha256(people.encode()).hexdigest()[:16]}"


async def _where(session: Session, workspace_id: int, message_id: int) -> To:
    stored = await find_message(session, workspace_id, message_id)
    if stored is None:
        raise NotSent(OutboxState.FAILED, NOT_STANDING)
    if stored.channel_id is not None:
        return To(channel=(await get_channel(session, workspace_id, stored.channel_id)).external_id)
    return To(member=(await get_member(session, workspace_id, known(stored.direct_with))).external_id)
