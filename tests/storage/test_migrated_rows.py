"""What was in a database before a migration is there after it, and means what it meant."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from bot import __version__
from storage.migrate import alembic_config, migrate

OUTBOX = (
    "INSERT INTO outbox (id, workspace_id, operation, message, subject_id, member_id, posted_id, once, priority,"
    " resend_if_unknown, state, reason, attempts, delivery_id, created_at, not_before)"
    " VALUES (?, 1, ?, ?, 1, 1, ?, ?, ?, 0, ?, '', 0, ?, '2027-03-03', '2027-03-03')"
)


def test_0005_keeps_what_was_queued(tmp_path: Path) -> None:
    """What waited waits; waiting edits come before copies; what alone tells that it was said is marked as that."""
    path = tmp_path / "old.db"
    upgrade(path, "0004")
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(
            "INSERT INTO workspace (id, platform, external_id, name, created_at, settings, settings_version)"
            " VALUES (1, 'local', 'one', 'One', '2027-03-03', '{}', 1)"
        )
        old.execute(
            "INSERT INTO member (id, workspace_id, external_id, name, state, is_bot, is_communications_lead, is_coach,"
            " in_management_group, created_at, not_counted, nudges_off, lead_not_involved)"
            " VALUES (1, 1, 'anna', 'Anna', 'active', 0, 0, 0, 0, '2027-03-03', 0, 0, 0)"
        )
        old.execute(
            "INSERT INTO posted (id, workspace_id, message, subject_id, member_id, place, reference_key, reference,"
            " posted_at) VALUES (1, 1, 'picture', 1, 1, 'anna', '1', '{}', '2027-03-03')"
        )
        old.executemany(
            OUTBOX,
            [
                (1, "edit", "picture", 1, None, 60, "queued", "a"),
                (2, "edit", "picture", 1, None, 60, "sent", "b"),
                (3, "post", "notice", None, "notice:1", 40, "sent", "c"),
                (4, "post", "answer", None, None, 0, "queued", "d"),
            ],
        )
        old.execute(
            "INSERT INTO fan_out (id, workspace_id, message, subject_id, revision, audience_kind, copies, priority,"
            " resend_if_unknown, audience_as_of, cursor)"
            " VALUES (1, 1, 'notice', 1, 1, 'everyone', 'all', 40, 1, '2027-03-03', 7)"
        )

    migrate(path, __version__)

    with closing(sqlite3.connect(path)) as new:
        rows = new.execute("SELECT id, priority, is_record, changed FROM outbox ORDER BY id").fetchall()
        fan_outs = new.execute("SELECT operation, cursor, attempts, not_before, reason FROM fan_out").fetchall()
    assert rows == [(1, 15, 0, 0), (2, 60, 0, 0), (3, 40, 1, 0), (4, 0, 0, 0)]
    assert fan_outs == [("post", 7, 0, None, "")]


def upgrade(path: Path, revision: str) -> None:
    """Bring a new database to an old revision."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
