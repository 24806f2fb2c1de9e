"""Decisions: the checklist each was made with, what was answered, and where it stands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.tables import Anchoring, Announcement, Decision, DecisionStatus


async def find_decision(session: Session, workspace_id: int, announcement_id: int) -> Decision | None:
    """Return the decision that an announcement carries."""
    found = await session.execute(
        select(Decision).where(Decision.workspace_id == workspace_id, Decision.announcement_id == announcement_id)
    )
    return found.scalar_one_or_none()


async def decision_or_new(
    session: Session, workspace_id: int, announcement_id: int, checklist: Mapping[str, Any]
) -> Decision:
    """Return an announcement's decision, storing one with this checklist if it has none yet."""
    await session.execute(
        insert(Decision)
        .values(workspace_id=workspace_id, announcement_id=announcement_id, checklist=dict(checklist), answers={})
        .on_conflict_do_nothing()
    )
    found = await session.execute(
        select(Decision).where(Decision.workspace_id == workspace_id, Decision.announcement_id == announcement_id)
    )
    return found.scalar_one()


async def store_answers(
    session: Session, workspace_id: int, decision: Decision, answers: dict[str, Any], review_on: date | None
) -> None:
    """Keep what was answered on the checklist."""
    await session.execute(
        update(Decision)
        .where(col(Decision.workspace_id) == workspace_id, col(Decision.id) == decision.id)
        .values(answers=answers, review_on=review_on)
    )


async def store_outcome(
    session: Session, workspace_id: int, announcement_id: int, status: DecisionStatus, outcome: Anchoring
) -> None:
    """Record where a published decision stands in the log, and how it was anchored."""
    await session.execute(
        update(Decision)
        .where(col(Decision.workspace_id) == workspace_id, col(Decision.announcement_id) == announcement_id)
        .values(status=status, outcome=outcome)
    )


async def drop_decision(session: Session, workspace_id: int, announcement_id: int) -> None:
    """Forget the checklist of what is published as news after all."""
    await session.execute(
        delete(Decision).where(
            col(Decision.workspace_id) == workspace_id, col(Decision.announcement_id) == announcement_id
        )
    )


async def has_announced_decision(session: Session, workspace_id: int, member_id: int) -> bool:
    """Whether a member has published a decision before, or a proposal of one."""
    found = await session.execute(
        select(Decision.id)
        .join(Announcement, col(Announcement.id) == col(Decision.announcement_id))
        .where(
            Decision.workspace_id == workspace_id,
            Announcement.author_id == member_id,
            col(Announcement.published_at).is_not(None),
        )
        .limit(1)
    )
    return found.first() is not None
