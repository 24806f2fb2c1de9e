"""Parts of a workspace's directory that an event has made out of date: noted with the event, asked for right after."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select, update

from storage.database import Session
from storage.dialect import insert
from storage.tables import DirectoryPart, Workspace


async def note_part(session: Session, workspace_id: int, place: str, part: str, now: datetime) -> None:
    """Have a part of the directory asked for at once; told twice, it is asked for once."""
    statement = insert(DirectoryPart).values(workspace_id=workspace_id, place=place, part=part, due_at=now)
    await session.execute(
        statement.on_conflict_do_update(index_elements=["workspace_id", "place", "part"], set_={"due_at": now})
    )


async def claim_parts(
    session: Session, platform: str, now: datetime, again_after: timedelta
) -> Sequence[DirectoryPart]:
    """Claim the parts of a platform's directories that are due; nobody else gets them before `again_after`."""
    claimed = await session.execute(
        update(DirectoryPart)
        .where(
            col(DirectoryPart.due_at) <= now,
            col(DirectoryPart.workspace_id).in_(select(Workspace.id).where(Workspace.platform == platform)),
        )
        .values(due_at=now + again_after)
        .returning(DirectoryPart)
        .execution_options(synchronize_session=False)
    )
    return claimed.scalars().all()


async def part_done(session: Session, workspace_id: int, claimed: DirectoryPart) -> None:
    """Note that a claimed part is known; what has been told of it since stays due."""
    await session.execute(
        delete(DirectoryPart).where(
            col(DirectoryPart.workspace_id) == workspace_id,
            col(DirectoryPart.place) == claimed.place,
            col(DirectoryPart.part) == claimed.part,
            col(DirectoryPart.due_at) == claimed.due_at,
        )
    )
