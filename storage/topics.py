"""The organisation's topics, and what is filed under them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, insert, select
from sqlmodel import col, delete, update

from storage.database import Session
from storage.moment import asked_once
from storage.tables import Announcement, AnnouncementTopic, FollowedTopic, Topic, Workspace


async def begin_topics(session: Session, workspace_id: int, names: Sequence[tuple[str, str]], now: datetime) -> None:
    """Store a workspace's first topics (their Swedish and English names), unless that was done before."""
    begun = await session.execute(
        update(Workspace)
        .where(col(Workspace.id) == workspace_id, col(Workspace.topics_begun_at).is_(None))
        .values(topics_begun_at=now)
        .returning(col(Workspace.id))
        .execution_options(synchronize_session=False)
    )
    if begun.first() is not None:
        for name_sv, name_en in names:
            await add_topic(session, workspace_id, name_sv, name_en)


async def topics_of(session: Session, workspace_id: int) -> Sequence[Topic]:
    """Return a workspace's topics, the retired ones too, as they were added."""
    found = await session.execute(
        select(Topic)
        .where(col(Topic.workspace_id) == workspace_id)
        .order_by(col(Topic.id))
        # The functions below change rows without the session hearing of it.
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def hold_topics(session: Session, workspace_id: int) -> None:
    """Let nobody else change which topics there are until this transaction has ended: no two are called the same."""
    await session.execute(select(col(Workspace.id)).where(col(Workspace.id) == workspace_id).with_for_update())


async def add_topic(session: Session, workspace_id: int, name_sv: str, name_en: str) -> None:
    """Store a new topic."""
    session.add(Topic(workspace_id=workspace_id, name_sv=name_sv, name_en=name_en, folded=_folded(name_sv, name_en)))
    await session.flush()


async def change_topic(
    session: Session,
    workspace_id: int,
    topic_id: int,
    version: int,
    *,
    names: tuple[str, str] | None = None,
    is_retired: bool | None = None,
) -> bool:
    """Give a topic other names (Swedish, English), retire it or bring it back; False when `version` is not its last."""
    values: dict[str, object] = {"version": version + 1}
    if names is not None:
        values |= {"name_sv": names[0], "name_en": names[1], "folded": _folded(*names)}
    if is_retired is not None:
        values["is_retired"] = is_retired
    changed = await session.execute(
        update(Topic)
        .where(col(Topic.workspace_id) == workspace_id, col(Topic.id) == topic_id, col(Topic.version) == version)
        .values(**values)
        .returning(col(Topic.id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


async def follower_counts(session: Session, workspace_id: int) -> dict[int, int]:
    """Return how many people follow each topic; one that nobody follows is left out."""
    rows = await session.execute(
        select(col(FollowedTopic.topic_id), func.count())
        .where(col(FollowedTopic.workspace_id) == workspace_id)
        .group_by(col(FollowedTopic.topic_id))
    )
    return {topic_id: int(count) for topic_id, count in rows}


async def file_under(session: Session, workspace_id: int, announcement_id: int, topic_ids: Sequence[int]) -> None:
    """File an announcement under these topics, and no others."""
    await session.execute(
        delete(AnnouncementTopic).where(
            col(AnnouncementTopic.workspace_id) == workspace_id,
            col(AnnouncementTopic.announcement_id) == announcement_id,
        )
    )
    if topic_ids:
        await session.execute(
            insert(AnnouncementTopic),
            [
                {"workspace_id": workspace_id, "announcement_id": announcement_id, "topic_id": topic_id}
                for topic_id in topic_ids
            ],
        )


async def filed_under(session: Session, workspace_id: int, announcement_ids: Sequence[int]) -> dict[int, list[Topic]]:
    """Return the topics of each of these announcements, as they were added; one without topics is left out."""
    return await _filed_under(session, workspace_id, tuple(announcement_ids))


@asked_once
async def _filed_under(
    session: Session, workspace_id: int, announcement_ids: tuple[int, ...]
) -> dict[int, list[Topic]]:
    rows = await session.execute(
        select(col(AnnouncementTopic.announcement_id), Topic)
        .join(Topic, col(Topic.id) == col(AnnouncementTopic.topic_id))
        .where(
            col(AnnouncementTopic.workspace_id) == workspace_id,
            col(AnnouncementTopic.announcement_id).in_(announcement_ids),
        )
        .order_by(col(Topic.id))
    )
    found: dict[int, list[Topic]] = defaultdict(list)
    for announcement_id, topic in rows:
        found[announcement_id].append(topic)
    return found


def is_about(word: str) -> ColumnElement[bool]:
    """Return the rule of an announcement being filed under a topic that has this word in one of its names."""
    return exists().where(
        col(AnnouncementTopic.announcement_id) == col(Announcement.id),
        col(AnnouncementTopic.topic_id) == col(Topic.id),
        col(Topic.folded).contains(word.casefold(), autoescape=True),
    )


def _folded(name_sv: str, name_en: str) -> str:
    return f"{name_sv}\n{name_en}".casefold()
