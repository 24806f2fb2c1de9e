"""aiosqlite with one hop to its thread for each statement, where by itself it takes four.

Most statements of SQLite take some microseconds, and a hop to a thread and back a hundred times that. aiosqlite offers
no way to say this, so that some of its private names are used here and nowhere else; `check_driver` says so where a new
version has them no longer. A cursor is made on the caller's thread: files are opened with `check_same_thread` off, as
SQLAlchemy does by itself.
"""

import sqlite3
from asyncio import Future
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Final, cast

import aiosqlite

from storage.errors import UnknownDriver

# What is used of aiosqlite that it does not promise: of a connection, and of a cursor.
OF_CONNECTION: Final = ("_connect", "_execute", "_thread", "_tx", "_conn")
OF_CURSOR: Final = ("_conn", "_cursor")


class _AtOnce:
    """Stands where aiosqlite puts what its thread is to do, and does it at once.

    For a database that is thrown away, where nobody else is served meanwhile.
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


def connect(path: str, **settings: Any) -> Awaitable[aiosqlite.Connection]:
    """Return the opening of a file, by a connection with a thread of its own."""
    connection = _made(path, settings)
    # As SQLAlchemy has it of its own connections: a process that ends does not wait for them.
    connection._thread.daemon = True  # noqa: SLF001 - it has no other way to say so
    return cast("Awaitable[aiosqlite.Connection]", connection)


def connect_at_once(path: str, **settings: Any) -> Awaitable[aiosqlite.Connection]:
    """Return the opening of a file, by a connection that does everything on the thread of whoever asks."""
    connection = _made(path, settings)
    connection._tx = cast("Any", _AtOnce())  # noqa: SLF001 - it has no other way to do without its thread
    # Not awaited itself: that would start the thread.
    return connection._connect()  # noqa: SLF001 - as above


def check_driver(driver: Any = aiosqlite) -> None:
    """Make sure that this aiosqlite is one that this module knows. Raises UnknownDriver."""
    connection = driver.Connection(lambda: None, iter_chunk_size=1)
    cursor = driver.Cursor(connection, None)
    missing = [f"Connection.{name}" for name in OF_CONNECTION if not _has(connection, name)]
    missing += [f"Cursor.{name}" for name in OF_CURSOR if not _has(cursor, name)]
    if missing:
        raise UnknownDriver(driver.__version__, missing)


def _has(thing: object, name: str) -> bool:
    # Of its class too: what is a property there may have nothing to give before it is connected.
    return name in vars(thing) or hasattr(type(thing), name)


def _made(path: str, settings: Any) -> _Connection:
    return _Connection(lambda: sqlite3.connect(path, **settings), iter_chunk_size=64)
