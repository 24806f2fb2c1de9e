"""Errands: going through many people once, a page at a time. What there is to do with each is the caller's."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import exists, or_
from sqlmodel import col, select, update

from storage.database import Session
from storage.dialect import insert
from storage.tables import Errand, Round


async def begin_errand(
    session: Session, workspace_id: int, name: str, day: date, now: datetime, *, subject_id: int = 0
) -> bool:
    """Begin an errand of that day; False when it had been begun before."""
    begun = await session.execute(
        insert(Errand)
        .values(workspace_id=workspace_id, name=name, subject_id=subject_id, day=day, begun_at=now, cursor=0)
        .on_conflict_do_nothing()
        .returning(col(Errand.id))
    )
    return begun.first() is not None


async def claim_errand(
    session: Session, workspace_id: int, name: str, day: date, now: datetime, *, subject_id: int = 0
) -> Errand | None:
    """Return the errand of that day, locked until this transaction ends; None when all of it has been done."""
    await begin_errand(session, workspace_id, name, day, now, subject_id=subject_id)
    found = await session.execute(
        select(Errand)
        .where(
            Errand.workspace_id == workspace_id,
            Errand.name == name,
            Errand.subject_id == subject_id,
            Errand.day == day,
            col(Errand.done_at).is_(None),
        )
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def errands_under_way(session: Session, workspace_id: int, name: str) -> Sequence[Errand]:
    """Return the errands of this name that are not done, the oldest first, locked until this transaction ends."""
    found = await session.execute(
        select(Errand)
        .where(Errand.workspace_id == workspace_id, Errand.name == name, col(Errand.done_at).is_(None))
        .order_by(col(Errand.id))
        .with_for_update()
    )
    return found.scalars().all()


async def advance_errand(
    session: Session, workspace_id: int, errand: Errand, cursor: int | None, now: datetime
) -> None:
    """Record that an errand has dealt with the members up to row id `cursor`; None: with all of them."""
    values = {"done_at": now} if cursor is None else {"cursor": cursor}
    await session.execute(
        update(Errand).where(col(Errand.workspace_id) == workspace_id, col(Errand.id) == errand.id).values(values)
    )


async def anything_under_way(session: Session, workspace_id: int) -> bool:
    """Whether an errand or a weekly round has been begun and is not done, so that the next tick goes on with it."""
    found = await session.execute(
        select(
            or_(
                exists().where(col(Errand.workspace_id) == workspace_id, col(Errand.done_at).is_(None)),
                exists().where(col(Round.workspace_id) == workspace_id, col(Round.done_at).is_(None)),
            )
        )
    )
    return bool(found.scalar_one())
