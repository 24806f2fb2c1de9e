"""Two who act on the same talk at the same moment, through processes that share a PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot import home
from bot import room as core
from bot.context import context_for
from bot.dispatcher import Dispatcher
from bot.events import Reply
from bot.privacy.erasing import erase
from nudges import room
from nudges.room import partings
from storage.database import Database
from storage.people import get_member
from storage.tables import TalkState
from storage.workspaces import get_workspace
from tests.bot.test_side_by_side import wait_for_a_lock
from tests.nudges.coaching.test_parting import said_to_others
from tests.nudges.coaching.test_talks import becomes_coach, last_to, matched, talks, times_on
from tests.nudges.conftest import Scene
from tests.support import People

__all__ = ["matched"]


@pytest.fixture
def database_url(postgresql_url: str) -> str:
    """Return the address of a PostgreSQL database of the test's own."""
    return postgresql_url


@pytest.fixture
async def elsewhere(scene: Scene) -> AsyncIterator[People]:
    """Return the people as another process of the same database hears of them."""
    other = Database(scene.database.url)
    at_home = home.handlers(room.home_sections(), room.home_handlers())
    handlers = {**core.handlers(), **room.handlers(), **at_home}
    # Each act is a thing of its own, whichever process is told of it.
    yield People(Dispatcher(other, scene.clock, handlers), scene.clock, scene.people.numbers)
    await other.close()


async def at_once(scene: Scene, table: str, *acts: Awaitable[Reply | None]) -> list[Reply | None]:
    """Let acts come as far as they can while a table can be read and not written, and then go on together."""
    async with scene.database.begin() as session:
        await session.execute(text(f"LOCK TABLE {table} IN SHARE MODE"))
        going = [asyncio.ensure_future(act) for act in acts]
        await wait_for_a_lock(session, going)
    return list(await asyncio.gather(*going))


async def erased(scene: Scene, person: str) -> None:
    """Erase somebody, as the command line does."""
    async with scene.database.begin() as session:
        ctx = context_for(session, scene.clock.now(), await get_workspace(session, scene.organisation.workspace_id))
        row = await get_member(session, scene.organisation.workspace_id, scene.organisation.members[person])
        await erase(ctx, row, partings())


async def test_both_choose_a_time(matched: Scene, elsewhere: People) -> None:
    """One of two choices stands, and whoever made the other is told what it is."""
    mine, theirs = times_on(last_to(matched, "eva"))[0], times_on(last_to(matched, "bo"))[1]

    replies = await at_once(matched, "coaching_talk", matched.people.press("eva", mine), elsewhere.press("bo", theirs))

    [talk] = await talks(matched)
    assert talk.state == TalkState.CHOSEN
    told = [reply for reply in replies if reply is not None and reply.whisper is not None]
    assert ["This has changed" in reply.whisper.summary for reply in told if reply.whisper is not None] == [True]


@pytest.mark.parametrize("who", ["eva", "bo"])
async def test_one_chooses_while_the_other_is_erased(matched: Scene, elsewhere: People, who: str) -> None:
    """Whichever comes first, the one who is left is told of nobody, and nothing hangs in the air."""
    other = "bo" if who == "eva" else "eva"
    time = times_on(last_to(matched, other))[0]

    await at_once(matched, "coaching_talk", elsewhere.press(other, time), erased(matched, who))
    matched.clock.move(timedelta(minutes=2))
    await matched.tick()

    assert who.capitalize() not in said_to_others(matched, other)
    assert [talk.state for talk in await talks(matched) if talk.state in (TalkState.CHOSEN, TalkState.AGREED)] == []


async def test_two_ask_for_the_last_place(scene: Scene, elsewhere: People) -> None:
    """A coach who has room for one this week gets one; the other waits, and is told so."""
    await scene.change_workspace(rounds_on_at=None)
    await becomes_coach(scene, "bo", a_week=1)
    forms = [(await scene.people.command(person, "coach", "me")).form for person in ("eva", "farid")]
    assert forms[0] is not None
    assert forms[1] is not None

    await at_once(scene, "coaching_request", scene.people.send("eva", forms[0]), elsewhere.send("farid", forms[1]))
    await scene.tick()

    assert len(await talks(scene)) == 1
