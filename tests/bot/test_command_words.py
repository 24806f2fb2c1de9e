"""A sentence names a command as its reader's people write it."""

from bot.command_words import slashed, the_only
from bot.texts import Voice, text

EVERYTHING = text("{name}: write {/decision-path}, or {/samlas me}.", name="Bo")


def plain(command: str, language: str) -> str:
    """Return a command in plain words."""
    return f"{language} {command.replace('-', ' ')}"


def test_with_a_slash() -> None:
    """Where nothing else is known, as most chats take it."""
    assert Voice("en").say(EVERYTHING) == "Bo: write /decision-path, or /samlas me."


def test_in_plain_words() -> None:
    """What could be taken for a word of the sentence stands in quotation marks, in the reader's language."""
    said = Voice("en", written_as=plain).say(EVERYTHING)

    assert said == "Bo: write “en decision path”, or “en samlas me”."
    assert "“" not in Voice("sv", written_as=plain).say(EVERYTHING)


def test_whoever_is_not_known() -> None:
    """Reads it as everybody here writes it; with a slash where they write in several ways, or where nobody is."""
    assert the_only({"one": plain}) is plain
    assert the_only({"one": plain, "two": plain}) is plain
    assert the_only({"one": plain, "two": slashed}) is slashed
    assert the_only({}) is slashed
