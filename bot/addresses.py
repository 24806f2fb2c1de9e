"""Which addresses in what people write may be followed, on every surface. Pure."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

SCHEMES = ("http", "https", "mailto")
# What mail goes to. Markdown takes more for it, such as the signs by which a chat calls a group.
_MAIL = re.compile(r"[^@\s<>|,]+@[^@\s<>|,]+\.[^@\s<>|,.]+")
# An address that stands in the text as it is; what ends a sentence does not belong to it.
_STANDING = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]}]")


def may_be_followed(url: str) -> bool:
    """Whether an address leads to the web or to somebody's mail, and to nothing else."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    if parts.scheme.lower() == "mailto":
        return all(_MAIL.fullmatch(one) for one in parts.path.split(","))
    return parts.scheme.lower() in SCHEMES and bool(parts.netloc or parts.path)


def with_addresses(words: str) -> Iterator[tuple[str, bool]]:
    """Yield words piece by piece, each with whether it is an address that stands there as one pastes it."""
    end = 0
    for found in _STANDING.finditer(words):
        if may_be_followed(found[0]):
            if found.start() > end:
                yield words[end : found.start()], False
            yield found[0], True
            end = found.end()
    if end < len(words):
        yield words[end:], False
