"""An imported history beside what is counted live: each channel's day counts once, whichever came first."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.context import known
from storage.counting import Flushed, Sign
from storage.database import Database
from storage.flushing import Flusher, flusher_for
from storage.history import ChannelDay, History, ListedChannel, ListedMember
from storage.importing import NewWorkspace, Stored, store_history
from storage.tables import Channel, Kind, Member, Platform
from storage.workspaces import add_workspace
from tests.conftest import StillClock
from tests.databases import database_url

__all__ = ["database_url"]

# Wednesday, 3 March 2027, at noon.
NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)
DAY = date(2027, 3, 1)
MORNING = datetime(2027, 3, 1, 9, tzinfo=UTC).timestamp()
NOTICE = (
    "UPDATE workspace SET notice_given_at = '2027-03-03 13:00:00.000000+00:00'",
    "UPDATE member SET told_at = '2027-03-03 13:00:00.000000+00:00'",
)


@dataclass
class Live:
    """A live workspace, whose row id is 1, and the counter's way into its database."""

    database: Database
    flusher: Flusher

    async def execute(self, statement: str, **values: object) -> list[Any]:
        """Ask the database, or change it, behind everybody's back."""
        async with self.database.begin() as session:
            result: Any = await session.execute(text(statement), values)
            return [tuple(row) for row in result] if result.returns_rows else []


@pytest.fixture
async def live_one(database: Database, clock: StillClock) -> AsyncIterator[Live]:
    """Return a live workspace whose notice was given in February; the bot is in #general only."""
    async with database.begin() as session:
        workspace = await add_workspace(session, Platform.LOCAL, "live", "Live", clock.now() - timedelta(days=61), {})
        workspace.notice_given_at = datetime(2027, 2, 1, tzinfo=UTC)
        for external_id, name, bot_is_in in (("C1", "general", True), ("C2", "sales", False)):
            session.add(
                Channel(workspace_id=known(workspace.id), external_id=external_id, name=name, bot_is_in=bot_is_in)
            )
            await session.flush()
        told_at = datetime(2027, 2, 1, tzinfo=UTC)
        session.add_all(
            Member(workspace_id=known(workspace.id), external_id=name, created_at=told_at, told_at=told_at)
            for name in ("anna", "bo")
        )
    flusher = flusher_for(database)
    yield Live(database, flusher)
    await flusher.close()


def history(until: float = MORNING + 60, written: int = 2, channel: str = "C1") -> History:
    """Return what a file tells of Anna's and Bo's Monday in two channels, the bot being in the first."""
    signs = Counter({("anna", Kind.MESSAGE): written, ("bo", Kind.THREAD_REPLY): 1, ("bo", Kind.REACTION): 3})
    return History(
        members=[ListedMember("anna", "Anna Ek", zone="Europe/Stockholm"), ListedMember("bo", "Bo Ek")],
        channels=[ListedChannel("C1", "general"), ListedChannel("C2", "sales"), ListedChannel("C3", "new")],
        days={(channel, DAY.toordinal()): ChannelDay(until, signs)},
    )


async def import_into(
    live_one: Live,
    told: History,
    *,
    into: int | NewWorkspace = 1,
    now: datetime = NOW,
) -> Stored:
    """Import a history."""
    async with live_one.database.begin() as session:
        return await store_history(session, into, told, now)


async def live(live_one: Live, *at: float, member: str = "anna") -> Flushed:
    """Count messages in #general as they happen."""
    signs = [Sign(1, f"C1:{moment}:message:{member}", member, "C1", moment, Kind.MESSAGE) for moment in at]
    return await live_one.flusher.flush(signs, NOW)


async def by_channel(live_one: Live) -> dict[Kind, int]:
    """Return the channels' sums by kind."""
    rows = await live_one.execute("SELECT kind, sum(count) FROM channel_participation GROUP BY kind")
    return {Kind(kind): count for kind, count in rows}


async def by_member(live_one: Live) -> dict[tuple[str, Kind], int]:
    """Return the counts by member and kind."""
    rows = await live_one.execute(
        "SELECT external_id, kind, sum(count) FROM participation JOIN member ON member.id = member_id GROUP BY 1, 2"
    )
    return {(name, Kind(kind)): count for name, kind, count in rows}


async def test_an_import_counts_by_member_and_by_channel(live_one: Live) -> None:
    """After the notice an imported day counts for the channel and for each member, and is their first sign."""
    stored = await import_into(live_one, history())

    assert (stored.already_counted, stored.by_name) == (0, True)
    assert await by_channel(live_one) == {Kind.MESSAGE: 2, Kind.THREAD_REPLY: 1, Kind.REACTION: 3}
    assert await by_member(live_one) == {
        ("anna", Kind.MESSAGE): 2,
        ("bo", Kind.THREAD_REPLY): 1,
        ("bo", Kind.REACTION): 3,
    }
    spans = await live_one.execute("SELECT first_day, last_day FROM last_sign")
    assert spans == [(DAY.toordinal(), DAY.toordinal())] * 2


async def test_a_day_lived_through_is_not_imported(live_one: Live) -> None:
    """What was counted as it happened stays what it was when the same day comes in a file, however much later."""
    await live(live_one, MORNING)
    lived = (await by_channel(live_one), await by_member(live_one))

    stored = await import_into(live_one, history(), now=NOW + timedelta(days=400))

    assert stored.already_counted == 3
    assert (await by_channel(live_one), await by_member(live_one)) == lived


async def test_an_imported_day_is_not_lived_through_again(live_one: Live) -> None:
    """A platform that delivers an imported day's message late changes nothing; what came after the file counts."""
    await import_into(live_one, history(until=MORNING + 60))

    late = await live(live_one, MORNING, MORNING + 60)
    after = await live(live_one, MORNING + 61)

    assert (late.counted, late.ignored) == (0, 2)
    assert after.counted == 1
    assert (await by_channel(live_one))[Kind.MESSAGE] == 3


async def test_importing_again_after_living_on(live_one: Live) -> None:
    """A later export of a day that was imported, and went on live, adds nothing to it."""
    await import_into(live_one, history(until=MORNING + 60))
    await live(live_one, MORNING + 61)
    before = (await by_channel(live_one), await by_member(live_one))

    stored = await import_into(live_one, history(until=MORNING + 61, written=3), now=NOW + timedelta(days=1))

    assert stored.already_counted == 4
    assert (await by_channel(live_one), await by_member(live_one)) == before


async def test_before_the_notice_only_channel_sums(live_one: Live) -> None:
    """Nothing is kept about single people before the notice, from a file no more than live."""
    await live_one.execute("UPDATE workspace SET notice_given_at = NULL")
    await live_one.execute("UPDATE member SET told_at = NULL")

    stored = await import_into(live_one, history())

    assert not stored.by_name
    assert await by_channel(live_one) == {Kind.MESSAGE: 2, Kind.THREAD_REPLY: 1, Kind.REACTION: 3}
    assert await by_member(live_one) == {}
    assert await live_one.execute("SELECT count(*) FROM last_sign") == [(0,)]


async def test_the_same_file_after_the_notice_adds_the_members(live_one: Live) -> None:
    """Imported again after the notice, a file counts by member what it counted before, once, and no channel again."""
    await live_one.execute("UPDATE workspace SET notice_given_at = NULL")
    await live_one.execute("UPDATE member SET told_at = NULL")
    await import_into(live_one, history())
    for statement in NOTICE:
        await live_one.execute(statement)

    for hours in (2, 3):
        stored = await import_into(live_one, history(), now=NOW + timedelta(hours=hours))

        assert stored.already_counted == 3
        assert await by_channel(live_one) == {Kind.MESSAGE: 2, Kind.THREAD_REPLY: 1, Kind.REACTION: 3}
        assert (await by_member(live_one))["anna", Kind.MESSAGE] == 2


async def test_another_file_after_the_notice_adds_no_members(live_one: Live) -> None:
    """What of a day may have been counted live is not told apart, so only the very same day is counted by member."""
    await live_one.execute("UPDATE workspace SET notice_given_at = NULL")
    await live_one.execute("UPDATE member SET told_at = NULL")
    await import_into(live_one, history())
    await live(live_one, MORNING - 3600)
    for statement in NOTICE:
        await live_one.execute(statement)

    await import_into(live_one, history(until=MORNING + 90, written=5), now=NOW + timedelta(hours=2))

    assert await by_member(live_one) == {}


async def test_a_day_lived_through_before_the_notice(live_one: Live) -> None:
    """A day that was counted live before the notice is not counted by member from a file either."""
    await live_one.execute("UPDATE workspace SET notice_given_at = NULL")
    await live_one.execute("UPDATE member SET told_at = NULL")
    await live(live_one, MORNING)
    for statement in NOTICE:
        await live_one.execute(statement)

    await import_into(live_one, history(until=MORNING), now=NOW + timedelta(hours=2))

    assert await by_member(live_one) == {}
    assert await by_channel(live_one) == {Kind.MESSAGE: 1}


@pytest.mark.parametrize("channel", ["C2", "C3"])
async def test_only_channels_that_the_bot_is_in(live_one: Live, channel: str) -> None:
    """In a live workspace the history of a channel counts only where the bot has been let in, and later when it is."""
    stored = await import_into(live_one, history(channel=channel))

    assert await by_channel(live_one) == {}
    assert (stored.already_counted, stored.channels_left_out) == (0, 2)
    assert await live_one.execute("SELECT count(*) FROM channel") == [(2,)]

    await live_one.execute("UPDATE channel SET bot_is_in = true, external_id = :channel WHERE id = 2", channel=channel)
    await import_into(live_one, history(channel=channel))

    assert (await by_channel(live_one))[Kind.MESSAGE] == 2


async def test_who_is_not_counted(live_one: Live) -> None:
    """Who has asked not to be counted is not counted from a file, by name or in a channel's sum."""
    await live(live_one, MORNING - 86400, member="bo")
    await live_one.execute("UPDATE member SET not_counted = true WHERE external_id = 'bo'")

    await import_into(live_one, history())

    assert await by_channel(live_one) == {Kind.MESSAGE: 3}
    assert await by_member(live_one) == {("anna", Kind.MESSAGE): 2, ("bo", Kind.MESSAGE): 1}


async def test_a_live_workspace_knows_its_people_better(live_one: Live) -> None:
    """A file names those whom nobody has named yet, and changes nothing about those whom the platform has told of."""
    await live(live_one, MORNING - 86400, member="bo")
    await live(live_one, MORNING - 86400, member="anna")
    await live_one.execute("UPDATE member SET name = 'Anna Berg', state = 'active' WHERE external_id = 'anna'")

    await import_into(live_one, history())

    people = await live_one.execute("SELECT external_id, name, state, zone FROM member ORDER BY external_id")
    assert people == [("anna", "Anna Berg", "active", None), ("bo", "Bo Ek", "active", None)]


async def test_an_import_of_its_own(live_one: Live) -> None:
    """A new workspace takes every channel of the file, counts by member without a notice, and is created once."""
    for _ in range(2):
        stored = await import_into(live_one, history(channel="C3"), into=NewWorkspace("old times"))

    assert (stored.already_counted, stored.channels_left_out, stored.by_name) == (3, 0, True)
    assert (await by_member(live_one))["anna", Kind.MESSAGE] == 2
    assert await live_one.execute("SELECT platform, name FROM workspace WHERE id > 1") == [("imported", "old times")]
