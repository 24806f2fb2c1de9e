"""No rule asks a platform for its name: what the core wants to know of one, the one that stores its workspace says."""

import re
from pathlib import Path

import pytest

from tools.tree import ROOT

ADAPTERS = tuple(sorted(path.name for path in (ROOT / "adapters").iterdir() if (path / "gateway.py").exists()))
# The wiring, and the simulation, which plays a platform itself.
MAY_KNOW = ("bot/wiring.py", "nudges/simulation/")
CORE = [
    path
    for room in ("bot", "nudges", "storage")
    for path in sorted((ROOT / room).rglob("*.py"))
    if not path.relative_to(ROOT).as_posix().startswith(MAY_KNOW) and "migrations" not in path.parts
]
NAMED = re.compile(
    rf"Platform\.({'|'.join(ADAPTERS)})\b|platform\b[^\n]*[\"']({'|'.join(ADAPTERS)})[\"']", re.IGNORECASE
)


def names(source: str) -> list[str]:
    """Return where a source asks for a platform by name."""
    return [found[0] for found in NAMED.finditer(source)]


@pytest.mark.parametrize("room", ["bot", "nudges", "storage"])
def test_no_rule_asks_a_platform_for_its_name(room: str) -> None:
    """So that another platform adds an adapter and a line of wiring, and changes nothing else."""
    asked = {path: names(path.read_text()) for path in CORE if path.is_relative_to(ROOT / room)}

    assert {path.relative_to(ROOT): found for path, found in asked.items() if found} == {}


def test_what_asks_is_found() -> None:
    """By the list's name for it, and by the word."""
    assert ADAPTERS == ("local", "slack", "teams")
    assert names("if workspace.platform == Platform.TEAMS:") == ["Platform.TEAMS"]
    assert len(names('if workspace.platform == "slack":')) == 1
    assert names("if workspace.platform == Platform.IMPORTED:") == []
    assert Path("bot/home.py") in [path.relative_to(ROOT) for path in CORE]
