"""Pictures between Teams and Samlas: fetched when somebody sent one to the bot, and shown by their address.

A card takes a picture by an https address that Teams' own servers fetch without a login, or inside the card, where all
of it may have 28 KB: too little for a picture. So it is shown by the address at which Samlas serves it, which nobody
guesses (adapters/images); without SAMLAS_BASE_URL, by the words for what it shows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.events import Reply
from bot.forms import Form
from bot.images import LARGEST_BYTES, Upload, taken_in
from bot.messages import Message, Picture
from bot.texts import text

log = structlog.get_logger()

Shown = TypeVar("Shown", Message, Form)

FETCHED_WITHIN: Final = aiohttp.ClientTimeout(total=10)
# Where Teams keeps the files that people send: in the sender's own place in SharePoint.
_KEPT_AT: Final = ("sharepoint.com", "sharepoint.us", "sharepoint-mil.us", "sharepoint.cn", "svc.ms")
_NOT_FETCHED = text("Teams did not hand the picture over. Please send it once more.")


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that somebody sent to the bot: where it is, and whether asking for it takes the bot's own token."""

    url: str
    needs_token: bool


class Pictures:
    """Fetches what people sent, and gives pictures their whole address."""

    def __init__(self, base_url: str, token: Callable[[], Awaitable[str | None]]) -> None:
        """Serve below `base_url` (empty: nowhere that Teams could fetch from)."""
        self._base_url = base_url.rstrip("/") if base_url.startswith("https://") else ""
        self._token = token

    def addressed(self, shown: Shown) -> Shown:
        """Return a message or form whose pictures say where all of Teams finds them."""
        if not self._base_url:
            return shown
        parts: tuple[Any, ...] = tuple(
            replace(part, known_as=f"{self._base_url}{part.path}") if isinstance(part, Picture) else part
            for part in shown.parts
        )
        return replace(shown, parts=parts)

    def reply_addressed(self, reply: Reply) -> Reply:
        """Return a reply whose form and messages do."""
        return replace(
            reply,
            form=None if reply.form is None else self.addressed(reply.form),
            whisper=None if reply.whisper is None else self.addressed(reply.whisper),
            refreshed=None if reply.refreshed is None else self.addressed(reply.refreshed),
            home=None if reply.home is None else self.addressed(reply.home),
        )

    async def fetched(self, files: Sequence[SentFile], service_url: str) -> Upload | None:
        """Return the first picture of what somebody sent; None when they sent no file."""
        if not files:
            return None
        file = files[0]
        host, service = urlsplit(file.url).hostname or "", urlsplit(service_url).hostname or ""
        is_kept = any(host == place or host.endswith(f".{place}") for place in _KEPT_AT)
        if host != service and (file.needs_token or not is_kept or not file.url.startswith("https://")):
            # Nothing else on the net, or in the house, is asked because a message says so.
            return Upload(problem=_NOT_FETCHED)
        try:
            content = await self._content(file)
        except (aiohttp.ClientError, TimeoutError) as failure:
            log.warning("teams.picture_not_fetched", error=type(failure).__name__)
            return Upload(problem=_NOT_FETCHED)
        return Upload(problem=_NOT_FETCHED) if content is None else await asyncio.to_thread(taken_in, content)

    async def _content(self, file: SentFile) -> bytes | None:
        token = await self._token() if file.needs_token else None
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with (
            aiohttp.ClientSession(timeout=FETCHED_WITHIN) as session,
            session.get(file.url, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status != 200:  # noqa: PLR2004 - HTTP's own word for yes
                return None
            pieces: list[bytes] = []
            async for piece in answer.content.iter_any():
                pieces.append(piece)
                if sum(map(len, pieces)) > LARGEST_BYTES:
                    break
            return b"".join(pieces)
