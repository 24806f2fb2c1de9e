"""What a command or a form in the local chat points at: the message under which it was written, or one by its link."""

import re
from typing import Final

from adapters.local.chat import message_here
from adapters.local.form_rendering import Origin
from adapters.local.gateway import LINK
from adapters.local.guard import Told
from bot.context import PersonContext, known
from bot.events import Pointed

# A message's own address, and that of a thread as it stands in the browser.
WRITTEN: Final = re.compile(r"/local/(?:as/[^/\s]+/)?(?:message/|c/[^/\s]+\?thread=)([0-9]{1,18})")


async def pointed_at(ctx: PersonContext, words: str, origin: Origin) -> Pointed | None:
    """Return the message that is pointed at; None where there is none, or none that the person can see."""
    said = WRITTEN.search(words)
    message = said[1] if said is not None else origin.thread
    if not message:
        return None
    try:
        stored, place = await message_here(ctx, message)
    except Told:
        return None
    if place.external_id is None:
        return None
    return Pointed(place.external_id, str(stored.thread_of or known(stored.id)), f"{LINK}{stored.id}")
