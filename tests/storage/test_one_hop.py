"""SQLite's driver takes one hop to its thread for a statement, and is otherwise as aiosqlite promises."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiosqlite
import pytest

from storage.errors import UnknownDriver
from storage.one_hop import check_driver, connect, connect_at_once

Opened = Any


@pytest.fixture(params=[connect, connect_at_once])
async def opened(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Opened]:
    """Return a connection of each kind to a table of three numbers."""
    connection: Opened = await request.param(
        str(tmp_path / "numbers.db"), isolation_level=None, check_same_thread=False
    )
    for statement in ("CREATE TABLE number (value INTEGER PRIMARY KEY)", "INSERT INTO number VALUES (1), (2), (3)"):
        await connection.cursor().execute(statement)
    yield connection
    await connection.close()


@pytest.fixture
async def threaded(tmp_path: Path) -> AsyncIterator[Opened]:
    """Return a connection with a thread of its own."""
    connection: Opened = await connect(str(tmp_path / "numbers.db"), isolation_level=None, check_same_thread=False)
    yield connection
    await connection.close()


class Counting:
    """Stands before a connection's queue, and counts what is put there."""

    def __init__(self, queue: Any) -> None:
        """Hand on to this queue."""
        self._queue = queue
        self.hops = 0

    def put_nowait(self, asked: object) -> None:
        """Count, and hand on."""
        self.hops += 1
        self._queue.put_nowait(asked)


async def test_one_hop_a_statement(threaded: Opened) -> None:
    """A statement is begun, run and read to its end, and its cursor closed, in one hop to the thread."""
    counting = threaded._tx = Counting(threaded._tx)

    cursor = threaded.cursor()
    await cursor.execute("SELECT 1 UNION SELECT 2")
    rows = await cursor.fetchall()
    await cursor.close()

    assert rows == [(1,), (2,)]
    assert counting.hops == 1


async def test_statements_run_beside_the_event_loop(threaded: Opened) -> None:
    """A statement runs on the connection's own thread, which does not keep a process alive."""
    await threaded.create_function("thread", 0, lambda: threading.current_thread().name)

    [(name,)] = await (await threaded.cursor().execute("SELECT thread()")).fetchall()

    [its] = [thread for thread in threading.enumerate() if thread.name == name]
    assert its is not threading.current_thread()
    assert its.daemon


async def test_rows_are_given_out_once(opened: Opened) -> None:
    """One, some, the rest, and then none."""
    cursor = opened.cursor()
    await cursor.execute("SELECT value FROM number WHERE value > ? ORDER BY value", (0,))

    found = [await cursor.fetchone(), await cursor.fetchmany(1), await cursor.fetchall(), await cursor.fetchone()]

    assert found == [(1,), [(2,)], [(3,)], None]
    assert cursor.description[0][0] == "value"


async def test_many_rows_go_in_by_one_statement(opened: Opened) -> None:
    """What changes rows says how many."""
    cursor = opened.cursor()

    await cursor.executemany("INSERT INTO number VALUES (?)", [(4,), (5,)])

    assert cursor.rowcount == 2
    assert await (await cursor.execute("SELECT count(*) FROM number")).fetchall() == [(5,)]


async def test_a_statement_that_fails_says_why_and_leaves_the_connection_good(opened: Opened) -> None:
    """The driver's own error reaches whoever asked; the next statement is as any other."""
    cursor = opened.cursor()

    with pytest.raises(sqlite3.IntegrityError):
        await cursor.execute("INSERT INTO number VALUES (1)")

    assert await (await cursor.execute("SELECT count(*) FROM number")).fetchall() == [(3,)]


async def test_whoever_waits_no_longer_leaves_the_connection_good(threaded: Opened) -> None:
    """A task that is cancelled while its statement runs ends at once; the statement ends by itself."""
    begun, end = threading.Event(), threading.Event()

    def wait() -> int:
        begun.set()
        return int(end.wait(10))

    await threaded.create_function("wait", 0, wait)
    task = asyncio.create_task(threaded.cursor().execute("SELECT wait()"))
    await asyncio.to_thread(begun.wait)

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    end.set()

    assert await (await threaded.cursor().execute("SELECT 1")).fetchall() == [(1,)]


async def test_a_closed_connection_takes_nothing(opened: Opened) -> None:
    """After closing, which may be asked for twice, a statement is refused and nobody waits for ever."""
    cursor = opened.cursor()
    await opened.close()
    await opened.close()

    with pytest.raises(ValueError, match="closed"):
        await cursor.execute("SELECT 1")


async def test_a_file_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    """The driver's own error, with either kind of connection; and no thread stays."""
    before = set(threading.enumerate())

    for way in (connect, connect_at_once):
        with pytest.raises(sqlite3.OperationalError):
            await way(str(tmp_path / "nowhere" / "numbers.db"))

    for thread in set(threading.enumerate()) - before:
        await asyncio.to_thread(thread.join, 10)
        assert not thread.is_alive()


def _without(name: str) -> type:
    """Return a connection as a later aiosqlite may have it."""

    class Connection(aiosqlite.Connection):
        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            vars(self).pop(name)

    return Connection


def test_the_installed_driver_is_known() -> None:
    """The version that is installed has what is used of it."""
    check_driver()


@pytest.mark.parametrize(
    ("make", "missing"),
    [(lambda: _without("_tx"), "Connection._tx"), (lambda: _without("_thread"), "Connection._thread")],
)
def test_another_driver_is_refused_by_name(make: Callable[[], type], missing: str) -> None:
    """One that lacks something is refused: with its version, what it lacks, and what to do."""
    later = SimpleNamespace(Connection=make(), Cursor=aiosqlite.Cursor, __version__="9.9")

    with pytest.raises(UnknownDriver, match=rf"aiosqlite 9\.9 lacks {missing}.*constraints\.txt"):
        check_driver(later)
