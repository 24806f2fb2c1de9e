"""The counter's own connection: how a batch of signs gets into either kind of database."""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any, Protocol

import asyncpg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection

from storage import counting_postgresql, counting_sqlite
from storage.counting import Flushed, Sign
from storage.database import Database
from storage.errors import CannotCommit
from storage.sqlite import open_raw

# Two processes that count may end each other's transaction; the batch is whole in memory, and simply done again.
TRIES = 3
_COLLISIONS = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)


class Flusher(Protocol):
    """Counts batches, one after the other."""

    async def flush(self, signs: Sequence[Sign], now: datetime) -> Flushed:
        """Count a batch in one transaction, or nothing of it.

        Raises CannotCommit when the database does not take anything now; any other exception is due to a sign.
        """
        ...

    async def close(self) -> None:
        """Give the connection back. Closing twice does nothing more."""
        ...


def flusher_for(database: Database) -> Flusher:
    """Return what counts into this database; nothing is opened before the first batch."""
    return _PostgresqlFlusher(database) if database.is_shared else _SqliteFlusher(database)


class _SqliteFlusher:
    """Flushes on a thread of its own, one hop a batch, when it is this process's counter's turn to write."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="counter")

    async def flush(self, signs: Sequence[Sign], now: datetime) -> Flushed:
        async with self._database.counters_turn():
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._flush, signs, now)

    def _flush(self, signs: Sequence[Sign], now: datetime) -> Flushed:
        try:
            if self._connection is None:
                self._connection = open_raw(self._database.path, fleeting=self._database.is_fleeting)
            return counting_sqlite.flush(self._connection, signs, now)
        except sqlite3.OperationalError as trouble:
            raise CannotCommit(str(trouble)) from trouble

    async def close(self) -> None:
        self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()


class _PostgresqlFlusher:
    """Flushes through asyncpg itself, on one of the pool's connections that is kept as long as it is good."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: AsyncConnection | None = None

    async def flush(self, signs: Sequence[Sign], now: datetime) -> Flushed:
        for _ in range(TRIES - 1):
            try:
                return await self._flush(signs, now)
            except _COLLISIONS:
                continue
        return await self._flush(signs, now)

    async def _flush(self, signs: Sequence[Sign], now: datetime) -> Flushed:
        try:
            return await counting_postgresql.flush(await self._driver(), signs, now)
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, *_COLLISIONS):
            # Due to a sign, or to somebody else who counts.
            raise
        except (OSError, DBAPIError, NoConnectionFree, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
            await self._let_go()
            raise CannotCommit(type(trouble).__name__) from trouble

    async def _driver(self) -> Any:
        if self._connection is None:
            self._connection = await self._database.connect()
        return (await self._connection.get_raw_connection()).driver_connection

    async def _let_go(self) -> None:
        """Leave a connection that failed; the next batch gets another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.invalidate()
            await connection.close()

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
