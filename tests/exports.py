"""Exports as Slack writes them, small and made up, for the tests of importing."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.tools import require_tool
from tools.tree import ROOT

# The channels' folders by day, as in {"general/2027-03-01.json": [...]}, and what else stands in the zip file.
Files = Mapping[str, Any]

HOME = "T1"
GENERAL = {"id": "C1", "name": "general", "members": ["UANNA", "UBO"], "purpose": {"value": "For everybody"}}
SALES = {"id": "C2", "name": "sales", "members": ["UBO"], "is_archived": True}


def user(external_id: str, **values: Any) -> dict[str, Any]:
    """Return a person of users.json, with what differs."""
    name = external_id.removeprefix("U").capitalize()
    return {
        "id": external_id,
        "team_id": HOME,
        "name": name.lower(),
        "deleted": False,
        "is_bot": False,
        "tz": "Europe/Stockholm",
        "profile": {"real_name": f"{name} Ek", "email": f"{name.lower()}@example.com"},
        **values,
    }


PEOPLE = (user("UANNA"), user("UBO", locale="sv-SE"))


def message(person: str | None, ts: str, **values: Any) -> dict[str, Any]:
    """Return an entry of a day's file, with what differs."""
    return {"type": "message", "user": person, "ts": ts, "text": "nobody's business", **values}


def export(
    path: Path,
    files: Files,
    *,
    users: Sequence[Mapping[str, Any]] = PEOPLE,
    channels: Sequence[Mapping[str, Any]] = (GENERAL, SALES),
    without: Sequence[str] = (),
) -> Path:
    """Write an export. A file given as bytes is written as it is, anything else as JSON."""
    whole = {"users.json": users, "channels.json": channels, **files}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in whole.items():
            if name not in without:
                target.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return path


def two_days(path: Path) -> Path:
    """Write an export of two people's two days: 3 messages, 2 replies, 3 reactions.

    2027-03-01 00:00 UTC is 1803859200.
    """
    return export(
        path,
        {
            "general/2027-03-01.json": [
                message("UANNA", "1803859200.000100", reactions=[{"name": "eyes", "users": ["UBO"], "count": 1}]),
                message("UBO", "1803859300.000200", thread_ts="1803859200.000100"),
            ],
            "general/2027-03-02.json": [
                message("UBO", "1803945600.000100", thread_ts="1803945600.000100"),
                message("UANNA", "1803945700.000200", thread_ts="1803945600.000100", subtype="thread_broadcast"),
            ],
            "sales/2027-03-02.json": [
                message(
                    "UBO",
                    "1803945800.000300",
                    reactions=[{"name": "heart", "users": ["UANNA", "UBO"], "count": 2}],
                ),
            ],
        },
    )


def racket_export() -> Path:
    """Return the export of a real community's two years; skips the test where it is not beside the repository.

    What people wrote is left out of it, and their names are made up.
    """
    beside = ROOT.resolve().parent / "shared" / "data" / "slack-export-racket.zip"
    return Path(require_tool("slack-export-racket.zip", beside, f"it lies in {beside.parent}"))
