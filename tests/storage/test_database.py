"""Transactions mean what they say: nothing lost, nothing half, and on SQLite one server."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import select

from bot.context import known
from storage.database import Database
from storage.errors import AlreadyServed, UnsupportedDatabase
from storage.sqlite import open_raw
from storage.tables import Channel, Platform, ProductClock, Workspace
from storage.workspaces import add_workspace, find_workspace
from tests.conftest import StillClock
from tests.databases import database_url
from tests.processes import line_from, running, tell
from tests.storage.incrementing import add, add_one

__all__ = ["database_url"]


@pytest.fixture
async def row_of_zero(database: Database) -> None:
    """Store a row to count in."""
    async with database.begin() as session:
        session.add(ProductClock(id=1, offset_seconds=0))


async def number_in(database: Database) -> int:
    """Return what has been counted in the row."""
    async with database.read() as session:
        return (await session.get_one(ProductClock, 1)).offset_seconds


@pytest.mark.usefixtures("row_of_zero")
async def test_twenty_tasks(database: Database) -> None:
    """Twenty tasks that each read a row and write it one higher leave it twenty higher."""
    await asyncio.gather(*(add_one(database) for _ in range(20)))

    assert await number_in(database) == 20


@pytest.mark.usefixtures("row_of_zero")
async def test_two_processes(database: Database, database_url: str) -> None:
    """Two processes that increment one row at the same time, beside this one, lose nothing of each other's."""
    module = "tests.storage.incrementing"
    with running(module, database_url, 50) as one, running(module, database_url, 50) as other:
        assert (line_from(one), line_from(other)) == ("ready", "ready")
        tell(one, "go")
        tell(other, "go")
        await add(database, 50)
        assert (one.wait(60), other.wait(60)) == (0, 0)

    assert await number_in(database) == 150


@pytest.mark.usefixtures("row_of_zero")
async def test_reading_does_not_write(database: Database) -> None:
    """A transaction that was opened to read refuses to change anything."""
    async with database.read() as session:
        with pytest.raises(DBAPIError, match=r"readonly|read-only"):
            await session.execute(text("UPDATE product_clock SET offset_seconds = 7"))

    assert await number_in(database) == 0


@pytest.mark.usefixtures("row_of_zero")
async def test_snapshot(database: Database) -> None:
    """A reading transaction sees one moment, whatever is committed meanwhile, and keeps nobody from writing."""
    async with database.read() as session:
        before = (await session.execute(select(ProductClock.offset_seconds))).scalar_one()
        await add_one(database)
        after = (await session.execute(select(ProductClock.offset_seconds))).scalar_one()

    assert (before, after) == (0, 0)
    assert await number_in(database) == 1


async def test_all_or_nothing(database: Database, clock: StillClock) -> None:
    """What was written before an exception is gone with it."""

    async def store_and_fail() -> None:
        async with database.begin() as session:
            await add_workspace(session, Platform.LOCAL, "half", "Half", clock.now(), {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await store_and_fail()

    async with database.read() as session:
        assert await find_workspace(session, "local", "half") is None


async def test_foreign_keys(database: Database, clock: StillClock) -> None:
    """A row that refers to a row which is not there is refused, and goes when the row it belongs to goes."""

    async def store_orphan() -> None:
        async with database.begin() as session:
            session.add(Channel(workspace_id=99, external_id="orphan"))

    async with database.begin() as session:
        workspace = await add_workspace(session, Platform.LOCAL, "one", "One", clock.now(), {})
        session.add(Channel(workspace_id=known(workspace.id), external_id="allmant"))
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        await store_orphan()
    async with database.begin() as session:
        await session.delete(await session.get_one(Workspace, workspace.id))

    async with database.read() as session:
        assert (await session.execute(select(Channel))).all() == []


async def test_every_connection_is_prepared(database_file: Path) -> None:
    """Each connection to SQLite, the counter's too, writes ahead in full, waits for others, and checks references."""
    database = Database(database_file)
    pragmas = ("journal_mode", "synchronous", "busy_timeout", "foreign_keys")
    async with database.begin() as session:
        writing = [(await session.execute(text(f"PRAGMA {name}"))).scalar_one() for name in pragmas]
    async with database.read() as session:
        reading = [(await session.execute(text(f"PRAGMA {name}"))).scalar_one() for name in pragmas]
    with closing(open_raw(database_file)) as connection:
        raw = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]

    await database.close()

    assert writing == reading == raw == ["wal", 2, 10_000, 1]


async def test_errors_keep_quiet(database: Database, clock: StillClock) -> None:
    """An error of the database does not carry what people wrote into the log."""

    async def store_twice() -> None:
        async with database.begin() as session:
            await add_workspace(session, Platform.LOCAL, "one", "Sokrates AB", clock.now(), {})
            await add_workspace(session, Platform.LOCAL, "one", "Sokrates AB", clock.now(), {})

    with pytest.raises(IntegrityError) as caught:
        await store_twice()

    assert "Sokrates" not in str(caught.value)


def test_served_alone(database_file: Path) -> None:
    """A second process may not serve a database; when the first is killed, its right is gone with it."""
    database = Database(f"sqlite+aiosqlite:///{database_file}")

    with running("tests.storage.serving", database_file) as first:
        assert line_from(first) == "serving"
        with pytest.raises(AlreadyServed, match=database_file.name), database.served_alone():
            pass
        first.kill()
        first.wait()
        with database.served_alone():
            pass


def test_other_commands_run_beside(database_file: Path) -> None:
    """Serving keeps nobody else from opening the database."""
    with Database(f"sqlite+aiosqlite:///{database_file}").served_alone(), closing(sqlite3.connect(database_file)) as it:
        it.execute("INSERT INTO product_clock (id, offset_seconds) VALUES (1, 5)")

        assert it.total_changes == 1


@pytest.mark.parametrize(
    "url",
    [
        "mysql://samlas:secret@db.example/samlas",
        "postgresql://samlas:secret@db.example",
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "not an address",
    ],
)
def test_unsupported_address(url: str) -> None:
    """An address that names neither of the two is refused, without telling its password back."""
    with pytest.raises(UnsupportedDatabase) as refused:
        Database(url)

    assert "secret" not in str(refused.value)
