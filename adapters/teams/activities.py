"""What can happen, as an activity tells it: one of a small closed union, read by adapters/teams/reading.py."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import lru_cache
from typing import NamedTuple

from adapters.teams.pictures import SentFile
from adapters.teams.pressing import Pressed
from adapters.teams.wire import Account
from bot.events import Place, WorkspaceKey
from storage.tables import Platform


class Scope(Enum):
    """Where people can meet the bot."""

    PERSONAL = "personal"
    CHANNEL = "channel"
    GROUP = "groupChat"


class Told(NamedTuple):
    """Everything that an activity tells about its sender and its place; `place` is a channel or a conversation."""

    service_url: str
    scope: Scope
    place: str | None
    person: str
    locale: str | None
    zone: str | None
    channel_name: str | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and by whom; `conversation` is the whole id, `channel` without its thread (None in a personal chat)."""

    tenant: str
    service_url: str
    conversation: str
    scope: Scope
    channel: str | None
    thread: str | None
    person: Account
    bot: Account
    at: datetime
    activity: str | None
    team: str | None = None
    team_name: str | None = None
    team_group: str | None = None
    channel_name: str | None = None
    channel_type: str | None = None
    locale: str | None = None
    zone: str | None = None

    @property
    def workspace(self) -> WorkspaceKey:
        """The tenant, as the core knows it."""
        return workspace_key(self.tenant)

    @property
    def told(self) -> Told:
        """What it tells about its sender and its place."""
        place = self.conversation if self.scope is Scope.PERSONAL else self.channel
        return Told(self.service_url, self.scope, place, self.person.id, self.locale, self.zone, self.channel_name)

    def place(self, message: str | None) -> Place:
        """Return the place of a message here. The first message of a thread stands under none."""
        return Place(self.channel, message, self.thread if self.thread != message else None)


@dataclass(frozen=True, slots=True)
class Wrote:
    """A message, without the mention of the bot."""

    origin: Origin
    text: str
    mentions_bot: bool
    # It mentions the channel it stands in, or the whole team.
    to_everybody: bool = False
    files: tuple[SentFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Reacted:
    """Reactions put on a message and taken off it."""

    origin: Origin
    message: str
    put: tuple[str, ...]
    taken_off: tuple[str, ...]


class Answering(Enum):
    """How Teams wants the answer to something pressed."""

    CARD = "card"
    FETCH = "fetch"
    SUBMIT = "submit"
    # A plain Action.Submit: no answer is shown by itself.
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Acted:
    """A button that was pressed or a form that was sent; `message` is the one that it stands in, if any."""

    origin: Origin
    pressed: Pressed
    message: str | None
    answering: Answering


@dataclass(frozen=True, slots=True)
class AskedOfMessage:
    """A message extension's command on a message, whose text comes along."""

    origin: Origin
    command: str
    text: str
    message: str | None


@dataclass(frozen=True, slots=True)
class Upload:
    """Where a file may be put (`url`), and what Teams needs to lead to it then."""

    url: str
    content_url: str
    name: str
    unique_id: str
    file_type: str


@dataclass(frozen=True, slots=True)
class FileAnswered:
    """Somebody has accepted a file that they had asked for by a button; `message` offered it."""

    origin: Origin
    message: str | None
    asked: Pressed
    upload: Upload


@dataclass(frozen=True, slots=True)
class BotCame:
    """The app was installed here, or is another version in a team or a group chat."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class BotLeft:
    """The app was uninstalled here."""

    origin: Origin


@dataclass(frozen=True, slots=True)
class PeopleCame:
    """People came into a team or a group chat."""

    origin: Origin
    people: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class PeopleLeft:
    """People left a team or a group chat."""

    origin: Origin
    people: tuple[Account, ...]


class TeamChange(Enum):
    """What can happen to a team or to a channel of it, in Teams' words."""

    TEAM_RENAMED = "teamRenamed"
    TEAM_DELETED = "teamDeleted"
    TEAM_HARD_DELETED = "teamHardDeleted"
    TEAM_ARCHIVED = "teamArchived"
    TEAM_UNARCHIVED = "teamUnarchived"
    TEAM_RESTORED = "teamRestored"
    CHANNEL_CREATED = "channelCreated"
    CHANNEL_RENAMED = "channelRenamed"
    CHANNEL_DELETED = "channelDeleted"
    CHANNEL_RESTORED = "channelRestored"


@dataclass(frozen=True, slots=True)
class TeamChanged:
    """A team or one of its channels is another than before."""

    origin: Origin
    change: TeamChange


@dataclass(frozen=True, slots=True)
class Nothing:
    """Something that the bot need not know, such as typing or an edited message."""


Activity = (
    Wrote
    | Reacted
    | Acted
    | AskedOfMessage
    | FileAnswered
    | BotCame
    | BotLeft
    | PeopleCame
    | PeopleLeft
    | TeamChanged
    | Nothing
)


@lru_cache(maxsize=4096)
def workspace_key(tenant: str) -> WorkspaceKey:
    """Return a tenant's name for the core."""
    return WorkspaceKey(Platform.TEAMS.value, tenant)
