"""kill -9 at any moment of an import, and the import run again: nothing is lost, and nothing counts twice."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.command_line import CommandLine
from tests.exports import export, message, racket_export, two_days
from tests.soak import times
from tools.tree import ROOT

# Before each so-manieth statement a process dies.
STEP = times(4, 1)
COUNTED = ("participation", "channel_participation", "counted_day", "last_sign", "channel_member", "channel")


def counted(database_file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all that an import stores of a history, without the moment of its storing."""
    with closing(sqlite3.connect(database_file)) as connection:
        found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in COUNTED}
    found["counted_day"] = [row[:-1] for row in found["counted_day"]]
    return found


def killed_on_the_way(database_file: Path, step: int, file: Path) -> list[Path]:
    """Import the file in processes that are killed on the way; returns the databases that they left."""
    subprocess.run(
        [sys.executable, "-m", "tests.bot.importing.killing", database_file, str(step), file],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return list(database_file.parent.glob("killed-*.db"))


def finished(samlas: CommandLine, monkeypatch: pytest.MonkeyPatch, database_file: Path, file: Path) -> dict[str, int]:
    """Import the file into a database, to the end; returns the report."""
    monkeypatch.setenv("SAMLAS_DATABASE_URL", f"sqlite+aiosqlite:///{database_file}")
    report: dict[str, int] = samlas("import", "slack-export", file, "--json").json()
    return report


@pytest.mark.soak
@pytest.mark.parametrize("imported_before", [False, True], ids=["into nothing", "into an older import"])
def test_killed_at_every_moment(
    samlas: CommandLine,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    database_file: Path,
    imported_before: bool,  # noqa: FBT001 - both beginnings
) -> None:
    """Whichever statement is the last, all of the file has been counted or nothing; then the rest is."""
    if imported_before:
        older = {"general/2027-03-01.json": [message("UANNA", "1803859200.000100")]}
        samlas("import", "slack-export", export(tmp_path / "older.zip", older))
    file = two_days(tmp_path / "export.zip")
    before = counted(database_file)
    whole = tmp_path / "whole.db"
    shutil.copy(database_file, whole)

    left = killed_on_the_way(database_file, STEP, file)

    first = finished(samlas, monkeypatch, whole, file)
    complete = counted(whole)
    states = {path: counted(path) for path in left}
    assert len(left) > 30 // STEP
    assert [path for path, state in states.items() if state not in (before, complete)] == []
    assert before in states.values()
    for path, state in states.items():
        report = finished(samlas, monkeypatch, path, file)
        assert report["already_counted"] == (first["already_counted"] if state == before else 5)
        assert counted(path) == complete


def test_two_years_killed_on_the_way(samlas: CommandLine, monkeypatch: pytest.MonkeyPatch, database_file: Path) -> None:
    """A large import that is killed in the midst of its counting is as if it had never begun."""
    file = racket_export()
    before = counted(database_file)

    left = killed_on_the_way(database_file, 4000, file)

    assert len(left) > 2
    assert all(counted(path) == before for path in left)
    assert finished(samlas, monkeypatch, left[-1], file)["already_counted"] == 0
    assert sum(each["count"] for each in samlas("participation", "--json").json()) == 22172
