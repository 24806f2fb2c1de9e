"""Finds links in the documentation that lead nowhere: to a file, or a heading, that is not there (make check).

Addresses on the web are left alone: whether they answer today says nothing about the repository.
"""

import re
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from tools.tree import ROOT, files

_READER = MarkdownIt("commonmark").enable("table")


def dead_links(page: Path, root: Path = ROOT) -> Iterator[str]:
    """Yield each link or picture of a page that leads nowhere, with its place."""
    for target in _targets(_READER.parse(page.read_text(encoding="utf-8"))):
        parts = urlsplit(target)
        if parts.scheme or parts.netloc:
            continue
        there = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        where = f"{page.relative_to(root)}: {target}"
        if not there.exists():
            yield f"{where}: there is no such file"
        elif not there.is_relative_to(root):
            yield f"{where}: leads out of the repository"
        elif parts.fragment and there.suffix == ".md" and unquote(parts.fragment) not in headings(there):
            yield f"{where}: there is no such heading"


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as code hosts make them."""
    tokens = _READER.parse(page.read_text(encoding="utf-8"))
    titles = [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _targets(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        target = token.attrGet("href") if token.type == "link_open" else token.attrGet("src")
        if target:
            yield str(target)
        yield from _targets(token.children or [])


def main() -> int:
    """Print every dead link; returns 1 when there is one."""
    pages = files("*.md")
    dead = [link for page in pages for link in dead_links(page)]
    for link in dead:
        print(link)
    print(f"{len(pages)} pages, {len(dead)} dead links.")
    return 1 if dead else 0


if __name__ == "__main__":
    sys.exit(main())
