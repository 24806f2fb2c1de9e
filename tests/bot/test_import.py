"""`samlas import slack-export`: what counts, for whom, and that nothing counts twice."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine
from tests.exports import GENERAL, PEOPLE, export, message, racket_export, two_days, user

TOTALS = {"messages": 3, "thread_replies": 2, "members": 2, "channels": 2, "skipped": 0}


def rows(database_file: Path, query: str) -> list[tuple[Any, ...]]:
    """Return what a query finds."""
    with closing(sqlite3.connect(database_file)) as connection:
        return connection.execute(query).fetchall()


def sums(samlas: CommandLine) -> list[tuple[str, str, int]]:
    """Return what `samlas participation` prints, as (day, kind, count)."""
    return [(each["day"], each["kind"], each["count"]) for each in samlas("participation", "--json").json()]


def test_an_export_is_counted(samlas: CommandLine, tmp_path: Path) -> None:
    """Messages, replies and reactions count on their day; the report has the file's totals."""
    file = two_days(tmp_path / "export.zip")

    report = samlas("import", "slack-export", file, "--json").json()

    assert report == {**TOTALS, "already_counted": 0}
    assert sums(samlas) == [
        ("2027-03-01", "message", 1),
        ("2027-03-01", "thread_reply", 1),
        ("2027-03-01", "reaction", 1),
        ("2027-03-02", "message", 2),
        ("2027-03-02", "thread_reply", 1),
        ("2027-03-02", "reaction", 2),
    ]


def test_an_export_is_what_one_may_begin_with(
    samlas: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where there is no database yet, a file that can be counted makes it, for its owner alone; nothing else does."""
    made = tmp_path / "samlas.db"
    monkeypatch.setenv("SAMLAS_DATABASE_URL", f"sqlite+aiosqlite:///{made}")
    file = two_days(tmp_path / "export.zip")

    asked = samlas("participation")
    refused = samlas("import", "slack-export", tmp_path / "nothing.zip")
    assert not made.exists()
    report = samlas("import", "slack-export", file, "--json").json()

    assert (asked.status, refused.status) == (2, 2)
    assert "There is no database yet" in asked.err
    assert report == {**TOTALS, "already_counted": 0}
    assert stat.filemode(made.stat().st_mode) == "-rw-------"


def test_a_history_that_was_there_before_slack(samlas: CommandLine, database_file: Path, tmp_path: Path) -> None:
    """Once Slack is connected, commands that name no workspace mean Slack's; what was imported stays beside it."""
    file = two_days(tmp_path / "export.zip")
    samlas("import", "slack-export", file)
    with closing(sqlite3.connect(database_file)) as connection, connection:
        connection.execute(
            "INSERT INTO workspace (platform, external_id, name, created_at, settings, settings_version, app_for_each,"
            " tells_what_is_open, made_up)"
            " SELECT 'slack', 'T1', 'Ek & Alm', created_at, settings, settings_version, 0, 1, 0 FROM workspace"
        )

    again = samlas("import", "slack-export", file)

    assert again.status == 0, again.err
    assert "2 channels were left out, because Samlas is not in them." in again.out
    assert sums(samlas) == []
    assert len(samlas("participation", "--workspace", "import", "--json").json()) == 6
    assert rows(database_file, "SELECT count(*) FROM workspace") == [(2,)]


def test_importing_again_changes_nothing(samlas: CommandLine, tmp_path: Path, database_file: Path) -> None:
    """The same file again has the same totals, all of it was there already, and no sum moves."""
    file = two_days(tmp_path / "export.zip")
    samlas("import", "slack-export", file)
    by_member = "SELECT member_id, day, kind, count FROM participation ORDER BY 1, 2, 3"
    before = (sums(samlas), rows(database_file, by_member))

    report = samlas("import", "slack-export", file, "--json").json()

    assert report == {**TOTALS, "already_counted": 5}
    assert (sums(samlas), rows(database_file, by_member)) == before


def test_a_longer_export_adds_its_new_days(samlas: CommandLine, tmp_path: Path) -> None:
    """A later export of the same workspace counts the days that the first did not have."""
    samlas("import", "slack-export", two_days(tmp_path / "first.zip"))
    later = export(
        tmp_path / "later.zip",
        {
            "general/2027-03-01.json": [message("UANNA", "1803859200.000100"), message("UBO", "1803880000.000100")],
            "general/2027-03-03.json": [message("UANNA", "1804032000.000100")],
        },
    )

    report = samlas("import", "slack-export", later, "--json").json()

    assert report["already_counted"] == 2
    assert [each for each in sums(samlas) if each[0] != "2027-03-02"] == [
        ("2027-03-01", "message", 1),
        ("2027-03-01", "thread_reply", 1),
        ("2027-03-01", "reaction", 1),
        ("2027-03-03", "message", 1),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        message("UANNA", "1803859200.000100", subtype="channel_join"),
        message("UANNA", "1803859200.000100", subtype="message_changed"),
        message("UANNA", "1803859200.000100", bot_id="B1"),
        message("UBOT", "1803859200.000100"),
        message("USLACKBOT", "1803859200.000100"),
        message("UGUEST", "1803859200.000100"),
        message("USTRANGER", "1803859200.000100"),
        message("UELSEWHERE", "1803859200.000100"),
        message("UNOBODY", "1803859200.000100"),
        message(None, "1803859200.000100"),
        {"type": "pinned_item", "user": "UANNA"},
    ],
    ids=lambda entry: f"{entry['user']} {entry.get('subtype') or entry['type']} {entry.get('bot_id', '')}",
)
def test_what_does_not_count(samlas: CommandLine, tmp_path: Path, entry: dict[str, Any]) -> None:
    """Joins, edits, bots, guests and people from other organisations are left out, and the report says how many."""
    users = [
        *PEOPLE,
        user("UBOT", is_bot=True),
        user("USLACKBOT"),
        user("UGUEST", is_restricted=True),
        user("USTRANGER", is_stranger=True),
        user("UELSEWHERE", team_id="T2"),
    ]
    file = export(tmp_path / "export.zip", {"general/2027-03-01.json": [entry]}, users=users)

    report = samlas("import", "slack-export", file, "--json").json()

    assert report == {
        "messages": 0,
        "thread_replies": 0,
        "members": 2,
        "channels": 2,
        "already_counted": 0,
        "skipped": 1,
    }
    assert sums(samlas) == []


@pytest.mark.parametrize("subtype", ["thread_broadcast", "file_share", "me_message"])
def test_what_a_person_wrote_counts_in_each_form(samlas: CommandLine, tmp_path: Path, subtype: str) -> None:
    """A reply shown in the channel, a file and a /me are written by people."""
    file = export(
        tmp_path / "export.zip", {"general/2027-03-01.json": [message("UANNA", "1803859200.000100", subtype=subtype)]}
    )

    samlas("import", "slack-export", file)

    assert sums(samlas) == [("2027-03-01", "message", 1)]


def test_one_message_counts_once(samlas: CommandLine, tmp_path: Path) -> None:
    """A message that stands twice in a channel, even in two days' files, counts once, on its own day."""
    entry = message("UANNA", "1803859200.000100", reactions=[{"name": "eyes", "users": ["UBO"], "count": 1}])
    file = export(
        tmp_path / "export.zip", {"general/2027-02-28.json": [entry], "general/2027-03-01.json": [entry, entry]}
    )

    report = samlas("import", "slack-export", file, "--json").json()

    assert (report["messages"], report["skipped"]) == (1, 2)
    assert sums(samlas) == [("2027-03-01", "message", 1), ("2027-03-01", "reaction", 1)]


def test_a_reaction_to_a_bot_counts(samlas: CommandLine, tmp_path: Path) -> None:
    """Reacting is taking part, whoever wrote what was reacted to; a guest's reaction does not count."""
    entry = message("UANNA", "1803859200.000100", bot_id="B1")
    entry["reactions"] = [{"name": "eyes", "users": ["UBO", "UGUEST"], "count": 2}]
    file = export(tmp_path / "export.zip", {"general/2027-03-01.json": [entry]})

    report = samlas("import", "slack-export", file, "--json").json()

    assert report["skipped"] == 1
    assert sums(samlas) == [("2027-03-01", "reaction", 1)]


def test_direct_messages_are_never_counted(samlas: CommandLine, tmp_path: Path) -> None:
    """Private channels of an export count; conversations between people do not, alone or in a group."""
    one = [message("UANNA", "1803859200.000100")]
    file = export(
        tmp_path / "export.zip",
        {
            "groups.json": [{"id": "G1", "name": "board", "members": ["UANNA"]}],
            "dms.json": [{"id": "D1", "members": ["UANNA", "UBO"]}],
            "mpims.json": [{"id": "G2", "name": "mpdm-anna--bo-1", "members": ["UANNA", "UBO"]}],
            "board/2027-03-01.json": one,
            "D1/2027-03-01.json": one,
            "mpdm-anna--bo-1/2027-03-01.json": one,
        },
    )

    report = samlas("import", "slack-export", file, "--json").json()

    assert (report["messages"], report["channels"]) == (1, 3)


def test_people_and_channels_are_stored(samlas: CommandLine, tmp_path: Path, database_file: Path) -> None:
    """Names, addresses, zones and languages come from the export; guests are not stored; who was removed has left."""
    users = [
        *PEOPLE,
        user("UCARL", deleted=True, tz="Nowhere/Land", profile={}, real_name="Carl Berg"),
        user("UBOT", is_bot=True),
        user("UGUEST", is_ultra_restricted=True),
    ]
    file = export(tmp_path / "export.zip", {}, users=users)

    samlas("import", "slack-export", file)

    people = rows(database_file, "SELECT external_id, name, email, zone, locale, state, is_bot FROM member ORDER BY id")
    assert people == [
        ("UANNA", "Anna Ek", "anna@example.com", "Europe/Stockholm", None, "active", 0),
        ("UBO", "Bo Ek", "bo@example.com", "Europe/Stockholm", "sv-SE", "active", 0),
        ("UCARL", "Carl Berg", None, None, None, "left", 0),
        ("UBOT", "Bot Ek", "bot@example.com", "Europe/Stockholm", None, "active", 1),
    ]
    channels = rows(database_file, "SELECT external_id, name, purpose, is_archived FROM channel ORDER BY id")
    assert channels == [("C1", "general", "For everybody", 0), ("C2", "sales", "", 1)]
    assert rows(database_file, "SELECT count(*) FROM channel_member") == [(3,)]


def test_the_newest_import_is_what_an_import_knows(samlas: CommandLine, tmp_path: Path, database_file: Path) -> None:
    """A person renamed in a later export is renamed in the import."""
    samlas("import", "slack-export", export(tmp_path / "first.zip", {}))
    renamed = [user("UANNA", profile={"real_name": "Anna Berg"}), PEOPLE[1]]

    samlas("import", "slack-export", export(tmp_path / "later.zip", {}, users=renamed))

    assert rows(database_file, "SELECT name, email FROM member WHERE external_id = 'UANNA'") == [
        ("Anna Berg", "anna@example.com")
    ]


def test_members_of_a_grid_are_of_one_organisation(samlas: CommandLine, tmp_path: Path) -> None:
    """In an Enterprise Grid people of several workspaces belong together."""
    grid = {"enterprise_id": "E1"}
    users = [user("UANNA", enterprise_user=grid), user("UBO", team_id="T2", enterprise_user=grid), user("UEVA")]
    file = export(tmp_path / "export.zip", {}, users=users)

    assert samlas("import", "slack-export", file, "--json").json()["members"] == 2


def test_the_default_workspace(samlas: CommandLine, tmp_path: Path, database_file: Path) -> None:
    """Without --workspace it is the only one, else the one named import; a new name makes a new one."""
    file = two_days(tmp_path / "export.zip")

    reports = [
        samlas("import", "slack-export", file, "--json", *options).json()["already_counted"]
        for options in ([], [], ["--workspace", "Lindvalla"], [], ["--workspace", "Lindvalla"])
    ]

    assert reports == [0, 5, 0, 5, 5]
    assert rows(database_file, "SELECT platform, name FROM workspace ORDER BY id") == [
        ("imported", "import"),
        ("imported", "Lindvalla"),
    ]


def test_a_workspace_that_is_not_clear(samlas: CommandLine, tmp_path: Path) -> None:
    """What counts, and where, is not guessed: an unknown, missing or empty name is refused with what there is."""
    file = two_days(tmp_path / "export.zip")

    none_yet = samlas("participation", "--json")
    samlas("import", "slack-export", file, "--workspace", "Lindvalla")
    samlas("import", "slack-export", file, "--workspace", "Granby")
    several = samlas("participation", "--json")
    unknown = samlas("participation", "--json", "--workspace", "Other")
    empty = samlas("import", "slack-export", file, "--workspace", " ")

    assert [ran.status for ran in (none_yet, several, unknown, empty)] == [2, 2, 2, 2]
    assert "There is no workspace yet" in none_yet.err
    assert "Lindvalla, Granby" in several.err
    assert "no workspace called Other" in unknown.err
    assert "needs a name" in empty.err


def test_the_report_in_words(samlas: CommandLine, tmp_path: Path) -> None:
    """Without --json the report is a few sentences, and no progress bar is drawn where there is no terminal."""
    file = two_days(tmp_path / "export.zip")

    first, again = samlas("import", "slack-export", file), samlas("import", "slack-export", file)

    assert first.out == "3 messages and 2 replies in threads, from 2 members in 2 channels.\n"
    assert "5 of them had been counted before" in again.out
    assert first.err == ""


def test_two_years_of_a_real_community(samlas: CommandLine) -> None:
    """22,172 messages and replies of 326 members, and the same totals the second time."""
    file = racket_export()

    first = samlas("import", "slack-export", file, "--json").json()
    second = samlas("import", "slack-export", file, "--json").json()

    totals = {"messages": 2364, "thread_replies": 19808, "members": 326, "channels": 1, "skipped": 0}
    assert first == {**totals, "already_counted": 0}
    assert second == {**totals, "already_counted": 22172}
    assert sum(count for _, _, count in sums(samlas)) == 22172


def test_no_text_is_kept(samlas: CommandLine, tmp_path: Path, database_file: Path) -> None:
    """Nothing of what anybody wrote is in the database afterwards."""
    file = export(
        tmp_path / "export.zip",
        {"general/2027-03-01.json": [message("UANNA", "1803859200.000100")]},
        channels=[GENERAL],
    )

    samlas("import", "slack-export", file)

    kept = b"".join(path.read_bytes() for path in database_file.parent.glob("samlas.db*"))
    assert b"UANNA" in kept
    assert b"nobody's business" not in kept
