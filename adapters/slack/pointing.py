"""What a command, a shortcut or a form in Slack points at: a message by its link, a person by their mention. Pure."""

import re
from dataclasses import replace
from typing import Final

from adapters.slack.gateway import link_to
from adapters.slack.mrkdwn import PERSON
from bot.events import Event, Pointed

# What "Copy link" gives ("https://lindvalla.slack.com/archives/C1/p1700000000000000?thread_ts=1690000000.000000&cid=C1").
LINK: Final = re.compile(
    r"https://[a-z0-9.-]+/archives/([CG][A-Z0-9]+)/p([0-9]{10})([0-9]{6})(?:\?\S*?\bthread_ts=([0-9]{10}\.[0-9]{6}))?"
)


def pointing(event: Event, url: str, *, by_menu: bool = False) -> Event:
    """Return an event with what it points at; `url` is the workspace's own address, for a link that is surely its."""
    if by_menu:
        where = event.place
        if where.channel is None or where.message is None:
            return event
        return replace(event, pointed=_pointed(url, where.channel, where.message, where.thread))
    person = PERSON.search(event.text)
    said = LINK.search(" ".join((event.text, *event.values.values())))
    return replace(
        event,
        mentioned=None if person is None else person[1],
        pointed=None if said is None else _pointed(url, said[1], f"{said[2]}.{said[3]}", said[4]),
    )


def _pointed(url: str, channel: str, message: str, thread: str | None) -> Pointed:
    return Pointed(channel, thread or message, link_to(url, channel, message, thread))
