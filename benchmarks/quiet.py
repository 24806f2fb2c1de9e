"""Finding who is quiet among many people over 90 days, against one scan of the table that sums each one's counts up.

Made-up people, taking part as unevenly as people do: about 14 rows each, one in twelve gone silent, one in twenty-five
fallen. Ten thousand are drawn, and stand there as often as is needed to make so many.
"""

import asyncio
import random
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from benchmarks.measuring import Goal, Measurement, Round, Size, seconds
from bot import __version__
from bot.settings import OrganisationSettings
from nudges.due import who_is_quiet
from nudges.sieving import the_day_before
from storage.database import Database
from storage.migrate import migrate
from storage.sqlite import open_raw
from storage.workspaces import get_workspace

NOW: Final = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
DAYS: Final = 90
SILENT_DAYS: Final = 30
FRIDAY: Final = 5
DRAWN: Final = 10_000
# On so many of the days on which somebody writes they answer somebody too.
REPLIES: Final = 0.2
# The least that could be looked at to know how much each member takes part.
SCAN: Final = "SELECT member_id, sum(count) FROM participation WHERE workspace_id = 1 GROUP BY member_id"


def measurements() -> list[Measurement]:
    """Return what is measured of finding who is quiet."""
    return [
        Measurement({"quiet_vs_scan_100k": Goal(2.0, at_most=True)}, prepared("quiet_vs_scan_100k", 100_000)),
        Measurement(
            {"quiet_vs_scan_1m": Goal(2.0, at_most=True)}, prepared("quiet_vs_scan_1m", 1_000_000), warms_up=False
        ),
    ]


def prepared(name: str, people: int) -> Callable[[Size], AbstractContextManager[Round]]:
    """Return how to prepare the look at so many people."""

    @contextmanager
    def prepare(size: Size) -> Iterator[Round]:
        with tempfile.TemporaryDirectory() as place:
            path = Path(place) / "people.db"
            migrate(path, __version__)
            connection = open_raw(path, fleeting=True)
            # What is made up fits together.
            connection.execute("PRAGMA foreign_keys = OFF")
            make_up(connection, size.of(people, 400))

            def scan() -> object:
                return connection.execute(SCAN).fetchall()

            yield lambda: {name: seconds(lambda: asyncio.run(look(path))) / seconds(scan)}
            connection.close()

    return prepare


async def look(path: Path) -> int:
    """Return how many of the people are quiet."""
    database = Database(path)
    async with database.read() as session:
        workspace = await get_workspace(session, 1)
        found = [one async for one in who_is_quiet(session, workspace, OrganisationSettings(), the_day_before(NOW))]
    await database.close()
    return len(found)


def make_up(connection: sqlite3.Connection, people: int) -> None:
    """Store the people, and what was counted of them."""
    chance, today = random.Random(7), NOW.date().toordinal()
    working_days = [day for day in range(today - DAYS, today) if date.fromordinal(day).isoweekday() <= FRIDAY]
    drawn = min(people, DRAWN)
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO workspace (id, platform, external_id, name, settings, settings_version, created_at,"
        " notice_given_at, app_for_each, tells_what_is_open, made_up) VALUES (1, 'local', 'w', 'W', '{}', 0,"
        " '2026-01-01 00:00:00.000000', '2026-01-01 00:00:00.000000', 0, 1, 0)"
    )
    connection.executemany(
        "INSERT INTO member (id, workspace_id, external_id, name, state, is_bot, is_communications_lead, is_coach,"
        " in_management_group, created_at, told_at, not_counted, nudges_off, lead_not_involved)"
        " VALUES (?, 1, ?, '', 'active', 0, 0, 0, 0, '2025-06-01 00:00:00.000000', '2026-01-01 00:00:00.000000',"
        " 0, 0, 0)",
        ((member, f"u{member}") for member in range(1, people + 1)),
    )
    for member in range(1, drawn + 1):
        usual = max(0.12, min(0.9, chance.lognormvariate(-1.6, 0.5)))
        lately = chance.choices((usual, usual * 0.15, 0.0), (88, 4, 8))[0]
        days = [day for day in working_days if chance.random() < (lately if day > today - SILENT_DAYS else usual)]
        connection.executemany(
            "INSERT INTO participation (workspace_id, member_id, day, kind, count) VALUES (1, ?, ?, ?, ?)",
            [
                (member, day, kind, chance.randint(1, 4))
                for day in days
                for kind in (1, *(kind for kind in (2,) if chance.random() < REPLIES))
            ],
        )
        if days:
            connection.execute("INSERT INTO last_sign VALUES (1, ?, ?, ?)", (member, days[0], days[-1]))
    for further in range(drawn, people, drawn):
        again = (further, drawn)
        connection.execute(
            "INSERT INTO participation SELECT 1, member_id + ?, day, kind, count FROM participation"
            " WHERE workspace_id = 1 AND member_id <= ?",
            again,
        )
        connection.execute(
            "INSERT INTO last_sign SELECT 1, member_id + ?, first_day, last_day FROM last_sign"
            " WHERE workspace_id = 1 AND member_id <= ?",
            again,
        )
    connection.execute("COMMIT")
