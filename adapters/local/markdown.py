"""What a person wrote, as HTML: Markdown that can format itself and nothing else."""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

# Where a link that somebody wrote may lead.
SCHEMES = ("http", "https", "mailto")


def written(markdown: str) -> Markup:
    """Return what somebody wrote, as HTML: no tags of their own, no pictures, links only to SCHEMES."""
    # markdown-it escapes all text, and `html` is off, so what it returns is safe to show.
    return Markup(_reader().render(markdown))  # noqa: S704 - see above


def is_link(url: str) -> bool:
    """Whether a link that somebody wrote may be followed."""
    try:
        return urlsplit(url.strip()).scheme.lower() in SCHEMES
    except ValueError:
        return False


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough").disable("image")
    reader.validateLink = is_link  # type: ignore[method-assign]  # markdown-it's own way to decide which links it makes
    reader.add_render_rule("link_open", _link_open)
    reader.add_render_rule("heading_open", _heading)
    reader.add_render_rule("heading_close", _heading)
    return reader


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
