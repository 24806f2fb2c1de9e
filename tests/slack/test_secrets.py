"""Tokens at rest: encrypted under the first key, readable under each, and encrypted anew on demand."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.clock import WallClock
from bot.context import known
from bot.errors import ConfigurationError
from bot.secrets import SecretLost, Vault, vault_of
from storage.database import Database
from storage.installations import store_installation
from storage.tables import Platform
from storage.workspaces import add_workspace
from tests.command_line import CommandLine
from tests.slack.stage import KEY, OLDER_KEY


def prepare(path: Path, secret: str) -> None:
    """Store an installation with this secret."""

    async def store() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        now = WallClock().now()
        async with database.begin() as session:
            workspace = await add_workspace(session, Platform.SLACK, "T1", "Test", now, {})
            await store_installation(session, known(workspace.id), "T1", details={}, secret=secret, now=now)
        await database.close()

    asyncio.run(store())


def stored(path: Path) -> str:
    """Return the stored secret."""
    with sqlite3.connect(path) as connection:
        return str(connection.execute("SELECT secret FROM installation").fetchone()[0])


def test_a_secret_is_read_under_each_key_and_written_under_the_first() -> None:
    """An older key still reads; what is locked anew is read without it."""
    locked = Vault([OLDER_KEY]).lock("xoxb-secret")

    both = Vault([KEY, OLDER_KEY])

    assert "xoxb" not in locked
    assert both.unlock(locked) == "xoxb-secret"
    assert Vault([KEY]).unlock(both.lock_anew(locked)) == "xoxb-secret"
    with pytest.raises(SecretLost):
        Vault([KEY]).unlock(locked)


@pytest.mark.parametrize("keys", [None, "", " , "])
def test_no_key_stops_the_start(keys: str | None) -> None:
    """The sentence says how to make one."""
    with pytest.raises(ConfigurationError, match="SAMLAS_SECRET_KEY is missing"):
        vault_of(keys)


def test_what_is_no_key_stops_the_start() -> None:
    """And is not told back."""
    with pytest.raises(ConfigurationError, match="SAMLAS_SECRET_KEY") as refused:
        vault_of(f"{KEY},not-a-key")

    assert "not-a-key" not in str(refused.value)


def test_the_command_encrypts_anew(samlas: CommandLine, monkeypatch: pytest.MonkeyPatch, database_file: Path) -> None:
    """`samlas rotate-secrets` with the new key in front: then the old one can go."""
    prepare(database_file, Vault([OLDER_KEY]).lock("xoxb-secret"))
    monkeypatch.setenv("SAMLAS_SECRET_KEY", f"{KEY},{OLDER_KEY}")

    ran = samlas("rotate-secrets")

    assert ran.status == 0
    assert "1 token is encrypted anew." in ran.out
    assert Vault([KEY]).unlock(stored(database_file)) == "xoxb-secret"


def test_a_token_under_a_lost_key_is_told(
    samlas: CommandLine, monkeypatch: pytest.MonkeyPatch, database_file: Path
) -> None:
    """It stays as it is, and the command says what to do."""
    locked = Vault([OLDER_KEY]).lock("xoxb-secret")
    prepare(database_file, locked)
    monkeypatch.setenv("SAMLAS_SECRET_KEY", KEY)

    ran = samlas("rotate-secrets")

    assert ran.status == 1
    assert "Install Samlas there again" in ran.out
    assert stored(database_file) == locked
