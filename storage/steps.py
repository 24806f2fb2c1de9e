"""The steps of an announcement's life: each is made once, and kept with who made it, when and why."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlmodel import col, update

from storage.database import Session
from storage.tables import Announcement, AnnouncementState, AnnouncementStep


async def move(
    session: Session,
    workspace_id: int,
    announcement_id: int,
    from_state: AnnouncementState,
    to_state: AnnouncementState,
    *,
    by_member_id: int | None,
    now: datetime,
    why: str = "",
) -> bool:
    """Move an announcement on in its life and keep the step; False when it is not in `from_state` any more.

    What may follow what is in bot/announcements/life.py.
    """
    moved = await session.execute(
        update(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.id) == announcement_id,
            col(Announcement.state) == from_state,
        )
        .values(state=to_state, version=col(Announcement.version) + 1)
        .returning(col(Announcement.id))
        # The row in hand shows it too.
        .execution_options(synchronize_session="evaluate")
    )
    if moved.first() is None:
        return False
    await add_step(session, workspace_id, announcement_id, from_state, to_state, by_member_id, now, why)
    return True


async def add_step(
    session: Session,
    workspace_id: int,
    announcement_id: int | None,
    from_state: AnnouncementState,
    to_state: AnnouncementState,
    by_member_id: int | None,
    now: datetime,
    why: str = "",
) -> None:
    """Keep a transition: who made it, when, and why if said."""
    await session.execute(
        insert(AnnouncementStep).values(
            workspace_id=workspace_id,
            announcement_id=announcement_id,
            from_state=from_state,
            to_state=to_state,
            by_member_id=by_member_id,
            at=now,
            why=why,
        )
    )


async def last_step_to(
    session: Session, workspace_id: int, announcement_id: int, to_state: AnnouncementState
) -> AnnouncementStep | None:
    """Return the latest step that led an announcement into a state."""
    found = await session.execute(
        select(AnnouncementStep)
        .where(
            col(AnnouncementStep.workspace_id) == workspace_id,
            col(AnnouncementStep.announcement_id) == announcement_id,
            col(AnnouncementStep.to_state) == to_state,
        )
        .order_by(col(AnnouncementStep.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()
