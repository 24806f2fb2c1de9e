"""What people write, in Markdown, as blocks of an Adaptive Card; used by cards.py. Pure.

Everything becomes runs of plain text with their looks as properties. Nothing is handed to Teams as markup, so no
text can become a mention, a link or a command that its writer did not write.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.teams.limits import LONGEST_RUN
from bot.addresses import may_be_followed, with_addresses
from bot.directions import closed

Element = dict[str, Any]

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("entity")
_PARSER.validateLink = may_be_followed  # type: ignore[method-assign]  # markdown-it's own way to decide on links
_BULLET = "•"
_INDENT = "   "


@dataclass(frozen=True, slots=True)
class _Look:
    bold: bool = False
    italic: bool = False
    struck: bool = False
    code: bool = False
    url: str | None = None


def run(text: str, **looks: Any) -> Element:
    """Return a run of plain text; `looks` are properties of Adaptive Cards' TextRun."""
    return {"type": "TextRun", "text": closed(text), **looks}


def block(runs: Sequence[Element], **properties: Any) -> Element:
    """Return one paragraph."""
    return {"type": "RichTextBlock", "inlines": list(runs), **properties}


def paragraphs(text: str, **looks: Any) -> list[Element]:
    """Return plain text as one block a line; empty lines only separate."""
    return [block([run(piece, **looks)]) for line in text.splitlines() if line.strip() for piece in pieces(line)]


def pieces(text: str) -> Iterator[str]:
    """Divide a text into runs of a bearable length, between words where there are any."""
    rest = text
    while len(rest) > LONGEST_RUN:
        cut = rest.rfind(" ", LONGEST_RUN // 2, LONGEST_RUN) + 1 or LONGEST_RUN
        yield rest[:cut]
        rest = rest[cut:]
    yield rest


def written(markdown: str) -> list[Element]:
    """Return Markdown as blocks: headings, lists, quotes, code, emphasis and links; HTML stays as it was typed."""
    return list(_blocks(_PARSER.parse(markdown)))


@dataclass(slots=True)
class _List:
    """A list that is open while its items are read; `number` None: bullets."""

    number: int | None


@dataclass(slots=True)
class _Reading:
    """Where in a text the reader is."""

    lists: list[_List]
    look: _Look = _Look()
    quoted: int = 0
    marker: str = ""

    def step(self, token: Token) -> None:
        """Go into a list, an item, a quotation or a heading, or out of it."""
        match token.type:
            case "bullet_list_open":
                self.lists.append(_List(None))
            case "ordered_list_open":
                self.lists.append(_List(int(token.attrGet("start") or 1)))
            case "bullet_list_close" | "ordered_list_close":
                self.lists.pop()
            case "list_item_open":
                self.marker = _marker(self.lists)
            case "blockquote_open" | "blockquote_close":
                self.quoted += token.nesting
            case "heading_open" | "heading_close":
                self.look = _Look(bold=token.nesting > 0)
            case _:
                pass

    def prefix(self) -> str:
        """Return what stands before the next paragraph: the marks of quotations, lists and items."""
        marker, self.marker = self.marker or _INDENT * len(self.lists), ""
        return "│ " * self.quoted + marker


def _blocks(tokens: Sequence[Token]) -> Iterator[Element]:
    reading = _Reading([])
    for token in tokens:
        match token.type:
            case "inline":
                yield from _paragraph(token, reading.prefix(), reading.look)
            case "fence" | "code_block":
                yield from paragraphs(token.content, fontType="Monospace")
            case "hr":
                yield block([run("―" * 3, isSubtle=True)])
            case _:
                reading.step(token)


def _marker(lists: Sequence[_List]) -> str:
    innermost = lists[-1]
    indent = _INDENT * (len(lists) - 1)
    if innermost.number is None:
        return f"{indent}{_BULLET} "
    number, innermost.number = innermost.number, innermost.number + 1
    return f"{indent}{number}. "


def _paragraph(token: Token, prefix: str, look: _Look) -> Iterator[Element]:
    line: list[Element] = [run(prefix)] if prefix else []
    room = LONGEST_RUN
    for text, looks in _runs(token.children or [], look):
        if text == "\n":
            if line:
                yield block(line)
            line, room = [], LONGEST_RUN
            continue
        for piece in pieces(text):
            if len(piece) > room and line:
                yield block(line)
                line, room = [], LONGEST_RUN
            line.append(_styled(piece, looks))
            room -= len(piece)
    if line:
        yield block(line)


def _runs(children: Sequence[Token], look: _Look) -> Iterator[tuple[str, _Look]]:
    for child in children:
        match child.type:
            case "strong_open" | "strong_close":
                look = replace(look, bold=child.nesting > 0)
            case "em_open" | "em_close":
                look = replace(look, italic=child.nesting > 0)
            case "s_open" | "s_close":
                look = replace(look, struck=child.nesting > 0)
            case "link_open" | "link_close":
                look = replace(look, url=web_address(child.attrGet("href")))
            case _:
                yield from _run(child, look)


def _run(child: Token, look: _Look) -> Iterator[tuple[str, _Look]]:
    match child.type:
        case "softbreak" | "hardbreak":
            yield "\n", look
        case "code_inline":
            yield child.content, replace(look, code=True)
        case "image":
            # Somebody else's server would see who opens the message; so a picture is a link with its words.
            address = child.attrGet("src")
            yield child.content or str(address), replace(look, url=web_address(address))
        case _ if look.url is not None:
            yield child.content, look
        case _:
            for piece, is_address in with_addresses(child.content):
                yield piece, replace(look, url=piece) if is_address else look


def web_address(href: object) -> str | None:
    """Return an address that may be opened, None for any other."""
    address = str(href or "").strip()
    return address if may_be_followed(address) else None


def _styled(text: str, look: _Look) -> Element:
    looks: dict[str, Any] = {}
    if look.bold:
        looks["weight"] = "Bolder"
    if look.italic:
        looks["italic"] = True
    if look.struck:
        looks["strikethrough"] = True
    if look.code:
        looks["fontType"] = "Monospace"
    if look.url is not None:
        looks["color"] = "Accent"
        looks["underline"] = True
        looks["selectAction"] = {"type": "Action.OpenUrl", "url": look.url}
    return run(text, **looks)
