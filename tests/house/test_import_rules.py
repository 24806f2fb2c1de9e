"""Who may import whom: each rule of the architecture is broken once, and the linter has to say so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.tree import ROOT

ROOMS = ("bot", "adapters", "storage", "nudges")

# A module that is added to a copy of the rooms, what it imports, and what the linter calls the module and the import.
FORBIDDEN = [
    ("storage/intruder.py", "import bot.texts", "storage.intruder -> bot.texts"),
    ("storage/intruder.py", "import aiohttp", "storage.intruder -> aiohttp"),
    ("storage/intruder.py", "import apscheduler.triggers", "storage.intruder -> apscheduler"),
    ("bot/intruder.py", "import nudges.quiet", "bot.intruder -> nudges.quiet"),
    ("bot/intruder.py", "import adapters.local", "bot.intruder -> adapters.local"),
    ("bot/intruder.py", "import sqlalchemy.orm", "bot.intruder -> sqlalchemy"),
    ("bot/intruder.py", "import sqlite3", "bot.intruder -> sqlite3"),
    ("bot/intruder.py", "import aiohttp.web", "bot.intruder -> aiohttp"),
    ("bot/intruder.py", "import apscheduler", "bot.intruder -> apscheduler"),
    ("bot/intruder.py", "from slack_sdk.web import client", "bot.intruder -> slack_sdk"),
    ("bot/intruder.py", "import botbuilder.core", "bot.intruder -> botbuilder"),
    ("bot/decisions/intruder.py", "import bot.announcements.life", "bot.decisions.intruder -> bot.announcements.life"),
    ("bot/decisions/intruder.py", "import bot.anchoring.cards", "bot.decisions.intruder -> bot.anchoring.cards"),
    (
        "bot/announcements/intruder.py",
        "import bot.anchoring.cards",
        "bot.announcements.intruder -> bot.anchoring.cards",
    ),
    ("nudges/intruder.py", "import adapters.local", "nudges.intruder -> adapters.local"),
    ("nudges/intruder.py", "import sqlmodel", "nudges.intruder -> sqlmodel"),
    ("nudges/intruder.py", "import slack_bolt", "nudges.intruder -> slack_bolt"),
    ("adapters/local/intruder.py", "import nudges.quiet", "adapters.local.intruder -> nudges.quiet"),
    ("adapters/local/intruder.py", "import sqlmodel", "adapters.local.intruder -> sqlmodel"),
    ("adapters/local/intruder.py", "import apscheduler", "adapters.local.intruder -> apscheduler"),
    ("adapters/local/intruder.py", "import slack_sdk", "adapters.local.intruder -> slack_sdk"),
    ("adapters/local/intruder.py", "import botframework.connector", "adapters.local.intruder -> botframework"),
    ("adapters/slack/intruder.py", "import adapters.local", "adapters.slack.intruder -> adapters.local"),
    ("adapters/slack/intruder.py", "import botbuilder.core", "adapters.slack.intruder -> botbuilder"),
    ("adapters/teams/intruder.py", "import slack_sdk", "adapters.teams.intruder -> slack_sdk"),
    ("adapters/teams/intruder.py", "import adapters.slack", "adapters.teams.intruder -> adapters.slack"),
]

ALLOWED = [
    ("adapters/slack/guest.py", "import slack_bolt.async_app, slack_sdk.web, aiohttp, bot.texts, storage.tables"),
    ("adapters/teams/guest.py", "import botbuilder.core, botframework.connector, aiohttp"),
    ("nudges/guest.py", "import apscheduler, bot.texts, storage.tables"),
    ("storage/guest.py", "import sqlalchemy, sqlmodel, alembic"),
]


@pytest.fixture
def rooms(tmp_path: Path) -> Path:
    """Return a copy of the rooms to spoil, with adapters that may come later."""
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__", "static"))
    for name in ("slack", "teams", "pages"):
        adapter = tmp_path / "adapters" / name
        adapter.mkdir(exist_ok=True)
        (adapter / "__init__.py").touch()
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def add(rooms: Path, lines: list[tuple[str, str]]) -> None:
    """Write import lines into modules."""
    for module, line in lines:
        with (rooms / module).open("a", encoding="utf-8") as target:
            target.write(f"{line}\n")


def lint(rooms: Path) -> tuple[int, str]:
    """Run the linter on a copy; returns its exit status and what it said."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"],
        cwd=rooms,
        env={**os.environ, "PYTHONPATH": str(rooms), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_every_rule_bites(rooms: Path) -> None:
    """Each forbidden import is found and named, and no contract is left that nothing can break."""
    add(rooms, [(module, line) for module, line, _ in FORBIDDEN])

    status, said = lint(rooms)

    assert status == 1
    assert [named for _, _, named in FORBIDDEN if named not in said] == []
    assert " KEPT" not in said


def test_each_library_is_welcome_in_its_own_room(rooms: Path) -> None:
    """What the rules keep out of other rooms may be used where it belongs."""
    add(rooms, ALLOWED)

    status, said = lint(rooms)

    assert status == 0, said
