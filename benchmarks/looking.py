"""Looking at everybody, as /nudges and the weekly round do: made-up people with 90 days of counts.

Made to be hard: one in six of them would get a tip, and has to be looked at closely.
"""

import asyncio
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.measuring import Measurement, Work
from bot import __version__
from bot.settings import OrganisationSettings
from nudges.due import all_due, the_day_before
from storage.database import Database
from storage.migrate import migrate
from storage.sqlite import open_raw
from storage.workspaces import get_workspace

NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
DAYS = 90
SILENT_DAYS = 30


def measurements() -> dict[str, Measurement]:
    """Return what is measured of looking at everybody, by name."""
    return {
        "look_at_20000_over_floor": Measurement(60.0, prepared(20_000, with_floor=True)),
        "look_at_20000_seconds": Measurement(5.0, prepared(20_000, with_floor=False)),
        "look_at_100000_seconds": Measurement(25.0, prepared(100_000, with_floor=False)),
    }


def prepared(people: int, *, with_floor: bool) -> Callable[[], AbstractContextManager[tuple[Work, Work | None]]]:
    """Return how to prepare the look at so many people; its floor sums up their counts in one scan of the table."""

    @contextmanager
    def prepare() -> Iterator[tuple[Work, Work | None]]:
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "people.db"
            migrate(path, __version__)
            connection = open_raw(path)
            make_up(connection, people)

            def floor() -> object:
                return connection.execute("SELECT sum(count) FROM participation").fetchone()

            yield (lambda: asyncio.run(look(path))), floor if with_floor else None
            connection.close()

    return prepare


async def look(path: Path) -> int:
    """Return how many of the people would get a tip."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    async with database.read() as session:
        workspace = await get_workspace(session, 1)
        found = [one async for one in all_due(session, workspace, OrganisationSettings(), the_day_before(NOW))]
    await database.close()
    return len(found)


def make_up(connection: sqlite3.Connection, people: int) -> None:
    """Store people who take part as unevenly as people do; some have gone silent, and some have fallen."""
    chance, today = random.Random(7), NOW.date().toordinal()
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO workspace (id, platform, external_id, name, settings, settings_version, created_at,"
        " notice_given_at) VALUES (1, 'local', 'w', 'W', '{}', 0, '2026-01-01 00:00:00.000000',"
        " '2026-01-01 00:00:00.000000')"
    )
    working_days = [day for day in range(today - DAYS, today) if date.fromordinal(day).isoweekday() <= 5]  # noqa: PLR2004 - Friday
    for member in range(1, people + 1):
        connection.execute(
            "INSERT INTO member (id, workspace_id, external_id, name, state, is_bot, is_communications_lead, is_coach,"
            " in_management_group, created_at, told_at, not_counted, nudges_off, lead_not_involved)"
            " VALUES (?, 1, ?, '', 'active', 0, 0, 0, 0, '2025-06-01 00:00:00.000000', '2026-01-01 00:00:00.000000',"
            " 0, 0, 0)",
            (member, f"u{member}"),
        )
        usual = min(0.9, chance.lognormvariate(-1.2, 0.9))
        lately = chance.choices((usual, usual * 0.15, 0.0), (88, 4, 8))[0]
        days = [day for day in working_days if chance.random() < (lately if day > today - SILENT_DAYS else usual)]
        connection.executemany(
            "INSERT INTO participation (workspace_id, member_id, day, kind, count) VALUES (1, ?, ?, ?, ?)",
            [
                (member, day, kind, chance.randint(1, 4))
                for day in days
                for kind in (1, *(kind for kind in (2, 3) if chance.random() < 0.5))  # noqa: PLR2004 - every other
            ],
        )
        if days:
            connection.execute("INSERT INTO last_sign VALUES (1, ?, ?, ?)", (member, days[0], days[-1]))
    connection.execute("COMMIT")
