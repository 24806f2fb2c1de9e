"""The bot's messages as Adaptive Cards and as activities with their plain text. Pure; used by gateway and answers."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final

from adapters.teams import blocks
from adapters.teams.blocks import Fullness, Pen
from adapters.teams.limits import CARD_SCHEMA, CARD_VERSION, LARGEST_CARD_UNITS, LONGEST_SUMMARY
from adapters.teams.markdown import Element
from adapters.teams.pressing import Whence
from bot.messages import Button, Divider, Message, Target
from bot.texts import Voice
from bot.whole import WHOLE

CARD_TYPE: Final = "application/vnd.microsoft.card.adaptive"
# What a text that cannot be there whole ends with.
CUT: Final = "…"
# To how many characters texts are cut, in turn, before blocks are left out; and which properties hold texts.
CUT_TO: Final = (2_000, 500, 120, 40)
TEXTS: Final = frozenset({"text", "title", "label", "tooltip"})
# What is never left out: what people press and fill in.
KEPT: Final = frozenset({"ActionSet", "Input.Text", "Input.ChoiceSet", "Input.Toggle", "Input.Date", "Input.Time"})


def card_of(message: Message, say: Voice, whence: Whence | None = None) -> Element:
    """Return a message as a card; `whence` is where somebody asked for it who is shown it elsewhere."""

    def draw(button: Button) -> Element:
        return blocks.execute(button, whence)

    def body(fullness: Fullness) -> list[Element]:
        pen = Pen(draw, say, fullness)
        return blocks.divided([(isinstance(part, Divider), blocks.elements(part, pen)) for part in message.parts])

    whole = Button(say("Show all of it"), WHOLE, Target(0, 0), opens_form=True)
    return fitting(body, message.summary, {"type": "ActionSet", "actions": [draw(whole)]})


def fitting(body: Callable[[Fullness], list[Element]], summary: str, more: Element) -> Element:
    """Return the card with this body in the fullest looks that Teams takes.

    At worst its longest runs are cut, and `more`, the way to the rest, stands below.
    """
    made: Element = {}
    for fullness in Fullness:
        made = card(body(fullness), summary)
        if units(made) <= LARGEST_CARD_UNITS:
            return made
    return _cut(made, more)


def card(body: Sequence[Element], summary: str) -> Element:
    """Return an Adaptive Card. `summary` is what a client that cannot show cards says instead."""
    return {
        "type": "AdaptiveCard",
        "$schema": CARD_SCHEMA,
        "version": CARD_VERSION,
        "fallbackText": blocks.shortened(summary, LONGEST_SUMMARY),
        "msteams": {"width": "Full"},
        "body": list(body),
    }


def attachment(shown: Element) -> dict[str, Any]:
    """Return a card as Teams wants it in messages, dialogs and answers."""
    return {"contentType": CARD_TYPE, "content": shown}


def activity(shown: Element, summary: str) -> dict[str, Any]:
    """Return a message activity that holds a card; `summary` is the notification's line."""
    return {
        "type": "message",
        "summary": blocks.shortened(summary, LONGEST_SUMMARY),
        "attachments": [attachment(shown)],
    }


def units(shown: Element) -> int:
    """Return a card's size as Teams counts it: in UTF-16 units."""
    return len(json.dumps(shown, ensure_ascii=False).encode("utf-16-le")) // 2


def _cut(shown: Element, more: Element) -> Element:
    """Shorten the longest texts until the card is small enough, then leave out blocks from the end of its words."""
    whole = shown
    for longest in CUT_TO:
        shown = _shortened(whole, longest)
        shown["body"].append(more)
        if units(shown) <= LARGEST_CARD_UNITS:
            return shown
    body: list[Element] = list(shown["body"])
    most = len(body)
    while most and units({**shown, "body": body}) > LARGEST_CARD_UNITS:
        most //= 2
        said = [element for element in shown["body"] if element["type"] not in KEPT][:most]
        body = [element for element in shown["body"] if element["type"] in KEPT or element in said or element is more]
    return {**shown, "body": body}


def _shortened(element: Any, longest: int) -> Any:
    """Return a card whose texts have at most so many characters; what it carries is left alone."""
    if isinstance(element, list):
        return [_shortened(each, longest) for each in element]
    if not isinstance(element, dict):
        return element
    return {
        key: _cut_text(value, longest)
        if key in TEXTS and isinstance(value, str)
        else value
        if key in ("data", "value")
        else _shortened(value, longest)
        for key, value in element.items()
    }


def _cut_text(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + CUT
