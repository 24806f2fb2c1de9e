"""Slack's payloads as events of ours: pure readings, with the identity of the thing that happened in each.

The identity is never the delivery's: Slack has told of one message under many `event_id`s.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from adapters.slack.metadata import Carried, unpacked
from adapters.slack.mrkdwn import to_markdown
from adapters.slack.views import values_of
from bot.events import (
    FIRST_MOMENT,
    LAST_MOMENT,
    OPENED_HOME,
    REACTED,
    UNREACTED,
    WROTE,
    Event,
    Place,
    Seen,
    WorkspaceKey,
)
from bot.intake import REACTED_TO_US
from bot.messages import Target
from storage.tables import Platform

Payload = Mapping[str, Any]

# Messages of these subtypes are somebody's words too; all others are Slack's, a bot's, or changes.
COUNTED_SUBTYPES: Final = frozenset({None, "thread_broadcast", "file_share", "me_message"})
DIRECT: Final = "im"
# `<!channel>`, or with the words it is shown by, `<!here|here>`. What somebody writes that only looks so is escaped.
EVERYBODY: Final = re.compile(r"<!(?:channel|here|everyone)(?:\|[^>]*)?>")
# A block, its sections or lists, a list's items, and what is in them.
DEEPEST: Final = 4
# Between an action's name and what tells two buttons of it apart.
ANOTHER: Final = "#"


@lru_cache(maxsize=4096)
def workspace_key(key: str) -> WorkspaceKey:
    """Return an organisation's name for the core."""
    return WorkspaceKey(Platform.SLACK.value, key)


def places_of(envelope: Payload) -> tuple[str | None, str | None]:
    """Return (workspace, Grid) in which an event was seen, by the first installation that it is delivered for."""
    authorizations = envelope.get("authorizations") or []
    seen = authorizations[0] if authorizations else envelope
    return seen.get("team_id"), seen.get("enterprise_id")


def ended_place(envelope: Payload) -> str:
    """Return the one place in which an installation ended: a workspace, or a whole Grid it was installed for."""
    authorizations = envelope.get("authorizations") or []
    seen = authorizations[0] if authorizations else envelope
    team, grid = seen.get("team_id"), seen.get("enterprise_id")
    return str((grid if seen.get("is_enterprise_install") or not team else team) or "")


def home_of_author(event: Payload) -> str | None:
    """Return the workspace that whoever wrote belongs to, where Slack says so."""
    for key in ("user_team", "source_team", "team"):
        value = event.get(key)
        if isinstance(value, str) and value:
            return value
    return None


def is_words(event: Payload) -> bool:
    """Whether a message event is somebody writing something, and not a bot, a change or a notice."""
    return event.get("subtype") in COUNTED_SUBTYPES and not event.get("bot_id") and bool(event.get("user"))


def wrote(event: Payload, key: str) -> Event | Seen | None:
    """Return what somebody wrote, in a channel or to the bot; None for all else that Slack calls a message."""
    kind = event.get("channel_type")
    if not is_words(event) or kind == "mpim":
        return None
    channel, ts, person = str(event["channel"]), str(event["ts"]), str(event["user"])
    thread = event.get("thread_ts")
    # The first message of a thread stands under none.
    under = str(thread) if thread and str(thread) != ts else None
    identity = f"{channel}:{ts}:wrote:{person}"
    if kind == DIRECT or channel.startswith("D"):
        text = to_markdown(str(event.get("text") or ""), {})
        place = Place(None, ts, under)
        return Event(WROTE, workspace_key(key), person, identity, moment(ts), place, text=text)
    # In a thread Slack lets nobody address everybody.
    to_everybody = not thread and is_to_everybody(event)
    return Seen(WROTE, workspace_key(key), person, identity, seconds(ts), channel, ts, under, to_everybody)


def is_to_everybody(event: Payload) -> bool:
    """Whether a message addresses everybody in its channel: by `@channel`, `@here` or `@everyone`.

    The text of a message says what its blocks say (docs.slack.dev, "Formatting message text"); what is looked into
    are the blocks of one without a text.
    """
    text = event.get("text")
    if text:
        # Most messages have no "<!" in them, and every one of them comes by here.
        return "<!" in str(text) and EVERYBODY.search(str(text)) is not None
    blocks = event.get("blocks")
    return isinstance(blocks, list) and any(_has_broadcast(block) for block in blocks)


def _has_broadcast(element: object) -> bool:
    """Whether there is a broadcast in rich text; what nests deeper than Slack's does is not looked into."""
    level = [element]
    for _ in range(DEEPEST):
        if any(isinstance(one, Mapping) and one.get("type") == "broadcast" for one in level):
            return True
        inside = [one.get("elements") for one in level if isinstance(one, Mapping)]
        level = [inner for elements in inside if isinstance(elements, list) for inner in elements]
    return False


def reacted(event: Payload, key: str) -> Event | Seen | None:
    """Return a reaction given or taken back; None for one on anything but a message.

    In the conversation with the bot it is told only as a sign of having read: that place is never counted.
    """
    item = event.get("item") or {}
    if item.get("type") != "message" or not event.get("user"):
        return None
    channel, ts, person = str(item["channel"]), str(item["ts"]), str(event["user"])
    given = event.get("type") == "reaction_added"
    at = str(event["event_ts"])
    identity = (
        f"{channel}:{ts}:{REACTED if given else UNREACTED}:{person}:{event.get('reaction')}:{event.get('event_ts')}"
    )
    if given and not channel.startswith("D"):
        return Seen(REACTED, workspace_key(key), person, identity, seconds(at), channel, ts)
    if given:
        return Event(
            REACTED_TO_US, workspace_key(key), person, f"{identity}:ours", moment(at), Place(channel, message=ts)
        )
    if channel.startswith("D"):
        return None
    return Event(UNREACTED, workspace_key(key), person, identity, moment(at), Place(channel, message=ts))


def opened_home(event: Payload, key: str) -> Event:
    """Return the opening of the bot's Home."""
    person, at = str(event["user"]), str(event["event_ts"])
    return Event(OPENED_HOME, workspace_key(key), person, f"home:{person}:{at}", moment(at))


def ran_command(body: Payload, key: str, now: datetime) -> Event:
    """Return a slash command. In a direct conversation it belongs to no channel."""
    channel = str(body.get("channel_id") or "")
    return Event(
        action=str(body.get("command", "")).removeprefix("/"),
        workspace=workspace_key(key),
        person=str(body["user_id"]),
        identity=f"command:{body['trigger_id']}",
        at=now,
        place=Place(channel=in_channel(channel)),
        text=str(body.get("text") or "").strip(),
    )


def pressed(body: Payload, key: str, now: datetime) -> Event:
    """Return a pressed button: of a message, of Home, or of a form, whose fields it brings as they stand."""
    action = body["actions"][0]
    view = body.get("view") or {}
    carried = unpacked(view.get("private_metadata") or "")
    return Event(
        action=str(action["action_id"]).split(ANOTHER)[0],
        workspace=workspace_key(key),
        person=str(body["user"]["id"]),
        identity=f"press:{body['trigger_id']}",
        at=now,
        place=place_of(carried) if carried is not None else _place_pressed(body),
        target=target(str(action.get("value") or "")),
        values=values_of(view),
    )


def sent_form(body: Payload, key: str, now: datetime) -> Event | None:
    """Return a sent form; None for a view that asks for nothing."""
    view = body["view"]
    carried = unpacked(view.get("private_metadata") or "")
    if carried is None or not carried.action:
        return None
    return Event(
        action=carried.action,
        workspace=workspace_key(key),
        person=str(body["user"]["id"]),
        identity=f"form:{body.get('trigger_id') or view.get('id')}:{view.get('hash', '')}",
        at=now,
        place=place_of(carried),
        target=Target(carried.row, carried.version),
        values=values_of(view),
    )


def used_shortcut(body: Payload, key: str, now: datetime, text: str) -> Event:
    """Return a shortcut on a message; `text` is what that message says, as Markdown."""
    message = body.get("message") or {}
    channel = str((body.get("channel") or {}).get("id") or "")
    thread = message.get("thread_ts")
    return Event(
        action=str(body["callback_id"]),
        workspace=workspace_key(key),
        person=str(body["user"]["id"]),
        identity=f"shortcut:{body['trigger_id']}",
        at=now,
        place=Place(in_channel(channel), message.get("ts"), thread if thread != message.get("ts") else None),
        text=text,
    )


def place_of(carried: Carried) -> Place:
    """Return where a form was asked for."""
    return Place(carried.channel, carried.message, carried.thread)


def in_channel(channel: str) -> str | None:
    """Return a channel's id, None for a conversation that is nobody else's business."""
    return channel if channel[:1] in ("C", "G") else None


def target(value: str) -> Target | None:
    """Return what a button is about, None where it does not say so as our buttons do."""
    row, _, version = value.partition(".")
    if not (row.isascii() and row.isdigit() and version.isascii() and version.isdigit()):
        return None
    most = 2**63 - 1
    found = Target(int(row), int(version))
    return found if found.row <= most and found.version <= most else None


def moment(ts: str) -> datetime:
    """Return the moment that a Slack timestamp tells, in UTC."""
    return datetime.fromtimestamp(float(ts), UTC)


def seconds(ts: str) -> float:
    """Return the same in seconds since 1970. Raises ValueError for what is no moment."""
    found = float(ts)
    if not FIRST_MOMENT <= found <= LAST_MOMENT:
        raise ValueError(ts)
    return found


def _place_pressed(body: Payload) -> Place:
    container = body.get("container") or {}
    if container.get("type") != "message":
        return Place()
    channel = str(container.get("channel_id") or "")
    ts, thread = container.get("message_ts"), container.get("thread_ts")
    return Place(in_channel(channel), ts, thread if thread != ts else None)
