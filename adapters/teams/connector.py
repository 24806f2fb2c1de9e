"""The Bot Connector as the rest of this adapter sees it: a small gateway of our own, so that what is behind it can
be another one. rest.py implements it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Spot:
    """A conversation: the service that holds it, and its id there, with the thread in a channel."""

    service_url: str
    conversation: str


@dataclass(frozen=True, slots=True)
class Rostered:
    """One person of a roster. `role` is "guest" or "anonymous" for those from outside; a roster knows no zone."""

    id: str
    directory_id: str | None
    name: str
    email: str | None
    principal: str | None
    tenant: str | None
    role: str | None


# What Teams calls a channel that everybody in its team is in.
STANDARD: Final = "standard"


@dataclass(frozen=True, slots=True)
class Listed:
    """One channel of a team; the general one has no name. A private or a shared one has people of its own."""

    id: str
    name: str | None
    has_own_people: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a roster; `next` asks for the one after it."""

    people: Sequence[Rostered]
    next: str | None


class Refused(Exception):
    """The service answered no. `code` is its own word for why, `retry_after` in seconds where it says so."""

    def __init__(self, status: int, code: str, retry_after: float | None = None) -> None:
        """Keep what the service answered."""
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code
        self.retry_after = retry_after


class NotReached(Exception):
    """The service could not be reached, or no token could be had for it; nothing was sent."""


class NoAnswer(Exception):
    """The answer never came: it may be done or not."""


class Connector(Protocol):
    """What a bot can ask of Teams. Every call raises Refused, NotReached or NoAnswer."""

    async def create_direct(self, service_url: str, tenant: str, bot: str, person: str) -> str:
        """Return the id of the conversation between the bot and one person, which is made where there is none."""
        ...

    async def send(self, spot: Spot, activity: Json) -> str:
        """Send an activity; returns its id."""
        ...

    async def update(self, spot: Spot, activity_id: str, activity: Json) -> None:
        """Put an activity in the place of one sent before."""
        ...

    async def members(self, spot: Spot, page: str | None) -> Page:
        """Return a page of a conversation's roster: the first, or the one that a page named as its next."""
        ...

    async def member(self, spot: Spot, person: str) -> Rostered:
        """Return one person of a conversation."""
        ...

    async def team(self, service_url: str, team: str) -> tuple[str, str | None]:
        """Return a team's name and the id of its group in the directory."""
        ...

    async def channels(self, service_url: str, team: str) -> Sequence[Listed]:
        """Return the ids and names of a team's channels; the general one has no name."""
        ...
