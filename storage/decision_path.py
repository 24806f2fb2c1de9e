"""Who of the managers has been sent the decision path, and has read it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import col, or_, select, update

from storage.database import Session
from storage.dialect import insert
from storage.people import here
from storage.tables import HomeTeam, Member, PathReader


async def managers_not_told(session: Session, workspace_id: int, version: int) -> Sequence[int]:
    """Return the row ids of the managers (team leads and the management group) who were not sent this version."""
    told = select(PathReader.member_id).where(PathReader.workspace_id == workspace_id, PathReader.version == version)
    found = await session.execute(
        select(col(Member.id))
        .where(Member.workspace_id == workspace_id, *here(), _manages(workspace_id), col(Member.id).not_in(told))
        .order_by(col(Member.id))
    )
    return [row_id for row_id in found.scalars() if row_id is not None]


async def note_told(session: Session, workspace_id: int, member_id: int, version: int, now: datetime) -> bool:
    """Record that a manager is sent a version; False when they were before."""
    added = await session.execute(
        insert(PathReader)
        .values(workspace_id=workspace_id, member_id=member_id, version=version, told_at=now)
        .on_conflict_do_nothing()
        .returning(col(PathReader.member_id))
    )
    return added.first() is not None


async def note_path_read(session: Session, workspace_id: int, member_id: int, version: int, now: datetime) -> bool:
    """Record that a manager has read the version they were sent; False when they were not sent it. The first stays."""
    changed = await session.execute(
        update(PathReader)
        .where(
            col(PathReader.workspace_id) == workspace_id,
            col(PathReader.member_id) == member_id,
            col(PathReader.version) == version,
        )
        .values(read_at=func.coalesce(PathReader.read_at, now))
        .returning(col(PathReader.member_id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


async def find_path_reader(session: Session, workspace_id: int, member_id: int, version: int) -> PathReader | None:
    """Return what is known of a manager and a version; None for one who was not sent it."""
    found = await session.execute(
        select(PathReader)
        .where(
            PathReader.workspace_id == workspace_id, PathReader.member_id == member_id, PathReader.version == version
        )
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def count_path_readers(session: Session, workspace_id: int, version: int) -> tuple[int, int]:
    """Return how many were sent a version, and how many of them have said that they have read it."""
    found = await session.execute(
        select(func.count(), func.count(col(PathReader.read_at))).where(
            PathReader.workspace_id == workspace_id, PathReader.version == version
        )
    )
    told, read = found.one()
    return told, read


def _manages(workspace_id: int) -> ColumnElement[bool]:
    leads = select(HomeTeam.lead_id).where(HomeTeam.workspace_id == workspace_id, col(HomeTeam.lead_id).is_not(None))
    return or_(col(Member.in_management_group).is_(True), col(Member.id).in_(leads))
