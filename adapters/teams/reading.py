"""Reads what happened from an activity (adapters/teams/activities.py says what can). Pure; turns.py acts on it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from adapters.teams.activities import (
    Acted,
    Activity,
    Answering,
    AskedOfMessage,
    BotCame,
    BotLeft,
    FileAnswered,
    Nothing,
    Origin,
    PeopleCame,
    PeopleLeft,
    Reacted,
    Scope,
    TeamChange,
    TeamChanged,
    Upload,
    Wrote,
)
from adapters.teams.pictures import SentFile
from adapters.teams.pressing import read_data
from adapters.teams.wire import Malformed, Wire
from adapters.teams.words import without_mention

_FILE: Final = "application/vnd.microsoft.teams.file.download.info"
THREAD: Final = ";messageid="


class UnknownActivity(Exception):
    """A type or invoke that this version does not know."""


_QUIET_TYPES: Final = ("typing", "trace", "event", "endOfConversation", "messageUpdate", "messageDelete")


def identity_of(conversation: str, activity: str | None, action: str, person: str) -> str:
    """Return the identity of what somebody did: that of its activity, told once or more often."""
    return f"teams:{conversation}:{activity}:{action}:{person}"


def activity_of(wire: Wire, now: datetime) -> Activity:
    """Return what happened; `now` is when, where Teams does not say.

    Raises Malformed and UnknownActivity.
    """
    if wire.type in _QUIET_TYPES or (wire.sender.is_bot and wire.type in ("message", "messageReaction")):
        return Nothing()
    origin = _origin(wire, now)
    match wire.type:
        case "message":
            return _message(wire, origin)
        case "messageReaction":
            if wire.reply_to_id is None:
                raise Malformed
            return Reacted(origin, wire.reply_to_id, _kinds(wire.reactions_added), _kinds(wire.reactions_removed))
        case "conversationUpdate":
            return _update(wire, origin)
        case "installationUpdate":
            return _installation(wire, origin)
        case "invoke":
            return _invoke(wire, origin)
        case _:
            raise UnknownActivity


def _origin(wire: Wire, now: datetime) -> Origin:
    data = wire.channel_data
    tenant = wire.conversation.tenant_id or (data.tenant.id if data.tenant is not None else None)
    if not tenant:
        raise Malformed
    conversation, _, thread = wire.conversation.id.partition(THREAD)
    scope = _scope(wire)
    client = next((entity for entity in wire.entities if entity.type == "clientInfo"), None)
    return Origin(
        tenant=tenant,
        service_url=wire.service_url,
        conversation=wire.conversation.id,
        scope=scope,
        channel=None if scope is Scope.PERSONAL else conversation,
        thread=thread or None,
        person=wire.sender,
        bot=wire.recipient,
        at=wire.timestamp or now,
        activity=wire.id,
        team=data.team.id if data.team is not None else None,
        team_name=data.team.name if data.team is not None else None,
        team_group=data.team.aad_group_id if data.team is not None else None,
        channel_name=(data.channel.name if data.channel is not None else None) or wire.conversation.name,
        channel_type=data.channel.type if data.channel is not None else None,
        locale=wire.locale or (client.locale if client is not None else None),
        zone=client.timezone if client is not None else None,
    )


def _scope(wire: Wire) -> Scope:
    kind = wire.conversation.conversation_type
    if kind is None:
        # Teams leaves it out of some updates of teams.
        if wire.channel_data.team is not None:
            return Scope.CHANNEL
        return Scope.GROUP if wire.conversation.is_group else Scope.PERSONAL
    try:
        return Scope(kind)
    except ValueError:
        raise Malformed from None


def _message(wire: Wire, origin: Origin) -> Activity:
    if wire.id is None:
        raise Malformed
    if wire.value is not None:
        pressed = read_data(wire.value)
        if pressed is not None:
            return Acted(origin, pressed, wire.reply_to_id, Answering.MESSAGE)
    text, mentions_bot = without_mention(wire.text or "", wire.entities, wire.recipient.id)
    to_everybody = origin.scope is Scope.CHANNEL and _is_to_everybody(wire, origin)
    return Wrote(origin, text, mentions_bot, to_everybody, tuple(_files(wire)))


def _is_to_everybody(wire: Wire, origin: Origin) -> bool:
    """Whether a mention is of the channel or its team, and of neither a person nor a tag."""
    mentioned = [
        entity.mentioned.get("id") for entity in wire.entities if entity.type == "mention" and entity.mentioned
    ]
    return any(found is not None and found in (origin.channel, origin.team) for found in mentioned)


def _files(wire: Wire) -> Iterator[SentFile]:
    """Yield the files of a message: attached ones, and pictures that were pasted into it."""
    for attached in wire.attachments:
        kind = attached.content_type or ""
        if kind == _FILE and isinstance(attached.content, dict):
            url = attached.content.get("downloadUrl")
            if isinstance(url, str):
                # Made for this one reading: it needs no token, and is to be given none.
                yield SentFile(url, needs_token=False)
        elif kind.startswith("image/") and attached.content_url:
            yield SentFile(attached.content_url, needs_token=True)


def _kinds(reactions: list[Any]) -> tuple[str, ...]:
    return tuple(reaction.type for reaction in reactions)


def _update(wire: Wire, origin: Origin) -> Activity:
    if any(member.id == wire.recipient.id for member in wire.members_added):
        return BotCame(origin)
    if any(member.id == wire.recipient.id for member in wire.members_removed):
        return BotLeft(origin)
    if wire.members_added:
        return PeopleCame(origin, tuple(member for member in wire.members_added if not member.is_bot))
    if wire.members_removed:
        return PeopleLeft(origin, tuple(member for member in wire.members_removed if not member.is_bot))
    try:
        return TeamChanged(origin, TeamChange(wire.channel_data.event_type))
    except ValueError:
        return Nothing()


def _installation(wire: Wire, origin: Origin) -> Activity:
    match wire.action:
        case "add":
            return BotCame(origin)
        case "remove":
            return BotLeft(origin)
        case "add-upgrade":
            # Everybody who has the app would be greeted by each new version of it.
            return Nothing() if origin.scope is Scope.PERSONAL else BotCame(origin)
        case "remove-upgrade":
            return Nothing()
        case _:
            raise Malformed


def _invoke(wire: Wire, origin: Origin) -> Activity:
    if wire.id is None:
        raise Malformed
    value = wire.value if isinstance(wire.value, dict) else {}
    match wire.name:
        case "adaptiveCard/action":
            action = value.get("action")
            # `trigger` tells a card that refreshes itself from one that is pressed; ours do not refresh themselves.
            return _acted(wire, origin, action.get("data") if isinstance(action, dict) else None, Answering.CARD)
        case "task/fetch":
            return _acted(wire, origin, value.get("data"), Answering.FETCH)
        case "task/submit":
            return _acted(wire, origin, value.get("data"), Answering.SUBMIT)
        case "composeExtension/fetchTask":
            return _asked_of_message(origin, value)
        case "fileConsent/invoke":
            return _file_answered(wire, origin, value)
        case "composeExtension/submitAction":
            return _acted(wire, origin, value.get("data"), Answering.SUBMIT)
        case _:
            raise UnknownActivity


def _file_answered(wire: Wire, origin: Origin, value: dict[str, Any]) -> Activity:
    if value.get("action") != "accept":
        # One that is declined is nowhere.
        return Nothing()
    asked = read_data(value.get("context"))
    if asked is None:
        raise Malformed
    return FileAnswered(origin, wire.reply_to_id, asked, _upload(value))


def _upload(value: dict[str, Any]) -> Upload:
    info = value.get("uploadInfo")
    if not isinstance(info, dict):
        raise Malformed
    told = [info.get(key) for key in ("uploadUrl", "contentUrl", "name", "uniqueId", "fileType")]
    words = [one for one in told if isinstance(one, str)]
    if len(words) < len(told):
        raise Malformed
    return Upload(*words)


def _acted(wire: Wire, origin: Origin, data: object, answering: Answering) -> Acted:
    pressed = read_data(data)
    if pressed is None:
        raise Malformed
    return Acted(origin, pressed, wire.reply_to_id, answering)


def _asked_of_message(origin: Origin, value: dict[str, Any]) -> AskedOfMessage:
    command, payload = value.get("commandId"), value.get("messagePayload")
    if not isinstance(command, str) or not isinstance(payload, dict):
        raise Malformed
    body = payload.get("body")
    content = body.get("content") if isinstance(body, dict) else None
    text, _ = without_mention(content if isinstance(content, str) else "", (), origin.bot.id)
    message = payload.get("id")
    return AskedOfMessage(origin, command, text[:20_000], message if isinstance(message, str) else None)
