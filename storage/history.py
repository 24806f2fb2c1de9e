"""A history as a file tells it, to be stored by storage/importing.py: who there is, which channels, who wrote when."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from storage.tables import Kind

WRITTEN = (Kind.MESSAGE, Kind.THREAD_REPLY)


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A person or bot of the organisation as a file lists them."""

    external_id: str
    name: str
    email: str | None = None
    zone: str | None = None
    locale: str | None = None
    is_bot: bool = False
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class ListedChannel:
    """A channel as a file lists it; `members` are external ids."""

    external_id: str
    name: str
    purpose: str = ""
    is_private: bool = False
    is_archived: bool = False
    members: Sequence[str] = ()


@dataclass(slots=True)
class ChannelDay:
    """What a file tells of one channel on one UTC day: signs by (member's external id, kind).

    `until` is the time of the last message counted, in seconds since 1970.
    """

    until: float = 0.0
    signs: Counter[tuple[str, Kind]] = field(default_factory=Counter)

    @property
    def written(self) -> int:
        """How many messages and thread replies there are."""
        return sum(count for (_, kind), count in self.signs.items() if kind in WRITTEN)


@dataclass(frozen=True, slots=True)
class History:
    """What a file tells: who and where, and the signs by (channel's external id, day as an ordinal)."""

    members: Sequence[ListedMember]
    channels: Sequence[ListedChannel]
    days: Mapping[tuple[str, int], ChannelDay]
