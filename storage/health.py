"""How a database is doing, over all its workspaces: for whoever runs the program, never for the people in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, exists, select

from storage.database import Session
from storage.outbox import QUEUED, SENDING
from storage.tables import Member, MemberState, Outbox, Platform, Workspace


@dataclass(frozen=True, slots=True)
class Waiting:
    """The rows of the outbox that are not settled, and for how many seconds the oldest due one has been due."""

    queued: int
    sending: int
    oldest_due_seconds: float


async def waiting_to_go_out(session: Session, now: datetime) -> Waiting:
    """Return what waits in the outbox; `now` is product time. Both states are counted from partial indexes."""
    queued = await session.execute(select(func.count()).select_from(Outbox).where(QUEUED))
    sending = await session.execute(select(func.count()).select_from(Outbox).where(SENDING))
    # Workspace by workspace, so that the index on what is due answers it.
    first = select(func.min(Outbox.not_before)).where(col(Outbox.workspace_id) == col(Workspace.id), QUEUED)
    oldest = await session.execute(
        select(func.min(first.correlate(Workspace).scalar_subquery())).select_from(Workspace)
    )
    due_since = oldest.scalar_one()
    late = 0.0 if due_since is None else max(0.0, (now - due_since).total_seconds())
    return Waiting(queued.scalar_one(), sending.scalar_one(), late)


async def workspaces_without_lead(session: Session) -> list[int]:
    """Return the row ids of workspaces of a chat platform whose last communications lead has left, or never came.

    A history that was only imported has none, and needs none.
    """
    has_lead = exists().where(
        col(Member.workspace_id) == col(Workspace.id),
        col(Member.is_communications_lead),
        col(Member.state) != MemberState.LEFT,
    )
    found = await session.execute(
        select(col(Workspace.id))
        .where(col(Workspace.platform) != Platform.IMPORTED, ~has_lead)
        .order_by(col(Workspace.id))
    )
    return [workspace_id for workspace_id in found.scalars() if workspace_id is not None]
