"""Lindvalla on an ordinary Wednesday."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.local.made_up.seed import seed
from storage.database import Database
from tests.adapters.local.visiting import Lindvalla, opened
from tests.conftest import Databases, StillClock, an_ordinary_wednesday, fresh
from tests.faults.quiet import broken

__all__ = ["broken"]


@pytest.fixture(scope="session")
def lindvalla_file(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file into which Lindvalla has moved, to be copied."""
    path = tmp_path_factory.mktemp("lindvalla") / "lindvalla.db"
    shutil.copy(migrated_file, path)

    async def move_in() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        async with database.begin() as session:
            await seed(session, an_ordinary_wednesday())
        await database.close()

    asyncio.run(move_in())
    return path


@pytest.fixture
async def lindvalla(
    lindvalla_file: Path, database_folder: Path, databases: Databases, clock: StillClock
) -> AsyncIterator[Lindvalla]:
    """Return the local chat, served."""
    database = databases.at(f"sqlite+aiosqlite:///{fresh(lindvalla_file, database_folder)}", fleeting=True)
    async with opened(database, clock) as served:
        yield served
    await database.close()
