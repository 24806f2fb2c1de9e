"""A message as chat.postMessage takes it, drawn once for all who are told the same (bot/alike.py)."""

from dataclasses import dataclass

import orjson

from adapters.slack.blocks import render
from bot.messages import Appointment, Message, Picture, appointment_in
from bot.texts import Voice


@dataclass(frozen=True, slots=True)
class Drawing:
    """`blocks` are JSON already; one with an appointment is shared as a file instead."""

    text: str
    blocks: orjson.Fragment
    shows_picture: bool
    appointment: Appointment | None


def drawn(message: Message, say: Voice) -> Drawing:
    """Draw a message. A long text of nothing but marks takes a while: not for the event loop."""
    rendered = render(message, say)
    return Drawing(
        rendered.text,
        orjson.Fragment(orjson.dumps(rendered.blocks)),
        any(isinstance(part, Picture) for part in message.parts),
        appointment_in(message),
    )
