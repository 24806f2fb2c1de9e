"""Decisions, their checklists' answers, and the management group's."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, select, update

from storage.database import Session
from storage.tables import (
    AnchoringAnswer,
    AnchoringAnswerKind,
    AnchoringRequest,
    AnchoringState,
    Decision,
    DecisionStatus,
)


async def find_decision(session: Session, workspace_id: int, announcement_id: int) -> Decision | None:
    """Return the decision that an announcement carries."""
    found = await session.execute(
        select(Decision).where(Decision.workspace_id == workspace_id, Decision.announcement_id == announcement_id)
    )
    return found.scalar_one_or_none()


async def decision_or_new(
    session: Session, workspace_id: int, announcement_id: int, checklist: dict[str, Any]
) -> Decision:
    """Return an announcement's decision, storing one with this checklist if it has none yet."""
    await session.execute(
        insert(Decision)
        .values(workspace_id=workspace_id, announcement_id=announcement_id, checklist=checklist, answers={})
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
    decision.answers = answers
    decision.review_on = review_on
    await session.execute(
        update(Decision)
        .where(col(Decision.workspace_id) == workspace_id, col(Decision.id) == decision.id)
        .values(answers=answers, review_on=review_on)
    )


async def store_status(session: Session, workspace_id: int, announcement_id: int, status: DecisionStatus) -> None:
    """Record where a decision stands in the log."""
    await session.execute(
        update(Decision)
        .where(col(Decision.workspace_id) == workspace_id, col(Decision.announcement_id) == announcement_id)
        .values(status=status)
    )


async def add_anchoring_request(
    session: Session,
    workspace_id: int,
    announcement_id: int,
    *,
    rule: str,
    revision: int,
    asked: Sequence[int],
    now: datetime,
) -> int:
    """Store that these members are asked whether the decision is anchored; returns the request's row id."""
    request = AnchoringRequest(
        workspace_id=workspace_id, announcement_id=announcement_id, rule=rule, revision=revision, asked_at=now
    )
    session.add(request)
    await session.flush()
    if request.id is None:
        raise ValueError("the request was not stored")
    session.add_all(
        AnchoringAnswer(workspace_id=workspace_id, request_id=request.id, member_id=member_id) for member_id in asked
    )
    await session.flush()
    return request.id


async def find_anchoring_request(session: Session, workspace_id: int, request_id: int) -> AnchoringRequest | None:
    """Return an anchoring request of this workspace by row id."""
    found = await session.execute(
        select(AnchoringRequest).where(
            AnchoringRequest.workspace_id == workspace_id, col(AnchoringRequest.id) == request_id
        )
    )
    return found.scalar_one_or_none()


async def current_anchoring_request(
    session: Session, workspace_id: int, announcement_id: int
) -> AnchoringRequest | None:
    """Return the announcement's latest request that has not been stopped."""
    found = await session.execute(
        select(AnchoringRequest)
        .where(
            AnchoringRequest.workspace_id == workspace_id,
            AnchoringRequest.announcement_id == announcement_id,
            AnchoringRequest.state != AnchoringState.STOPPED,
        )
        .order_by(col(AnchoringRequest.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def anchoring_answers(session: Session, workspace_id: int, request_id: int) -> Sequence[AnchoringAnswer]:
    """Return each asked member's answer, in the order they were asked."""
    found = await session.execute(
        select(AnchoringAnswer)
        .where(AnchoringAnswer.workspace_id == workspace_id, AnchoringAnswer.request_id == request_id)
        .order_by(col(AnchoringAnswer.id))
    )
    return found.scalars().all()


async def get_anchoring_answer(session: Session, workspace_id: int, answer_id: int) -> AnchoringAnswer:
    """Return one member's answer by row id."""
    found = await session.execute(
        select(AnchoringAnswer).where(
            AnchoringAnswer.workspace_id == workspace_id, col(AnchoringAnswer.id) == answer_id
        )
    )
    return found.scalar_one()


async def store_anchoring_answer(
    session: Session,
    workspace_id: int,
    answer: AnchoringAnswer,
    kind: AnchoringAnswerKind,
    words: str,
    now: datetime,
) -> None:
    """Keep what an asked member answered; a later answer takes the place of the first."""
    answer.answer = kind
    answer.text = words
    answer.answered_at = now
    await session.execute(
        update(AnchoringAnswer)
        .where(col(AnchoringAnswer.workspace_id) == workspace_id, col(AnchoringAnswer.id) == answer.id)
        .values(answer=kind, text=words, answered_at=now)
    )


async def settle_anchoring_request(
    session: Session, workspace_id: int, request_id: int, state: AnchoringState, now: datetime | None
) -> None:
    """Record that a request is met or stopped, or open again (`now` None)."""
    await session.execute(
        update(AnchoringRequest)
        .where(col(AnchoringRequest.workspace_id) == workspace_id, col(AnchoringRequest.id) == request_id)
        .values(state=state, settled_at=now)
    )


async def requests_waiting_for(session: Session, workspace_id: int, member_id: int) -> Sequence[AnchoringRequest]:
    """Return the open requests that a member was asked and has not answered, oldest first."""
    found = await session.execute(
        select(AnchoringRequest)
        .join(AnchoringAnswer, col(AnchoringAnswer.request_id) == col(AnchoringRequest.id))
        .where(
            AnchoringRequest.workspace_id == workspace_id,
            AnchoringRequest.state == AnchoringState.OPEN,
            AnchoringAnswer.member_id == member_id,
            col(AnchoringAnswer.answer).is_(None),
        )
        .order_by(col(AnchoringRequest.id))
    )
    return found.scalars().all()
