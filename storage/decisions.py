"""Decisions: the checklist each was made with, what was answered, and where it stands."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.dialect import insert
from storage.search import index_statements
from storage.tables import Anchoring, Announcement, AnnouncementText, Decision, DecisionStatus


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
    session: Session,
    workspace_id: int,
    decision: Decision,
    answers: dict[str, Any],
    *,
    review_on: date | None,
    replaces_id: int | None,
) -> None:
    """Keep what was answered on the checklist."""
    await session.execute(
        update(Decision)
        .where(col(Decision.workspace_id) == workspace_id, col(Decision.id) == decision.id)
        .values(answers=answers, review_on=review_on, replaces_id=replaces_id)
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
    await index_decision(session, workspace_id, announcement_id)


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


async def note_review_asked(session: Session, workspace_id: int, decision_id: int, today: date) -> bool:
    """Record that a decision's owner is asked whether to keep it; False when they were before."""
    changed = await session.execute(
        update(Decision)
        .where(
            col(Decision.workspace_id) == workspace_id,
            col(Decision.id) == decision_id,
            col(Decision.review_asked_on).is_(None),
        )
        .values(review_asked_on=today)
        .returning(col(Decision.id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


async def keep_until(session: Session, workspace_id: int, decision_id: int, review_on: date | None) -> None:
    """Record that a decision is kept, and when it is to be looked at again; None: never."""
    await session.execute(
        update(Decision)
        .where(col(Decision.workspace_id) == workspace_id, col(Decision.id) == decision_id)
        .values(review_on=review_on, review_asked_on=None)
        .execution_options(synchronize_session=False)
    )


async def withdraw_decision(session: Session, workspace_id: int, decision_id: int, why: str) -> None:
    """Record that a decision does not stand any more, and why: by itself, or with the announcement that carries it."""
    await session.execute(
        update(Decision)
        .where(col(Decision.workspace_id) == workspace_id, col(Decision.id) == decision_id)
        .values(status=DecisionStatus.WITHDRAWN, withdrawn_why=why)
        .execution_options(synchronize_session=False)
    )


async def index_decision(session: Session, workspace_id: int, announcement_id: int) -> None:
    """Have the log find a published decision by what it says now, in all its languages. A draft is not found."""
    found = await session.execute(
        select(Decision, Announcement.revision)
        .join(Announcement, col(Announcement.id) == col(Decision.announcement_id))
        .where(
            col(Decision.workspace_id) == workspace_id,
            col(Decision.announcement_id) == announcement_id,
            col(Decision.outcome).is_not(None),
        )
        .execution_options(populate_existing=True)
    )
    row = found.first()
    if row is None:
        return
    decision, revision = row
    texts = await session.execute(
        select(AnnouncementText.folded).where(
            col(AnnouncementText.workspace_id) == workspace_id,
            col(AnnouncementText.announcement_id) == announcement_id,
            col(AnnouncementText.revision) == revision,
        )
    )
    said = [*texts.scalars(), *(str(answer["words"]) for answer in decision.answers.values())]
    for statement in index_statements(session, decision, "\n".join(said)):
        await session.execute(statement)
