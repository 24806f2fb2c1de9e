"""Activities as Teams sends them, read strictly: what has another form is refused before anything looks at it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

Id = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Address = Annotated[str, StringConstraints(max_length=4000)]
Name = Annotated[str, StringConstraints(max_length=1000)]


class Malformed(Exception):
    """Not an activity, or not one of Teams."""


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)


class Account(_Wire):
    """A person or a bot: `id` is theirs towards this bot, `aad_object_id` the one in the organisation's directory."""

    id: Id
    name: Name | None = None
    aad_object_id: Name | None = None
    tenant_id: Name | None = None
    role: Name | None = None

    @property
    def person(self) -> str:
        """The id by which we know them: the directory's, which a reinstalled bot meets again."""
        return self.aad_object_id or self.id

    @property
    def is_bot(self) -> bool:
        """Whether this is a bot: of Teams' bots the ids begin with 28."""
        return self.id.startswith("28:") or self.role == "bot"


class Conversation(_Wire):
    """Where it happened. In a channel the id ends with the thread's first message."""

    id: Id
    conversation_type: Name | None = None
    tenant_id: Name | None = None
    name: Name | None = None
    is_group: bool | None = None


class Named(_Wire):
    """A team, channel or tenant in the channel data."""

    id: Id
    name: Name | None = None
    aad_group_id: Name | None = None
    type: Name | None = None


class ChannelData(_Wire):
    """What Teams adds to an activity."""

    event_type: Name | None = None
    tenant: Named | None = None
    team: Named | None = None
    channel: Named | None = None


class Reaction(_Wire):
    """One reaction's kind, such as "like"."""

    type: Id


class Entity(_Wire):
    """A mention, or what the client tells about itself."""

    model_config = ConfigDict(extra="allow")

    type: Name | None = None
    mentioned: dict[str, Any] | None = None
    text: Name | None = None
    locale: Name | None = None
    timezone: Name | None = None
    country: Name | None = None


class Attached(_Wire):
    """Something that comes with a message: a file, a pasted picture, the message once more as HTML."""

    content_type: Name | None = None
    content_url: Address | None = None
    content: Any = None


class Wire(_Wire):
    """One activity."""

    type: Id
    channel_id: Id
    service_url: Id
    id: Id | None = None
    name: Name | None = None
    timestamp: datetime | None = None
    sender: Account = Field(alias="from")
    recipient: Account
    conversation: Conversation
    channel_data: ChannelData = Field(default_factory=ChannelData)
    reply_to_id: Id | None = None
    locale: Name | None = None
    text: Annotated[str, StringConstraints(max_length=100_000)] | None = None
    value: Any = None
    action: Name | None = None
    attachments: list[Attached] = Field(default_factory=list)
    entities: list[Entity] = Field(default_factory=list)
    reactions_added: list[Reaction] = Field(default_factory=list)
    reactions_removed: list[Reaction] = Field(default_factory=list)
    members_added: list[Account] = Field(default_factory=list)
    members_removed: list[Account] = Field(default_factory=list)


def read(body: Any) -> Wire:
    """Return an activity of Teams.

    Raises Malformed for anything else.
    """
    if not isinstance(body, dict):
        raise Malformed
    # Teams writes null where it has nothing to say.
    given = {name: value for name, value in body.items() if value is not None}
    try:
        wire = Wire.model_validate(given)
    except (ValidationError, RecursionError) as invalid:
        raise Malformed from invalid
    if wire.channel_id != "msteams" or not wire.service_url.startswith(("https://", "http://")):
        raise Malformed
    if wire.timestamp is not None and wire.timestamp.tzinfo is None:
        raise Malformed
    return wire
