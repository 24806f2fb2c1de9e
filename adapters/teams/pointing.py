"""What a command, a message's menu or a form in Teams points at: a message by its link or from its thread. Pure."""

import re
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, unquote

from adapters.teams.activities import Origin, Scope
from adapters.teams.gateway import link_to
from bot.events import Event, Pointed

# What "Copy link" gives ("Create deep links to a Teams message").
LINK: Final = re.compile(
    r"https://teams\.(?:microsoft\.com|cloud\.microsoft)/l/message/([^/\s?]+)/([0-9]+)(?:\?(\S*))?"
)
GROUP: Final = re.compile(r"[0-9a-fA-F-]{36}")
NUMBER: Final = re.compile(r"[0-9]+")


def pointing(event: Event, origin: Origin, *, by_menu: bool = False) -> Event:
    """Return an event with the message that it points at: by its menu, by a link, or else that of its thread."""
    if by_menu:
        return replace(event, pointed=_in_thread(origin, event.place.message))
    said = LINK.search(" ".join((event.text, *event.values.values())))
    if said is None:
        is_below = origin.thread is not None and origin.thread != event.place.message
        return replace(event, pointed=_in_thread(origin, None)) if is_below else event
    asked = parse_qs(said[3] or "")
    root, group = (asked.get(key, [""])[0] for key in ("parentMessageId", "groupId"))
    if not NUMBER.fullmatch(root):
        root = said[2]
    channel = unquote(said[1])
    link = link_to(origin.tenant, channel, said[2], root, group if GROUP.fullmatch(group) else None)
    return replace(event, pointed=Pointed(channel, root, link))


def _in_thread(origin: Origin, message: str | None) -> Pointed | None:
    root = origin.thread or message
    if origin.scope is not Scope.CHANNEL or origin.channel is None or root is None:
        return None
    link = link_to(origin.tenant, origin.channel, message or root, root, origin.team_group)
    return Pointed(origin.channel, root, link)
