"""Which addresses in what people write may be followed, on every surface. Pure."""

import re
from urllib.parse import urlsplit

SCHEMES = ("http", "https", "mailto")
# What mail goes to. Markdown takes more for it, such as the signs by which a chat calls a group.
_MAIL = re.compile(r"[^@\s<>|,]+@[^@\s<>|,]+\.[^@\s<>|,.]+")


def may_be_followed(url: str) -> bool:
    """Whether an address leads to the web or to somebody's mail, and to nothing else."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return False
    if parts.scheme.lower() == "mailto":
        return all(_MAIL.fullmatch(one) for one in parts.path.split(","))
    return parts.scheme.lower() in SCHEMES and bool(parts.netloc or parts.path)
