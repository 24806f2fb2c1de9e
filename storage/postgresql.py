"""PostgreSQL: any number of processes, each with a few connections, that share work by row locks.

A transaction that writes is READ COMMITTED, so whoever checks before writing locks the row or says both in one
UPDATE; one that reads sees one moment and is refused every change.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.errors import Collided, Unreachable, UnreachableDatabase

# A server that does not answer is told of; it is not waited for as long as a network may take to give up.
CONNECT_TIMEOUT_SECONDS = 10
MOST_CONNECTIONS = 10
# Nobody waits longer for one of them than for somebody else's row.
CONNECTION_FREE_WITHIN_SECONDS = 10

SERVER_SETTINGS = {
    "application_name": "samlas",
    # Nobody waits longer for somebody else's row than a writer waits for its turn on SQLite.
    "lock_timeout": "10s",
    # Of a process that got stuck in the middle of a transaction, the locks go.
    "idle_in_transaction_session_timeout": "60s",
    # What is asked here is short, and planning it for longer never pays.
    "jit": "off",
}

# PostgreSQL's names of errors: https://www.postgresql.org/docs/current/errcodes-appendix.html
_COLLISIONS = ("40001", "40P01")
_NO_SUCH_DATABASE = "3D000"
_NOT_AUTHORISED = "28"


def writing_engine(url: URL) -> AsyncEngine:
    """Return the connections of one process."""
    return create_async_engine(
        url,
        connect_args={
            "timeout": CONNECT_TIMEOUT_SECONDS,
            "server_settings": SERVER_SETTINGS,
            # All that this program ever asks: with the default of a hundred, most would be prepared again and again.
            "prepared_statement_cache_size": 1000,
        },
        # A server that was restarted meanwhile is noticed before a transaction begins, and not in it.
        pool_pre_ping=True,
        pool_size=MOST_CONNECTIONS,
        max_overflow=0,
        pool_timeout=CONNECTION_FREE_WITHIN_SECONDS,
        # What people wrote is in the parameters, and errors are logged.
        hide_parameters=True,
    )


def reading_engine(writing: AsyncEngine) -> AsyncEngine:
    """Return the same connections, for transactions that see one moment and refuse to change anything."""
    return writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


@contextmanager
def collisions_told() -> Iterator[None]:
    """Raise Collided where a transaction was ended in favour of another's: done again, it may well go through."""
    try:
        yield
    except DBAPIError as error:
        if _state_of(error) in _COLLISIONS:
            raise Collided(str(error.orig)) from error
        raise


@contextmanager
def reached(address: object) -> Iterator[None]:
    """Raise UnreachableDatabase where a server cannot be reached, or does not let us in."""
    try:
        yield
    except OSError as away:
        raise UnreachableDatabase(str(address), Unreachable.NO_ANSWER) from away
    except DBAPIError as refused:
        raise UnreachableDatabase(str(address), _why(_state_of(refused))) from refused


def _state_of(error: DBAPIError) -> str:
    """Return the five letters by which PostgreSQL names an error; empty where it is not PostgreSQL's."""
    return getattr(error.orig, "sqlstate", None) or ""


def _why(state: str) -> Unreachable:
    if state == _NO_SUCH_DATABASE:
        return Unreachable.NO_SUCH_DATABASE
    return Unreachable.NOT_LET_IN if state.startswith(_NOT_AUTHORISED) else Unreachable.NO_ANSWER
