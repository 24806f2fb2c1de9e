"""Counting what comes in at the front door, against the counter alone: what an event costs beside its commit."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from benchmarks.measuring import Measurement, Work
from bot import __version__
from bot.clock import WallClock
from bot.context import known
from bot.counter import Counter
from bot.dispatcher import Dispatcher
from bot.events import REACTED, WROTE, Event, Place, WorkspaceKey
from bot.intake import Intake
from storage.counting import Sign
from storage.database import Database
from storage.flushing import flusher_for
from storage.migrate import migrate
from storage.tables import Kind, Member, Platform
from storage.workspaces import add_workspace, give_notice

SIGNS_A_ROUND = 20_000
SIDE_BY_SIDE = 500
BEGIN = datetime(2027, 3, 3, 12, tzinfo=UTC)
KEY = WorkspaceKey("local", "measured")
PEOPLE = 400

Door = Callable[[int], Coroutine[None, None, object]]


def measurements() -> dict[str, Measurement]:
    """Return what is measured of counting, by name."""
    return {
        # Signs a second through the front door are to be 0.6 of the counter's own, or more.
        "front_door_over_counter": Measurement(1 / 0.6, front_door_and_counter)
    }


@contextmanager
def front_door_and_counter() -> Iterator[tuple[Work, Work]]:
    """Prepare two organisations, each in a database of its own: one behind the front door, one behind the counter."""
    with tempfile.TemporaryDirectory() as place, asyncio.Runner() as runner:
        behind_door, behind_counter = (
            runner.run(_organisation(Path(place) / f"{name}.db")) for name in ("door", "counter")
        )
        database, counter, _ = behind_door
        intake = Intake(database, counter, Dispatcher(database, WallClock(), {}), lambda: None)
        _, alone, workspace_id = behind_counter

        async def take(number: int) -> object:
            return await intake.take(_event(number))

        async def count_alone(number: int) -> object:
            return await alone.count(_sign(number, workspace_id))

        yield _round(runner, take), _round(runner, count_alone)
        for opened, used, _ in (behind_door, behind_counter):
            runner.run(used.close())
            runner.run(opened.close())


def _round(runner: asyncio.Runner, door: Door) -> Work:
    """Return work that brings so many new signs to a door, always some hundred at a time."""
    numbers = count()

    async def bring(last: int) -> None:
        while (number := next(numbers)) < last:
            await door(number)

    async def bring_all(last: int) -> None:
        await asyncio.gather(*(bring(last) for _ in range(SIDE_BY_SIDE)))

    lasts = count(SIGNS_A_ROUND, SIGNS_A_ROUND)
    return lambda: runner.run(bring_all(next(lasts)))


async def _organisation(path: Path) -> tuple[Database, Counter, int]:
    migrate(path, __version__)
    database = Database(f"sqlite+aiosqlite:///{path}")
    async with database.begin() as session:
        workspace = await add_workspace(session, Platform.LOCAL, KEY.external_id, "Measured", BEGIN, {})
        await give_notice(session, known(workspace.id), BEGIN)
        session.add_all(
            Member(workspace_id=known(workspace.id), external_id=f"person{number}", created_at=BEGIN, told_at=BEGIN)
            for number in range(PEOPLE)
        )
    return database, Counter(flusher_for(database), WallClock()), known(workspace.id)


def _event(number: int) -> Event:
    """Return a sign as an adapter tells it: of ten, six messages, two replies in threads and two reactions."""
    kind = number % 10
    thread = f"thread{number % 50}" if kind in {6, 7} else None
    return Event(
        action=REACTED if kind in {8, 9} else WROTE,
        workspace=KEY,
        person=f"person{number % PEOPLE}",
        identity=f"sign-{number}",
        at=BEGIN + timedelta(seconds=number % 3600),
        place=Place(channel=f"channel{number % 20}", message=f"message{number}", thread=thread),
    )


def _sign(number: int, workspace_id: int) -> Sign:
    """Return the same sign as the counter is told it."""
    return Sign(
        workspace_id,
        f"sign-{number}",
        f"person{number % 400}",
        f"channel{number % 20}",
        (BEGIN + timedelta(seconds=number % 3600)).timestamp(),
        Kind.MESSAGE,
    )
