"""Questions that readers ask about an announcement."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import col, update

from storage.database import Session
from storage.tables import Question


async def add_question(
    session: Session, workspace_id: int, announcement_id: int, member_id: int, question: str, now: datetime
) -> int:
    """Store a question; returns its row id."""
    row = Question(
        workspace_id=workspace_id,
        announcement_id=announcement_id,
        member_id=member_id,
        text=question,
        asked_at=now,
    )
    session.add(row)
    await session.flush()
    if row.id is None:
        raise ValueError("the question was not stored")
    return row.id


async def get_question(session: Session, workspace_id: int, question_id: int) -> Question:
    """Return a question of this workspace by row id."""
    found = await session.execute(
        select(Question).where(col(Question.workspace_id) == workspace_id, col(Question.id) == question_id)
    )
    return found.scalar_one()


async def record_question_failure(session: Session, workspace_id: int, question_id: int, reason: str) -> None:
    """Keep why a question could not be posted in the thread."""
    await session.execute(
        update(Question)
        .where(col(Question.workspace_id) == workspace_id, col(Question.id) == question_id)
        .values(failure=reason)
    )
