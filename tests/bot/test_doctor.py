"""`samlas doctor`: what is right, what to look at and what is wrong, with what to do, and a status for machines."""

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.exports import two_days


def levels(samlas: CommandLine) -> dict[str, str]:
    """Return how each subject was found, by its name."""
    return {found["subject"]: found["level"] for found in json.loads(samlas("doctor", "--json").out)}


def change(database_file: Path, statement: str, *values: object) -> None:
    """Have the database be otherwise."""
    with closing(sqlite3.connect(database_file)) as connection, connection:
        connection.execute(statement, values)


@pytest.fixture
def with_people(samlas: CommandLine, database_file: Path, tmp_path: Path) -> CommandLine:
    """Return the command on an organisation that has a communications lead."""
    assert samlas("import", "slack-export", two_days(tmp_path / "export.zip")).status == 0
    change(database_file, "UPDATE workspace SET platform = 'slack'")
    change(database_file, "UPDATE member SET is_communications_lead = 1 WHERE id = (SELECT min(id) FROM member)")
    return samlas


def test_all_that_can_be_well_is_well(with_people: CommandLine) -> None:
    """Nothing is wrong; what is not set up yet is worth a look, and the status is one of success."""
    ran = with_people("doctor")

    assert ran.status == 0
    assert levels(with_people) == {
        "SAMLAS_BASE_URL": "look",
        "counts of workspace 1": "good",
        "database": "good",
        "disk": "good",
        "notice of workspace 1": "good",
        "outbox": "good",
        "platforms": "look",
    }
    assert "WRONG" not in ran.out


def test_the_last_communications_lead_has_left(with_people: CommandLine, database_file: Path) -> None:
    """That is wrong: nobody could change anything any more, and the variable to set is named."""
    change(database_file, "UPDATE member SET state = 'left' WHERE is_communications_lead")

    ran = with_people("doctor")

    assert ran.status == 1
    assert "SAMLAS_ADMINS" in next(line for line in ran.out.splitlines() if line.startswith("WRONG"))


def test_a_history_needs_no_lead(samlas: CommandLine, tmp_path: Path) -> None:
    """What was only imported to be looked at has no people who could be one."""
    assert samlas("import", "slack-export", two_days(tmp_path / "export.zip")).status == 0

    assert samlas("doctor").status == 0


def test_messages_that_nobody_sends(with_people: CommandLine, database_file: Path) -> None:
    """What should have gone an hour ago is worth a look: perhaps nobody serves."""
    an_hour_ago = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
    change(
        database_file,
        "INSERT INTO outbox (workspace_id, operation, message, subject_id, member_id, priority, resend_if_unknown,"
        " state, changed, is_record, reason, attempts, cause, delivery_id, created_at, not_before)"
        " SELECT workspace_id, 'post', 'note', 1, id, 0, 0, 'queued', 0, 0, '', 0, '', 'd', ?, ? FROM member LIMIT 1",
        an_hour_ago,
        an_hour_ago,
    )

    assert levels(with_people)["outbox"] == "look"
    assert "60 minutes" in with_people("doctor").out


def test_a_database_that_nothing_has_made(samlas: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That it will be made is told, and by what; it is not made by looking, and nothing is wrong."""
    missing = tmp_path / "missing.db"
    monkeypatch.setenv("SAMLAS_DATABASE_URL", f"sqlite+aiosqlite:///{missing}")

    ran = samlas("doctor")

    assert ran.status == 0
    assert "look   database: There is no database yet" in ran.out
    assert not missing.exists()


def test_a_database_that_is_not_migrated(samlas: CommandLine, database_file: Path) -> None:
    """It is told with what to run."""
    change(database_file, "DELETE FROM alembic_version")

    ran = samlas("doctor")

    assert ran.status == 1
    assert "Run: samlas migrate" in ran.out


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("sqlite+aiosqlite:////nowhere/samlas.db", "/nowhere/samlas.db cannot be opened. Its folder has to be there"),
        ("samlas", "It cannot use this one: samlas"),
        ("a long address that nobody reads", "It cannot use this one: a long add…"),
    ],
)
def test_an_address_of_no_database(
    samlas: CommandLine, monkeypatch: pytest.MonkeyPatch, address: str, sentence: str
) -> None:
    """What is wrong with the address is said where it is, with the variable's name once."""
    monkeypatch.setenv("SAMLAS_DATABASE_URL", address)

    ran = samlas("doctor")

    [said] = [line for line in ran.out.splitlines() if line.startswith("WRONG")]
    assert ran.status == 1
    assert said.startswith("WRONG  database: SAMLAS_DATABASE_URL: ")
    assert said.count("SAMLAS_DATABASE_URL") == 1
    assert sentence in said


def test_a_database_that_others_may_read(with_people: CommandLine, database_file: Path) -> None:
    """People's names are in it, so that is worth a look, with what to type."""
    database_file.chmod(0o644)

    assert f"chmod 600 {database_file}" in with_people("doctor").out


def test_tokens_that_no_key_opens(
    with_people: CommandLine, database_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tokens that were stored under a key that is not there any more are counted, and none is shown."""
    change(
        database_file,
        "INSERT INTO installation (workspace_id, external_id, details, secret, installed_at)"
        " VALUES (1, 'T1', '{}', 'locked', '2027-03-01 00:00:00.000000')",
    )
    monkeypatch.setenv("SAMLAS_SECRET_KEY", "mYrQzq2uV1r2J4k3s5T6u7V8w9X0y1Z2a3B4c5D6e7E=")

    ran = with_people("doctor")

    assert levels(with_people)["SAMLAS_SECRET_KEY"] == "wrong"
    assert "1 stored token cannot be read" in ran.out
    assert "locked" not in ran.out


def test_an_address_that_nobody_may_call(with_people: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack and Teams call nothing but https."""
    monkeypatch.setenv("SAMLAS_BASE_URL", "http://samlas.example.com")

    [wrong] = [line for line in with_people("doctor").out.splitlines() if line.startswith("WRONG")]

    assert wrong.startswith("WRONG  configuration: SAMLAS_BASE_URL has to be")


def test_half_configured_platforms(with_people: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a platform lacks is named, beside everything else that was found."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-one")

    ran = with_people("doctor")

    assert ran.status == 1
    assert "SLACK_SIGNING_SECRET" in ran.out
    assert "xoxb-one" not in ran.out


def test_how_counts_are_kept(with_people: CommandLine, database_file: Path) -> None:
    """The oldest day, when what is older was last summed up, and how much: no names and no numbers of one person."""
    now = datetime.now(UTC)
    change(
        database_file,
        "INSERT INTO counts_swept (workspace_id, kept_from, done_at, batches, rows) VALUES (1, ?, ?, 3, 412)",
        now.date().toordinal() - 179,
        now.strftime("%Y-%m-%d %H:%M:%S.%f"),
    )

    ran, oldest = [line for line in with_people("doctor").out.splitlines() if "counts of" in line]

    assert levels(with_people)["counts of workspace 1"] == "good"
    assert "412 counts of one person and day so far" in ran
    assert "The oldest that is kept by member is of 1 March 2027." in oldest


def test_counts_that_are_kept_too_long(with_people: CommandLine, database_file: Path) -> None:
    """Where nobody serves, nothing is summed up: that is worth a look, with the day of the oldest count."""
    change(database_file, "UPDATE participation SET day = day - 700")

    said = next(line for line in with_people("doctor").out.splitlines() if "counts of" in line)

    assert said.startswith("look")
    assert "longer ago than the 180 days" in said


def test_people_whom_the_notice_has_not_reached(with_people: CommandLine, database_file: Path) -> None:
    """A number of them, and why most often; not who they are."""
    change(database_file, "UPDATE workspace SET notice_given_at = '2026-01-01 00:00:00.000000'")
    change(database_file, "UPDATE member SET created_at = '2026-01-01 00:00:00.000000', state = 'active'")
    before = next(line for line in with_people("doctor").out.splitlines() if "notice of" in line)
    change(database_file, "UPDATE member SET told_at = '2026-01-02 00:00:00.000000'")

    after = next(line for line in with_people("doctor").out.splitlines() if "notice of" in line)

    assert before.startswith("look")
    assert "who are not counted before it has" in before
    assert after.startswith("ok")
