"""What tests of all rooms share: a migrated database of their own, and a clock that stands still until moved."""

import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from bot import __version__
from storage.database import Database
from storage.migrate import migrate
from tests.command_line import CommandLine
from tests.postgresql import Server, postgresql_server
from tests.soak import leave_for_soak
from tests.tools import require_postgresql


class StillClock:
    """Product time that stands still until a test moves it."""

    def __init__(self, now: datetime) -> None:
        """Stand at `now`."""
        self.moment = now

    def now(self) -> datetime:
        """Return the moment at which this clock stands."""
        return self.moment

    def move(self, step: timedelta) -> None:
        """Go forward."""
        self.moment += step


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a SQLite file with this version's tables and nothing in them, to be copied."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    migrate(path, __version__)
    return path


@pytest.fixture
def database_file(migrated_file: Path, tmp_path: Path) -> Path:
    """Return a migrated SQLite file of the test's own."""
    path = tmp_path / "samlas.db"
    shutil.copy(migrated_file, path)
    return path


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Return a running PostgreSQL server."""
    require_postgresql()
    with postgresql_server() as server:
        yield server


@pytest.fixture
def sqlite_url(database_file: Path) -> str:
    """Return the address of a migrated SQLite database of the test's own."""
    return f"sqlite+aiosqlite:///{database_file}"


@pytest.fixture
def postgresql_url(postgresql: Server) -> str:
    """Return the address of a migrated PostgreSQL database that is the test's own as long as it runs."""
    return postgresql.empty()


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Return the address of a migrated database of the test's own: SQLite's, where a folder says nothing else."""
    return sqlite_url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """Return an open database of the test's own."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> StillClock:
    """Return a clock at noon, UTC, of an ordinary Wednesday."""
    return StillClock(an_ordinary_wednesday())


def an_ordinary_wednesday() -> datetime:
    """Return the moment at which tests begin, unless they say otherwise: noon, UTC."""
    return datetime(2027, 3, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
def samlas(database_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    """Return the `samlas` command, in English, on the database of the test's own."""
    monkeypatch.setenv("SAMLAS_DATABASE_URL", f"sqlite+aiosqlite:///{database_file}")
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    return CommandLine(capsys)


@pytest.fixture(autouse=True)
def the_log_as_it_was() -> Iterator[None]:
    """Undo what a command did to the log: it points it to the standard error of its test, which is closed after it."""
    yield
    structlog.reset_defaults()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the longest for `make soak` (tests/soak.py)."""
    leave_for_soak(config, items)
