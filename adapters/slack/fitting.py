"""Makes blocks fit where they go: counts what they say, divides what is too long, and keeps buttons and fields."""

from collections.abc import Iterator, Sequence
from typing import Any

from adapters.slack.limits import RICH_TEXT

Block = dict[str, Any]

# What leads on is kept before what only tells.
KEPT = ("actions", "input")
# Room in which a last piece of a text is still worth showing, in characters.
WORTH_SHOWING = 40


def length(block: object) -> int:
    """Return how many characters a block says, addresses included."""
    match block:
        case dict():
            return sum(
                len(value) if key in ("text", "url") and isinstance(value, str) else length(value)
                for key, value in block.items()
            )
        case list():
            return sum(length(item) for item in block)
        case _:
            return 0


def fit(blocks: Sequence[Block], most_blocks: int, most_length: int, whole: Block) -> list[Block]:
    """Return the blocks as they are if they fit; else what fits of them, and then `whole`, the way to the rest.

    Buttons and fields are kept (as far as there is room even for them); text is cut where it becomes too long.
    """
    if len(blocks) <= most_blocks and length(list(blocks)) <= most_length:
        return list(blocks)
    room = most_length - length(whole)
    places = most_blocks - 1
    kept: dict[int, Block] = {}
    for number, block in enumerate(blocks):
        if block["type"] in KEPT and places > 0 and length(block) <= room:
            kept[number] = block
            places -= 1
            room -= length(block)
    stopped_at = len(blocks)
    for number, block in enumerate(blocks):
        if block["type"] in KEPT:
            continue
        head, tail = divided(block, room) if places > 0 else (None, block)
        if head is not None:
            kept[number] = head
            places -= 1
            room -= length(head)
        if tail is not None:
            stopped_at = number + 1
            break
    before = sorted(number for number in kept if number < stopped_at)
    after = sorted(number for number in kept if number >= stopped_at)
    return [*(kept[number] for number in before), whole, *(kept[number] for number in after)]


def paged(
    blocks: Sequence[Block], most_blocks: int, most_length: int, most_pages: int, rest: Block
) -> list[list[Block]]:
    """Return the blocks on as few pages as they fit on. `rest` says so where even `most_pages` are too few."""
    pages: list[list[Block]] = [[]]
    waiting = list(reversed(blocks))
    while waiting:
        if len(pages) == most_pages:
            pages[-1] = fit([*pages[-1], *reversed(waiting)], most_blocks, most_length, rest)
            break
        block = waiting.pop()
        room = most_length - length(pages[-1])
        head, tail = divided(block, room) if len(pages[-1]) < most_blocks else (None, block)
        if head is None and not pages[-1]:
            # Longer than a page by itself and not to be divided, which no block of ours is.
            head, tail = block, None
        if head is not None:
            pages[-1].append(head)
        if tail is not None:
            waiting.append(tail)
            pages.append([])
    return pages


def divided(block: Block, room: int) -> tuple[Block | None, Block | None]:
    """Return (what fits into so many characters, the rest); one of them None where all or nothing does."""
    if length(block) <= room:
        return block, None
    if block["type"] != "rich_text" or room < WORTH_SHOWING:
        return None, block
    head, tail = _divided(block["elements"], room)
    return ({**block, "elements": head} if head else None), ({**block, "elements": tail} if tail else None)


def _divided(elements: Sequence[Block], room: int) -> tuple[list[Block], list[Block]]:
    for number, element in enumerate(elements):
        size = length(element)
        if size <= room:
            room -= size
            continue
        head, tail = _divided_one(element, room)
        before, after = list(elements[:number]), list(elements[number + 1 :])
        return [*before, *head], [*tail, *after]
    return list(elements), []


def _divided_one(element: Block, room: int) -> tuple[list[Block], list[Block]]:
    if "elements" in element:
        head, tail = _divided(element["elements"], room)
        if not head:
            return [], [element]
        rest = {**element, "elements": tail}
        if element.get("style") == "ordered":
            rest["offset"] = int(element.get("offset", 0)) + len(head)
        return [{**element, "elements": head}], [rest]
    if element["type"] == "text" and room > 0:
        at = _break(element["text"], room)
        return [{**element, "text": element["text"][:at]}], [{**element, "text": element["text"][at:]}]
    return [], [element]


def _break(words: str, most: int) -> int:
    """Return where to break words that are longer than `most`: after a line or a word, if one ends near."""
    at = max(words.rfind("\n", 0, most), words.rfind(" ", 0, most)) + 1
    return at if at > most // 2 else most


def in_pieces(element: Block) -> Iterator[Block]:
    """Yield rich text with no text in it that is longer than RICH_TEXT, and none that is empty, as Slack wants it."""
    if "elements" in element:
        inner = [piece for part in element["elements"] for piece in in_pieces(part)]
        if inner:
            yield {**element, "elements": inner}
        return
    if not element["text"]:
        return
    while element["type"] == "text" and len(element["text"]) > RICH_TEXT:
        at = _break(element["text"], RICH_TEXT)
        yield {**element, "text": element["text"][:at]}
        element = {**element, "text": element["text"][at:]}
    yield element
