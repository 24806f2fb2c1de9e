"""Who has had the notice: nobody is counted by name before their own has arrived (PRODUCT, "Notice first")."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, exists, func, or_
from sqlmodel import col, select, update

from storage.database import Session
from storage.people import here
from storage.tables import FanOut, Member, Outbox, OutboxState

# What ended without having arrived: mostly because of a passing trouble, or because the person cannot be reached.
_IN_TROUBLE = (OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.DROPPED)
_OUT_OF_REACH = (OutboxState.BLOCKED, OutboxState.UNREACHABLE)


async def note_told(session: Session, workspace_id: int, member_id: int, at: datetime) -> None:
    """Keep when a member's notice had arrived; the first time stays."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id, col(Member.told_at).is_(None))
        .values(told_at=at)
        .execution_options(synchronize_session=False)
    )


async def people_not_told(session: Session, workspace_id: int, message: str, *, limit: int) -> Sequence[int]:
    """Return the row ids of present people for whom a message of this name was never queued.

    Nobody, as long as it is still being queued for everybody.
    """
    going_out = exists().where(
        col(FanOut.workspace_id) == workspace_id, col(FanOut.message) == message, col(FanOut.done_at).is_(None)
    )
    queued = exists().where(
        col(Outbox.workspace_id) == workspace_id,
        col(Outbox.member_id) == col(Member.id),
        col(Outbox.message) == message,
    )
    found = await session.execute(
        select(col(Member.id))
        .where(Member.workspace_id == workspace_id, *here(), col(Member.told_at).is_(None), ~going_out, ~queued)
        .order_by(col(Member.id))
        .limit(limit)
    )
    return [member_id for member_id in found.scalars() if member_id is not None]


async def tell_again(
    session: Session,
    workspace_id: int,
    message: str,
    *,
    now: datetime,
    failed_before: datetime,
    refused_before: datetime,
    limit: int,
) -> None:
    """Queue a message of this name anew for present people whom it has not reached, if its last try is long past.

    The same row is tried again, so that nobody gets two. `failed_before` is for what failed on the way, and
    `refused_before` for people who could not be reached.
    """
    again = (
        select(col(Outbox.id))
        .join(Member, col(Member.id) == col(Outbox.member_id))
        .where(
            col(Outbox.workspace_id) == workspace_id,
            col(Outbox.message) == message,
            *here(),
            col(Member.told_at).is_(None),
            or_(
                and_(col(Outbox.state).in_(_IN_TROUBLE), col(Outbox.settled_at) < failed_before),
                and_(col(Outbox.state).in_(_OUT_OF_REACH), col(Outbox.settled_at) < refused_before),
            ),
        )
        .order_by(col(Outbox.id))
        .limit(limit)
    )
    await session.execute(
        update(Outbox)
        .where(col(Outbox.workspace_id) == workspace_id, col(Outbox.id).in_(again))
        .values(state=OutboxState.QUEUED, reason="", attempts=0, not_before=now, settled_at=None)
        .execution_options(synchronize_session=False)
    )


async def told_or_not(session: Session, workspace_id: int, *, since_before: datetime) -> tuple[int, int]:
    """Return how many present people the notice has reached and how many not, of those heard of before a moment."""
    was_told = case((col(Member.told_at).is_not(None), 1), else_=0)
    found = await session.execute(
        select(func.count(), func.coalesce(func.sum(was_told), 0)).where(
            Member.workspace_id == workspace_id, *here(), col(Member.created_at) < since_before
        )
    )
    people, told = found.one()
    return int(told), int(people) - int(told)
