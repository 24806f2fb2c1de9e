"""Pictures between Slack and Samlas: fetched when somebody chose one in a form, and given to Slack to be shown.

A picture is uploaded once, shared nowhere, and shown by its file's id. Slack works on an upload for a while after it
has said yes, and refuses blocks that show it until then (slackapi/python-slack-sdk#1521).
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from adapters.slack.api import SlackApi
from adapters.slack.connections import Connection
from adapters.slack.reach import error_of
from adapters.slack.views import chosen_files
from bot.clock import Clock
from bot.events import Reply
from bot.forms import Form
from bot.images import LARGEST_BYTES, TOO_LARGE, Upload, taken_in
from bot.messages import Message, Picture
from bot.platform import TryAgain
from bot.texts import text
from storage.database import Database
from storage.images import find_image, image_content, keep_known_as

log = structlog.get_logger()

Payload = Mapping[str, Any]
# A sent form wants its acknowledgement within three seconds, and the core has to act within them too.
FETCHED_WITHIN: Final = aiohttp.ClientTimeout(total=2)
# What Slack has not made ready by then is told in words instead.
READY_WITHIN: Final = timedelta(minutes=2)
# How often it is looked whether a picture is ready for a form that is open, and how long between two looks: nobody has
# read the form by then and gone on to another, whose place this one would take.
LOOKS: Final = 3
PAUSE_SECONDS: Final = 1.0
_OURS: Final = ("slack.com", "slack-gov.com", "slack-files.com")
_NOT_FETCHED = text("Slack did not hand the picture over. Please choose it once more.")


class Pictures:
    """Fetches what people chose, and has Slack show what announcements show."""

    def __init__(self, database: Database, clock: Clock, api: SlackApi, api_url: str) -> None:
        """Speak through Slack's Web API."""
        self._database = database
        self._clock = clock
        self._api = api
        self._host = urlsplit(api_url).hostname or ""

    async def chosen(self, connection: Connection, view: Payload) -> dict[str, Upload]:
        """Return the pictures that were chosen in a form, by their fields' keys."""
        return {key: await self._fetched(connection, file) for key, file in chosen_files(view).items()}

    async def placed(self, connection: Connection, message: Message, *, waits: bool) -> Message:
        """Return a message whose pictures Slack can show; one that it cannot show is told in words by the renderer.

        With `waits`, raises TryAgain for a picture that will be ready in a moment. Raises what asking Slack raises.
        """
        # Beside the event loop, as everything that looks through a message: it may be a long one.
        if not await asyncio.to_thread(_shows_picture, message):
            return message
        parts = [
            await self._placed(connection, part, waits=waits) if isinstance(part, Picture) else part
            for part in message.parts
        ]
        return replace(message, parts=tuple(parts))

    async def placed_in_form(self, connection: Connection, form: Form) -> Form | None:
        """Return a form whose pictures Slack can show, as soon as it can; None where it has none to wait for."""
        if all(part.known_as for part in form.parts if isinstance(part, Picture)):
            return None
        for look in range(LOOKS):
            if look:
                await asyncio.sleep(PAUSE_SECONDS)
            parts = [
                await self._placed(connection, part, waits=False) if isinstance(part, Picture) else part
                for part in form.parts
            ]
            if all(part.known_as for part in parts if isinstance(part, Picture)):
                return replace(form, parts=tuple(parts))
        return None

    async def reply_placed(self, connection: Connection, reply: Reply) -> Reply:
        """Return a reply whose messages show their pictures; what cannot be asked now is told in words."""
        placed: dict[str, Message] = {}
        for name in ("whisper", "refreshed", "home"):
            message = getattr(reply, name)
            if message is not None:
                try:
                    placed[name] = await self.placed(connection, message, waits=False)
                except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
                    log.warning("slack.picture_not_placed", error=type(failure).__name__)
        return replace(reply, **placed)  # type: ignore[arg-type]  # each of these fields is a message

    async def _placed(self, connection: Connection, picture: Picture, *, waits: bool) -> Picture:
        if picture.known_as:
            return picture
        async with self._database.read() as session:
            seen = await find_image(session, connection.workspace_id, picture.image)
        if seen is None:
            return picture
        known = dict(seen.known_as or {}) or await self._uploaded(connection, picture.image)
        if not known:
            return picture
        file = str(known["file"])
        if "id" in known:
            return replace(picture, known_as=file)
        info = await self._api.sending.files_info(token=connection.token, file=file)
        if (info.get("file") or {}).get("mimetype"):
            await self._keep(connection, picture.image, {**known, "id": file})
            return replace(picture, known_as=file)
        if waits and self._clock.now() - datetime.fromisoformat(str(known["at"])) < READY_WITHIN:
            raise TryAgain
        return picture

    async def _uploaded(self, connection: Connection, image_id: int) -> dict[str, Any]:
        """Upload a picture; returns what is known of it from then on."""
        async with self._database.read() as session:
            drawn = await image_content(session, connection.workspace_id, image_id)
        if drawn is None:
            return {}
        name = f"samlas.{drawn.media_type.partition('/')[2]}"
        place = await self._api.sending.files_getUploadURLExternal(
            token=connection.token, filename=name, length=len(drawn.content)
        )
        async with self._api.session.post(str(place["upload_url"]), data=drawn.content) as answer:
            answer.raise_for_status()
        file = str(place["file_id"])
        await self._api.sending.files_completeUploadExternal(
            token=connection.token, files=[{"id": file, "title": name}]
        )
        known = {"file": file, "at": self._clock.now().isoformat()}
        await self._keep(connection, image_id, known)
        return known

    async def _keep(self, connection: Connection, image_id: int, known: Mapping[str, Any]) -> None:
        async with self._database.begin() as session:
            await keep_known_as(session, connection.workspace_id, image_id, known)

    async def _fetched(self, connection: Connection, file: str) -> Upload:
        try:
            info = await self._api.sending.files_info(token=connection.token, file=file)
            told = info.get("file") or {}
            if int(told.get("size") or 0) > LARGEST_BYTES:
                return Upload(problem=TOO_LARGE)
            url = str(told.get("url_private_download") or told.get("url_private") or "")
            content = await self._content(connection, url)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as failure:
            error = error_of(failure) if isinstance(failure, SlackApiError) else type(failure).__name__
            log.warning("slack.picture_not_fetched", workspace=connection.workspace_id, error=error)
            return Upload(problem=_NOT_FETCHED)
        return Upload(problem=_NOT_FETCHED) if content is None else await asyncio.to_thread(taken_in, content)

    async def _content(self, connection: Connection, url: str) -> bytes | None:
        host = urlsplit(url).hostname or ""
        if host != self._host and not any(host == ours or host.endswith(f".{ours}") for ours in _OURS):
            # The token is Slack's business alone.
            return None
        headers = {"Authorization": f"Bearer {connection.token}"}
        async with self._api.session.get(url, headers=headers, timeout=FETCHED_WITHIN, allow_redirects=False) as answer:
            # Where the scope is missing Slack leads to its login.
            if answer.status != 200:  # noqa: PLR2004 - HTTP's own word for yes
                return None
            pieces: list[bytes] = []
            async for piece in answer.content.iter_any():
                pieces.append(piece)
                if sum(map(len, pieces)) > LARGEST_BYTES:
                    break
            return b"".join(pieces)


def _shows_picture(message: Message) -> bool:
    return any(isinstance(part, Picture) for part in message.parts)
