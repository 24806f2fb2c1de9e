"""Questions that readers ask about an announcement, and what they reply to a copy of it."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select, union
from sqlmodel import col, update

from storage.database import Session
from storage.tables import Question, ReadBy, Recipient


async def add_question(
    session: Session,
    workspace_id: int,
    announcement_id: int,
    member_id: int,
    question: str,
    now: datetime,
    *,
    is_reply: bool = False,
) -> int:
    """Store a question, or a reply, which waits for its writer's choice; returns its row id."""
    row = Question(
        workspace_id=workspace_id,
        announcement_id=announcement_id,
        member_id=member_id,
        text=question,
        asked_at=now,
        is_reply=is_reply,
        is_waiting=is_reply,
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


async def take_waiting_reply(
    session: Session, workspace_id: int, question_id: int, member_id: int, *, in_thread: bool
) -> Question | None:
    """Return this member's reply, which waits no longer; None when it is not theirs or they have chosen already."""
    taken = await session.execute(
        update(Question)
        .where(*_waiting(workspace_id, question_id, member_id))
        .values(is_waiting=False, in_thread=in_thread)
        .returning(col(Question.id))
        .execution_options(synchronize_session=False)
    )
    return None if taken.first() is None else await get_question(session, workspace_id, question_id)


async def forget_waiting_reply(session: Session, workspace_id: int, question_id: int, member_id: int) -> bool:
    """Forget what this member wrote; False when it is not theirs or they have chosen already."""
    gone = await session.execute(
        delete(Question)
        .where(*_waiting(workspace_id, question_id, member_id))
        .returning(col(Question.id))
        .execution_options(synchronize_session=False)
    )
    return gone.first() is not None


async def count_views(session: Session, workspace_id: int, announcement_id: int) -> int:
    """Return how many people have asked about an announcement or replied to it, in the thread or to its author."""
    asked = select(col(Question.member_id)).where(
        col(Question.workspace_id) == workspace_id,
        col(Question.announcement_id) == announcement_id,
        col(Question.is_waiting).is_(False),
    )
    replied = select(col(Recipient.member_id)).where(
        col(Recipient.workspace_id) == workspace_id,
        col(Recipient.announcement_id) == announcement_id,
        col(Recipient.sign_by) == ReadBy.REPLIED,
    )
    found = await session.execute(select(func.count()).select_from(union(asked, replied).subquery()))
    return int(found.scalar_one())


def _waiting(workspace_id: int, question_id: int, member_id: int) -> list[ColumnElement[bool]]:
    return [
        col(Question.workspace_id) == workspace_id,
        col(Question.id) == question_id,
        col(Question.member_id) == member_id,
        col(Question.is_waiting).is_(True),
    ]


async def record_question_failure(session: Session, workspace_id: int, question_id: int, reason: str) -> None:
    """Keep why a question could not be posted in the thread."""
    await session.execute(
        update(Question)
        .where(col(Question.workspace_id) == workspace_id, col(Question.id) == question_id)
        .values(failure=reason)
    )
