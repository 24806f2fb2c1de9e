"""While the database takes nothing, nothing is acknowledged; when it is well, what comes again is counted once."""

import asyncio
import os
import resource
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.counter import Counter
from bot.measures import Measures
from storage import postgresql
from storage.database import Database
from storage.errors import CannotCommit
from storage.flushing import flusher_for
from tests.bot.counting.conftest import Tally
from tests.conftest import StillClock
from tests.postgresql import NAME
from tests.soak import report, times
from tests.support import organisation, troubles

# Nobody's user on every Linux.
NOBODY = 65534
SIGNS = times(20, 400)


@contextmanager
def no_room() -> Iterator[None]:
    """Let no file of this process grow any more, as on a full disk."""
    was = resource.getrlimit(resource.RLIMIT_FSIZE)
    told = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, was[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, was)
        signal.signal(signal.SIGXFSZ, told)


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """Let this process change neither a file nor what is beside it; not even where root runs the tests."""
    folder, user = path.parent, os.geteuid()
    modes = {each: each.stat().st_mode for each in (folder, *folder.iterdir())}
    for each in modes:
        each.chmod(0o555 if each.is_dir() else 0o444)
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(user)
        for each, mode in modes.items():
            each.chmod(mode)


async def count_all(tally: Tally, counter: Counter) -> list[bool | BaseException]:
    """Have all signs counted, side by side; returns what each was answered."""
    counts = (counter.count(tally.sign(f"sign-{number}")) for number in range(SIGNS))
    return await asyncio.gather(*counts, return_exceptions=True)


@asynccontextmanager
async def another_counter(database: Database, clock: StillClock) -> AsyncIterator[tuple[Counter, Measures]]:
    """Return a counter that has not opened the database yet, with its figures."""
    measures = Measures()
    counter = Counter(flusher_for(database), clock, measures)
    yield counter, measures
    await counter.close()


@asynccontextmanager
async def tally_of(url: str, clock: StillClock) -> AsyncIterator[Tally]:
    """Return an organisation of eight people in a database, and a counter that is not used."""
    database = Database(url)
    counter = Counter(flusher_for(database), clock)
    yield Tally(database, clock, await organisation(database, clock), counter)
    await counter.close()
    await database.close()


@pytest.fixture
async def tally_on_sqlite(sqlite_url: str, clock: StillClock) -> AsyncIterator[Tally]:
    """Return an organisation on SQLite."""
    async with tally_of(sqlite_url, clock) as made:
        yield made


@pytest.fixture
async def tally_on_postgresql(postgresql_url: str, clock: StillClock) -> AsyncIterator[Tally]:
    """Return an organisation on PostgreSQL."""
    async with tally_of(postgresql_url, clock) as made:
        yield made


async def refused_then_counted(tally: Tally, counter: Counter, refused: list[bool | BaseException]) -> None:
    """State that nothing was acknowledged and nothing changed, and that told again all is counted, and once."""
    assert all(isinstance(answer, CannotCommit) for answer in refused), refused
    assert await tally.by_channel() == {}

    for _ in range(2):
        assert not any(await count_all(tally, counter))

    assert await tally.by_channel() == {("allmant", "MESSAGE"): SIGNS}


@pytest.mark.soak
async def test_full_disk(sqlite_url: str, clock: StillClock, tally_on_sqlite: Tally) -> None:
    """A disk without room: nothing is acknowledged, the figures say how much; with room again nothing is missing."""
    tally = tally_on_sqlite

    async with another_counter(Database(sqlite_url), clock) as (counter, measures):
        with capture_logs() as logs, no_room():
            refused = await count_all(tally, counter)
        not_taken = measures.exposition_without_database()

        assert troubles(logs) == ["counter.not_taken"]
        assert f'samlas_signs_total{{result="not_taken"}} {SIGNS:.1f}'.encode() in not_taken
        await refused_then_counted(tally, counter, refused)
    report("counting on a full disk", signs=SIGNS, acknowledged_meanwhile=0, lost=0, counted_twice=0)


async def test_disk_that_nothing_can_be_written_to(
    database_file: Path, sqlite_url: str, clock: StillClock, tally_on_sqlite: Tally
) -> None:
    """A file that has become read-only: nothing is acknowledged, and when it can be written again all is counted."""
    tally = tally_on_sqlite

    async with another_counter(Database(sqlite_url), clock) as (counter, _):
        with capture_logs() as logs, read_only(database_file):
            refused = await count_all(tally, counter)

        assert troubles(logs) == ["counter.not_taken"]
        await refused_then_counted(tally, counter, refused)


async def test_server_that_takes_no_changes(postgresql_url: str, clock: StillClock, tally_on_postgresql: Tally) -> None:
    """A server that has become a replica, say: the connection that was told no is not kept, and learns of the yes."""
    tally = tally_on_postgresql
    await tally.execute(f"ALTER DATABASE {NAME} SET default_transaction_read_only = on")
    database = Database(postgresql_url)

    async with another_counter(database, clock) as (counter, _):
        with capture_logs() as logs:
            refused = await count_all(tally, counter)
        await tally.execute(f"ALTER DATABASE {NAME} RESET default_transaction_read_only")

        assert set(troubles(logs)) == {"counter.not_taken"}
        await refused_then_counted(tally, counter, refused)
    await database.close()


async def test_connections_cut(postgresql_url: str, clock: StillClock, tally_on_postgresql: Tally) -> None:
    """A server that was restarted: what met the cut is not acknowledged, and the next batch has a new connection."""
    tally = tally_on_postgresql
    database = Database(postgresql_url)

    async with another_counter(database, clock) as (counter, _):
        await counter.count(tally.sign("before"))
        await tally.execute(
            "SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with capture_logs() as logs:
            [cut] = await asyncio.gather(counter.count(tally.sign("after")), return_exceptions=True)
        again = await counter.count(tally.sign("after"))

    assert isinstance(cut, CannotCommit)
    assert again is False
    assert troubles(logs) == ["counter.not_taken"]
    assert await tally.by_channel() == {("allmant", "MESSAGE"): 2}
    await database.close()


async def test_no_connection_free(
    postgresql_url: str, clock: StillClock, tally_on_postgresql: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every connection in use a batch waits its time once, and not once for each of its signs."""
    tally = tally_on_postgresql
    monkeypatch.setattr(postgresql, "CONNECTION_FREE_WITHIN_SECONDS", 0.05)
    database = Database(postgresql_url)
    held = [await database.connect() for _ in range(postgresql.MOST_CONNECTIONS)]

    async with another_counter(database, clock) as (counter, _):
        with capture_logs() as logs:
            refused = await count_all(tally, counter)
        for connection in held:
            await connection.close()

        assert troubles(logs) == ["counter.not_taken"]
        await refused_then_counted(tally, counter, refused)
    await database.close()


async def test_somebody_elses_lock(
    postgresql_url: str, clock: StillClock, tally_on_postgresql: Tally, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A batch that meets a lock which is held for too long is not acknowledged, and counted when it is free."""
    tally = tally_on_postgresql
    monkeypatch.setitem(postgresql.SERVER_SETTINGS, "lock_timeout", "50ms")
    database = Database(postgresql_url)

    async with another_counter(database, clock) as (counter, _):
        await counter.count(tally.sign("before"))
        async with tally.database.begin() as session:
            await session.execute(text("LOCK TABLE happened IN ACCESS EXCLUSIVE MODE"))
            [cut] = await asyncio.gather(counter.count(tally.sign("after")), return_exceptions=True)
        again = await counter.count(tally.sign("after"))

    assert isinstance(cut, CannotCommit)
    assert again is False
    assert await tally.by_channel() == {("allmant", "MESSAGE"): 2}
    await database.close()
