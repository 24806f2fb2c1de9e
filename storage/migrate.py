"""Brings a database's tables to this program's version, and tells whether the two may work together."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from packaging.version import Version
from sqlalchemy import Connection, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import col, select

from storage.address import Address, PostgresqlDatabase, SqliteFile, address_of
from storage.errors import (
    BrokenMigration,
    Collided,
    DatabaseAhead,
    DatabaseBehind,
    NoDatabase,
    Unreachable,
    UnreachableDatabase,
    UnsupportedDatabase,
)
from storage.postgresql import CONNECT_TIMEOUT_SECONDS, collisions_told, reached
from storage.tables import ProgramFloor

MIGRATIONS = Path(__file__).parent / "migrations"
PATIENCE_SECONDS = 120
COLLISION_TRIES = 5
# Whoever migrates a PostgreSQL database holds this lock meanwhile; the number is no one's else: "samlas" in ASCII.
MIGRATING = int.from_bytes(b"samlas")

Found = TypeVar("Found")


def alembic_config() -> Config:
    """Return Alembic's configuration, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def migrate(url: str | Path, program: str) -> bool:
    """Bring a database's tables to this program's revision; True when anything changed. A path is a SQLite file.

    All steps are one transaction: a migration that fails, or is killed, leaves the database as it was, and a second
    one started meanwhile waits and finds nothing to do.
    `program` is the running version. Raises DatabaseAhead when a newer Samlas has claimed the database,
    UnsupportedDatabase when it is something else, and UnreachableDatabase when it cannot be opened.
    """
    address = address_of(url)

    def upgrade(connection: Connection) -> bool:
        _refuse_if_not_ours(connection, address)
        before = _revision(connection)
        _refuse_if_ahead(connection, before, program)
        if before is not None and before not in _known_revisions():
            # A newer program's tables that this one may run beside: nothing for us to do.
            return False
        run_alembic(connection, command.upgrade, "head")
        _refuse_dangling(connection)
        return _revision(connection) != before

    return in_transaction(address, upgrade)


def check(url: str | Path, program: str) -> None:
    """Make sure that this program may run on the database as it is. A path is a SQLite file.

    Raises NoDatabase when there is no SQLite file yet, DatabaseBehind when its tables are older than the program (or
    not there at all), DatabaseAhead when a newer program's migrations say that this one is too old, UnsupportedDatabase
    when it is something else, and UnreachableDatabase when it cannot be opened.
    """
    address = address_of(url)
    if isinstance(address, SqliteFile):
        if address.is_to_be_made:
            raise NoDatabase(str(address))
        if not address.path.exists():
            raise UnreachableDatabase(str(address), Unreachable.NOT_WRITABLE)

    def look(connection: Connection) -> None:
        _refuse_if_not_ours(connection, address)
        current = _revision(connection)
        _refuse_if_ahead(connection, current, program)
        known = _known_revisions()
        if current is None or (current in known and current != known[0]):
            raise DatabaseBehind(str(address))

    in_transaction(address, look, writes=False)


def run_alembic(connection: Connection, act: Callable[..., object], *arguments: str) -> None:
    """Run one of Alembic's commands on a connection that is in a transaction."""
    config = alembic_config()
    config.attributes["connection"] = connection
    act(config, *arguments)


def in_transaction(address: Address, act: Callable[[Connection], Found], *, writes: bool = True) -> Found:
    """Run something in one transaction of a connection of its own; one that writes waits for others that do."""
    match address:
        case SqliteFile(path):
            if writes and address.is_to_be_made:
                _make_for_oneself(path)
            with _on_sqlite(path, "BEGIN IMMEDIATE" if writes else "BEGIN") as connection:
                return act(connection)
        case PostgresqlDatabase():
            # asyncpg needs an event loop, and this may be called where one runs already.
            with ThreadPoolExecutor(max_workers=1) as thread:
                return thread.submit(asyncio.run, _in_the_end(address, act, writes=writes)).result()


def _make_for_oneself(path: Path) -> None:
    """Begin a SQLite file that nobody else on the machine reads; SQLite gives its log the same permissions."""
    # Where it cannot be made, opening it says why.
    with suppress(OSError):
        path.touch(mode=0o600)


async def _in_the_end(address: PostgresqlDatabase, act: Callable[[Connection], Found], *, writes: bool) -> Found:
    """Do it again where it was ended in favour of a serving process, with whose locks a migration's may collide."""
    for _ in range(COLLISION_TRIES - 1):
        with suppress(Collided):
            return await _on_postgresql(address, act, writes=writes)
    return await _on_postgresql(address, act, writes=writes)


async def _on_postgresql(address: PostgresqlDatabase, act: Callable[[Connection], Found], *, writes: bool) -> Found:
    engine = create_async_engine(
        address.url, poolclass=NullPool, hide_parameters=True, connect_args={"timeout": CONNECT_TIMEOUT_SECONDS}
    )
    try:
        with reached(address):
            connection = await engine.connect()
        async with aclosing(connection), connection.begin():
            if writes:
                await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATING})
            with collisions_told():
                return await connection.run_sync(act)
    finally:
        await engine.dispose()


@contextmanager
def _on_sqlite(path: Path, begin: str) -> Iterator[Connection]:
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
                raise UnreachableDatabase(str(path), Unreachable.NOT_WRITABLE) from error
        raise
    finally:
        engine.dispose()


def _refuse_if_not_ours(connection: Connection, address: Address) -> None:
    """Leave another program's database alone: ours has a floor from its first migration on."""
    tables = inspect(connection).get_table_names()
    if tables and ProgramFloor.__tablename__ not in tables:
        raise UnsupportedDatabase(str(address))


def _refuse_dangling(connection: Connection) -> None:
    """Roll back rather than commit rows whose references lead nowhere; PostgreSQL refuses each as it comes."""
    if connection.dialect.name != "sqlite":
        return
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
