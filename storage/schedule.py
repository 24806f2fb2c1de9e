"""What goes out at a time of its own: what is scheduled, what is due, and what has not come all the way out."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, exists, select, update

from storage.database import Session
from storage.tables import Announcement, AnnouncementState, FanOut, Outbox


async def scheduled_by(session: Session, workspace_id: int, author_id: int) -> Sequence[Announcement]:
    """Return what a member has scheduled, the next first."""
    found = await session.execute(
        select(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.author_id) == author_id,
            col(Announcement.state) == AnnouncementState.SCHEDULED,
        )
        .order_by(col(Announcement.publish_at), col(Announcement.id))
    )
    return found.scalars().all()


async def due_announcements(
    session: Session, workspace_id: int, now: datetime, *, limit: int
) -> Sequence[Announcement]:
    """Return what is scheduled and whose time has come, the longest due first."""
    found = await session.execute(
        select(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.state) == AnnouncementState.SCHEDULED,
            col(Announcement.publish_at) <= now,
        )
        .order_by(col(Announcement.publish_at), col(Announcement.id))
        .limit(limit)
    )
    return found.scalars().all()


async def store_way_out(
    session: Session, workspace_id: int, announcement: Announcement, *, why_open: str, is_proposal: bool
) -> None:
    """Keep how a scheduled announcement is to be published; the row in hand shows it too."""
    await session.execute(
        update(Announcement)
        .where(col(Announcement.workspace_id) == workspace_id, col(Announcement.id) == announcement.id)
        .values(why_open=why_open, is_proposal=is_proposal)
        .execution_options(synchronize_session="evaluate")
    )


async def unfinished(session: Session, workspace_id: int, copy: str) -> Sequence[Announcement]:
    """Return what is on its way out and whose copies (messages of the name `copy`) nobody has begun to write."""
    found = await session.execute(
        select(Announcement).where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.state) == AnnouncementState.PUBLISHING,
            ~exists().where(
                col(FanOut.workspace_id) == workspace_id,
                col(FanOut.message) == copy,
                col(FanOut.subject_id) == col(Announcement.id),
            ),
        )
    )
    return found.scalars().all()


async def find_once(session: Session, workspace_id: int, once: str) -> Outbox | None:
    """Return the outbox row of this meaning."""
    found = await session.execute(select(Outbox).where(Outbox.workspace_id == workspace_id, Outbox.once == once))
    return found.scalar_one_or_none()
