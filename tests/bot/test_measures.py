"""What a process tells a monitoring system, and the one word that leads from what happened to what was sent."""

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.commands.serve import application
from bot.context import Context, PersonContext, Spoken
from bot.events import WROTE, Event, Place, Reply
from bot.messages import Message, Words
from bot.surface import Core, Surface
from bot.wiring import Room, wire
from storage.database import Database
from storage.outbox import Urgency, say_to_member
from storage.tables import Outbox
from tests.conftest import StillClock
from tests.support import KEY, RecordingGateway, organisation
from tools.tree import ROOT

Client = TestClient[web.Request, web.Application]


async def _greet(ctx: PersonContext, _event: Event) -> Reply:
    await say_to_member(ctx.session, ctx.workspace_id, ctx.member_id, "hello", 1, now=ctx.now, urgency=Urgency.ANSWER)
    return Reply()


async def _compose(_ctx: Context, _row: Outbox) -> Message:
    return Message("Hello", (Words("Hello"),))


@dataclass
class Process:
    """One serving process that greets whoever asks for it."""

    core: Core
    client: Client
    clock: StillClock

    async def take(self, action: str, identity: str) -> None:
        """Let bo do something in #allmant."""
        place = Place(channel="allmant", message=identity)
        event = Event(action, KEY, "bo", identity, self.clock.now(), place)
        await self.core.take(event)

    async def figures(self) -> dict[str, float]:
        """Return what /metrics says: each sample by its name and labels."""
        page = await (await self.client.get("/metrics")).text()
        return {
            " ".join([sample.name, *sample.labels.values()]): sample.value
            for family in text_string_to_metric_families(page)
            for sample in family.samples
        }


@pytest.fixture
async def process(database: Database, clock: StillClock) -> AsyncIterator[Process]:
    """Return a process whose people are eight."""
    await organisation(database, clock)
    greeting = Room({"greet": _greet}, {"hello": Spoken(_compose)})
    serving = wire(database, clock, [lambda _core: Surface(RecordingGateway(), lambda _application: None)], [greeting])
    async with TestClient(TestServer(application(serving, database))) as client:
        yield Process(serving.core, client, clock)
    await serving.counter.close()


async def test_what_came_in_and_what_went_out(process: Process) -> None:
    """Signs by what became of them, batches by how long they took to commit, sends by their result."""
    await process.take(WROTE, "1")
    await process.take(WROTE, "1")
    await process.take("greet", "2")
    await process.core.do_due()

    figures = await process.figures()

    assert figures["samlas_events_total counted"] == 2
    assert figures["samlas_events_total handled"] == 1
    assert figures["samlas_signs_total counted"] == 1
    assert figures["samlas_signs_total duplicate"] == 1
    assert figures["samlas_count_commit_seconds_count"] == 2
    assert figures["samlas_sends_total local sent"] == 1


async def test_what_waits(process: Process) -> None:
    """The outbox by state, and how long its oldest due row has been due, asked for as somebody looks."""
    await process.take("greet", "1")
    process.clock.move(timedelta(minutes=5))

    figures = await process.figures()

    assert figures["samlas_outbox_waiting queued"] == 1
    assert figures["samlas_outbox_waiting sending"] == 0
    assert figures["samlas_outbox_oldest_due_seconds"] == 300


async def test_names_nobody(process: Process) -> None:
    """The figures hold technical names and numbers: no person, no channel, no workspace."""
    await process.take(WROTE, "1")
    await process.take("greet", "2")
    await process.core.do_due()

    page = await (await process.client.get("/metrics")).text()

    assert not [word for word in ("bo", "allmant", "Test", "Hello") if f'"{word}"' in page]


async def test_from_what_happened_to_what_was_sent(process: Process) -> None:
    """The line about an event and the line about its message carry one word; the next event's is another."""
    with capture_logs(processors=[merge_contextvars]) as logs:
        await process.take("greet", "1")
        await process.take("greet", "2")
        await process.core.do_due()

    handled = [line["cause"] for line in logs if line["event"] == "event.handled"]
    sent = [line["cause"] for line in logs if line["event"] == "outbox.tried"]

    assert len(set(handled)) == 2
    assert sorted(sent) == sorted(handled)


# What somebody who watches has to be able to see, by the figure that shows it.
TO_BE_SEEN = {
    "events in": "samlas_events_total",
    "counted, duplicates, and what was not taken": "samlas_signs_total",
    "commit time": "samlas_count_commit_seconds_bucket",
    "outbox by state": "samlas_outbox_waiting",
    "outbox by age": "samlas_outbox_oldest_due_seconds",
    "sends by result": "samlas_sends_total",
    "429s": "samlas_rate_limited_total",
    "rounds": "samlas_ticks_total",
    "jobs that fail": "samlas_job_failures_total",
    "lane owner": "samlas_lanes_held",
    "whether the database answers": "samlas_database_answers",
}


async def test_everything_that_is_to_be_seen(process: Process) -> None:
    """Each figure is there, by the name under which docs/operations.md says when to look."""
    await process.take(WROTE, "1")
    await process.take("greet", "2")
    await process.core.do_due()

    page = await (await process.client.get("/metrics")).text()
    told = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    missing = {seen for seen, name in TO_BE_SEEN.items() if name.removesuffix("_total") not in page}
    not_told = {name for name in TO_BE_SEEN.values() if f"`{name.removesuffix('_bucket')}" not in told}
    assert (missing, not_told) == (set(), set())


async def test_while_the_database_does_not_answer(process: Process, database: Database) -> None:
    """What this process knows by itself is told all the same, and of what stands in the database nothing old."""
    await process.take(WROTE, "1")
    async with database.begin() as session:
        await session.execute(text("ALTER TABLE lane RENAME TO gone"))

    figures = await process.figures()

    assert figures["samlas_database_answers"] == 0
    assert figures["samlas_signs_total counted"] == 1
    assert math.isnan(figures["samlas_outbox_oldest_due_seconds"])
    assert "samlas_outbox_waiting queued" not in figures
