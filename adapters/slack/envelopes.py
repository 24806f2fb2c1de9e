"""What comes in by either of Slack's doors, told apart and checked before anything looks into it: pure readings.

Over HTTP and by Socket Mode the same payloads come in other wrappings; a `Kind` is what is in them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

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
            is_sound = _is_sound_interaction(payload)
    return Other(is_event=False) if is_sound else None


def _event(envelope: Payload) -> Read | None:
    match envelope.get("type"):
        case "app_rate_limited":
            return Limited(envelope.get("team_id"), envelope.get("minute_rate_limited"))
        case "event_callback":
            event = envelope.get("event")
            if not isinstance(event, dict) or not isinstance(event.get("type"), str):
                return None
            # What is written to the bot is answered; that is Bolt's.
            is_counted = event["type"] in COUNTED and event.get("channel_type") != "im"
            return Counted(envelope) if is_counted else Other(is_event=True)
        case _:
            return Other(is_event=False)


def _is_sound_interaction(payload: Payload) -> bool:
    user = payload.get("user")
    if not isinstance(user, dict) or not user.get("id"):
        return False
    match payload.get("type"):
        case "block_actions":
            actions = payload.get("actions")
            is_sound = isinstance(actions, list) and bool(actions) and isinstance(actions[0], dict)
            return is_sound and bool(payload.get("trigger_id"))
        case "view_submission":
            return isinstance(payload.get("view"), dict)
        case "message_action" | "shortcut":
            return bool(payload.get("trigger_id") and payload.get("callback_id"))
        case kind:
            return isinstance(kind, str)
