"""What the database keeps, read by a connection of the test's own: without the product's queries, rules and cards."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]


class Records:
    """Reads tables of one SQLite file."""

    def __init__(self, path: Path) -> None:
        """Open the file, to read it only."""
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self._connection.row_factory = sqlite3.Row

    def rows(self, query: str, *values: object) -> list[Row]:
        """Return the rows of a query."""
        return [dict(row) for row in self._connection.execute(query, values)]

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def moment(kept: str | None) -> datetime | None:
    """Read a moment as it is kept."""
    return None if kept is None else datetime.fromisoformat(kept).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything about announcements that is kept at one moment, by row id where it has one."""

    announcements: dict[int, Row]
    # Every title and text that an announcement has had, each with its revision.
    texts: dict[int, list[Row]]
    recipients: dict[int, list[Row]]
    # How many recipients of each were erased, by whether they had read.
    former: dict[int, Counter[bool]]
    # By row id, what the platform calls each, and in which state they are.
    members: dict[int, Row]
    # The announcements whose audience is written down.
    complete: set[int]
    steps: dict[int, list[Row]]
    decisions: dict[int, Row]
    requests: dict[int, list[Row]]
    answers: dict[int, list[Row]]
    # The revisions of each that the person it is written for has approved.
    approved: dict[int, set[int]]


def kept_now(records: Records) -> Kept:
    """Return what is kept now."""
    former: dict[int, Counter[bool]] = defaultdict(Counter)
    for row in records.rows("SELECT announcement_id, has_read, count FROM former_recipients"):
        former[row["announcement_id"]][bool(row["has_read"])] += row["count"]
    approved: dict[int, set[int]] = defaultdict(set)
    for row in records.rows("SELECT announcement_id, revision FROM behalf_request WHERE state = 'approved'"):
        approved[row["announcement_id"]].add(row["revision"])
    done = (
        "SELECT announcement_id FROM fan_out WHERE announcement_id IS NOT NULL AND done_at IS NOT NULL AND reason = ''"
    )
    return Kept(
        announcements={row["id"]: row for row in records.rows("SELECT * FROM announcement ORDER BY id")},
        texts=_by(records.rows("SELECT * FROM announcement_text"), "announcement_id"),
        recipients=_by(records.rows("SELECT * FROM recipient"), "announcement_id"),
        former=former,
        members={row["id"]: row for row in records.rows("SELECT id, external_id, state FROM member")},
        complete={row["announcement_id"] for row in records.rows(done)},
        steps=_by(records.rows("SELECT * FROM announcement_step ORDER BY id"), "announcement_id"),
        decisions={row["announcement_id"]: row for row in records.rows("SELECT * FROM decision")},
        requests=_by(records.rows("SELECT * FROM anchoring_request ORDER BY id"), "announcement_id"),
        answers=_by(records.rows("SELECT * FROM anchoring_answer ORDER BY id"), "request_id"),
        approved=approved,
    )


def _by(rows: list[Row], key: str) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def outcome_by_the_rule(decision: Row, request: Row | None, answers: list[Row]) -> str:
    """Compute how a decision stands, from what was answered to its checklist and by the management group.

    As PRODUCT's chapter 2 says it, in words of this test's own: only the decision, who decided and the anchoring count.
    """
    given, declared = {}, None
    for item in json.loads(decision["checklist"])["items"]:
        answer = json.loads(decision["answers"]).get(item["key"], {"words": "", "declared": None})
        if item["role"] == "anchoring":
            declared = answer["declared"]
        elif item["role"] in ("decision", "decider"):
            given[item["role"]] = bool(answer["words"])
    says_so = declared in ("yes", "not_needed")
    begun = any(answer["answer"] == "anchored" for answer in answers)
    group_says_so = request is not None and enough_say_so(request["rule"], answers)
    if all(given.values()) and group_says_so:
        return "by_group"
    if all(given.values()) and says_so:
        return "self_declared"
    return "partly" if says_so or group_says_so or begun else "not_yet"


def enough_say_so(rule: str, answers: list[Row]) -> bool:
    """Say whether the management group has anchored something: whoever objects, or says nothing, has been asked too."""
    yes = sum(answer["answer"] == "anchored" for answer in answers)
    enough: bool = {"any": yes > 0, "majority": yes > len(answers) - yes, "all": yes == len(answers) > 0}[rule]
    return enough


# How each of these begins where it is shown.
LINES = {
    "by_group": ("Anchored by the management group",),
    "self_declared": ("Anchored, says ", "Needed no anchoring, says "),
    "partly": ("Partly anchored",),
    "not_yet": ("Not yet anchored",),
}


def situation(recipient: Row, state: str) -> str:
    """Return which part of an author's picture a recipient belongs to: the first cause wins, *read* always."""
    if recipient["read_at"] is not None:
        return "read"
    if state == "left":
        return "left"
    ways = ("failed", "blocked", "unreachable", "unknown")
    return str(recipient["delivery"]) if recipient["delivery"] in ways else "not_yet"
