"""SQLite: one file, one writer, and transactions that mean what they say.

With the driver's defaults five concurrent read-then-writes lose four, silently. So the driver's own transaction
handling is switched off and each transaction begins as what it is: `BEGIN IMMEDIATE` to write, `BEGIN` to read.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import AlreadyServed
from storage.one_hop import check_driver, connect, connect_at_once

BUSY_TIMEOUT_SECONDS = 10

PRAGMAS = (
    f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    # What is deleted is overwritten in the file too, and not only left out of the tables.
    "secure_delete = ON",
)
# For a database that is thrown away: nobody waits until something has reached the disk.
FLEETING = ("synchronous = OFF",)


def open_raw(path: Path, *, fleeting: bool = False) -> sqlite3.Connection:
    """Open the file on the raw driver, for the counting function that bypasses SQLAlchemy."""
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    for pragma in (*PRAGMAS, *(FLEETING if fleeting else ())):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def writing_engine(path: Path, *, fleeting: bool = False) -> AsyncEngine:
    """Return the one connection that writes: SQLite has one writer. `fleeting`: see `Database`."""
    return _engine(path, "BEGIN IMMEDIATE", fleeting=fleeting, pool_size=1, max_overflow=0)


def reading_engine(path: Path, *, fleeting: bool = False) -> AsyncEngine:
    """Return connections that refuse to change anything, and see one moment in each transaction."""
    return _engine(path, "BEGIN", "query_only = ON", fleeting=fleeting)


async def empty_log(engine: AsyncEngine) -> None:
    """Write everything into the database's file and empty the log, in which deleted pages would stand for a while.

    Somebody who still reads an older state keeps some of it there; SQLite then overwrites it later by itself.
    """
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        async with driver.execute("PRAGMA wal_checkpoint(TRUNCATE)"):
            pass


@contextmanager
def served_alone(path: Path) -> Iterator[None]:
    """Hold the right to be the one process that serves a SQLite file.

    The lock is the operating system's, so that it goes with a process that is killed.
    Raises AlreadyServed when another process holds it.
    """
    with path.with_name(path.name + ".serving").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as taken:
            raise AlreadyServed(str(path)) from taken
        yield


def _engine(path: Path, begin: str, *pragmas: str, fleeting: bool = False, **pool: int) -> AsyncEngine:
    check_driver()
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        connect_args={
            "timeout": BUSY_TIMEOUT_SECONDS,
            "async_creator_fn": connect_at_once if fleeting else connect,
        },
        # What people wrote is in the parameters, and errors are logged.
        hide_parameters=True,
        **pool,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(adapted: Any, _record: object) -> None:
        # aiosqlite runs its connection on a thread of its own; SQLAlchemy's adapter executes there for us.
        adapted.isolation_level = None
        cursor = adapted.cursor()
        for pragma in (*PRAGMAS, *(FLEETING if fleeting else ()), *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
