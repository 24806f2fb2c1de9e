"""Slack as the sender sees it: posts, edits and finds the bot's messages."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack.api import SEND_TIMEOUT_SECONDS, SlackApi
from adapters.slack.blocks import summary
from adapters.slack.connections import Connection, Connections
from adapters.slack.drawing import Drawing, drawn
from adapters.slack.pictures import Pictures
from adapters.slack.reach import FOR_GOOD, error_of, outcome
from adapters.slack.voices import voice_of
from bot.alike import Alike
from bot.calendar_file import NAME, calendar_file
from bot.clock import Clock
from bot.messages import Message
from bot.platform import MaybeSent, NotSent, Sent, To, TryAgain
from bot.texts import Voice, text
from storage.database import Database
from storage.tables import OutboxState, Platform

log = structlog.get_logger()

# What a message of ours carries, so that one whose answer was lost is found again.
METADATA: Final = "samlas_delivery"
_FILE_STAYS: Final = text("Slack does not let a file be changed once it has been shared.")
# How far back it is looked for: pages of so many messages, and what is older than this was surely looked up before.
PAGE: Final = 100
PAGES: Final = 3
LOOK_BACK: Final = timedelta(days=1)


class SlackGateway:
    """Implements bot.platform.Gateway by chat.postMessage and chat.update."""

    platform = Platform.SLACK.value
    timeout = timedelta(seconds=SEND_TIMEOUT_SECONDS)
    # Slack takes some hundred messages a minute in a workspace: a vendor that sends to whole companies runs at 525.
    rate = 8.0
    # What a 429 of a second leaves unused, its answer's way included, can be caught up with: 492 a minute at most.
    burst = 12
    can_tell = True
    # And one a second in each conversation (docs.slack.dev/apis/web-api/rate-limits).
    spacing = timedelta(seconds=1)

    def __init__(
        self, database: Database, clock: Clock, api: SlackApi, connections: Connections, pictures: Pictures
    ) -> None:
        """Speak through the installations."""
        self._database = database
        self._clock = clock
        self._api = api
        self._connections = connections
        self._pictures = pictures
        self._drawings: Alike[tuple[Message, str, str], Drawing] = Alike()

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:
        """Post a message; its delivery id goes with it as metadata."""
        connection = await self._connection(workspace, to.channel)
        drawing = await self._drawn(connection, to.member, message, to.voice)
        if drawing.appointment is not None:
            content = await asyncio.to_thread(calendar_file, drawing.appointment)
            return await self._share(workspace, connection, to, message, content)
        thread = _thread(to)
        try:
            answer = await self._api.call(
                "chat.postMessage",
                connection.token,
                channel=await self._place(connection, to),
                text=drawing.text,
                blocks=drawing.blocks,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": METADATA, "event_payload": {"delivery_id": delivery_id}},
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            raise self._outcome(failure, workspace, to_person=to.member is not None) from failure
        # What several share is in nobody's own language.
        reader = None if to.others else to.member
        return _sent(connection, str(answer["channel"]), str(answer["ts"]), reader, thread)

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:
        """Change a message of ours where it stands."""
        if "file" in reference:
            raise NotSent(OutboxState.FAILED, _FILE_STAYS)
        connection = await self._connection(workspace, str(reference["channel"]))
        drawing = await self._drawn(connection, reference.get("member"), message)
        try:
            await self._api.call(
                "chat.update",
                connection.token,
                channel=str(reference["channel"]),
                ts=str(reference["ts"]),
                text=drawing.text,
                blocks=drawing.blocks,
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            raise self._outcome(failure, workspace) from failure

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:
        """Return the message that was posted with this delivery id, None when it was not.

        Raises MaybeSent where so much has been written since that it would be too far back, and of a conversation with
        several people: Samlas does not read along there.
        """
        if to.others:
            raise MaybeSent
        connection = await self._connection(workspace, to.channel)
        try:
            channel = to.channel or await self._direct(connection, to.member or "")
            thread = _thread(to)
            ts = await self._look_for(connection, channel, thread, delivery_id)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            raise self._outcome(failure, workspace) from failure
        return None if ts is None else _sent(connection, channel, ts, to.member, thread)

    async def _share(self, workspace: str, connection: Connection, to: To, message: Message, content: bytes) -> Sent:
        """Share a message's file; its summary stands above it. Nothing is seen before the last of the three calls.

        docs.slack.dev/messaging/working-with-files
        """
        try:
            channel = to.channel or await self._direct(connection, to.member or "")
            place = await self._api.sending.files_getUploadURLExternal(
                token=connection.token, filename=NAME, length=len(content)
            )
            async with self._api.session.post(str(place["upload_url"]), data=content) as uploaded:
                uploaded.raise_for_status()
        except aiohttp.ClientResponseError as refused:
            raise TryAgain from refused
        except (aiohttp.ClientError, TimeoutError) as failure:
            # A file that nobody was shown is none; Slack forgets it.
            raise TryAgain from failure
        except SlackApiError as failure:
            raise self._outcome(failure, workspace, to_person=to.member is not None) from failure
        file_id = str(place["file_id"])
        try:
            await self._api.sending.files_completeUploadExternal(
                token=connection.token,
                files=[{"id": file_id, "title": NAME}],
                channel_id=channel,
                initial_comment=summary(message.summary),
            )
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            raise self._outcome(failure, workspace, to_person=to.member is not None) from failure
        return Sent({"channel": channel, "file": file_id}, channel, file_id)

    async def _place(self, connection: Connection, to: To) -> str:
        """Return where a message is posted; the conversation with several people is opened if need be."""
        if not to.others:
            return to.channel or to.member or ""
        users = ",".join((to.member or "", *to.others))
        answer = await self._api.sending.conversations_open(token=connection.token, users=users)
        return str(answer["channel"]["id"])

    async def _look_for(self, connection: Connection, channel: str, thread: str | None, delivery_id: str) -> str | None:
        """Return the time of our message with this delivery id, looking from the newest back."""
        oldest = str((self._clock.now() - LOOK_BACK).timestamp())
        cursor = ""
        for _ in range(PAGES):
            asked: dict[str, Any] = {
                "token": connection.token,
                "channel": channel,
                "limit": PAGE,
                "include_all_metadata": True,
                "oldest": oldest,
                **({"cursor": cursor} if cursor else {}),
            }
            if thread is None:
                answer = await self._api.sending.conversations_history(**asked)
            else:
                answer = await self._api.sending.conversations_replies(ts=thread, **asked)
            for found in answer.get("messages") or []:
                metadata = found.get("metadata") or {}
                if (
                    metadata.get("event_type") == METADATA
                    and (metadata.get("event_payload") or {}).get("delivery_id") == delivery_id
                ):
                    return str(found["ts"])
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                return None
        raise MaybeSent

    async def _direct(self, connection: Connection, member: str) -> str:
        answer = await self._api.sending.conversations_open(token=connection.token, users=member)
        return str(answer["channel"]["id"])

    async def _connection(self, workspace: str, channel: str | None) -> Connection:
        connection = await self._connections.of_workspace(workspace, channel)
        if connection is None:
            raise NotSent(*FOR_GOOD["app_uninstalled"])
        return connection

    async def _drawn(
        self, connection: Connection, member: str | None, message: Message, voice: Voice | None = None
    ) -> Drawing:
        """Return a message as Slack takes it.

        Raises TryAgain while one of its pictures cannot be given to Slack, since nothing has been sent then.
        """
        say = voice or await voice_of(self._database, connection.key, member)
        drawing = await self._draw(message, say)
        if not drawing.shows_picture:
            return drawing
        try:
            placed = await self._pictures.placed(connection, message, waits=True)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            found = self._outcome(failure, connection.key)
            raise TryAgain if isinstance(found, MaybeSent) else found from failure
        return await self._draw(placed, say)

    async def _draw(self, message: Message, say: Voice) -> Drawing:
        return await self._drawings.made((message, say.language, say.zone.key), lambda: drawn(message, say))

    def _outcome(self, failure: Exception, workspace: str, *, to_person: bool = False) -> Exception:
        found = outcome(failure, to_person=to_person)
        error = error_of(failure) if isinstance(failure, SlackApiError) else type(failure).__name__
        log.warning("slack.not_sent", workspace=workspace, error=error, becomes=type(found).__name__)
        return found


def link_to(url: str, channel: str, ts: str, thread: str | None = None) -> str | None:
    """Return the address of a message, as `chat.getPermalink` would, None where the workspace's own is not known."""
    if not url:
        return None
    address = f"{url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    return f"{address}?thread_ts={thread}&cid={channel}" if thread and thread != ts else address


def _thread(to: To) -> str | None:
    return to.under if to.thread is None else str(to.thread["ts"])


def _sent(connection: Connection, channel: str, ts: str, member: str | None, thread: str | None) -> Sent:
    reference: dict[str, Any] = {"channel": channel, "ts": ts}
    if member is not None:
        # Whose language it is edited in.
        reference["member"] = member
    return Sent(reference, channel, ts, link_to(connection.url, channel, ts, thread))
