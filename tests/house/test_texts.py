"""Every sentence that Samlas says has its Swedish, and the catalogue holds nothing else."""

import re
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.wiring import rooms
from tools.texts import (
    Said,
    duplicates,
    entries_for,
    problems,
    said_by_the_program,
    said_in_python,
    said_in_template,
)

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
THANKS = '\nmsgid "Thank you."\nmsgstr "Tack."\n'
PEOPLE = """
msgid "{count} person"
msgid_plural "{count} people"
msgstr[0] "{count} person"
msgstr[1] "{count} personer"
"""
SAYS_THANKS = Said("Thank you.", None, "bot/a.py:1")
SAYS_PEOPLE = Said("{count} person", "{count} people", "bot/a.py:2")

COMMANDS = {name for room in rooms() for name in room.commands}


def catalogue(*entries: str) -> Catalog:
    """Return a catalogue of these .po entries."""
    return read_po(BytesIO((HEAD + "".join(entries)).encode()), locale="sv")


@pytest.mark.parametrize(
    ("source", "msgid", "plural"),
    [
        ("text('Thank you.')", "Thank you.", None),
        ("ctx.say('Thank you, {name}.', name=name)", "Thank you, {name}.", None),
        ("say('One ' 'sentence.')", "One sentence.", None),
        ("say.many('{count} day', '{count} days', 3)", "{count} day", "{count} days"),
        ("texts('{count} day', '{count} days', 3)", "{count} day", "{count} days"),
    ],
)
def test_marked_in_python(source: str, msgid: str, plural: str | None) -> None:
    """A sentence is found where it is marked, with its plural."""
    assert list(said_in_python(f"\n{source}", "bot/a.py")) == [Said(msgid, plural, "bot/a.py:2")]


@pytest.mark.parametrize("source", ["ctx.say.say(sentence)", "print('Thank you.')", "say()"])
def test_not_marked(source: str) -> None:
    """Saying what was marked elsewhere, and what is said to nobody, is no sentence here."""
    assert list(said_in_python(source, "bot/a.py")) == []


def test_marked_in_template() -> None:
    """Sentences of pages are found, too."""
    source = "<p>{{ say('Thank you.') }}</p>\n<p>{{ say.many('{count} day', '{count} days', n) }}</p>"

    assert list(said_in_template(source, "page.html")) == [
        Said("Thank you.", None, "page.html:1"),
        Said("{count} day", "{count} days", "page.html:2"),
    ]


def test_put_together() -> None:
    """A sentence that is put together before it is marked can be translated by nobody, and is told."""
    said = list(said_in_python("say(f'Thank you, {name}.')", "bot/a.py"))

    assert list(problems(said, catalogue())) == ["bot/a.py:1: the sentence does not stand here as a plain string"]


def test_complete() -> None:
    """Where every sentence has its Swedish there is nothing to tell."""
    assert list(problems([SAYS_THANKS, SAYS_PEOPLE], catalogue(THANKS, PEOPLE))) == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("", "has no Swedish (make texts adds it): Thank you."),
        ('\nmsgid "Thank you."\nmsgstr ""\n', "its Swedish is not written yet: Thank you."),
        ('\n#, fuzzy\nmsgid "Thank you."\nmsgstr "Tack."\n', "its Swedish is not written yet: Thank you."),
        ('\nmsgid "Thank you."\nmsgstr "Tack, {name}."\n', "its Swedish has other {values}: Thank you."),
        ('\nmsgid "Thank you."\nmsgstr "Tack!"\n', "has an exclamation mark: Thank you."),
    ],
)
def test_incomplete(entry: str, problem: str) -> None:
    """What is missing, unfinished, shouted, or says other values is told with its place."""
    assert list(problems([SAYS_THANKS], catalogue(entry))) == [f"bot/a.py:1: {problem}"]


def test_said_nowhere() -> None:
    """A sentence that nobody says any more is told, so that it is taken out."""
    assert list(problems([], catalogue(THANKS))) == ["sv.po: is said nowhere: Thank you."]


def test_singular_without_its_number() -> None:
    """A singular may say "one" instead of its number."""
    said = Said("one person", "{count} people", "bot/a.py:1")
    entry = '\nmsgid "one person"\nmsgid_plural "{count} people"\nmsgstr[0] "en person"\nmsgstr[1] "{count} personer"\n'

    assert list(problems([said], catalogue(entry))) == []


def test_adding() -> None:
    """What is missing is added once, still without its Swedish; what is there stays as it is."""
    added = entries_for([SAYS_THANKS, SAYS_PEOPLE, SAYS_PEOPLE], catalogue(THANKS))

    assert added == '\nmsgid "{count} person"\nmsgid_plural "{count} people"\nmsgstr[0] ""\nmsgstr[1] ""\n'
    assert list(problems([SAYS_THANKS, SAYS_PEOPLE], catalogue(THANKS, added))) == [
        "bot/a.py:2: its Swedish is not written yet: {count} person"
    ]


def test_standing_twice() -> None:
    """A sentence that stands twice in the catalogue is told: one of them would be hidden."""
    assert duplicates(HEAD + THANKS + PEOPLE) == []
    assert duplicates(HEAD + THANKS + PEOPLE + THANKS) == ['"Thank you."']


def test_commands_are_named_for_every_platform() -> None:
    """A text names a command as {/news}, so that it is said as people write it where they are; each of them exists."""
    outside_the_local_chat = [
        said.msgid or "" for said in said_by_the_program() if not said.where.startswith("adapters/local/")
    ]

    for sentence in outside_the_local_chat:
        assert set(re.findall(r"\{/([a-z -]+)\}", sentence)) <= COMMANDS
        assert not re.search(rf"(?<![\w/{{])/({'|'.join(COMMANDS)})\b", sentence)
