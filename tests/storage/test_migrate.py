"""A database and a program fit together, or the program says so and leaves the database as it is."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect

import storage.migrate
from bot import __version__
from bot.__main__ import main
from storage.errors import (
    BrokenMigration,
    DatabaseAhead,
    DatabaseBehind,
    UnreachableDatabase,
    UnsupportedDatabase,
)
from storage.migrate import MIGRATIONS, alembic_config, check, migrate
from storage.tables import metadata
from tests.processes import line_from, running, tell

NEXT = """
import os, signal
from alembic import op

revision = "next"
down_revision = "{head}"


def upgrade():
    op.execute("CREATE TABLE newly_made (id INTEGER)")
    op.execute("INSERT INTO product_clock (id, offset_seconds) VALUES (1, 5)")
    {then}
"""

AddMigration = Callable[[str], Path]


@pytest.fixture
def add_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AddMigration:
    """Return a way to give the program one migration more, which ends with a line of Python."""

    def add(then: str) -> Path:
        place = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, place, ignore=shutil.ignore_patterns("__pycache__"))
        head = ScriptDirectory.from_config(alembic_config()).get_current_head()
        (place / "versions" / "next.py").write_text(NEXT.format(head=head, then=then), encoding="utf-8")
        monkeypatch.setattr(storage.migrate, "MIGRATIONS", place)
        return place

    return add


def dump(path: Path) -> list[str]:
    """Return everything that is in a database."""
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def execute(path: Path, statement: str) -> None:
    """Change a database behind the program's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def shape(connection: Connection) -> dict[str, Any]:
    """Return what autogenerate does not compare: checks, options, where indexes look, what deleting does."""
    inspector = inspect(connection)
    return {
        table: (
            sorted((str(found["name"]), found["sqltext"]) for found in inspector.get_check_constraints(table)),
            sorted(
                (str(found["name"]), str(found.get("dialect_options", {}).get("sqlite_where")))
                for found in inspector.get_indexes(table)
            ),
            sorted((str(found["name"]), str(found["options"])) for found in inspector.get_foreign_keys(table)),
            inspector.get_table_options(table),
        )
        for table in inspector.get_table_names()
        # The full-text index is SQLite's own, and no table that another database would have.
        if table != "alembic_version" and not table.startswith("decision_search")
    }


def test_empty_file(tmp_path: Path) -> None:
    """A database that is not there is made with all tables; migrating again finds nothing to do."""
    path = tmp_path / "new.db"

    assert migrate(path, __version__) is True
    assert migrate(path, __version__) is False
    check(path, __version__)


def test_tables_and_migrations_agree(database_file: Path) -> None:
    """What the migrations make is what the tables say: columns, indexes, references, checks."""
    migrated = create_engine(f"sqlite:///{database_file}")
    declared = create_engine("sqlite://")

    with migrated.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.check(config)
        found = shape(connection)
    with declared.begin() as connection:
        metadata.create_all(connection)
        expected = shape(connection)
    migrated.dispose()
    declared.dispose()

    assert found == expected


def test_two_programs_migrate_at_once(tmp_path: Path) -> None:
    """Of two programs that migrate one new database at the same time, one does it and the other finds it done."""
    path = tmp_path / "new.db"

    module, url = "tests.storage.migrating", f"sqlite:///{path}"
    with running(module, url, MIGRATIONS) as one, running(module, url, MIGRATIONS) as other:
        assert (line_from(one), line_from(other)) == ("ready", "ready")
        tell(one, "go")
        tell(other, "go")
        said = {line_from(one), line_from(other)}

    assert said == {"True", "False"}
    check(path, __version__)


def test_program_below_the_floor(database_file: Path) -> None:
    """A program that is older than the database allows is refused, and told the oldest one that would do."""
    execute(database_file, "UPDATE program_floor SET oldest_program = '1.10.0'")
    before = dump(database_file)

    with pytest.raises(DatabaseAhead) as refused_to_migrate:
        migrate(database_file, "1.9.3")
    with pytest.raises(DatabaseAhead) as refused_to_run:
        check(database_file, "1.9.3")

    assert refused_to_migrate.value.oldest_program == refused_to_run.value.oldest_program == "1.10.0"
    assert dump(database_file) == before
    check(database_file, "1.10.0")


def test_program_beside_newer_tables(database_file: Path) -> None:
    """A program may run beside the tables of a newer one that allows it, and does not touch them."""
    execute(database_file, "UPDATE alembic_version SET version_num = '0099'")
    before = dump(database_file)

    changed = migrate(database_file, __version__)

    assert changed is False
    check(database_file, __version__)
    assert dump(database_file) == before


def test_database_behind(database_file: Path, tmp_path: Path, add_migration: AddMigration) -> None:
    """A program does not run on a database that is not there, is empty, or lacks its newest tables."""
    add_migration("")
    (tmp_path / "empty.db").touch()

    for path in (tmp_path / "missing.db", tmp_path / "empty.db", database_file):
        with pytest.raises(DatabaseBehind):
            check(path, __version__)
    assert not (tmp_path / "missing.db").exists()

    assert migrate(database_file, __version__) is True
    check(database_file, __version__)


@pytest.mark.parametrize(
    ("then", "error"),
    [
        ("raise RuntimeError('half-way')", RuntimeError),
        (
            "op.execute(\"INSERT INTO home_team (workspace_id, name) VALUES (99, 'nowhere')\")",
            BrokenMigration,
        ),
    ],
    ids=["fails", "leaves loose ends"],
)
def test_failed_migration(database_file: Path, add_migration: AddMigration, then: str, error: type[Exception]) -> None:
    """A migration that fails half-way, or leaves a reference that leads nowhere, leaves the database as it was."""
    add_migration(then)
    before = dump(database_file)

    with pytest.raises(error):
        migrate(database_file, __version__)

    assert dump(database_file) == before


def test_killed_migration(database_file: Path, add_migration: AddMigration) -> None:
    """A program that is killed in the middle of a migration leaves the database as it was."""
    migrations = add_migration("os.kill(os.getpid(), signal.SIGKILL)")
    before = dump(database_file)

    with running("tests.storage.migrating", f"sqlite:///{database_file}", migrations) as program:
        tell(program, "go")
        status = program.wait(30)

    assert status == -9
    assert dump(database_file) == before


@pytest.mark.parametrize("act", [migrate, check])
def test_not_a_database(tmp_path: Path, act: Callable[[Path, str], object]) -> None:
    """A file that is no database is refused and left as it is."""
    path = tmp_path / "letter.txt"
    path.write_text("Dear all, " * 100, encoding="utf-8")

    with pytest.raises(UnsupportedDatabase):
        act(path, __version__)

    assert path.read_text(encoding="utf-8") == "Dear all, " * 100


@pytest.mark.parametrize("act", [migrate, check])
def test_database_of_another_program(tmp_path: Path, act: Callable[[Path, str], object]) -> None:
    """A database that holds somebody else's tables gets none of ours, Alembic's or not."""
    path = tmp_path / "other.db"
    execute(path, "CREATE TABLE alembic_version (version_num VARCHAR(32))")
    execute(path, "INSERT INTO alembic_version VALUES ('a1b2c3')")
    before = dump(path)

    with pytest.raises(UnsupportedDatabase):
        act(path, __version__)

    assert dump(path) == before


def test_no_such_folder(tmp_path: Path) -> None:
    """A database in a folder that is not there cannot be opened, and the folder is not made."""
    with pytest.raises(UnreachableDatabase):
        migrate(tmp_path / "nowhere" / "samlas.db", __version__)

    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("letter.txt", "Samlas runs on a SQLite file"),
        ("nowhere/samlas.db", "Its folder has to be there"),
        ("newer.db", "at least 99 is needed"),
    ],
)
def test_command_says_what_to_do(
    database_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    sentence: str,
) -> None:
    """`samlas migrate` says in a sentence why it cannot, and its exit status says so too."""
    (tmp_path / "letter.txt").write_text("Dear all, " * 100, encoding="utf-8")
    execute(database_file, "UPDATE program_floor SET oldest_program = '99'")
    database_file.rename(tmp_path / "newer.db")
    monkeypatch.setenv("SAMLAS_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path / name}")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    status = main(["migrate"])

    said = capsys.readouterr()
    assert status == 2
    assert sentence in said.err
    assert said.out == ""
