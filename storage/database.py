"""The one way to the database: transactions that mean what they say, on SQLite's terms.

With the driver's defaults five concurrent read-then-writes on SQLite lose four, silently. So the driver's own
transaction handling is switched off and each transaction begins as what it is: `BEGIN IMMEDIATE` to write,
`BEGIN` to read.
"""

import asyncio
import fcntl
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as Session

from storage.errors import AlreadyServed, UnsupportedDatabase

__all__ = ["Database", "Session", "open_raw", "sqlite_path"]

BUSY_TIMEOUT_SECONDS = 10

PRAGMAS = (
    f"busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000}",
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
)


def open_raw(path: Path) -> sqlite3.Connection:
    """Open the file on the raw driver, for the counting functions that bypass SQLAlchemy."""
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def sqlite_path(url: str | URL) -> Path:
    """Return the file of a SQLite address.

    Raises UnsupportedDatabase for an address that is not a SQLite file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as unreadable:
        # Not told back as a whole: there may be a password in it.
        raise UnsupportedDatabase(f"{str(url)[:10]}...") from unreadable
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise UnsupportedDatabase(parsed.render_as_string(hide_password=True))
    return Path(parsed.database)


class Database:
    """A pool of connections to one database.

    `begin()` is a transaction that may write and commits at its end; `read()` is a consistent snapshot that may
    not. An exception rolls back.
    """

    def __init__(self, url: str) -> None:
        """Prepare the pools; nothing is opened before the first transaction.

        Raises UnsupportedDatabase for anything but a SQLite file.
        """
        self.path = sqlite_path(url)
        # Whoever wants to write stands in line, the counter too: SQLite has one writer anyway, and would let the others
        # poll, so that one who comes back at once keeps somebody else out for seconds.
        self._line = asyncio.Lock()
        self._writing = _engine(url, "BEGIN IMMEDIATE", pool_size=1, max_overflow=0)
        self._reading = _engine(url, "BEGIN", "query_only = ON")

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Session]:
        """Open a transaction that may write; it commits when the block ends without an exception.

        Never open one within another: the inner would wait for the outer.
        """
        async with (
            self.turn(),
            Session(self._writing, expire_on_commit=False, autoflush=False) as session,
            session.begin(),
        ):
            yield session

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn to write, in the order in which this process's writers came, and have it for a block."""
        return self._line

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """Open a transaction that sees one moment; the database refuses to change anything in it."""
        async with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    async def close(self) -> None:
        """Close all connections."""
        await self._writing.dispose()
        await self._reading.dispose()

    @contextmanager
    def served_alone(self) -> Iterator[None]:
        """Hold the right to be the one process that serves this SQLite database.

        The lock is the operating system's, so that it goes with a process that is killed.
        Raises AlreadyServed when another process holds it.
        """
        with self.path.with_name(self.path.name + ".serving").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as taken:
                raise AlreadyServed(str(self.path)) from taken
            yield


def _engine(url: str, begin: str, *pragmas: str, **pool: int) -> AsyncEngine:
    engine = create_async_engine(
        make_url(url).set(drivername="sqlite+aiosqlite"),
        connect_args={"timeout": BUSY_TIMEOUT_SECONDS},
        # What people wrote is in the parameters, and errors are logged.
        hide_parameters=True,
        **pool,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(adapted: Any, _record: object) -> None:
        # aiosqlite runs its connection on a thread of its own; SQLAlchemy's adapter executes there for us.
        adapted.isolation_level = None
        cursor = adapted.cursor()
        for pragma in (*PRAGMAS, *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
