"""Made-up people and real ones never come into one database, and nobody takes the ones for the others."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storage.database import Database
from storage.sqlite import served_alone
from storage.tables import Platform
from storage.workspaces import add_workspace
from tests.command_line import CommandLine
from tests.exports import two_days

MADE_UP, REAL = (Platform.LOCAL, "local", "Lindvalla"), (Platform.SLACK, "T1", "Ek & Alm")
# What Microsoft's test client begins in the local chat's database.
OF_TEST_CLIENT = (Platform.TEAMS, "tenant", "Playground")

Organisation = tuple[Platform, str, str]


def move_in(path: Path, *organisations: Organisation) -> None:
    """Have organisations in a database."""

    async def store() -> None:
        database = Database(path)
        async with database.begin() as session:
            for platform, external_id, name in organisations:
                made_up = platform == Platform.LOCAL
                began = datetime(2027, 3, 3, tzinfo=UTC)
                await add_workspace(session, platform, external_id, name, began, {}, made_up=made_up)
        await database.close()

    asyncio.run(store())


def test_the_local_chat_has_a_database_of_its_own(
    samlas: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no database is named, made-up people move into local.db, and Samlas' own stays as it was: not there."""
    monkeypatch.delenv("SAMLAS_DATABASE_URL")
    monkeypatch.chdir(tmp_path)

    with served_alone(Path("local.db")):
        ran = samlas("serve", "--local")

    assert "Another process serves local.db already" in ran.err
    assert (tmp_path / "local.db").exists()
    assert not (tmp_path / "samlas.db").exists()


def test_made_up_people_do_not_move_in_with_real_ones(samlas: CommandLine, database_file: Path) -> None:
    """A database that is named and holds an organisation is not taken for the local chat."""
    move_in(database_file, REAL)

    ran = samlas("serve", "--local")

    assert ran.status == 2
    assert f"{database_file} is the database of Ek & Alm" in ran.err
    assert "sqlite+aiosqlite:///local.db" in ran.err


def test_made_up_people_are_not_served_at_work(samlas: CommandLine, database_file: Path) -> None:
    """Slack and Teams are not served from the local chat's database, and the sentence says what to do."""
    move_in(database_file, MADE_UP, OF_TEST_CLIENT)

    ran = samlas("serve")

    assert ran.status == 2
    assert "the people of Lindvalla in it are made up" in ran.err
    assert "SAMLAS_DATABASE_URL" in ran.err


def test_the_doctor_knows_who_is_made_up(samlas: CommandLine, database_file: Path) -> None:
    """Whoever asks about the local chat's database learns that it is one."""
    move_in(database_file, MADE_UP)

    ran = samlas("doctor")

    assert "look   people: The people of Lindvalla in this database are made up" in ran.out


def test_nothing_is_imported_among_made_up_people_unasked(
    samlas: CommandLine, database_file: Path, tmp_path: Path
) -> None:
    """A list or a history goes among made-up people only where the organisation is named."""
    move_in(database_file, MADE_UP)
    people = tmp_path / "people.csv"
    people.write_text("email,name\nbo@example.com,Bo Alm\n", "utf-8")
    history = two_days(tmp_path / "export.zip")

    refused = [samlas("import", "people", people), samlas("import", "slack-export", history)]
    named = samlas("import", "people", people, "--workspace", "Lindvalla")

    assert [ran.status for ran in refused] == [2, 2]
    assert all("--workspace Lindvalla" in ran.err for ran in refused)
    assert named.status == 0, named.err


def test_microsofts_test_client_changes_no_question(samlas: CommandLine, database_file: Path) -> None:
    """Asked about the local chat's database, a command means the made-up organisation, whoever else has been there."""
    move_in(database_file, MADE_UP, OF_TEST_CLIENT)

    assert samlas("participation").status == 0
    assert "in Lindvalla before the notice" in samlas("nudges", "preview").err
