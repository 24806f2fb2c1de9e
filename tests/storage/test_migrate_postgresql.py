"""Migrations on PostgreSQL: the same tables as on SQLite, made by one process at a time, and taken down again."""

from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, text

from bot import __version__
from bot.__main__ import main
from storage.address import address_of
from storage.errors import DatabaseAhead, DatabaseBehind, Unreachable, UnreachableDatabase, UnsupportedDatabase
from storage.migrate import MIGRATIONS, check, in_transaction, migrate, run_alembic
from tests.postgresql import Server
from tests.processes import line_from, running, tell


@pytest.fixture
def new_url(postgresql: Server) -> str:
    """Return the address of a PostgreSQL database in which there is nothing."""
    return postgresql.new("brand_new")


def execute(url: str, statement: str) -> None:
    """Change a database behind the program's back."""
    in_transaction(address_of(url), lambda connection: connection.execute(text(statement)))


def tables_of(url: str) -> dict[str, list[str]]:
    """Return the tables of a database, each with its columns."""

    def look(connection: Connection) -> dict[str, list[str]]:
        inspector: Any = inspect(connection)
        return {
            table: sorted(str(column["name"]) for column in inspector.get_columns(table))
            for table in inspector.get_table_names()
            # The index of words is each database's own (storage/search.py).
            if not table.startswith("decision_search")
        }

    return in_transaction(address_of(url), look, writes=False)


def test_empty_database(new_url: str) -> None:
    """An empty database gets all tables; migrating again finds nothing to do."""
    with pytest.raises(DatabaseBehind):
        check(new_url, __version__)

    assert migrate(new_url, __version__) is True
    assert migrate(new_url, __version__) is False
    check(new_url, __version__)


def test_a_collision_with_somebody_who_serves(postgresql_url: str) -> None:
    """Ended in favour of another's transaction, all of a migration is undone and done again."""
    tries: list[None] = []

    def migration(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE newer (id INTEGER PRIMARY KEY)"))
        tries.append(None)
        if len(tries) == 1:
            connection.execute(text("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'; END $$"))

    in_transaction(address_of(postgresql_url), migration)

    assert len(tries) == 2
    assert "newer" in tables_of(postgresql_url)


def test_tables_and_migrations_agree(postgresql_url: str, sqlite_url: str) -> None:
    """What the migrations make is what the tables say, and what they make on SQLite."""
    in_transaction(address_of(postgresql_url), lambda connection: run_alembic(connection, command.check))

    assert tables_of(postgresql_url) == tables_of(sqlite_url)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_down_and_up_again(kind: str, request: pytest.FixtureRequest) -> None:
    """All tables can be taken down, and made again as they were."""
    url = str(request.getfixturevalue(f"{kind}_url"))
    before = tables_of(url)

    in_transaction(address_of(url), lambda connection: run_alembic(connection, command.downgrade, "base"))
    taken_down = tables_of(url)
    execute(url, "DROP TABLE alembic_version")
    migrate(url, __version__)

    assert set(taken_down) == {"alembic_version"}
    assert tables_of(url) == before


def test_two_programs_migrate_at_once(new_url: str) -> None:
    """Of two programs that migrate one new database at the same time, one does it and the other finds it done."""
    module = "tests.storage.migrating"
    with running(module, new_url, MIGRATIONS) as one, running(module, new_url, MIGRATIONS) as other:
        assert (line_from(one), line_from(other)) == ("ready", "ready")
        tell(one, "go")
        tell(other, "go")
        said = {line_from(one), line_from(other)}

    assert said == {"True", "False"}
    check(new_url, __version__)


def test_program_below_the_floor(postgresql_url: str) -> None:
    """A program that is older than the database allows is refused, and told the oldest one that would do."""
    execute(postgresql_url, "UPDATE program_floor SET oldest_program = '1.10.0'")

    with pytest.raises(DatabaseAhead) as refused:
        migrate(postgresql_url, "1.9.3")

    assert refused.value.oldest_program == "1.10.0"
    check(postgresql_url, "1.10.0")


def test_database_of_another_program(new_url: str) -> None:
    """A database that holds somebody else's tables gets none of ours."""
    execute(new_url, "CREATE TABLE theirs (id INTEGER)")

    with pytest.raises(UnsupportedDatabase):
        migrate(new_url, __version__)

    assert set(tables_of(new_url)) == {"theirs"}


@pytest.mark.parametrize(
    ("name", "why", "sentence"),
    [
        ("postgresql://samlas:secret@127.0.0.1:9/samlas", Unreachable.NO_ANSWER, "there is no answer from"),
        ("{server}&user=nobody_we_know", Unreachable.NOT_LET_IN, "does not let this user in"),
        ("{nowhere}", Unreachable.NO_SUCH_DATABASE, "has no such database"),
    ],
)
def test_cannot_be_opened(
    postgresql: Server,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    why: Unreachable,
    sentence: str,
) -> None:
    """A database that cannot be opened is told of in a sentence that says what to look at, and no password."""
    url = name.format(server=postgresql.url().replace("postgres:@", "@"), nowhere=postgresql.url("nowhere"))
    monkeypatch.setenv("SAMLAS_DATABASE_URL", url)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")

    with pytest.raises(UnreachableDatabase) as unreachable:
        check(url, __version__)
    status = main(["migrate"])

    assert unreachable.value.why is why
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert sentence in said.err
    assert "secret" not in said.err
