"""What a person wrote, in Markdown, as Slack's rich text.

Rich text is data, not markup: the words in it are shown as they are, so that nothing in them can become a mention, a
link or a command. Only a link that was written as one becomes one.
"""

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from adapters.slack.limits import LINK
from bot.addresses import may_be_followed, with_addresses
from bot.directions import closed

Element = dict[str, Any]
"""A rich text element: a section, list, quote or preformatted, or an inline one such as a text or a link."""

DEEPEST_LIST = 8
# A text of 10,000 characters can take a tenth of a second to read, and some megabytes as a tree.
TEXTS_KEPT = 16
# What Slack calls the ways in which words can stand out.
STYLES = {"strong": "bold", "em": "italic", "s": "strike"}


def is_link(url: str) -> bool:
    """Whether a link that somebody wrote may be followed, and Slack takes one of this length."""
    return may_be_followed(url) and len(url) <= LINK


def clean(words: str) -> str:
    """Return words without what cannot be sent: control characters and halves of surrogate pairs."""
    kept = "".join(sign for sign in words if sign in "\n\t" or (sign >= " " and sign != "\x7f"))
    return kept.encode("utf-8", "replace").decode("utf-8")


def text_element(words: str, **style: bool) -> Element:
    """Return words that are shown as they are, perhaps bold, italic, strike or code."""
    element: Element = {"type": "text", "text": closed(clean(words))}
    if style:
        element["style"] = style
    return element


def section(*elements: Element) -> Element:
    """Return one run of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def link_element(url: str, label: str, **style: bool) -> Element:
    """Return a link; its label stands alone where the address is none that may be followed."""
    if not is_link(url):
        return text_element(label or url, **style)
    element: Element = {"type": "link", "url": clean(url.strip()), "text": closed(clean(label)) or clean(url.strip())}
    if style:
        element["style"] = style
    return element


def rich_text(markdown: str) -> list[Element]:
    """Return what somebody wrote as rich text sections, lists, quotes and code, in order; never an empty one."""
    return _spaced([element for node in _read(markdown).children for element in _block(node, 0)])


@lru_cache(maxsize=TEXTS_KEPT)
def _read(markdown: str) -> SyntaxTreeNode:
    """Return a text as a tree, which nobody changes: what goes to thousands is read once."""
    return SyntaxTreeNode(_reader().parse(clean(markdown)))


@cache
def _reader() -> MarkdownIt:
    reader = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable(["image", "entity"])
    )
    reader.validateLink = is_link  # type: ignore[method-assign]  # markdown-it's own way to decide which links it makes
    # The first reading puts its rules together, which two threads at once would get wrong.
    reader.parse("")
    reader.parseInline("*")
    return reader


def _block(node: SyntaxTreeNode, depth: int) -> Iterator[Element]:
    match node.type:
        case "paragraph":
            yield from _section(_inlines(node, {}))
        case "heading":
            yield from _section(_inlines(node, {"bold": True}))
        case "bullet_list" | "ordered_list":
            yield from _list(node, depth)
        case "blockquote":
            elements = _joined(list(_runs(node)))
            if elements:
                yield {"type": "rich_text_quote", "elements": elements}
        case "fence" | "code_block":
            words = node.content.rstrip("\n")
            if words:
                yield {"type": "rich_text_preformatted", "elements": [text_element(words)]}
        case "hr":
            yield section(text_element("⸻"))
        case _:
            # Nothing else comes out of this reader; should a later one know more, its words are not lost.
            yield from _section(_inlines(node, {}))


def _section(elements: list[Element]) -> Iterator[Element]:
    if elements:
        yield section(*elements)


def _list(node: SyntaxTreeNode, depth: int) -> Iterator[Element]:
    """Yield a list as Slack has it: flat runs of items, each run with its indent."""
    style = "ordered" if node.type == "ordered_list" else "bullet"
    run: list[Element] = []
    before = 0
    offset = int(node.attrs.get("start", 1)) - 1 if style == "ordered" else 0

    def made() -> Element:
        element: Element = {
            "type": "rich_text_list",
            "style": style,
            "indent": min(depth, DEEPEST_LIST),
            "elements": list(run),
        }
        if style == "ordered" and (offset + before):
            element["offset"] = offset + before
        return element

    for item in node.children:
        own = _joined(list(_runs(item, nested=False)))
        run.append(section(*own) if own else section(text_element(" ")))
        inner = [child for child in item.children if child.type in ("bullet_list", "ordered_list")]
        if inner:
            yield made()
            before += len(run)
            run.clear()
            for child in inner:
                yield from _list(child, depth + 1)
    if run:
        yield made()


def _runs(node: SyntaxTreeNode, *, nested: bool = True) -> Iterator[list[Element]]:
    """Yield the words of each block within a quote or an item, which hold inline elements only."""
    for child in node.children:
        match child.type:
            case "bullet_list" | "ordered_list" if not nested:
                continue
            case "bullet_list" | "ordered_list":
                for number, item in enumerate(child.children, start=1):
                    sign = "• " if child.type == "bullet_list" else f"{number}. "
                    yield [text_element(sign), *_joined(list(_runs(item)))]
            case "blockquote" | "list_item":
                yield from _runs(child, nested=nested)
            case "fence" | "code_block":
                words = child.content.rstrip("\n")
                if words:
                    yield [text_element(words, code=True)]
            case _:
                found = _inlines(child, {})
                if found:
                    yield found


def _joined(runs: Sequence[list[Element]]) -> list[Element]:
    joined: list[Element] = []
    for run in runs:
        if joined and run:
            joined.append(text_element("\n"))
        joined.extend(run)
    return joined


def _inlines(node: SyntaxTreeNode, style: dict[str, bool]) -> list[Element]:
    found: list[Element] = []
    for child in node.children:
        match child.type:
            case "inline":
                found.extend(_inlines(child, style))
            case "text":
                found.extend(_with_addresses(child.content, style))
            case "softbreak" | "hardbreak":
                found.append(text_element("\n"))
            case "code_inline":
                if child.content:
                    found.append(text_element(child.content, **{**style, "code": True}))
            case "link":
                found.append(link_element(str(child.attrs.get("href", "")), words_of(child), **style))
            case styled if styled in STYLES:
                found.extend(_inlines(child, {**style, STYLES[styled]: True}))
            case _:
                found.extend(_inlines(child, style) if child.children else [text_element(child.content or " ")])
    return found


def _with_addresses(words: str, style: dict[str, bool]) -> Iterator[Element]:
    """Yield words, with the addresses that stand among them as links, as Slack's own composer has it."""
    for piece, is_address in with_addresses(words):
        yield link_element(piece, piece, **style) if is_address else text_element(piece, **style)


def words_of(node: SyntaxTreeNode) -> str:
    """Return the words under a node, without their looks."""
    if not node.children:
        return "\n" if node.type in ("softbreak", "hardbreak") else (node.content or "")
    return "".join(words_of(child) for child in node.children)


def _spaced(elements: list[Element]) -> list[Element]:
    """Put the empty lines between blocks that Slack's own composer puts there."""
    spaced: list[Element] = []
    for element in elements:
        before = spaced[-1] if spaced else None
        is_section = element["type"] == "rich_text_section"
        if before is not None and before["type"] == "rich_text_section":
            if is_section:
                before["elements"] = [*before["elements"], text_element("\n\n"), *element["elements"]]
                continue
            before["elements"] = [*before["elements"], text_element("\n")]
        elif before is not None and is_section:
            element["elements"] = [text_element("\n"), *element["elements"]]
        spaced.append(element)
    return spaced
