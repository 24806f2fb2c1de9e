"""To whom no direct message gets through, as far as is known: the preview counts them before anything is sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlmodel import col

from storage.database import Session
from storage.people import find_member
from storage.tables import ClosedTo, ClosedWay, Member, Operation, Outbox, OutboxState

_CLOSED: Mapping[str, ClosedTo] = {
    OutboxState.BLOCKED: ClosedTo.BLOCKED,
    OutboxState.UNREACHABLE: ClosedTo.UNREACHABLE,
}


async def note_ways(session: Session, workspace_id: int, settled: Sequence[Outbox], now: datetime) -> None:
    """Keep what became of direct messages: whose way is closed by now, and whose is open again."""
    told = {
        row.member_id: _CLOSED.get(row.state)
        for row in settled
        if row.member_id is not None
        and row.operation == Operation.POST
        and (row.state == OutboxState.SENT or row.state in _CLOSED)
    }
    if not told:
        return
    await session.execute(
        delete(ClosedWay).where(col(ClosedWay.workspace_id) == workspace_id, col(ClosedWay.member_id).in_(list(told)))
    )
    closed = [
        {"member_id": member_id, "workspace_id": workspace_id, "why": why, "since": now}
        for member_id, why in told.items()
        if why is not None
    ]
    if closed:
        await session.execute(insert(ClosedWay), closed)


async def close_way(session: Session, workspace_id: int, external_id: str, why: ClosedTo, now: datetime) -> None:
    """Keep that the platform has told that nothing gets through to a member any more."""
    await open_way(session, workspace_id, external_id)
    member = await find_member(session, workspace_id, external_id)
    if member is not None:
        values = {"member_id": member.id, "workspace_id": workspace_id, "why": why, "since": now}
        await session.execute(insert(ClosedWay).values(values))


async def open_way(session: Session, workspace_id: int, external_id: str) -> None:
    """Forget that nothing got through to a member: the platform has told that they are there."""
    member = select(col(Member.id)).where(
        col(Member.workspace_id) == workspace_id, col(Member.external_id) == external_id
    )
    await session.execute(
        delete(ClosedWay).where(col(ClosedWay.workspace_id) == workspace_id, col(ClosedWay.member_id).in_(member))
    )
