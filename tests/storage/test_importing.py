"""An imported history beside what is counted live: each channel's day counts once, whichever came first."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from storage.counting import Flushed, Sign, flush
from storage.importing import ChannelDay, History, ListedChannel, ListedMember, NewWorkspace, Stored, store_history
from storage.sqlite import open_raw
from storage.tables import Kind

# Wednesday, 3 March 2027, at noon.
NOW = datetime(2027, 3, 3, 12, tzinfo=UTC)
DAY = date(2027, 3, 1)
MORNING = datetime(2027, 3, 1, 9, tzinfo=UTC).timestamp()
NOTICE = (
    "UPDATE workspace SET notice_given_at = '2027-03-03 13:00:00.000000'",
    "UPDATE member SET told_at = '2027-03-03 13:00:00.000000'",
)


@pytest.fixture
def connection(database_file: Path) -> Iterator[sqlite3.Connection]:
    """Return a connection to a live workspace whose notice was given in February; the bot is in #general only."""
    with closing(open_raw(database_file)) as opened:
        opened.execute(
            "INSERT INTO workspace (id, platform, external_id, name, settings, settings_version, created_at,"
            " notice_given_at) VALUES (1, 'local', 'live', 'Live', '{}', 0, '2027-01-01 00:00:00.000000',"
            " '2027-02-01 00:00:00.000000')"
        )
        opened.execute(
            "INSERT INTO channel (id, workspace_id, external_id, name, purpose, is_private, is_archived, bot_is_in)"
            " VALUES (1, 1, 'C1', 'general', '', 0, 0, 1), (2, 1, 'C2', 'sales', '', 0, 0, 0)"
        )
        opened.executemany(
            "INSERT INTO member (workspace_id, external_id, name, state, is_bot, is_communications_lead, is_coach,"
            " in_management_group, created_at, told_at, not_counted, nudges_off, lead_not_involved)"
            " VALUES (1, ?, '', 'stub', 0, 0, 0, 0, ?, ?, 0, 0, 0)",
            [(name, "2027-01-01 00:00:00.000000", "2027-02-01 00:00:00.000000") for name in ("anna", "bo")],
        )
        yield opened


def history(until: float = MORNING + 60, written: int = 2, channel: str = "C1") -> History:
    """Return what a file tells of Anna's and Bo's Monday in two channels, the bot being in the first."""
    signs = Counter({("anna", Kind.MESSAGE): written, ("bo", Kind.THREAD_REPLY): 1, ("bo", Kind.REACTION): 3})
    return History(
        members=[ListedMember("anna", "Anna Ek", zone="Europe/Stockholm"), ListedMember("bo", "Bo Ek")],
        channels=[ListedChannel("C1", "general"), ListedChannel("C2", "sales"), ListedChannel("C3", "new")],
        days={(channel, DAY.toordinal()): ChannelDay(until, signs)},
    )


def import_into(
    connection: sqlite3.Connection,
    told: History,
    *,
    into: int | NewWorkspace = 1,
    now: datetime = NOW,
) -> Stored:
    """Import a history."""
    return store_history(connection, into, told, now)


def live(connection: sqlite3.Connection, *at: float, member: str = "anna") -> Flushed:
    """Count messages in #general as they happen."""
    signs = [Sign(1, f"C1:{moment}:message:{member}", member, "C1", moment, Kind.MESSAGE) for moment in at]
    return flush(connection, signs, NOW)


def by_channel(connection: sqlite3.Connection) -> dict[Kind, int]:
    """Return the channels' sums by kind."""
    rows = connection.execute("SELECT kind, sum(count) FROM channel_participation GROUP BY kind")
    return {Kind(kind): count for kind, count in rows}


def by_member(connection: sqlite3.Connection) -> dict[tuple[str, Kind], int]:
    """Return the counts by member and kind."""
    rows = connection.execute(
        "SELECT external_id, kind, sum(count) FROM participation JOIN member ON member.id = member_id GROUP BY 1, 2"
    )
    return {(name, Kind(kind)): count for name, kind, count in rows}


def test_an_import_counts_by_member_and_by_channel(connection: sqlite3.Connection) -> None:
    """After the notice an imported day counts for the channel and for each member, and is their first sign."""
    stored = import_into(connection, history())

    assert (stored.already_counted, stored.by_name) == (0, True)
    assert by_channel(connection) == {Kind.MESSAGE: 2, Kind.THREAD_REPLY: 1, Kind.REACTION: 3}
    assert by_member(connection) == {
        ("anna", Kind.MESSAGE): 2,
        ("bo", Kind.THREAD_REPLY): 1,
        ("bo", Kind.REACTION): 3,
    }
    spans = connection.execute("SELECT first_day, last_day FROM last_sign").fetchall()
    assert spans == [(DAY.toordinal(), DAY.toordinal())] * 2


def test_a_day_lived_through_is_not_imported(connection: sqlite3.Connection) -> None:
    """What was counted as it happened stays what it was when the same day comes in a file, however much later."""
    live(connection, MORNING)
    lived = (by_channel(connection), by_member(connection))

    stored = import_into(connection, history(), now=NOW + timedelta(days=400))

    assert stored.already_counted == 3
    assert (by_channel(connection), by_member(connection)) == lived


def test_an_imported_day_is_not_lived_through_again(connection: sqlite3.Connection) -> None:
    """A platform that delivers an imported day's message late changes nothing; what came after the file counts."""
    import_into(connection, history(until=MORNING + 60))

    late = live(connection, MORNING, MORNING + 60)
    after = live(connection, MORNING + 61)

    assert (late.counted, late.ignored) == (0, 2)
    assert after.counted == 1
    assert by_channel(connection)[Kind.MESSAGE] == 3


def test_importing_again_after_living_on(connection: sqlite3.Connection) -> None:
    """A later export of a day that was imported, and went on live, adds nothing to it."""
    import_into(connection, history(until=MORNING + 60))
    live(connection, MORNING + 61)
    before = (by_channel(connection), by_member(connection))

    stored = import_into(connection, history(until=MORNING + 61, written=3), now=NOW + timedelta(days=1))

    assert stored.already_counted == 4
    assert (by_channel(connection), by_member(connection)) == before


def test_before_the_notice_only_channel_sums(connection: sqlite3.Connection) -> None:
    """Nothing is kept about single people before the notice, from a file no more than live."""
    connection.execute("UPDATE workspace SET notice_given_at = NULL")
    connection.execute("UPDATE member SET told_at = NULL")

    stored = import_into(connection, history())

    assert not stored.by_name
    assert by_channel(connection) == {Kind.MESSAGE: 2, Kind.THREAD_REPLY: 1, Kind.REACTION: 3}
    assert by_member(connection) == {}
    assert connection.execute("SELECT count(*) FROM last_sign").fetchone() == (0,)


def test_the_same_file_after_the_notice_adds_the_members(connection: sqlite3.Connection) -> None:
    """Imported again after the notice, a file counts by member what it counted before, once, and no channel again."""
    connection.execute("UPDATE workspace SET notice_given_at = NULL")
    connection.execute("UPDATE member SET told_at = NULL")
    import_into(connection, history())
    for statement in NOTICE:
        connection.execute(statement)

    for hours in (2, 3):
        stored = import_into(connection, history(), now=NOW + timedelta(hours=hours))

        assert stored.already_counted == 3
        assert by_channel(connection) == {Kind.MESSAGE: 2, Kind.THREAD_REPLY: 1, Kind.REACTION: 3}
        assert by_member(connection)["anna", Kind.MESSAGE] == 2


def test_another_file_after_the_notice_adds_no_members(connection: sqlite3.Connection) -> None:
    """What of a day may have been counted live is not told apart, so only the very same day is counted by member."""
    connection.execute("UPDATE workspace SET notice_given_at = NULL")
    connection.execute("UPDATE member SET told_at = NULL")
    import_into(connection, history())
    live(connection, MORNING - 3600)
    for statement in NOTICE:
        connection.execute(statement)

    import_into(connection, history(until=MORNING + 90, written=5), now=NOW + timedelta(hours=2))

    assert by_member(connection) == {}


def test_a_day_lived_through_before_the_notice(connection: sqlite3.Connection) -> None:
    """A day that was counted live before the notice is not counted by member from a file either."""
    connection.execute("UPDATE workspace SET notice_given_at = NULL")
    connection.execute("UPDATE member SET told_at = NULL")
    live(connection, MORNING)
    for statement in NOTICE:
        connection.execute(statement)

    import_into(connection, history(until=MORNING), now=NOW + timedelta(hours=2))

    assert by_member(connection) == {}
    assert by_channel(connection) == {Kind.MESSAGE: 1}


@pytest.mark.parametrize("channel", ["C2", "C3"])
def test_only_channels_that_the_bot_is_in(connection: sqlite3.Connection, channel: str) -> None:
    """In a live workspace the history of a channel counts only where the bot has been let in, and later when it is."""
    stored = import_into(connection, history(channel=channel))

    assert by_channel(connection) == {}
    assert (stored.already_counted, stored.channels_left_out) == (0, 2)
    assert connection.execute("SELECT count(*) FROM channel").fetchone() == (2,)

    connection.execute("UPDATE channel SET bot_is_in = 1, external_id = ? WHERE id = 2", (channel,))
    import_into(connection, history(channel=channel))

    assert by_channel(connection)[Kind.MESSAGE] == 2


def test_who_is_not_counted(connection: sqlite3.Connection) -> None:
    """Who has asked not to be counted is not counted from a file, by name or in a channel's sum."""
    live(connection, MORNING - 86400, member="bo")
    connection.execute("UPDATE member SET not_counted = 1 WHERE external_id = 'bo'")

    import_into(connection, history())

    assert by_channel(connection) == {Kind.MESSAGE: 3}
    assert by_member(connection) == {("anna", Kind.MESSAGE): 2, ("bo", Kind.MESSAGE): 1}


def test_a_live_workspace_knows_its_people_better(connection: sqlite3.Connection) -> None:
    """A file names those whom nobody has named yet, and changes nothing about those whom the platform has told of."""
    live(connection, MORNING - 86400, member="bo")
    live(connection, MORNING - 86400, member="anna")
    connection.execute("UPDATE member SET name = 'Anna Berg', state = 'active' WHERE external_id = 'anna'")

    import_into(connection, history())

    people = connection.execute("SELECT external_id, name, state, zone FROM member ORDER BY external_id").fetchall()
    assert people == [("anna", "Anna Berg", "active", None), ("bo", "Bo Ek", "active", None)]


def test_an_import_of_its_own(connection: sqlite3.Connection) -> None:
    """A new workspace takes every channel of the file, counts by member without a notice, and is created once."""
    for _ in range(2):
        stored = import_into(connection, history(channel="C3"), into=NewWorkspace("old times"))

    assert (stored.already_counted, stored.channels_left_out, stored.by_name) == (3, 0, True)
    assert by_member(connection)["anna", Kind.MESSAGE] == 2
    assert connection.execute("SELECT platform, name FROM workspace WHERE id > 1").fetchall() == [
        ("imported", "old times")
    ]
