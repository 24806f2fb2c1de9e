"""The short way for what people write in channels, which is most of all that Teams tells and is only counted. Pure.

The strict reading of a whole activity (wire.py) takes longer than everything else about one that is only counted. So an
activity is first looked at for just that, in plain looks; whatever is not exactly as expected takes the whole reading,
which refuses what is malformed. What is taken here comes to the same there (tests/teams/test_counted.py).
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from adapters.teams.activities import Scope, Told, workspace_key
from adapters.teams.reading import THREAD, identity_of
from adapters.teams.wire import (
    ADDRESSES,
    BOT,
    BOTS,
    LONGEST_ID,
    LONGEST_NAME,
    LONGEST_TEXT,
    TEAMS,
    is_moment,
)
from bot.events import WROTE, Seen

_CLIENT: Final = "clientInfo"
_MARKED_UP: Final = "text/html"
# Of all that ISO 8601 allows, Teams writes a moment by its day and its time in full.
_MOMENT_LENGTHS: Final = range(20, 36)
_TIME_BEGINS: Final = 10

# A message that has one of these is more than words.
_NEVER: Final = ("value", "action")
_NONE_OF: Final = ("reactionsAdded", "reactionsRemoved", "membersAdded", "membersRemoved")
_OF_ACTIVITY: Final = ("name", "locale")
_OF_ACCOUNT: Final = ("name", "aadObjectId", "tenantId", "role")
_OF_CONVERSATION: Final = ("tenantId", "name")
_OF_DATA: Final = ("eventType",)
_OF_NAMED: Final = ("name", "aadGroupId", "type")
_OF_CLIENT: Final = ("text", "locale", "timezone", "country")


class Counted(NamedTuple):
    """A message in a channel that is not for the bot. `tenants` are all that it names; `tenant` is where it counts."""

    service_url: str
    tenants: tuple[str | None, str]
    tenant: str
    told: Told
    seen: Seen


def only_counted(body: Any) -> Counted | None:
    """Return what an activity is, None for one that takes the whole reading."""
    if type(body) is not dict or body.get("type") != "message" or body.get("channelId") != TEAMS:
        return None
    sender: Any = body.get("from")
    conversation: Any = body.get("conversation")
    data: Any = body.get("channelData")
    if not (_is_persons(sender) and _is_channel(conversation) and _is_placed(data) and _is_only_words(body)):
        return None
    client, at = _client(body.get("entities")), _moment(body.get("timestamp"))
    if client is None or at is None:
        return None
    place, _, thread = conversation["id"].partition(THREAD)
    named, channel, message = conversation.get("tenantId"), data.get("channel") or {}, body["id"]
    tenant = named or data["tenant"]["id"]
    person = sender.get("aadObjectId") or sender["id"]
    told = Told(
        body["serviceUrl"],
        Scope.CHANNEL,
        place,
        sender["id"],
        body.get("locale") or client.get("locale"),
        client.get("timezone"),
        channel.get("name") or conversation.get("name"),
    )
    seen = Seen(
        WROTE,
        workspace_key(tenant),
        person,
        identity_of(conversation["id"], message, WROTE, person),
        at,
        place,
        message,
        # The first message of a thread stands under none.
        thread if thread and thread != message else None,
    )
    return Counted(body["serviceUrl"], (named, data["tenant"]["id"]), tenant, told, seen)


def _is_only_words(body: dict[str, Any]) -> bool:
    """Whether the activity around them is sound, and there is nothing in it but words, or the same words marked up."""
    text, replied, attached = body.get("text"), body.get("replyToId"), body.get("attachments")
    return (
        _is_id(body.get("id"))
        and _is_id(body.get("serviceUrl"))
        and body["serviceUrl"].startswith(ADDRESSES)
        and _is_thing(body.get("recipient"), _OF_ACCOUNT)
        and _have_names(body, _OF_ACTIVITY)
        and (replied is None or _is_id(replied))
        and (text is None or (type(text) is str and len(text) <= LONGEST_TEXT))
        and all(body.get(name) is None for name in _NEVER)
        and all(body.get(name) in (None, []) for name in _NONE_OF)
        and (attached is None or (type(attached) is list and all(map(_is_marked_up, attached))))
    )


def _is_persons(sender: Any) -> bool:
    return _is_thing(sender, _OF_ACCOUNT) and not sender["id"].startswith(BOTS) and sender.get("role") != BOT


def _is_channel(conversation: Any) -> bool:
    return (
        _is_thing(conversation, _OF_CONVERSATION)
        and conversation.get("conversationType") == Scope.CHANNEL.value
        and conversation.get("isGroup") in (None, True, False)
    )


def _is_placed(data: Any) -> bool:
    return (
        type(data) is dict
        and _is_thing(data.get("tenant"), _OF_NAMED)
        and all(data.get(name) is None or _is_thing(data[name], _OF_NAMED) for name in ("team", "channel"))
        and _have_names(data, _OF_DATA)
    )


def _is_marked_up(attached: Any) -> bool:
    return type(attached) is dict and attached.get("contentType") == _MARKED_UP and attached.get("contentUrl") is None


def _client(entities: Any) -> dict[str, Any] | None:
    """Return what the sender's client tells about itself; None where there is more, such as a mention."""
    if entities is None:
        return {}
    if type(entities) is not list:
        return None
    for entity in entities:
        if type(entity) is not dict or entity.get("type") != _CLIENT or entity.get("mentioned") is not None:
            return None
        if not _have_names(entity, _OF_CLIENT):
            return None
    return entities[0] if entities else {}


def _moment(told: Any) -> float | None:
    if type(told) is not str or len(told) not in _MOMENT_LENGTHS or told[_TIME_BEGINS] != "T":
        return None
    try:
        at = datetime.fromisoformat(told)
    except ValueError:
        return None
    return at.timestamp() if is_moment(at) else None


def _is_thing(thing: Any, names: tuple[str, ...]) -> bool:
    """Whether it is something with an id and these names, as far as it has them."""
    return type(thing) is dict and _is_id(thing.get("id")) and _have_names(thing, names)


def _is_id(told: Any) -> bool:
    return type(told) is str and 0 < len(told) <= LONGEST_ID


def _have_names(thing: dict[str, Any], names: tuple[str, ...]) -> bool:
    for name in names:
        told = thing.get(name)
        if told is not None and (type(told) is not str or len(told) > LONGEST_NAME):
            return False
    return True
