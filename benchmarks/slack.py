"""What a Slack event costs until it is counted for good, against a bare route and against stock Bolt with an ORM.

Four servers, each a process of its own, and one process that asks; they are asked in turn.
"""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.measuring import Goal, Measurement, Round, Size
from benchmarks.organisation import organisation
from benchmarks.processes import Process, running
from benchmarks.requests import CHANNELS, PEOPLE, TEAM
from bot import __version__
from storage.database import Database
from storage.migrate import migrate
from storage.tables import Channel, Platform

CONNECTIONS = 256
MORE_COMMANDS = 20


def measurements() -> list[Measurement]:
    """Return what is measured of Slack's events."""
    return [
        Measurement(
            {
                "slack_event_vs_floor": Goal(0.6),
                "slack_event_vs_bolt_orm": Goal(8.0),
                "dispatch_growth": Goal(0.95),
            },
            events,
        )
    ]


@contextmanager
def events(size: Size) -> Iterator[Round]:
    """Prepare the servers; a round gives each a share of the events, as fast as it answers them."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        place = Path(folder)
        api = stack.enter_context(running("peers.slack", 0)).ready["port"]
        asker = stack.enter_context(running("asking"))
        servers = {
            "floor": stack.enter_context(running("floors.slack_route")),
            "ours": stack.enter_context(serving_slack(place / "ours.db", api)),
            "more": stack.enter_context(serving_slack(place / "more.db", api, MORE_COMMANDS)),
            "bolt": stack.enter_context(running("floors.bolt_orm", place / "bolt.db")),
        }
        # Of each as many as take about as long.
        shares = {"floor": 6000, "ours": 4000, "more": 4000, "bolt": 400}
        numbers = dict.fromkeys(servers, 0)

        def rate(name: str) -> float:
            count = size.of(shares[name], 20)
            took = asker.told(
                kind="slack",
                port=servers[name].ready["port"],
                first=numbers[name],
                count=count,
                connections=size.of(CONNECTIONS, 4),
            )
            numbers[name] += count
            return count / float(took)

        def measure_once() -> dict[str, float]:
            found = {name: rate(name) for name in servers}
            return {
                "slack_event_vs_floor": found["ours"] / found["floor"],
                "slack_event_vs_bolt_orm": found["ours"] / found["bolt"],
                "dispatch_growth": found["more"] / found["ours"],
            }

        yield measure_once


@contextmanager
def serving_slack(path: Path, api: int, more_commands: int = 0, people: int = PEOPLE) -> Iterator[Process]:
    """Serve an organisation in a database of its own."""
    migrate(path, __version__)
    asyncio.run(_store(path, people))
    with running("serving_slack", f"sqlite+aiosqlite:///{path}", f"http://127.0.0.1:{api}/api/", more_commands) as it:
        yield it


async def _store(path: Path, people: int) -> None:
    database = Database(path)
    workspace_id = await organisation(database, Platform.SLACK, TEAM, [f"U{number}" for number in range(people)])
    async with database.begin() as session:
        session.add_all(
            Channel(workspace_id=workspace_id, external_id=f"C{number}", name=f"c{number}")
            for number in range(CHANNELS)
        )
    await database.close()
