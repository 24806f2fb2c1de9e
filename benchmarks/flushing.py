"""A batch of signs on its way into the database, against the drivers' `executemany` of the same rows.

A batch is 200 signs of which every tenth has been told before. The floor knows every row id already, and which are
new to it does not matter to it: it writes each sign's identity, its count by member and by channel, its member's last
day and its channel's day, in one transaction that is on disk when it is over.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import asyncpg

from benchmarks.measuring import Goal, Measurement, Round, Size
from benchmarks.organisation import organisation
from benchmarks.postgresql import WHEEL, postgresql
from benchmarks.requests import CHANNELS, PEOPLE
from bot import __version__
from storage.counting import Sign
from storage.database import Database
from storage.flushing import Flusher, flusher_for
from storage.migrate import migrate
from storage.sqlite import open_raw
from storage.tables import Channel, Kind, Platform

BATCH: Final = 200
TOLD_AGAIN: Final = 10

IDENTITY: Final = "INSERT INTO happened (workspace_id, identity, day) VALUES ({}) ON CONFLICT DO NOTHING"
BY_MEMBER: Final = (
    "INSERT INTO participation (workspace_id, member_id, day, kind, count) VALUES ({})"
    " ON CONFLICT (workspace_id, member_id, day, kind) DO UPDATE SET count = participation.count + excluded.count"
)
BY_CHANNEL: Final = (
    "INSERT INTO channel_participation (workspace_id, channel_id, day, kind, count) VALUES ({})"
    " ON CONFLICT (workspace_id, channel_id, day, kind)"
    " DO UPDATE SET count = channel_participation.count + excluded.count"
)
LAST_DAY: Final = (
    "INSERT INTO last_sign (workspace_id, member_id, first_day, last_day) VALUES ({})"
    " ON CONFLICT (workspace_id, member_id) DO UPDATE SET last_day = excluded.last_day"
    " WHERE last_sign.last_day < excluded.last_day"
)
CHANNEL_DAY: Final = "INSERT INTO counted_day (workspace_id, channel_id, day) VALUES ({}) ON CONFLICT DO NOTHING"

Rows = list[tuple[Any, ...]]


def measurements() -> list[Measurement]:
    """Return what is measured of writing counts down."""
    return [
        Measurement({"flush_vs_raw_sqlite": Goal(0.8)}, on_sqlite),
        Measurement({"flush_vs_raw_postgresql": Goal(0.8)}, on_postgresql, needs=(WHEEL,)),
    ]


@contextmanager
def on_sqlite(size: Size) -> Iterator[Round]:
    """Prepare two files: one that we flush into, one for the driver alone."""
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner() as runner:
        paths = [Path(folder) / name for name in ("ours.db", "raw.db")]
        for path in paths:
            migrate(path, __version__)
        opened = [runner.run(_organisation(f"sqlite+aiosqlite:///{path}")) for path in paths]
        flusher, raw = flusher_for(opened[0]), open_raw(paths[1])

        def write(batches: list[Rows]) -> float:
            begin = perf_counter()
            for rows in batches:
                raw.execute("BEGIN IMMEDIATE")
                for statement, columns in _statements(rows):
                    raw.executemany(statement.format(", ".join("?" * len(columns[0]))), columns)
                raw.execute("COMMIT")
            return perf_counter() - begin

        yield _rounds(size, runner, flusher, write, "flush_vs_raw_sqlite")
        runner.run(flusher.close())
        raw.close()
        for database in opened:
            runner.run(database.close())


@contextmanager
def on_postgresql(size: Size) -> Iterator[Round]:
    """Prepare a server; both write into one database, under identities of their own."""
    with postgresql() as address, asyncio.Runner() as runner:
        database = runner.run(_organisation(address))
        flusher, raw = flusher_for(database), runner.run(asyncpg.connect(address))

        async def write_all(batches: list[Rows]) -> float:
            begin = perf_counter()
            for rows in batches:
                async with raw.transaction():
                    for statement, columns in _statements(rows):
                        places = ", ".join(f"${number + 1}" for number in range(len(columns[0])))
                        await raw.executemany(statement.format(places), columns)
            return perf_counter() - begin

        yield _rounds(size, runner, flusher, lambda batches: runner.run(write_all(batches)), "flush_vs_raw_postgresql")
        runner.run(flusher.close())
        runner.run(raw.close())
        runner.run(database.close())


def _rounds(size: Size, runner: asyncio.Runner, flusher: Flusher, write: Any, name: str) -> Round:
    numbers = count()

    async def flush_all(batches: list[list[Sign]], now: datetime) -> float:
        begin = perf_counter()
        for signs in batches:
            await flusher.flush(signs, now)
        return perf_counter() - begin

    def measure_once() -> dict[str, float]:
        now = datetime.now(UTC)
        begun = [next(numbers) for _ in range(size.of(40, 2))]
        signs = [[_sign(number, now) for number in _numbers(batch)] for batch in begun]
        rows = [[_row(number, now) for number in _numbers(batch)] for batch in begun]
        return {name: write(rows) / runner.run(flush_all(signs, now))}

    return measure_once


def _numbers(batch: int) -> list[int]:
    """Return the numbers of a batch's signs: every tenth is one of the batch before."""
    first = batch * BATCH
    return [max(0, number - BATCH) if number % TOLD_AGAIN == 0 else number for number in range(first, first + BATCH)]


def _sign(number: int, now: datetime) -> Sign:
    return Sign(
        1,
        f"C{number % CHANNELS}:{number}:wrote",
        f"U{number % PEOPLE}",
        f"C{number % CHANNELS}",
        now.timestamp(),
        Kind.MESSAGE if number % 4 else Kind.THREAD_REPLY,
        towards=None if number % 4 else f"message{number % 50}",
    )


def _row(number: int, now: datetime) -> tuple[Any, ...]:
    """Return the same as the floor has it: identity, member's and channel's row ids, day, kind."""
    kind = int(Kind.MESSAGE if number % 4 else Kind.THREAD_REPLY)
    identity = f"raw:C{number % CHANNELS}:{number}:wrote"
    return identity, 1 + number % PEOPLE, 1 + number % CHANNELS, now.date().toordinal(), kind


def _statements(rows: Rows) -> list[tuple[str, Rows]]:
    return [
        (IDENTITY, [(1, identity, day) for identity, _, _, day, _ in rows]),
        (BY_MEMBER, [(1, member, day, kind, 1) for _, member, _, day, kind in rows]),
        (LAST_DAY, [(1, member, day, day) for _, member, _, day, _ in rows]),
        (BY_CHANNEL, [(1, channel, day, kind, 1) for _, _, channel, day, kind in rows]),
        (CHANNEL_DAY, [(1, channel, day) for _, _, channel, day, _ in rows]),
    ]


async def _organisation(url: str) -> Database:
    database = Database(url)
    workspace_id = await organisation(database, Platform.SLACK, "T1", [f"U{number}" for number in range(PEOPLE)])
    async with database.begin() as session:
        session.add_all(
            Channel(workspace_id=workspace_id, external_id=f"C{number}", name=f"c{number}")
            for number in range(CHANNELS)
        )
    return database
