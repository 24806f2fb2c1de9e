"""What a message to 100,000 people takes of memory, against a task for each of them."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measuring import Goal, Measurement, Round, Size
from benchmarks.organisation import organisation
from benchmarks.processes import running
from bot import __version__
from storage.database import Database
from storage.migrate import migrate
from storage.tables import Platform


def measurements() -> list[Measurement]:
    """Return what is measured of memory."""
    return [Measurement({"fanout_rss": Goal(0.1, at_most=True)}, fan_out, warms_up=False)]


@contextmanager
def fan_out(size: Size) -> Iterator[Round]:
    """Prepare the people; each round has processes of its own, since none gives back what it has taken."""
    recipients = size.of(100_000, 600)
    with tempfile.TemporaryDirectory() as folder:
        people, used = Path(folder) / "people.db", Path(folder) / "used.db"
        migrate(people, __version__)
        asyncio.run(_store(people, recipients))

        def taken(way: str) -> float:
            shutil.copy(people, used)
            with running("fanning_out", way, recipients, used) as process:
                kilobytes = float(process.heard())
            for left in Path(folder).glob("used.db*"):
                left.unlink()
            return kilobytes

        def measure_once() -> dict[str, float]:
            return {"fanout_rss": taken("ours") / taken("tasks")}

        yield measure_once


async def _store(path: Path, people: int) -> None:
    database = Database(path)
    await organisation(database, Platform.LOCAL, "W", [f"U{number}" for number in range(people)])
    await database.close()
