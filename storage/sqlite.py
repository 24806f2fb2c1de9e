"""SQLite: one file, one writer, and transactions that mean what they say.

With the driver's defaults five concurrent read-then-writes lose four, silently. So the driver's own transaction
handling is switched off and each transaction begins as what it is: `BEGIN IMMEDIATE` to write, `BEGIN` to read.
"""

import fcntl
import sqlite3
from asyncio import Future
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import aiosqlite
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import AlreadyServed

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


class _AtOnce:
    """Stands where aiosqlite puts what its thread is to do, and does it at once.

    Most statements take some microseconds, and the four hops to a thread and back for each a hundred times that.
    """

    def put_nowait(self, asked: "tuple[Future[Any] | None, Callable[[], Any]]") -> None:
        """Do what is asked, on the caller's own thread."""
        future, does = asked
        try:
            result = does()
        except BaseException as failure:  # noqa: BLE001 - whoever asked gets it
            if future is not None:
                future.set_exception(failure)
        else:
            if future is not None:
                future.set_result(result)


class _OneGoCursor(aiosqlite.Cursor):
    """A statement that is begun, run and read in one hop to the connection's thread, where aiosqlite takes four.

    The rows are all read at once, as SQLAlchemy asks for them anyway; a statement that is read to its end is reset,
    so that nothing is left to close.
    """

    def __init__(self, connection: "_Connection", cursor: sqlite3.Cursor) -> None:
        """Run on the connection's thread."""
        super().__init__(connection, cursor)
        self._rows: list[Any] = []

    async def execute(self, sql: str, parameters: Iterable[Any] | None = None) -> "_OneGoCursor":
        """Run a statement and keep its rows."""
        connection: Any = self._conn
        self._rows = await connection._execute(self._run, sql, () if parameters is None else parameters)  # noqa: SLF001
        return self

    def _run(self, sql: str, parameters: Any) -> list[Any]:
        self._cursor.execute(sql, parameters)
        return self._cursor.fetchall()

    async def fetchall(self) -> list[Any]:
        """Return the rows that are left."""
        rows, self._rows = self._rows, []
        return rows

    async def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return so many of them."""
        count = self._cursor.arraysize if size is None else size
        rows, self._rows = self._rows[:count], self._rows[count:]
        return rows

    async def fetchone(self) -> Any:
        """Return one of them."""
        return next(iter(await self.fetchmany(1)), None)

    async def close(self) -> None:
        """Forget the rows."""
        self._rows = []


class _Connection(aiosqlite.Connection):
    """aiosqlite's connection, with cursors that hop once."""

    def cursor(self) -> Any:
        """Return a cursor; making one touches nothing of SQLite's."""
        return _OneGoCursor(self, self._conn.cursor())


def _connect(path: str, **settings: Any) -> "Awaitable[aiosqlite.Connection]":
    connection = _made(path, settings)
    # As SQLAlchemy has it of its own connections: a process that ends does not wait for them.
    connection._thread.daemon = True  # noqa: SLF001 - it has no other way to say so
    return cast("Awaitable[aiosqlite.Connection]", connection)


def _made(path: str, settings: Any) -> _Connection:
    return _Connection(lambda: sqlite3.connect(path, **settings), iter_chunk_size=64)


def _connect_fleeting(path: str, **settings: Any) -> "Awaitable[aiosqlite.Connection]":
    connection = _made(path, settings)
    connection._tx = cast("Any", _AtOnce())  # noqa: SLF001 - it has no other way to do without its thread
    # Not awaited itself: that would start the thread.
    return connection._connect()  # noqa: SLF001 - as above


def _engine(path: Path, begin: str, *pragmas: str, fleeting: bool = False, **pool: int) -> AsyncEngine:
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{path}",
        connect_args={
            "timeout": BUSY_TIMEOUT_SECONDS,
            "async_creator_fn": _connect_fleeting if fleeting else _connect,
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
