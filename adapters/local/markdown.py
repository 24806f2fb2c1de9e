"""What a person wrote, as HTML: Markdown that can format itself and nothing else."""

from collections.abc import Iterator, MutableMapping, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from bot.addresses import may_be_followed, with_addresses
from bot.directions import closed


def written(markdown: str) -> Markup:
    """Return what somebody wrote, as HTML: no tags of their own, no pictures, links only to what may be followed."""
    # markdown-it escapes all text, and `html` is off, so what it returns is safe to show.
    return Markup(_reader().render(markdown))  # noqa: S704 - see above


@cache
def _reader() -> MarkdownIt:
    reader = (
        MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable(["image", "entity"])
    )
    reader.validateLink = may_be_followed  # type: ignore[method-assign]  # markdown-it's own way to decide which links it makes
    reader.core.ruler.push("addresses", _link_addresses)
    reader.core.ruler.push("closed", _close)
    reader.add_render_rule("link_open", _link_open)
    reader.add_render_rule("heading_open", _heading)
    reader.add_render_rule("heading_close", _heading)
    return reader


def _link_addresses(state: StateCore) -> None:
    """Make links of the addresses that stand among the words, but for those that are part of a link already."""
    for token in state.tokens:
        if token.children:
            token.children = list(_with_links(token.children))


def _with_links(children: Sequence[Token]) -> Iterator[Token]:
    inside = 0
    for child in children:
        if child.type in ("link_open", "link_close"):
            inside += child.nesting
        if child.type != "text" or inside:
            yield child
            continue
        for piece, is_address in with_addresses(child.content):
            words = Token("text", "", 0, content=piece)
            if is_address:
                yield Token("link_open", "a", 1, attrs={"href": piece})
                yield words
                yield Token("link_close", "a", -1)
            else:
                yield words


def _close(state: StateCore) -> None:
    """Let no words turn those round that follow them."""
    for token in state.tokens:
        for piece in (token, *(token.children or [])):
            if piece.type in ("text", "code_inline", "fence", "code_block"):
                piece.content = closed(piece.content)


def _link_open(
    renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: MutableMapping[str, Any],  # noqa: ARG001 - the form of a markdown-it rule
) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer nofollow")
    tokens[index].attrSet("target", "_blank")
    return str(renderer.renderToken(tokens, index, options, {}))  # type: ignore[attr-defined]  # HTML's renderer has it


def _heading(
    renderer: RendererProtocol,  # noqa: ARG001 - the form of a markdown-it rule
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,  # noqa: ARG001 - as above
    env: MutableMapping[str, Any],  # noqa: ARG001 - as above
) -> str:
    # A message is no page: its headings would stand in the way of those who go from heading to heading.
    return '<p class="said-heading">' if tokens[index].nesting == 1 else "</p>\n"
