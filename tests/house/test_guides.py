"""The guides are true: every button, field and command they name is one that Samlas has, in the guide's language."""

from collections.abc import Iterator
from functools import cache

import pytest
from babel.messages.pofile import read_po
from markdown_it import MarkdownIt
from markdown_it.token import Token

from adapters.slack.manifest import SHORTCUTS
from adapters.teams.words import asked_for, wants_home
from bot.wiring import rooms
from tools.texts import CATALOGUE, said_by_the_program
from tools.tree import ROOT

GUIDES = {"en": ROOT / "docs" / "guide.md", "sv": ROOT / "docs" / "guide.sv.md"}
COMMANDS = {name for room in rooms() for name in room.commands}
# What people write in Slack to address everybody.
ADDRESSES = {"@channel", "@here", "@everyone"}
_READER = MarkdownIt("commonmark")


@cache
def said_in(language: str) -> frozenset[str]:
    """Return every sentence of the program in a language."""
    english = {said.msgid for said in said_by_the_program() if said.msgid is not None}
    if language == "en":
        return frozenset(english | {shortcut.hint for shortcut in SHORTCUTS.values()})
    with CATALOGUE.open("rb") as source:
        catalogue = read_po(source, locale=language)
    return frozenset(str(message.string) for message in catalogue if message.id in english)


def inline(page: str) -> Iterator[list[Token]]:
    """Yield the inline tokens of each paragraph, heading and item."""
    for token in _READER.parse(page):
        if token.type == "inline":
            yield token.children or []


def quoted(page: str) -> Iterator[str]:
    """Yield what stands in italics, as a button or a field; a link to the other language is neither."""
    for tokens in inline(page):
        words: list[str] | None = None
        for token in tokens:
            if token.type == "em_open":
                words = []
            elif token.type == "em_close" and words is not None:
                if words:
                    yield " ".join("".join(words).split())
                words = None
            elif token.type == "link_open":
                words = None
            elif words is not None and token.type in ("text", "softbreak"):
                words.append(token.content or " ")


def written(page: str) -> Iterator[str]:
    """Yield what the page tells people to write."""
    for tokens in inline(page):
        yield from (token.content for token in tokens if token.type == "code_inline")


def is_understood(written: str) -> bool:
    """Whether Samlas has such a command: with a slash, or in the words that it reads in Teams."""
    if written in ADDRESSES:
        return True
    if written.startswith("/"):
        return written.removeprefix("/").split()[0] in COMMANDS
    return asked_for(written, COMMANDS) is not None or wants_home(written)


@pytest.mark.parametrize("language", GUIDES)
def test_every_button_that_a_guide_names_is_there(language: str) -> None:
    """In italics stand the program's own words in that language, to the letter."""
    found = set(quoted(GUIDES[language].read_text(encoding="utf-8")))

    assert len(found) > 60
    assert found - said_in(language) == set()


@pytest.mark.parametrize("language", GUIDES)
def test_every_command_that_a_guide_names_is_there(language: str) -> None:
    """Each is a command with a slash, or words that are understood in Teams."""
    found = set(written(GUIDES[language].read_text(encoding="utf-8")))

    assert {"/announce", "/news", "/decisions", "/decision-path", "/nudges", "/samlas me"} <= found
    assert {one for one in found if not is_understood(one)} == set()


def test_both_guides_name_the_same() -> None:
    """The same buttons in the same order, and as many pictures, in both languages."""
    english, swedish = (GUIDES[language].read_text(encoding="utf-8") for language in ("en", "sv"))

    assert len(list(quoted(english))) == len(list(quoted(swedish)))
    assert english.count("](pictures/") == swedish.count("](pictures/")


@pytest.mark.parametrize(("made_up", "what"), [("*Publish everything*", "button"), ("`/anounce`", "command")])
def test_what_is_made_up_is_found(made_up: str, what: str) -> None:
    """A button or a command that nobody has does not pass."""
    if what == "button":
        assert set(quoted(made_up)) - said_in("en") == {"Publish everything"}
    else:
        assert [is_understood(one) for one in written(made_up)] == [False]
