"""Brings a database's tables to this program's version, and tells whether the two may work together."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from packaging.version import Version
from sqlalchemy import Connection, create_engine, event, select
from sqlmodel import col

from storage.database import PRAGMAS
from storage.errors import DatabaseAhead, DatabaseBehind
from storage.tables import ProgramFloor

MIGRATIONS = Path(__file__).parent / "migrations"


def alembic_config() -> Config:
    """Return Alembic's configuration, without a file of its own."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return config


def migrate(path: Path, program: str, to: str = "head") -> bool:
    """Bring the tables of the SQLite file at `path` to revision `to`; True when anything changed.

    All steps are one transaction: a migration that fails, or is killed, leaves the database as it was.
    `program` is the running version. Raises DatabaseAhead when a newer Samlas has claimed the database.
    """
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]  # the driver's own connection
        for pragma in PRAGMAS:
            # A batch migration copies a table and drops the old one: with foreign keys on, that would cascade.
            if not pragma.startswith("foreign_keys"):
                connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]  # as above

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    try:
        with engine.begin() as connection:
            before = _revision(connection)
            _refuse_if_ahead(connection, before, program)
            if before is not None and before not in _known_revisions():
                # A newer program's tables that this one may run beside: nothing for us to do.
                return False
            config = alembic_config()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
            return _revision(connection) != before
    finally:
        engine.dispose()


def check(path: Path, program: str) -> None:
    """Make sure that this program may run on the database as it is.

    Raises DatabaseBehind when its tables are older than the program (or not there at all), and DatabaseAhead when
    a newer program's migrations say that this one is too old.
    """
    if not path.exists():
        raise DatabaseBehind(str(path))
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            current = _revision(connection)
            _refuse_if_ahead(connection, current, program)
            known = _known_revisions()
            if current is None or (current in known and current != known[0]):
                raise DatabaseBehind(str(path))
    finally:
        engine.dispose()


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
