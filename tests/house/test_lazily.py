"""No command pays for what it does not use: libraries are imported by what needs them, and when it does."""

import subprocess
import sys

import pytest

# What takes long to import, or brings much with it.
HEAVY = (
    "sqlalchemy",
    "alembic",
    "pydantic",
    "aiohttp",
    "matplotlib",
    "slack_sdk",
    "slack_bolt",
    "msal",
    "botframework",
)
WEB_AND_DATABASE = {"sqlalchemy", "alembic", "pydantic", "aiohttp"}

LOCAL = (
    "import bot.commands.serve, bot.wiring, bot.clock, bot.config;"
    " bot.wiring.configured_surfaces(bot.config.Config(), local=bot.clock.MovableClock());"
    " import adapters.teams.surface, adapters.teams.config;"
    " adapters.teams.surface.credentials_of(adapters.teams.config.TeamsConfig())"
)


def imported_by(statements: str) -> set[str]:
    """Return which heavy libraries a fresh Python has imported after these statements."""
    told = f"{statements}\nimport sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return {name for name in HEAVY if repr(name) in done.stdout.splitlines()[-1]}


@pytest.mark.parametrize("asked", ["--version", "--help"])
def test_what_is_only_told_needs_no_library(asked: str) -> None:
    """The version and the list of commands are there at once."""
    statements = f"from bot.__main__ import main\ntry: main([{asked!r}])\nexcept SystemExit: pass"

    assert imported_by(statements) == set()


def test_the_local_chat_needs_no_platforms_library() -> None:
    """Neither Slack's nor Microsoft's, though Teams is served for the local test client; and charts when asked for."""
    assert imported_by(LOCAL) == WEB_AND_DATABASE
