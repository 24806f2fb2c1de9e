"""People who act at the same moment, through processes that share a PostgreSQL: as if one had come after the other."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import text

from bot import room
from bot.context import PersonContext
from bot.dispatcher import Dispatcher
from bot.events import Event, Reply, whisper
from bot.messages import Target
from bot.privacy import erasing
from bot.topics import editing
from storage.database import Database, Session
from storage.people import communications_leads, name_lead
from storage.topics import topics_of
from storage.workspaces import change_settings, get_workspace
from tests.conftest import StillClock
from tests.support import People, organisation


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Return the address of a PostgreSQL database of the test's own."""
    return postgresql_url


@pytest.fixture
async def other(database: Database) -> AsyncIterator[Database]:
    """Return another process's way to the same database."""
    opened = Database(database.url)
    yield opened
    await opened.close()


async def test_settings_changed_at_the_same_moment(database: Database, other: Database, clock: StillClock) -> None:
    """Of two who change different settings at once, neither takes back what the other has changed."""
    office = await organisation(database, clock)
    both_have_read = asyncio.Barrier(2)
    waited: set[str] = set()

    async def change(ctx: PersonContext, event: Event) -> Reply:
        settings = {**ctx.workspace.settings, event.text: "changed"}
        if event.text not in waited:
            waited.add(event.text)
            await both_have_read.wait()
        await change_settings(ctx.session, ctx.workspace_id, settings, ctx.now, ctx.member_id)
        return whisper("Kept.")

    offices = [People(Dispatcher(one, clock, {"change": change}), clock) for one in (database, other)]
    replies = await asyncio.gather(
        offices[0].act("anna", "change", text="first", identity="1"),
        offices[1].act("bo", "change", text="second", identity="2"),
    )

    assert list(replies) == [whisper("Kept."), whisper("Kept.")]
    async with database.read() as session:
        kept = await get_workspace(session, office.workspace_id)
    assert (kept.settings["first"], kept.settings["second"], kept.settings_version) == ("changed", "changed", 2)


async def test_the_same_thing_told_to_two_processes(database: Database, other: Database, clock: StillClock) -> None:
    """What two processes are told at the same moment acts once."""
    await organisation(database, clock)
    acted: list[str] = []

    async def act(_ctx: PersonContext, event: Event) -> Reply:
        acted.append(event.person)
        await asyncio.sleep(0)
        return whisper("Done.")

    offices = [People(Dispatcher(one, clock, {**room.handlers(), "act": act}), clock) for one in (database, other)]
    replies = await asyncio.gather(*(office.act("anna", "act", identity="the same") for office in offices * 3))

    assert len(acted) == 1
    assert [reply for reply in replies if reply != Reply()] == [whisper("Done.")]


async def wait_for_a_lock(session: Session, acts: Sequence["asyncio.Future[Any]"]) -> None:
    """Return when each of these acts waits for somebody's lock, or has ended."""
    waiting = 0
    while waiting + sum(act.done() for act in acts) < len(acts):
        await asyncio.sleep(0.01)
        waiting = (await session.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))).scalar_one()


async def test_two_leads_add_the_same_topic(database: Database, other: Database, clock: StillClock) -> None:
    """Of two who add a topic of the same name at the same moment, the second is told that there is one."""
    office = await organisation(database, clock)
    handlers = {**room.handlers(), **editing.home_handlers()}
    offices = [People(Dispatcher(one, clock, handlers), clock) for one in (database, other)]
    form = (await offices[0].act("greta", editing.OVERVIEW)).form
    assert form is not None
    names = dict.fromkeys(("name_sv", "name_en"), "Nyheter")

    async with database.begin() as session:
        # Both may look which topics there are, and neither may write before both have come as far as they can.
        await session.execute(text("LOCK TABLE topic IN SHARE MODE"))
        adding = [
            asyncio.create_task(each.act("greta", form.action, target=form.target, values=names, identity=identity))
            for each, identity in zip(offices, ("first", "second"), strict=True)
        ]
        await wait_for_a_lock(session, adding)
    replies = await asyncio.gather(*adding)

    async with database.read() as session:
        called = [topic for topic in await topics_of(session, office.workspace_id) if topic.name_sv == "Nyheter"]
    assert len(called) == 1
    assert sorted(bool(reply.errors) for reply in replies) == [False, True]


async def test_the_last_two_leads_are_erased(database: Database, other: Database, clock: StillClock) -> None:
    """Of the last two communications leads who have themselves erased at the same moment, one stays and is told why."""
    office = await organisation(database, clock)
    async with database.begin() as session:
        await name_lead(session, office.workspace_id, office.members["bo"])
    handlers = {**room.handlers(), **erasing.handlers(())}
    offices = [People(Dispatcher(one, clock, handlers), clock) for one in (database, other)]

    async with database.begin() as session:
        # Both may look who leads, and neither may go before both have come as far as they can.
        await session.execute(text("LOCK TABLE member IN SHARE MODE"))
        going = [
            asyncio.create_task(
                each.act(name, erasing.ERASE_NOW, target=Target(office.members[name], 1), identity=name)
            )
            for each, name in zip(offices, ("bo", "greta"), strict=True)
        ]
        await wait_for_a_lock(session, going)
    replies = await asyncio.gather(*going)

    async with database.read() as session:
        left = await communications_leads(session, office.workspace_id)
    assert len(left) == 1
    assert sum("only communications lead" in repr(reply.whisper) for reply in replies) == 1
