"""What tests of all rooms share: a migrated database of their own, and a clock that stands still until moved."""

import gc
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

# So many new objects, and not 700, until somebody looks for garbage: a statement alone makes some hundred.
GARBAGE_AT = 50_000


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


@pytest.fixture(scope="session")
def database_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which each test finds its SQLite file under the same name (see `databases`)."""
    return tmp_path_factory.mktemp("database")


@pytest.fixture
def database_file(migrated_file: Path, database_folder: Path) -> Path:
    """Return a migrated SQLite file that is the test's own as long as it runs."""
    return fresh(migrated_file, database_folder)


def fresh(file: Path, database_folder: Path) -> Path:
    """Put a copy of a SQLite file into a folder in the place of all that is there; returns its path."""
    for left in database_folder.iterdir():
        left.unlink()
    return Path(shutil.copy(file, database_folder / "samlas.db"))


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


class Databases:
    """The databases of a process's tests, by address: the same for all tests, which each open it anew.

    So a statement is translated into SQL once, and not by each test again.
    """

    def __init__(self) -> None:
        """Know none yet."""
        self._databases: dict[tuple[str, bool], Database] = {}

    def at(self, url: str, *, fleeting: bool) -> Database:
        """Return the database at an address; whoever opens it closes it."""
        return self._databases.setdefault((url, fleeting), Database(url, fleeting=fleeting))


@pytest.fixture(scope="session")
def databases() -> Databases:
    """Return the databases of all tests."""
    return Databases()


@pytest.fixture
def is_fleeting() -> bool:
    """Whether nobody waits for the disk or another thread: so it is where a folder says nothing else."""
    return True


@pytest.fixture
async def database(database_url: str, databases: Databases, *, is_fleeting: bool) -> AsyncIterator[Database]:
    """Return an open database of the test's own."""
    opened = databases.at(database_url, fleeting=is_fleeting)
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


def pytest_collection_finish() -> None:
    """Let what was imported and collected not be looked through for garbage again and again: it stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_AT)
