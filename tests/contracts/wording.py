"""How people ask for a command on each surface."""

from adapters.teams.words import written_as
from bot.command_words import slashed, within_a_sentence
from storage.tables import Platform
from tests.contracts.surface import SurfaceUnderTest


def written_on(surface: SurfaceUnderTest, command: str, language: str = "en") -> str:
    """Return what people write on this surface to ask for a command."""
    return (written_as if surface.key.platform == Platform.TEAMS else slashed)(command, language)


def in_a_sentence(surface: SurfaceUnderTest, command: str) -> str:
    """Return the same as it stands in a sentence."""
    return within_a_sentence(written_on(surface, command), "en")
