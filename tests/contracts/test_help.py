"""The help on every surface: every command there is, as people ask for it there."""

import re

import pytest

from adapters.teams.words import asked_for, written_as
from bot.texts import LANGUAGES, Voice
from bot.wiring import rooms
from storage.tables import Platform
from tests.contracts.surface import SeenMessage, SurfaceUnderTest, all_words, words
from tests.contracts.wording import in_a_sentence, written_on

COMMANDS = {name: line for room in rooms() for name, line in room.commands.items()}


async def help_for(surface: SurfaceUnderTest, person: str) -> SeenMessage:
    """Ask for the help."""
    [shown] = (await surface.command(person, "samlas")).whispers
    return shown


async def test_the_help_has_every_command_as_it_is_asked_for_here(surface: SurfaceUnderTest) -> None:
    """With a slash on Slack and in the local chat, in plain words on Teams, each with its line."""
    whole = words(await surface.whole("bo", await help_for(surface, "bo")))

    say = Voice("en")
    for command, line in COMMANDS.items():
        assert re.search(rf"{re.escape(written_on(surface, command))}:? {re.escape(say.say(line))}", whole)
    assert ("/" in whole) is (surface.key.platform != Platform.TEAMS)


async def test_what_the_help_says_to_write_does_it(surface: SurfaceUnderTest) -> None:
    """One's own participation, and a coach, are asked for by what stands there."""
    for command, answer in (("samlas me", "Your participation"), ("coach me", "Nobody has offered to be a coach")):
        asked = written_on(surface, command)
        if surface.key.platform == Platform.TEAMS:
            seen = await surface.write_to_bot("bo", asked)
        else:
            name, _, rest = asked.removeprefix("/").partition(" ")
            seen = await surface.command("bo", name, rest)

        assert answer in seen.told


async def test_home_names_a_command_as_it_is_asked_for_here(surface: SurfaceUnderTest) -> None:
    """Its last line leads to the help, with a slash or in plain words."""
    home = words(all_words(await surface.open_home("bo")))

    assert f"Ask for {in_a_sentence(surface, 'samlas')} to see what I can do." in home


async def test_a_refusal_names_a_command_as_it_is_asked_for_here(surface: SurfaceUnderTest) -> None:
    """Also what a handler refuses is said in the words of the surface."""
    seen = await surface.command("bo", "coach me")

    assert f"can write {in_a_sentence(surface, 'coach')}." in seen.told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_teams_understands_the_words_it_tells(command: str, language: str) -> None:
    """In both languages."""
    asked = asked_for(written_as(command, language), COMMANDS)

    assert asked is not None
    assert f"{asked.command} {asked.text}".strip() == command
