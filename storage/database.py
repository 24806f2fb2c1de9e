"""The one way to the database, whichever of the two it is: transactions that mean what they say."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.asyncio import AsyncSession as Session

from storage import postgresql, sqlite
from storage.address import PostgresqlDatabase, SqliteFile, address_of
from storage.errors import UnsupportedDatabase
from storage.line import Line
from storage.moment import ANSWERS

__all__ = ["LEAVES_NO_TRACE", "Database", "Session"]

# Set in a session's `info` by what erases somebody: SQLite's log is emptied after the commit.
LEAVES_NO_TRACE = "leaves_no_trace"


class Database:
    """A pool of connections to one database.

    `begin()` is a transaction that may write and commits at its end; `read()` is a consistent snapshot that may
    not. An exception rolls back.
    """

    def __init__(self, url: str | Path, *, fleeting: bool = False) -> None:
        """Prepare the pools; nothing is opened before the first transaction. A path is a SQLite file.

        `fleeting` is for a SQLite file that is thrown away, in a program that serves nobody meanwhile: statements run
        on its own thread, and nothing waits for the disk.

        Raises UnsupportedDatabase for an address that names neither SQLite nor PostgreSQL.
        """
        self.address = address_of(url)
        self.is_fleeting = fleeting
        self._line: Line | None = None
        match self.address:
            case SqliteFile(path):
                # Whoever wants to write stands in line, the counter too: SQLite has one writer anyway, and would let
                # the others poll, so that one who comes back at once keeps somebody else out for seconds.
                self._line = Line()
                self._writing = sqlite.writing_engine(path, fleeting=fleeting)
                self._reading = sqlite.reading_engine(path, fleeting=fleeting)
            case PostgresqlDatabase(server):
                self._writing = postgresql.writing_engine(server)
                self._reading = postgresql.reading_engine(self._writing)

    @property
    def url(self) -> str:
        """The address by which another process opens it, its password included."""
        return self.address.whole

    @property
    def is_shared(self) -> bool:
        """Whether several processes may serve it at once."""
        return isinstance(self.address, PostgresqlDatabase)

    @property
    def kind(self) -> str:
        """What it is called by those who run it."""
        return "PostgreSQL" if self.is_shared else "SQLite"

    @property
    def path(self) -> Path:
        """The file of a SQLite database. Raises UnsupportedDatabase for any other."""
        if isinstance(self.address, SqliteFile):
            return self.address.path
        raise UnsupportedDatabase(str(self.address))

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Session]:
        """Open a transaction that may write; it commits when the block ends without an exception.

        Never open one within another: the inner would wait for the outer. Raises Collided where PostgreSQL ended it in
        favour of another's.
        """
        with postgresql.collisions_told():
            if self._line is None:
                async with self._writer() as session:
                    yield session
            else:
                async with self._line.turn(), self._writer() as session:
                    yield session

    @asynccontextmanager
    async def _writer(self) -> AsyncIterator[Session]:
        async with Session(self._writing, expire_on_commit=False, autoflush=False) as session, session.begin():
            yield session
        if self._line is not None and session.info.get(LEAVES_NO_TRACE):
            await sqlite.empty_log(self._writing)

    def counters_turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for the counter's turn to write, and have it for a block: it goes ahead of this process's other writers.

        SQLite's alone: PostgreSQL lets everybody write.
        """
        if self._line is None:
            raise UnsupportedDatabase(str(self.address))
        return self._line.turn(ahead=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """Open a transaction that sees one moment; the database refuses to change anything in it."""
        async with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            session.info[ANSWERS] = {}
            yield session

    async def connect(self) -> AsyncConnection:
        """Return one of the pool's connections, for work on the driver itself; whoever asks closes it."""
        return await self._writing.connect()

    async def close(self) -> None:
        """Close all connections. A transaction that is opened later opens them anew, in whichever loop it is."""
        await self._writing.dispose()
        await self._reading.dispose()
        if self._line is not None:
            self._line = Line()

    @contextmanager
    def served_alone(self) -> Iterator[None]:
        """Hold the right to serve this database: on SQLite that of one process, on PostgreSQL anybody's.

        Raises AlreadyServed when another process serves a SQLite database.
        """
        if self._line is None:
            yield
            return
        with sqlite.served_alone(self.path):
            yield
