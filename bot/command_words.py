"""How people ask for a command, which each surface has its own way of: a slash and its name, or plain words.

A text that names a command says `{/news}`; whoever says the text writes it as its reader's people do (bot/texts.py).
"""

from collections.abc import Callable, Mapping

WrittenAs = Callable[[str, str], str]
"""Returns what people write to ask for a command ("samlas me"), in a language."""

WaysToWrite = Mapping[str, WrittenAs]
"""How each platform has its commands written."""

SLASH = "/"


def slashed(command: str, language: str) -> str:  # noqa: ARG001 - one name in every language
    """Return a command as most chats take it."""
    return f"{SLASH}{command}"


# Where no platform has a way of its own.
SLASHED: WaysToWrite = {}


def the_only(ways: WaysToWrite) -> WrittenAs:
    """Return how commands are written for somebody whose platform is not known: as everybody here does, or slashed."""
    [way, *others] = dict.fromkeys(ways.values()) or [slashed]
    return slashed if others else way


def within_a_sentence(written: str, language: str) -> str:
    """Return a command as it stands in a sentence: what begins with no slash could be taken for a word of it."""
    if written.startswith(SLASH):
        return written
    return f"\u201d{written}\u201d" if language == "sv" else f"\u201c{written}\u201d"
