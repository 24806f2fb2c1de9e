"""Hands a file to one person, in their own conversation with the bot.

Slack takes a file in three steps: an address to send it to, the file, and where it is to be shown
(files.getUploadURLExternal, files.completeUploadExternal). A file that was never shown anywhere is seen by nobody.
"""

import asyncio
from typing import Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack.api import SlackApi
from adapters.slack.blocks import render
from adapters.slack.connections import Connection
from adapters.slack.reach import error_of
from bot.events import File
from bot.messages import Message, Words
from bot.texts import Voice, text

log = structlog.get_logger()

_NOT_HANDED_OVER: Final = text(
    "Slack did not take the file. Please try once more; if it goes on so, whoever runs Samlas can make it for you with"
    " samlas export."
)


class Files:
    """Hands files over through Slack's Web API."""

    def __init__(self, api: SlackApi) -> None:
        """Speak through Slack's Web API."""
        self._api = api

    async def hand_over(self, connection: Connection, person: str, file: File, say: Voice) -> None:
        """Send a file to a person with what is said about it; where Slack does not take it, tell them so."""
        # Posting to a person opens their conversation, and tells its name, which a file wants.
        channel = await self._say(connection, person, file.message, say)
        try:
            await self._upload(connection, channel, file)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as refused:
            reason = error_of(refused) if isinstance(refused, SlackApiError) else type(refused).__name__
            log.warning("slack.file_not_taken", workspace=connection.workspace_id, error=reason)
            sentence = say.say(_NOT_HANDED_OVER)
            await self._say(connection, person, Message(sentence, (Words(sentence),)), say)

    async def _say(self, connection: Connection, person: str, message: Message, say: Voice) -> str:
        rendered = await asyncio.to_thread(render, message, say)
        said = await self._api.sending.chat_postMessage(
            token=connection.token,
            channel=person,
            text=rendered.text,
            blocks=rendered.blocks,
            unfurl_links=False,
            unfurl_media=False,
        )
        return str(said["channel"])

    async def _upload(self, connection: Connection, channel: str, file: File) -> None:
        client = self._api.sending
        place = await client.files_getUploadURLExternal(
            token=connection.token, filename=file.name, length=len(file.content)
        )
        async with self._api.session.post(str(place["upload_url"]), data=file.content) as sent:
            sent.raise_for_status()
        await client.files_completeUploadExternal(
            token=connection.token, files=[{"id": place["file_id"], "title": file.name}], channel_id=channel
        )
