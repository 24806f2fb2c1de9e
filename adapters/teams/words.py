"""What people write to the bot in Teams, as commands: Teams has no slash commands, so plain words are read. Pure."""

import html
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from adapters.teams.wire import Entity

# Every word that asks for a command, in both languages, by the core's name of the command. A command that the core
# does not know (yet) is not read as one.
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "announce": ("announce", "announcement", "meddela", "annonsera", "berätta"),
    "news": ("news", "nyheter", "nytt"),
    "decisions": ("decisions", "decision", "beslut"),
    "decision-path": ("decision-path", "decision path", "beslutsväg", "beslutsvägen"),
    "coach": ("coach", "coacha", "handledare"),
    "coach me": ("coach me", "coacha mig", "coach mig"),
    "invite-in": ("invite-in", "invite in", "invite", "bjud in", "bjud-in"),
    "insights": ("insights", "insikter"),
    "nudges": ("nudges", "knuffar"),
    "samlas": ("samlas", "help", "hjälp"),
}
# "samlas me" asks for a person's own page; here it is enough to write "me".
OWN_PAGE: Final = ("me", "my data", "mina uppgifter", "mig")
# What the help and the package tell people to write, by language, where it is not the first of the words above.
TOLD: Final[dict[str, dict[str, str]]] = {
    "en": {"samlas": "help", "samlas me": "my data"},
    "sv": {
        "announce": "meddela",
        "news": "nyheter",
        "decisions": "beslut",
        "decision-path": "beslutsväg",
        "coach": "coacha",
        "coach me": "coacha mig",
        "invite-in": "bjud in",
        "insights": "insikter",
        "nudges": "knuffar",
        "samlas": "hjälp",
        "samlas me": "mina uppgifter",
    },
}
# In a personal chat these open the bot's Home.
HOME: Final = ("home", "hem")

_MENTION: Final = re.compile(r"<at\b[^>]*>.*?</at>", re.IGNORECASE | re.DOTALL)
_TAG: Final = re.compile(r"</?(?:p|div|span|br)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """A command and what follows it."""

    command: str
    text: str


def without_mention(text: str, entities: Sequence[Entity], bot: str) -> tuple[str, bool]:
    """Return what was written without the mentions of the bot, and whether there was one.

    Other people's mentions stay as their names.
    """
    mentioned = False
    for entity in entities:
        if entity.type == "mention" and entity.text and entity.mentioned and entity.mentioned.get("id") == bot:
            text = text.replace(entity.text, " ")
            mentioned = True
    text = _MENTION.sub(lambda found: re.sub(r"<[^>]*>", "", found.group()), text)
    text = html.unescape(_TAG.sub(" ", text)).replace("\xa0", " ")
    return text.strip(), mentioned


def asked_for(text: str, known: Collection[str]) -> Asked | None:
    """Return the command that a text begins with; None when it is none of the known ones."""
    given = text.lstrip().removeprefix("/")
    folded = given.casefold()
    if folded.strip() in OWN_PAGE and "samlas" in known:
        return Asked("samlas", "me")
    longest_first = sorted(
        ((word, command) for command, words in WORDS.items() if command in known for word in (*words, command)),
        key=lambda found: -len(found[0]),
    )
    # A command of the core that has no words here is asked for by its own name.
    longest_first.extend((command, command) for command in sorted(known) if command not in WORDS)
    for word, command in longest_first:
        if folded.startswith(word) and (len(folded) == len(word) or not _continues(folded[len(word)])):
            return Asked(command, given[len(word) :].strip(" \t\r\n:"))
    return None


def written_as(command: str, language: str) -> str:
    """Return the words by which a command is asked for in a language, without a slash."""
    told = TOLD.get(language, {})
    return told.get(command) or WORDS.get(command, (command,))[0]


def wants_home(text: str) -> bool:
    """Whether somebody asks for the bot's Home."""
    return text.strip().removeprefix("/").casefold() in HOME


def _continues(character: str) -> bool:
    return character.isalnum() or character in "-_'\u2019"
