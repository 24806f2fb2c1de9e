"""Brings a database's tables to this program's version, and tells whether the two may work together."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from packaging.version import Version
from sqlalchemy import Connection, create_engine, event, inspect
from sqlalchemy.exc import DatabaseError
from sqlmodel import col, select

from storage.errors import BrokenMigration, DatabaseAhead, DatabaseBehind, UnreachableDatabase, UnsupportedDatabase
from storage.tables import ProgramFloor

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE_SECONDS = 120


def alembic_config() -> Config:
    """Return Alembic's configuration, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def migrate(path: Path, program: str) -> bool:
    """Bring the tables of the SQLite file at `path` to this program's revision; True when anything changed.

    All steps are one transaction: a migration that fails, or is killed, leaves the database as it was, and a second
    one started meanwhile waits and finds nothing to do.
    `program` is the running version. Raises DatabaseAhead when a newer Samlas has claimed the database,
    UnsupportedDatabase when the file is something else, and UnreachableDatabase when it cannot be opened.
    """
    with _transaction(path) as connection:
        _refuse_if_not_ours(connection, path)
        before = _revision(connection)
        _refuse_if_ahead(connection, before, program)
        if before is not None and before not in _known_revisions():
            # A newer program's tables that this one may run beside: nothing for us to do.
            return False
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        _refuse_dangling(connection)
        return _revision(connection) != before


def check(path: Path, program: str) -> None:
    """Make sure that this program may run on the database as it is.

    Raises DatabaseBehind when its tables are older than the program (or not there at all), DatabaseAhead when a
    newer program's migrations say that this one is too old, UnsupportedDatabase when the file is something else, and
    UnreachableDatabase when it cannot be opened.
    """
    if not path.exists():
        raise DatabaseBehind(str(path))
    with _transaction(path, "BEGIN") as connection:
        _refuse_if_not_ours(connection, path)
        current = _revision(connection)
        _refuse_if_ahead(connection, current, program)
        known = _known_revisions()
        if current is None or (current in known and current != known[0]):
            raise DatabaseBehind(str(path))


@contextmanager
def _transaction(path: Path, begin: str = "BEGIN IMMEDIATE") -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        # Somebody else's migration may take longer than anything that a serving process does.
        connection.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
        # Foreign keys stay off: a batch migration copies a table and drops the old one, and that would cascade.

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    try:
        with engine.begin() as connection:
            yield connection
    except DatabaseError as error:
        match getattr(error.orig, "sqlite_errorname", ""):
            case "SQLITE_NOTADB":
                raise UnsupportedDatabase(str(path)) from error
            case "SQLITE_CANTOPEN" | "SQLITE_READONLY" | "SQLITE_READONLY_DIRECTORY":
                raise UnreachableDatabase(str(path)) from error
        raise
    finally:
        engine.dispose()


def _refuse_if_not_ours(connection: Connection, path: Path) -> None:
    """Leave another program's database alone: ours has a floor from its first migration on."""
    tables = inspect(connection).get_table_names()
    if tables and ProgramFloor.__tablename__ not in tables:
        raise UnsupportedDatabase(str(path))


def _refuse_dangling(connection: Connection) -> None:
    """Roll back rather than commit rows whose references lead nowhere."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise BrokenMigration(f"{broken[0]}, row {broken[1]}, refers to a row of {broken[2]} that is not there")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _known_revisions() -> list[str]:
    """Return this program's revisions, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()]


def _refuse_if_ahead(connection: Connection, current: str | None, program: str) -> None:
    if current is None:
        return
    floor = connection.execute(select(col(ProgramFloor.oldest_program))).scalar_one_or_none()
    if floor is not None and Version(program) < Version(floor):
        raise DatabaseAhead(floor)
