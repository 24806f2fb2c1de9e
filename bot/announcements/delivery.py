"""Tells an announcement's picture what became of each copy."""

from bot.announcements.picture import PICTURE
from storage.announcements import record_delivery
from storage.database import Session
from storage.outbox import refresh_posted
from storage.tables import Delivery, Operation, Outbox, OutboxState

_DELIVERY = {
    OutboxState.SENT: Delivery.SENT,
    OutboxState.FAILED: Delivery.FAILED,
    OutboxState.BLOCKED: Delivery.BLOCKED,
    OutboxState.UNREACHABLE: Delivery.UNREACHABLE,
    OutboxState.UNKNOWN: Delivery.UNKNOWN,
    # Not needed any more: they had read it at its home.
    OutboxState.DROPPED: Delivery.HOME,
}


async def copy_settled(session: Session, row: Outbox) -> None:
    """Record what became of a copy, in the transaction that settles its row."""
    state = OutboxState(row.state)
    if row.operation != Operation.POST or row.member_id is None or state not in _DELIVERY:
        return
    await record_delivery(session, row.workspace_id, row.subject_id, row.member_id, _DELIVERY[state], row.reason)
    if row.settled_at is not None:
        await refresh_posted(session, row.workspace_id, PICTURE, row.subject_id, now=row.settled_at)
