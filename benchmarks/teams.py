"""What an activity of Teams costs: one that is only counted against a bare route, a whole turn against CloudAdapter."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.measuring import Goal, Measurement, Round, Size
from benchmarks.organisation import organisation
from benchmarks.processes import Process, running
from benchmarks.requests import PEOPLE, TENANT
from bot import __version__
from storage.database import Database
from storage.migrate import migrate
from storage.tables import Platform

CONNECTIONS = 256
STOCK = "botbuilder.integration.aiohttp"


def measurements() -> list[Measurement]:
    """Return what is measured of Teams' activities."""
    return [
        Measurement({"teams_activity_vs_floor": Goal(0.5)}, counted),
        Measurement({"teams_turn_vs_stock": Goal(6.0)}, turns, needs=(STOCK,)),
    ]


@contextmanager
def counted(size: Size) -> Iterator[Round]:
    """Prepare a bare route, and Samlas."""
    with _servers("floors.teams_route") as (floor, ours, asker, common):
        rates = _Rates(asker, {"kind": "teams", "connections": size.of(CONNECTIONS, 4), **common})

        def measure_once() -> dict[str, float]:
            bare = rates.of(floor, size.of(6000, 20))
            return {"teams_activity_vs_floor": rates.of(ours, size.of(3000, 20)) / bare}

        yield measure_once


@contextmanager
def turns(size: Size) -> Iterator[Round]:
    """Prepare Microsoft's adapter, and Samlas: each checks the token, acts, and answers with a card."""
    with _servers("floors.stock_teams") as (stock, ours, asker, common):
        rates = _Rates(asker, {"kind": "teams_turn", "connections": size.of(32, 4), **common})

        def measure_once() -> dict[str, float]:
            theirs = rates.of(stock, size.of(200, 8))
            return {"teams_turn_vs_stock": rates.of(ours, size.of(600, 8)) / theirs}

        yield measure_once


class _Rates:
    """Asks servers in turn, each time with new activities."""

    def __init__(self, asker: Process, common: dict[str, object]) -> None:
        self._asker = asker
        self._common = common
        self._number = 0

    def of(self, server: Process, count: int) -> float:
        """Return how many activities a second a server takes."""
        took = self._asker.told(port=server.ready["port"], first=self._number, count=count, **self._common)
        self._number += count
        return count / float(took)


@contextmanager
def _servers(floor: str) -> Iterator[tuple[Process, Process, Process, dict[str, object]]]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        path = Path(folder) / "ours.db"
        migrate(path, __version__)
        asyncio.run(_store(path))
        said = stack.enter_context(running("peers.teams")).ready
        yield (
            stack.enter_context(running(floor, said["url"])),
            stack.enter_context(running("serving_teams", f"sqlite+aiosqlite:///{path}", said["url"])),
            stack.enter_context(running("asking")),
            {"token": said["token"], "service_url": said["url"]},
        )


async def _store(path: Path) -> None:
    database = Database(path)
    await organisation(database, Platform.TEAMS, TENANT, [f"person{number}" for number in range(PEOPLE)])
    await database.close()
