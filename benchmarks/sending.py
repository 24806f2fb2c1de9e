"""What a message costs from the outbox to the platform's yes written down, against the bare client and stock's.

Both sides have eight messages under way, to a stand-in that answers at once. Ours is the whole way: claimed under the
lane's lease, composed in the reader's language, sent, and settled in the database.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from time import perf_counter, sleep
from typing import Final

import asyncpg

from adapters.teams.ways import Way
from benchmarks.measuring import Goal, Measurement, Round, Size
from benchmarks.messages import queue
from benchmarks.organisation import organisation
from benchmarks.postgresql import WHEEL, postgresql
from benchmarks.processes import Process, running
from benchmarks.requests import APP_ID, PEOPLE, TEAM, TENANT
from bot import __version__
from storage.database import Database
from storage.migrate import migrate
from storage.references import keep_reference, person
from storage.tables import Platform
from storage.waking import bell_of

WORKSPACES: Final = 32
ANSWERS_AFTER: Final = 0.1


def measurements() -> list[Measurement]:
    """Return what is measured of sending."""
    return [
        Measurement({"sender_vs_raw": Goal(0.5)}, slack),
        Measurement({"teams_sender_vs_stock": Goal(4.0)}, teams, needs=("botbuilder.integration.aiohttp",)),
        Measurement({"replicas_2_vs_1": Goal(1.6)}, replicas, needs=(WHEEL,)),
    ]


@contextmanager
def slack(size: Size) -> Iterator[Round]:
    """Prepare aiohttp alone, and Samlas' sender, each with the same message."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "ours.db"
        migrate(path, __version__)
        asyncio.run(_store_slack(path))
        url = f"http://127.0.0.1:{stack.enter_context(running('peers.slack', 0)).ready['port']}/api/"
        floor = stack.enter_context(running("floors.slack_sending", url))
        ours = stack.enter_context(running("serving_sender", f"sqlite+aiosqlite:///{path}", "slack", url))
        yield _rounds("sender_vs_raw", floor, size.of(1600, 8), ours, size.of(400, 4))


@contextmanager
def teams(size: Size) -> Iterator[Round]:
    """Prepare Microsoft's client, and Samlas' sender."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "ours.db"
        migrate(path, __version__)
        url = stack.enter_context(running("peers.teams")).ready["url"]
        asyncio.run(_store_teams(path, url))
        floor = stack.enter_context(running("floors.stock_teams_sending", url))
        ours = stack.enter_context(running("serving_sender", f"sqlite+aiosqlite:///{path}", "teams", url))
        yield _rounds("teams_sender_vs_stock", floor, size.of(400, 8), ours, size.of(400, 4))


def _rounds(name: str, floor: Process, theirs: int, ours: Process, our: int) -> Round:
    subjects = count(1)

    def measure_once() -> dict[str, float]:
        at_least = theirs / float(floor.told(count=theirs))
        return {name: our / float(ours.told(queue=our, subject=next(subjects))) / at_least}

    return measure_once


@contextmanager
def replicas(size: Size) -> Iterator[Round]:
    """Prepare many workspaces on one PostgreSQL; a round has one process send, and then two."""
    with asyncio.Runner() as runner, postgresql() as address, ExitStack() as stack:
        database = Database(address)
        workspaces = size.of(WORKSPACES, 2)
        each = size.of(6, 2)
        members = [f"U{number}" for number in range(each)]
        rows = [
            runner.run(organisation(database, Platform.LOCAL, f"W{number}", members)) for number in range(workspaces)
        ]
        watching = runner.run(asyncpg.connect(address))
        stack.callback(lambda: runner.run(_closed(database, watching)))
        port = stack.enter_context(running("peers.slack", ANSWERS_AFTER)).ready["port"]
        subjects = count(1)

        async def queue_all(subject: int) -> None:
            for workspace_id in rows:
                theirs = await watching.fetch("SELECT id FROM member WHERE workspace_id = $1", workspace_id)
                await queue(database, workspace_id, [row["id"] for row in theirs], subject)
            await bell_of(database).ring()

        def rate(processes: int) -> float:
            subject = next(subjects)
            with ExitStack() as serving:
                for _ in range(processes):
                    serving.enter_context(running("serving_sender", address, "plain", f"http://127.0.0.1:{port}/api/"))
                # Their bells are hung up by now.
                sleep(0.3)
                begin = perf_counter()
                runner.run(queue_all(subject))
                while runner.run(watching.fetchval("SELECT count(*) FROM outbox WHERE state <> 'sent'")):
                    sleep(0.05)
                return workspaces * each / (perf_counter() - begin)

        def measure_once() -> dict[str, float]:
            one = rate(1)
            return {"replicas_2_vs_1": rate(2) / one}

        yield measure_once


async def _closed(database: Database, watching: asyncpg.Connection) -> None:
    await watching.close()
    await database.close()


async def _store_slack(path: Path) -> None:
    database = Database(path)
    await organisation(database, Platform.SLACK, TEAM, [f"U{number}" for number in range(PEOPLE)])
    await database.close()


async def _store_teams(path: Path, url: str) -> None:
    database = Database(path)
    names = [f"person{number}" for number in range(PEOPLE)]
    workspace_id = await organisation(database, Platform.TEAMS, TENANT, names)
    async with database.begin() as session:
        for name in names:
            way = Way(url, f"28:{APP_ID}", f"29:{name}", f"a:{name}")
            await keep_reference(session, workspace_id, person(name), way.as_json(), datetime.now(UTC))
    await database.close()
