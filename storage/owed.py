"""Edits that are owed to people who were away: their messages show what is true when they are back."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import col, select, update

from storage.database import Session
from storage.outbox import queue_edits
from storage.tables import Member, MemberState, Operation, Outbox, OutboxState, Posted


async def make_up_for_edits(session: Session, workspace_id: int, member_id: int, now: datetime) -> None:
    """Queue the edits of what stands with a member and was not changed while they were away.

    Such an edit is a row that was dropped and is kept as a record, however long they stay away (bot/courier.py).
    """
    owed = (
        col(Outbox.workspace_id) == workspace_id,
        col(Outbox.member_id) == member_id,
        col(Outbox.operation) == Operation.EDIT,
        col(Outbox.state) == OutboxState.DROPPED,
        col(Outbox.is_record).is_(True),
    )
    found = await session.execute(
        select(Posted).where(
            Posted.workspace_id == workspace_id, col(Posted.id).in_(select(col(Outbox.posted_id)).where(*owed))
        )
    )
    await queue_edits(session, workspace_id, found.scalars().all(), now=now)
    await session.execute(
        update(Outbox).where(*owed).values(is_record=False).execution_options(synchronize_session=False)
    )


async def make_up_to_those_back(
    session: Session, workspace_id: int, member_ids: Collection[int], now: datetime
) -> None:
    """Queue the edits that are owed to those of these people who have come back while that was being found out."""
    if not member_ids:
        return
    # Whoever is coming back at this moment waits until these edits are written down as owed, and so finds them.
    found = await session.execute(
        select(col(Member.id), col(Member.state))
        .where(Member.workspace_id == workspace_id, col(Member.id).in_(member_ids))
        .with_for_update(read=True)
    )
    for member_id, state in found.all():
        if member_id is not None and state == MemberState.ACTIVE:
            await make_up_for_edits(session, workspace_id, member_id, now)
