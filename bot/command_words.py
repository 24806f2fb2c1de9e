"""How people ask for a command, which each surface has its own way of: a slash and its name, or plain words."""

from collections.abc import Callable

WrittenAs = Callable[[str, str], str]
"""Returns what people write to ask for a command ("samlas me"), in a language."""


def slashed(command: str, language: str) -> str:  # noqa: ARG001 - one name in every language
    """Return a command as most chats take it."""
    return f"/{command}"
