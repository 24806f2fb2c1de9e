"""The bot's messages as Block Kit: pure functions, part by part.

Whatever anybody wrote goes into rich text or plain text, where Slack looks for no mentions, links or commands. What
is longer than Slack takes is shortened, and a button under it shows the whole (`bot.whole`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from adapters.slack import limits
from adapters.slack.fitting import Block, fit, in_pieces, paged
from adapters.slack.limits import one_line, short
from adapters.slack.markdown import Element, clean, link_element, rich_text, section, text_element
from bot.directions import closed
from bot.messages import (
    Appointment,
    Button,
    Buttons,
    Check,
    Checks,
    Divider,
    Fields,
    Heading,
    Link,
    Mark,
    Message,
    Part,
    Picture,
    Shares,
    Style,
    Together,
    Tone,
    Words,
    Written,
)
from bot.texts import Voice
from bot.whole import WHOLE

# A bar has this many squares; the legend beside it says in words what each colour is.
SQUARES_IN_BAR = 20
SQUARES = ("🟩", "🟦", "🟥", "🟧", "🟨", "🟪", "🟫", "⬜")
# What stands where there is nothing to say, since Slack takes no message without a block.
NOTHING: Block = {"type": "divider"}
MARKS = {Mark.DONE: "✅", Mark.OPEN: "◻️", Mark.NO: "✖️"}


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as Slack takes it: `text` for notifications and screen readers, and the blocks."""

    text: str
    blocks: list[Block]


def render(message: Message, say: Voice) -> Rendered:
    """Return a message that stands, within Slack's limits; what had to be cut off can be opened from it."""
    blocks = list(render_parts(message.parts, say))
    fitting = fit(blocks, limits.BLOCKS_IN_MESSAGE, limits.MESSAGE, whole_row(say))
    return Rendered(summary(message.summary), fitting or [NOTHING])


def render_whisper(message: Message, say: Voice) -> list[Rendered]:
    """Return a message that nothing is kept of, and that is therefore told to its end: in several, if need be."""
    blocks = list(render_parts(message.parts, say)) or [NOTHING]
    told = paged(blocks, limits.BLOCKS_IN_MESSAGE, limits.MESSAGE, limits.WHISPERS, rest(say))
    return [Rendered(summary(message.summary), page) for page in told]


def render_parts(parts: Sequence[Part], say: Voice) -> Iterator[Block]:
    """Yield the blocks of some parts. No action's name is given twice, as Slack demands of one row of buttons."""
    given: dict[str, int] = {}
    for part in parts:
        yield from _part(part, say, given)


def summary(words: str) -> str:
    """Return the plain text beside the blocks, escaped: there alone Slack would read markup."""
    return escaped(short(closed(clean(words)), limits.SUMMARY))


def escaped(words: str) -> str:
    """Return words in which mrkdwn finds neither a mention nor a link (docs.slack.dev, "Escaping text")."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain(words: str, most: int) -> dict[str, Any]:
    """Return a plain text object of one line; Slack refuses an empty one."""
    return {"type": "plain_text", "text": one_line(closed(clean(words)), most) or "-", "emoji": True}


def button_element(button: Button, action_id: str, say: Voice) -> Block:
    """Return a button. It carries its action's name and what it is about, nothing else."""
    element: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(button.label, limits.BUTTON),
        "value": f"{button.target.row}.{button.target.version}",
    }
    if button.style is not Style.PLAIN:
        element["style"] = button.style.value
    if button.confirm:
        element["confirm"] = {
            "title": plain(button.label, limits.CONFIRM_TITLE),
            "text": plain(button.confirm, limits.CONFIRM_TEXT),
            "confirm": plain(button.label, limits.CONFIRM_BUTTON),
            "deny": plain(say("Cancel"), limits.CONFIRM_BUTTON),
        }
    return element


def whole_row(say: Voice) -> Block:
    """Return the way to the whole of a message that had to be shortened."""
    words = say("Show all of it")
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": WHOLE, "text": plain(words, limits.BUTTON), "value": "0.0"}],
    }


def rest(say: Voice) -> Block:
    """Return what stands at the end of something shortened that has no way to the whole."""
    return next(quiet(say("There is more than Slack can show here.")))


def _part(part: Part, say: Voice, given: dict[str, int]) -> Iterator[Block]:  # noqa: C901, PLR0912 - one case for each part
    match part:
        case Heading():
            yield from _heading(part.text)
        case Words():
            yield from _words(part)
        case Written():
            yield from _rich(rich_text(part.markdown))
        case Fields():
            yield from _rich([section(*_field_lines(part))])
        case Checks():
            yield from _rich([section(*_lines([_check(check, say) for check in part.checks]))])
        case Shares():
            yield from _shares(part)
        case Buttons():
            yield from _buttons(part, say, given)
        case Link():
            yield from _rich([section(link_element(part.url, part.label))])
        case Together():
            if part.url is not None:
                yield from _rich([section(link_element(part.url, part.label))])
        case Appointment():
            # The time itself stands in the words beside it; the gateway shares it as a file.
            yield from quiet(part.title)
        case Divider():
            yield {"type": "divider"}
        case Picture():
            yield from _picture(part, say)
        case _:
            assert_never(part)


def _picture(part: Picture, say: Voice) -> Iterator[Block]:
    alt = limits.one_line(clean(part.alt), limits.ALT) or "-"
    if part.known_as:
        yield {"type": "image", "slack_file": {"id": part.known_as}, "alt_text": alt}
    else:
        # Slack has not taken it, or not yet.
        yield from quiet(say("Picture: {alt}", alt=alt))


def _heading(words: str) -> Iterator[Block]:
    line = " ".join(clean(words).split())
    if len(line) > limits.HEADER:
        yield from _rich([section(text_element(line, bold=True))])
    elif line:
        yield {"type": "header", "text": plain(line, limits.HEADER)}


def _words(part: Words) -> Iterator[Block]:
    words = clean(part.text).strip()
    if not words:
        return
    match part.tone:
        case Tone.PLAIN:
            yield from _rich([section(text_element(words))])
        case Tone.STRONG:
            yield from _rich([section(text_element(words, bold=True))])
        case Tone.QUIET:
            yield from quiet(words)
        case _:
            assert_never(part.tone)


def quiet(words: str) -> Iterator[Block]:
    """Yield words in small print, in as many blocks as they take."""
    for piece in pieces(closed(clean(words)).strip() or "-", limits.CONTEXT_TEXT):
        yield {"type": "context", "elements": [{"type": "plain_text", "text": piece, "emoji": True}]}


def pieces(words: str, most: int) -> Iterator[str]:
    """Yield words in pieces of at most `most`, broken at the end of a line or a word where there is one."""
    rest = words
    while len(rest) > most:
        at = max(rest.rfind("\n", 1, most), rest.rfind(" ", most // 2, most))
        at = at if at > 0 else most
        yield rest[:at]
        rest = rest[at:].lstrip() or " "
    yield rest


def _rich(elements: Sequence[Element]) -> Iterator[Block]:
    pieces_of_it = [piece for element in elements for piece in in_pieces(element)]
    if pieces_of_it:
        yield {"type": "rich_text", "elements": pieces_of_it}


def _field_lines(part: Fields) -> list[Element]:
    lines = []
    for field in part.fields:
        label = " ".join(clean(field.label).split())
        value = text_element(clean(field.value).strip() or "-")
        lines.append([text_element(f"{label}: " if label else " ", bold=True), value])
    return _lines(lines)


def _lines(lines: Sequence[Sequence[Element]]) -> list[Element]:
    """Return lines as one run of rich text: Slack does not promise that two runs are not in one line."""
    joined: list[Element] = []
    for line in lines:
        joined.extend([*([text_element("\n")] if joined else []), *line])
    return joined


def _check(check: Check, say: Voice) -> list[Element]:
    words = say.say(check.mark.words)
    line = [text_element(f"{MARKS[check.mark]} {clean(check.label)}"), text_element(f" ({words})", italic=True)]
    if clean(check.detail).strip():
        line.append(text_element(f"\n{clean(check.detail).strip()}"))
    return line


def squares(part: Shares) -> str:
    """Return the bar: every share that is not nothing has a square, and together they are SQUARES_IN_BAR.

    More shares than that have one square each.
    """
    counts = [share.count for share in part.shares]
    total = sum(counts)
    if total <= 0:
        return ""
    exact = [count * SQUARES_IN_BAR / total for count in counts]
    given = [max(1, int(share)) if count else 0 for share, count in zip(exact, counts, strict=True)]
    while sum(given) != SQUARES_IN_BAR:
        step = 1 if sum(given) < SQUARES_IN_BAR else -1
        open_to_it = [number for number, count in enumerate(counts) if count and (step > 0 or given[number] > 1)]
        if not open_to_it:
            break
        chosen = max(open_to_it, key=lambda number: step * (exact[number] - given[number]))
        given[chosen] += step
    return "".join(SQUARES[number % len(SQUARES)] * count for number, count in enumerate(given))


def _shares(part: Shares) -> Iterator[Block]:
    lines = [[text_element(clean(part.label).strip() or "-", bold=True)]]
    bar = squares(part)
    if bar:
        lines.append([text_element(bar)])
    for number, share in enumerate(part.shares):
        line = [
            text_element(f"{SQUARES[number % len(SQUARES)]} "),
            text_element(str(share.count), bold=True),
            text_element(f" {clean(share.label)}"),
        ]
        if share.note:
            line.append(text_element(f": {clean(share.note)}", italic=True))
        lines.append(line)
    yield from _rich([section(*_lines(lines))])


def _buttons(part: Buttons, say: Voice, given: dict[str, int]) -> Iterator[Block]:
    elements = []
    for button in part.buttons:
        label = " ".join(clean(button.label).split())
        if len(label) > limits.BUTTON:
            # Its end does not fit on the button, and so stands above it.
            yield from quiet(label)
        given[button.action] = number = given.get(button.action, 0) + 1
        action_id = button.action if number == 1 else f"{button.action}#{number}"
        elements.append(button_element(button, action_id, say))
    for start in range(0, len(elements), limits.BUTTONS_IN_ROW):
        yield {"type": "actions", "elements": elements[start : start + limits.BUTTONS_IN_ROW]}
