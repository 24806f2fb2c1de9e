"""Activities as Teams sends them, read strictly: what has another form is refused before anything looks at it."""

from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic.alias_generators import to_camel

from bot.events import FIRST_MOMENT, LAST_MOMENT

TEAMS: Final = "msteams"
ADDRESSES: Final = ("https://", "http://")
LONGEST_ID: Final = 500
LONGEST_NAME: Final = 1000
LONGEST_TEXT: Final = 100_000

Id = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID)]
Address = Annotated[str, StringConstraints(max_length=4000)]
Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]


# Of Teams' bots the ids begin so, and that is their role.
BOTS: Final = "28:"
BOT: Final = "bot"


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
        """Whether this is a bot."""
        return self.id.startswith(BOTS) or self.role == BOT


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
    text: Annotated[str, StringConstraints(max_length=LONGEST_TEXT)] | None = None
    value: Any = None
    action: Name | None = None
    attachments: list[Attached] = Field(default_factory=list)
    entities: list[Entity] = Field(default_factory=list)
    reactions_added: list[Reaction] = Field(default_factory=list)
    reactions_removed: list[Reaction] = Field(default_factory=list)
    members_added: list[Account] = Field(default_factory=list)
    members_removed: list[Account] = Field(default_factory=list)

    @property
    def tenants(self) -> tuple[str | None, str | None]:
        """The organisations that it names as its own; they have to be one."""
        return self.conversation.tenant_id, self.channel_data.tenant.id if self.channel_data.tenant else None


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
    if wire.channel_id != TEAMS or not wire.service_url.startswith(ADDRESSES):
        raise Malformed
    if wire.timestamp is not None and not is_moment(wire.timestamp):
        raise Malformed
    return wire


def is_moment(told: datetime) -> bool:
    """Whether it is said which moment is meant, and there is a day of it in UTC."""
    return told.tzinfo is not None and FIRST_MOMENT <= told.timestamp() <= LAST_MOMENT
