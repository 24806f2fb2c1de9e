"""The one thing that somebody may like, which a tip points to: what it is, and why it was chosen. Pure.

An announcement on a topic that they follow or have shown to like; else a lively public channel near that, which several
people are in who are like them: they follow the same topic, belong to the same home team, or share channels with them.
Fewer than five are never spoken of, so that nobody is recognised in a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.topics.interests import Interests
from storage.interests import UnreadOnTopic
from storage.tables import Because

# PRODUCT chapter 3: no names, and nothing to recognise anybody by, in a group of under 5.
FEWEST_PEERS = 5


@dataclass(frozen=True, slots=True)
class Peers:
    """How many people like somebody are in one channel that they are not in: by topic that both follow, of their home
    team, and of those who are in other channels together with them.
    """

    followers: Mapping[int, int] = field(default_factory=dict)
    team: int = 0
    companions: int = 0


@dataclass(frozen=True, slots=True)
class Liked:
    """What was chosen: the row of an announcement or a channel, as `because` says, and the topic that it is near to."""

    because: Because
    row: int
    topic: int | None = None


def announcement_to_like(unread: Sequence[UnreadOnTopic], interests: Interests) -> Liked | None:
    """Return the first announcement on a topic that somebody follows, else on one that they have shown to like."""
    for because, liked in ((Because.FOLLOWED, interests.follows), (Because.SHOWN, interests.shown)):
        for one in unread:
            if one.topics & liked:
                return Liked(because, one.announcement_id, min(one.topics & liked))
    return None


def channel_to_like(channels: Sequence[tuple[int, Peers]], interests: Interests) -> Liked | None:
    """Return the liveliest channel with enough people like somebody in it; `channels` by row, the liveliest first.

    Those who follow the same topic say most, then the home team, then those who share channels.
    """
    for channel, peers in channels:
        near = sorted(topic for topic in interests.follows if peers.followers.get(topic, 0) >= FEWEST_PEERS)
        if near:
            return Liked(Because.SAME_TOPIC, channel, near[0])
    for channel, peers in channels:
        if peers.team >= FEWEST_PEERS:
            return Liked(Because.HOME_TEAM, channel)
    for channel, peers in channels:
        if peers.companions >= FEWEST_PEERS:
            return Liked(Because.SHARED_CHANNELS, channel)
    return None
