"""People who act at the same moment, through processes that share a PostgreSQL: as if one had come after the other."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot import room
from bot.context import PersonContext
from bot.dispatcher import Dispatcher
from bot.events import Event, Reply, whisper
from storage.database import Database
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
