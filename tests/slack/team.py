"""One workspace of the stand-in for Slack: who is in it, where, and what stands there."""

from dataclasses import dataclass, field
from typing import Any

from adapters.slack.manifest import SCOPES

Answer = dict[str, Any]


@dataclass
class Said:
    """One message as it stands."""

    channel: str
    ts: str
    user_token: str
    body: Answer
    thread_ts: str | None = None
    only_for: str | None = None
    edits: int = 0


@dataclass
class Shared:
    """One file as it was shared, with the words above it."""

    channel: str
    name: str
    words: str
    content: bytes


@dataclass
class File:
    """One file that is shared nowhere: its bytes, and whether Slack is done with it and shows it."""

    content: bytes = b""
    is_ready: bool = True
    # What Slack says of it where that is not so.
    url: str = ""
    size: int = 0


@dataclass
class Team:
    """One workspace: who and what is in it, and the token of its bot."""

    team_id: str
    token: str
    name: str = "Test"
    enterprise_id: str | None = None
    is_enterprise_install: bool = False
    bot_user_id: str = "UBOT"
    bot_id: str = "BBOT"
    users: list[Answer] = field(default_factory=list)
    channels: list[Answer] = field(default_factory=list)
    members: dict[str, list[str]] = field(default_factory=dict)
    groups: list[Answer] = field(default_factory=list)
    # Of a whole Grid: its workspaces.
    teams: list[str] = field(default_factory=list)
    # What the token may do; everything, unless a test takes something away.
    scopes: list[str] = field(default_factory=lambda: list(SCOPES))


def direct(user: str) -> str:
    """Return the id of somebody's conversation with the bot."""
    return f"D{user}"


def conversation(users: str) -> str:
    """Return the id of the conversation that some people, told as Slack is told of them, have with the bot."""
    people = users.split(",")
    return direct(users) if len(people) == 1 else "G" + "-".join(sorted(people))
