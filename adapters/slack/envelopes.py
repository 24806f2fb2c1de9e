"""What comes in by either of Slack's doors, told apart and checked before anything looks into it: pure readings.

Over HTTP and by Socket Mode the same payloads come in other wrappings; a `Kind` is what is in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from adapters.slack.shapes import is_event, is_interaction

# What people do by themselves; most of all that Slack tells is this, and is only counted.
COUNTED: Final = frozenset({"message", "reaction_added", "reaction_removed"})

Payload = Mapping[str, Any]


class Kind(StrEnum):
    """What Slack sends: something that happened (and what else it tells of itself), a command, or a press or form."""

    EVENT = "event"
    COMMAND = "command"
    INTERACTION = "interaction"


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that people did by themselves, for the counter alone."""

    envelope: Payload


@dataclass(frozen=True, slots=True)
class Other:
    """Everything else, for Bolt. `is_event`: known by what happened, however often Slack tells of it."""

    is_event: bool


@dataclass(frozen=True, slots=True)
class Limited:
    """Slack has left events of a workspace out, in that minute (seconds since 1970)."""

    team: str | None
    minute: int | None


Read = Counted | Other | Limited


def read(kind: Kind, payload: object) -> Read | None:
    """Return what a payload is, None for one that lacks what each of its kind has: then no reading of it can fail."""
    if not isinstance(payload, dict):
        return None
    match kind:
        case Kind.EVENT:
            return _event(payload)
        case Kind.COMMAND:
            needed = ("command", "user_id", "trigger_id")
            is_sound = "ssl_check" in payload or all(payload.get(name) for name in needed)
        case Kind.INTERACTION:
            is_sound = is_interaction(payload)
    return Other(is_event=False) if is_sound else None


def _event(envelope: Payload) -> Read | None:
    match envelope.get("type"):
        case "app_rate_limited":
            return Limited(envelope.get("team_id"), envelope.get("minute_rate_limited"))
        case "event_callback":
            event = envelope.get("event")
            if not isinstance(event, dict) or not isinstance(event.get("type"), str) or not _is_placed(envelope):
                return None
            # What is written to the bot is answered; that is Bolt's.
            if event["type"] in COUNTED and event.get("channel_type") != "im":
                return Counted(envelope)
            return Other(is_event=True) if is_event(envelope) else None
        case "url_verification":
            return Other(is_event=False) if isinstance(envelope.get("challenge"), str) else None
        case _:
            return None


def _is_placed(envelope: Payload) -> bool:
    """Whether it can be read where this was seen. Said here in few words, since most of all that comes is counted."""
    seen: object = envelope
    if (authorizations := envelope.get("authorizations")) is not None:
        if not isinstance(authorizations, list):
            return False
        seen = authorizations[0] if authorizations else envelope
    if not isinstance(seen, dict):
        return False
    team, grid = seen.get("team_id"), seen.get("enterprise_id")
    return (team is None or isinstance(team, str)) and (grid is None or isinstance(grid, str))
