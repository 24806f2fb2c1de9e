"""The counter's own connection: how a batch of signs gets into one kind of database, on the counter's thread."""

import sqlite3
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from storage.counting import Flushed, Sign, flush
from storage.database import Database, open_raw
from storage.errors import CannotCommit


class Flusher(Protocol):
    """Counts batches, one after the other, on one thread that need not be the one that made it."""

    def turn(self) -> AbstractAsyncContextManager[None]:
        """Wait for one's turn to write, where the process's writers stand in one line."""
        ...

    def flush(self, signs: Sequence[Sign], now: datetime) -> Flushed:
        """Count a batch in one transaction, or nothing of it.

        Raises CannotCommit when the database does not take anything now; any other exception is due to a sign.
        """
        ...

    def close(self) -> None:
        """Give the connection back. Closing twice does nothing more."""
        ...


def flusher_for(database: Database) -> Flusher:
    """Return what counts into this database; nothing is opened before the first batch."""
    return _SqliteFlusher(database)


class _SqliteFlusher:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None

    def turn(self) -> AbstractAsyncContextManager[None]:
        return self._database.turn()

    def flush(self, signs: Sequence[Sign], now: datetime) -> Flushed:
        try:
            if self._connection is None:
                self._connection = open_raw(self._database.path)
            return flush(self._connection, signs, now)
        except sqlite3.OperationalError as trouble:
            raise CannotCommit(str(trouble)) from trouble

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
