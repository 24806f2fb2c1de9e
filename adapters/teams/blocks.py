"""The parts of messages as elements of an Adaptive Card: pure functions, part by part; used by cards.py."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, assert_never

from adapters.teams.deep_links import chat_with, scheduling
from adapters.teams.limits import LONGEST_BUTTON, MOST_ACTIONS_IN_A_ROW
from adapters.teams.markdown import Element, block, paragraphs, pieces, run, web_address, written
from adapters.teams.pressing import Whence, data_of
from bot.messages import (
    Appointment,
    Button,
    Buttons,
    Check,
    Checks,
    Divider,
    Field,
    Fields,
    Heading,
    Link,
    Mark,
    Part,
    Picture,
    Share,
    Shares,
    Style,
    Together,
    Tone,
    Words,
    Written,
)
from bot.texts import Voice

Draw = Callable[[Button], Element]
"""Makes a button's action: in a message it is executed, in a dialog it is submitted."""


class Fullness(Enum):
    """How much looks there is room for: all, a block a line without looks, or as few blocks as can be."""

    STYLED = "styled"
    UNSTYLED = "unstyled"
    PACKED = "packed"


@dataclass(frozen=True, slots=True)
class Pen:
    """How a card is drawn: its buttons, its language, and how full its looks are."""

    draw: Draw
    say: Voice
    fullness: Fullness = Fullness.STYLED

    def lines(self, text: str, **looks: Any) -> list[Element]:
        """Return plain text in its lines."""
        if self.fullness is Fullness.PACKED:
            return [block([run(piece, **looks)]) for piece in pieces(text)] if text.strip() else []
        return paragraphs(text, **looks)

    def written(self, markdown: str) -> list[Element]:
        """Return what somebody wrote in Markdown."""
        # Of marks alone Markdown makes nothing at all; then they are what was written.
        return (written(markdown) if self.fullness is Fullness.STYLED else []) or self.lines(markdown)


STYLES: Final = {Style.PLAIN: "default", Style.PRIMARY: "positive", Style.DANGER: "destructive"}
# The state of a line of a checklist: its sign, and the colour of that.
SIGNS: Final = {Mark.DONE: ("✓", "Good"), Mark.OPEN: ("○", "Default"), Mark.NO: ("✕", "Attention")}
# A bar's pieces and the legend's signs have the same colours, in the order of the shares: containers' styles, and
# the text colours that go with them.
BAR: Final = (
    ("good", "Good"),
    ("accent", "Accent"),
    ("warning", "Warning"),
    ("attention", "Attention"),
    ("emphasis", "Default"),
)


def elements(part: Part, pen: Pen) -> list[Element]:  # noqa: C901, PLR0912 - one case for each part
    """Return one part as card elements."""
    match part:
        case Heading():
            return [block([run(part.text, weight="Bolder", size="Large")])]
        case Words():
            return pen.lines(part.text, **_looks(part.tone))
        case Written():
            return pen.written(part.markdown)
        case Fields():
            return [_field(field, pen) for field in part.fields]
        case Checks():
            return [_check(check, pen) for check in part.checks]
        case Shares():
            return _shares(part, pen)
        case Buttons():
            actions = [pen.draw(button) for button in part.buttons]
            return [
                {"type": "ActionSet", "actions": actions[first : first + MOST_ACTIONS_IN_A_ROW]}
                for first in range(0, len(actions), MOST_ACTIONS_IN_A_ROW)
            ]
        case Link():
            return [_link(part)]
        case Together():
            return [_link(Link(part.label, chat_with(part.people)))] if part.people else []
        case Appointment():
            return [_link(Link(part.label, scheduling(part)))]
        case Divider():
            return []
        case Picture():
            return [_picture(part, pen)]
        case _:
            assert_never(part)


def _picture(part: Picture, pen: Pen) -> Element:
    if not part.known_as:
        # There is no address from which Teams could fetch it.
        return block([run(pen.say("Picture: {alt}", alt=part.alt), isSubtle=True)])
    return {"type": "Image", "url": part.known_as, "altText": part.alt, "size": "Stretch", "spacing": "Medium"}


def divided(parts: Sequence[tuple[bool, list[Element]]]) -> list[Element]:
    """Return the elements of all parts; what follows a divider gets its line. `parts`: (is a divider, elements)."""
    body: list[Element] = []
    line = False
    for is_divider, found in parts:
        if is_divider:
            line = bool(body)
            continue
        for number, element in enumerate(found):
            body.append({**element, "separator": True, "spacing": "Large"} if line and number == 0 else element)
        line = line and not found
    return body


def execute(button: Button, whence: Whence | None) -> Element:
    """Return a button of a message. One that opens a form asks for a dialog, every other is executed.

    Teams opens a dialog only for those that ask for one; any other's form is shown in the message's place instead.
    """
    data = data_of(button.action, button.target, whence)
    if button.opens_form:
        return confirmed(button, {"type": "Action.Submit", "data": {**data, "msteams": {"type": "task/fetch"}}})
    return confirmed(button, {"type": "Action.Execute", "verb": button.action, "data": data})


def confirmed(button: Button, action: Element) -> Element:
    """Return a button's action; behind its question, where it has one."""
    if button.confirm is None:
        return _action(button, action)
    return {
        "type": "Action.ShowCard",
        **_label(button.label),
        "card": {
            "type": "AdaptiveCard",
            "body": [block([run(button.confirm)])],
            "actions": [_action(button, action)],
        },
    }


def shortened(text: str, longest: int) -> str:
    """Return a text of one line and at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _action(button: Button, action: Element) -> Element:
    drawn: Element = {**action, **_label(button.label)}
    if button.style is not Style.PLAIN:
        drawn["style"] = STYLES[button.style]
    return drawn


def _label(label: str) -> dict[str, str]:
    """Return a button's label; of one that the clients would cut off, the whole shows when it is pointed at."""
    short = shortened(label, LONGEST_BUTTON)
    return {"title": short} if short == " ".join(label.split()) else {"title": short, "tooltip": label}


def _looks(tone: Tone) -> dict[str, Any]:
    match tone:
        case Tone.PLAIN:
            return {}
        case Tone.STRONG:
            return {"weight": "Bolder"}
        case Tone.QUIET:
            return {"isSubtle": True, "size": "Small"}
        case _:
            assert_never(tone)


def _field(field: Field, pen: Pen) -> Element:
    return {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": 2, "items": pen.lines(field.label, isSubtle=True)},
            {"type": "Column", "width": 3, "items": pen.lines(field.value)},
        ],
    }


def _check(check: Check, pen: Pen) -> Element:
    word = pen.say.say(check.mark.words)
    sign, color = SIGNS[check.mark]
    said = pen.lines(check.label)
    if check.detail:
        said += pen.lines(check.detail, isSubtle=True, size="Small")
    return {
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": "auto", "items": [block([run(sign, color=color, weight="Bolder")])]},
            {"type": "Column", "width": "stretch", "items": said},
            {"type": "Column", "width": "auto", "items": paragraphs(word, isSubtle=True, size="Small")},
        ],
    }


def _shares(part: Shares, pen: Pen) -> list[Element]:
    """Draw a bar whose legend says it all in words, so that the bar itself is for eyes only."""
    looks = [BAR[number % len(BAR)] for number in range(len(part.shares))]
    bar = [
        {"type": "Column", "width": share.count, "style": style, "minHeight": "14px", "spacing": "None", "items": []}
        for share, (style, _) in zip(part.shares, looks, strict=True)
        if share.count
    ]
    drawn: list[Element] = pen.lines(part.label, weight="Bolder")
    if bar:
        drawn.append({"type": "ColumnSet", "spacing": "Small", "columns": bar})
    drawn.extend(_legend(share, color) for share, (_, color) in zip(part.shares, looks, strict=True))
    return drawn


def _legend(share: Share, color: str) -> Element:
    said = [run("■ ", color=color), run(f"{share.count} ", weight="Bolder"), run(share.label or " ")]
    if share.note:
        said.append(run(f"  {share.note}", isSubtle=True, size="Small"))
    return block(said, spacing="Small")


def _link(part: Link) -> Element:
    address = web_address(part.url)
    if address is None:
        return block([run(part.label)])
    return block(
        [run(part.label, color="Accent", underline=True, selectAction={"type": "Action.OpenUrl", "url": address})],
        spacing="Medium",
    )
