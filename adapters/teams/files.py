"""Hands a file to one person in Teams: it is offered in their own chat, and put into their OneDrive when they accept.

That is the one way in which a bot can hand a file over (the *file consent card*; personal chats only; "Send and receive
files through a bot" on learn.microsoft.com). The file is made when it is accepted, and kept nowhere until then.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
import structlog

from adapters.teams.activities import FileAnswered, Origin, Upload
from adapters.teams.pressing import Pressed, data_of
from bot.events import File
from bot.texts import Voice

log = structlog.get_logger()

CONSENT: Final = "application/vnd.microsoft.teams.card.file.consent"
INFO: Final = "application/vnd.microsoft.teams.card.file.info"

Put = Callable[[str, bytes], Awaitable[None]]
"""Puts a file at an address that Teams has given for it."""


def offered(file: File, asked: Pressed) -> dict[str, Any]:
    """Return the message that offers a file; what was pressed for it comes back when it is accepted."""
    content = {
        "description": file.message.summary,
        "sizeInBytes": len(file.content),
        "acceptContext": data_of(asked.action, asked.target, None),
        "declineContext": {"file": file.name},
    }
    return {
        "type": "message",
        "summary": file.message.summary,
        "attachments": [{"contentType": CONSENT, "name": file.name, "content": content}],
    }


def handed_over(upload: Upload) -> dict[str, Any]:
    """Return the message that leads to a file, to stand where it was offered."""
    content = {"uniqueId": upload.unique_id, "fileType": upload.file_type}
    return {
        "type": "message",
        "attachments": [
            {"contentType": INFO, "contentUrl": upload.content_url, "name": upload.name, "content": content}
        ],
    }


def not_handed_over(say: Voice) -> str:
    """Return what is said when the file could not be put where the person wanted it."""
    return say("The file could not be put into your OneDrive. Please ask for it once more.")


async def upload(put: Put, answered: FileAnswered, file: File) -> bool:
    """Put a file where its person has let it be put; False where that did not work, which is logged."""
    if not _may_be_sent_to(answered.upload.url, answered.origin):
        log.warning("teams.file_not_taken", reason="address")
        return False
    try:
        await put(answered.upload.url, file.content)
    except (aiohttp.ClientError, TimeoutError) as failure:
        log.warning("teams.file_not_taken", reason=type(failure).__name__)
        return False
    return True


def _may_be_sent_to(address: str, origin: Origin) -> bool:
    """Whether it is an address over https; Microsoft's local test client has http for everything."""
    return urlsplit(address).scheme in {"https", urlsplit(origin.service_url).scheme}
