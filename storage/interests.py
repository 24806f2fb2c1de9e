"""Which topics people follow, what has been learnt of them, and where others like them are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import aliased
from sqlmodel import col, delete, update

from storage.announcements import VISIBLE
from storage.database import Session
from storage.people import present
from storage.tables import (
    Announcement,
    AnnouncementTopic,
    ChannelMember,
    FollowedTopic,
    LearntTopic,
    Member,
    Recipient,
    Topic,
)


async def follow(session: Session, workspace_id: int, member_id: int, topic_ids: Sequence[int]) -> None:
    """Let a member follow these topics, and no others."""
    await session.execute(
        delete(FollowedTopic).where(
            col(FollowedTopic.workspace_id) == workspace_id, col(FollowedTopic.member_id) == member_id
        )
    )
    if topic_ids:
        await session.execute(
            insert(FollowedTopic),
            [{"workspace_id": workspace_id, "member_id": member_id, "topic_id": topic_id} for topic_id in topic_ids],
        )


async def followed_by(session: Session, workspace_id: int, member_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the topics, retired ones left out, that each of the members follows."""
    rows = await session.execute(
        select(col(FollowedTopic.member_id), col(FollowedTopic.topic_id))
        .join(Topic, col(Topic.id) == col(FollowedTopic.topic_id))
        .where(
            col(FollowedTopic.workspace_id) == workspace_id,
            col(FollowedTopic.member_id).in_(member_ids),
            col(Topic.is_retired).is_(False),
        )
    )
    found: dict[int, set[int]] = defaultdict(set)
    for member_id, topic_id in rows:
        found[member_id].add(topic_id)
    return found


async def learnt_of(
    session: Session, workspace_id: int, member_ids: Sequence[int]
) -> dict[int, dict[int, tuple[float, date]]]:
    """Return what has been learnt of each of the members: by topic, retired ones left out, a score and its day."""
    rows = await session.execute(
        select(col(LearntTopic.member_id), col(LearntTopic.topic_id), col(LearntTopic.score), col(LearntTopic.as_of))
        .join(Topic, col(Topic.id) == col(LearntTopic.topic_id))
        .where(
            col(LearntTopic.workspace_id) == workspace_id,
            col(LearntTopic.member_id).in_(member_ids),
            col(Topic.is_retired).is_(False),
        )
    )
    found: dict[int, dict[int, tuple[float, date]]] = defaultdict(dict)
    for member_id, topic_id, score, as_of in rows:
        found[member_id][topic_id] = (score, as_of)
    return found


async def store_learnt(
    session: Session, workspace_id: int, member_id: int, learnt: Mapping[int, tuple[float, date] | None]
) -> None:
    """Keep what has been learnt of a member by topic, in place of what was; nothing where it is None.

    The caller has locked the member's row.
    """
    for topic_id, known in learnt.items():
        of_topic = (
            col(LearntTopic.workspace_id) == workspace_id,
            col(LearntTopic.member_id) == member_id,
            col(LearntTopic.topic_id) == topic_id,
        )
        if known is None:
            await session.execute(delete(LearntTopic).where(*of_topic))
            continue
        score, as_of = known
        changed = await session.execute(
            update(LearntTopic)
            .where(*of_topic)
            .values(score=score, as_of=as_of)
            .returning(col(LearntTopic.topic_id))
            .execution_options(synchronize_session=False)
        )
        if changed.first() is None:
            await session.execute(
                insert(LearntTopic).values(
                    workspace_id=workspace_id, member_id=member_id, topic_id=topic_id, score=score, as_of=as_of
                )
            )


async def forget_learnt(session: Session, workspace_id: int, *, before: date) -> None:
    """Delete what has been learnt and has not been added to since that day."""
    await session.execute(
        delete(LearntTopic).where(col(LearntTopic.workspace_id) == workspace_id, col(LearntTopic.as_of) < before)
    )


@dataclass(frozen=True, slots=True)
class UnreadOnTopic:
    """An announcement that waits to be read, with its topics."""

    announcement_id: int
    topics: frozenset[int]


async def unread_on_topics(
    session: Session, workspace_id: int, member_id: int, topic_ids: Sequence[int], *, since: datetime
) -> Sequence[UnreadOnTopic]:
    """Return what stands, waits to be read by a member and is about one of the topics, published since then.

    What its readers are asked to confirm is left out: its reminders speak of it. The newest first.
    """
    rows = await session.execute(
        select(col(AnnouncementTopic.announcement_id), col(AnnouncementTopic.topic_id))
        .join(Announcement, col(Announcement.id) == col(AnnouncementTopic.announcement_id))
        .join(Recipient, col(Recipient.announcement_id) == col(Announcement.id))
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.state).in_(VISIBLE),
            col(Announcement.confirm).is_(False),
            col(Announcement.published_at) >= since,
            col(Recipient.member_id) == member_id,
            col(Recipient.read_at).is_(None),
            col(AnnouncementTopic.topic_id).in_(topic_ids),
        )
        .order_by(col(Announcement.published_at).desc(), col(Announcement.id).desc())
    )
    topics: dict[int, set[int]] = defaultdict(set)
    for announcement_id, topic_id in rows:
        topics[announcement_id].add(topic_id)
    return [UnreadOnTopic(announcement_id, frozenset(found)) for announcement_id, found in topics.items()]


async def teams_in_channels(
    session: Session, workspace_id: int, channel_ids: Sequence[int]
) -> dict[int, dict[int, int]]:
    """Return how many present people in each of the channels belong to each home team."""
    rows = await session.execute(
        select(col(ChannelMember.channel_id), col(Member.home_team_id), func.count())
        .join(Member, col(Member.id) == col(ChannelMember.member_id))
        .where(
            col(ChannelMember.workspace_id) == workspace_id,
            col(ChannelMember.channel_id).in_(channel_ids),
            *present(),
        )
        .group_by(col(ChannelMember.channel_id), col(Member.home_team_id))
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for channel_id, home_team_id, count in rows:
        if home_team_id is not None:
            found[channel_id][home_team_id] = count
    return found


async def followers_in_channels(
    session: Session, workspace_id: int, channel_ids: Sequence[int]
) -> dict[int, dict[int, int]]:
    """Return how many present people in each of the channels follow each topic."""
    rows = await session.execute(
        select(col(ChannelMember.channel_id), col(FollowedTopic.topic_id), func.count())
        .join(FollowedTopic, col(FollowedTopic.member_id) == col(ChannelMember.member_id))
        .join(Member, col(Member.id) == col(ChannelMember.member_id))
        .where(
            col(ChannelMember.workspace_id) == workspace_id,
            col(ChannelMember.channel_id).in_(channel_ids),
            *present(),
        )
        .group_by(col(ChannelMember.channel_id), col(FollowedTopic.topic_id))
    )
    found: dict[int, dict[int, int]] = defaultdict(dict)
    for channel_id, topic_id, count in rows:
        found[channel_id][topic_id] = count
    return found


async def companions_in_channels(
    session: Session, workspace_id: int, member_id: int, channel_ids: Sequence[int], *, sharing: int
) -> dict[int, int]:
    """Return how many present people in each of the channels are in so many other channels together with a member."""
    own, other = aliased(ChannelMember), aliased(ChannelMember)
    companions = (
        select(col(other.member_id))
        .join(own, col(own.channel_id) == col(other.channel_id))
        .where(
            col(own.workspace_id) == workspace_id,
            col(own.member_id) == member_id,
            col(other.member_id) != member_id,
        )
        .group_by(col(other.member_id))
        .having(func.count() >= sharing)
    )
    rows = await session.execute(
        select(col(ChannelMember.channel_id), func.count())
        .join(Member, col(Member.id) == col(ChannelMember.member_id))
        .where(
            col(ChannelMember.workspace_id) == workspace_id,
            col(ChannelMember.channel_id).in_(channel_ids),
            col(ChannelMember.member_id).in_(companions),
            *present(),
        )
        .group_by(col(ChannelMember.channel_id))
    )
    return {channel_id: int(count) for channel_id, count in rows}
