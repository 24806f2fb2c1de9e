"""Decisions, their checklists' answers, and the management group's."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.tables import (
    Anchoring,
    AnchoringAnswer,
    AnchoringAnswerKind,
    AnchoringRequest,
    AnchoringState,
    Announcement,
    AnnouncementState,
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
    session: Session, workspace_id: int, announcement: Announcement
) -> AnchoringRequest | None:
    """Return the latest request about an announcement as it stands now; None when nobody was asked about this."""
    found = await session.execute(
        select(AnchoringRequest)
        .where(
            AnchoringRequest.workspace_id == workspace_id,
            AnchoringRequest.announcement_id == announcement.id,
            AnchoringRequest.revision == announcement.revision,
        )
        .order_by(col(AnchoringRequest.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def anchoring_requests_about(
    session: Session, workspace_id: int, announcement_id: int
) -> Sequence[AnchoringRequest]:
    """Return every request about an announcement, oldest first."""
    found = await session.execute(
        select(AnchoringRequest)
        .where(AnchoringRequest.workspace_id == workspace_id, AnchoringRequest.announcement_id == announcement_id)
        .order_by(col(AnchoringRequest.id))
    )
    return found.scalars().all()


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
    await session.execute(
        update(AnchoringAnswer)
        .where(col(AnchoringAnswer.workspace_id) == workspace_id, col(AnchoringAnswer.id) == answer.id)
        .values(answer=kind, text=words, answered_at=now)
    )


async def settle_anchoring_request(
    session: Session, workspace_id: int, request_id: int, state: AnchoringState, now: datetime | None
) -> None:
    """Record that a request is met, or open again (`now` None)."""
    await session.execute(
        update(AnchoringRequest)
        .where(col(AnchoringRequest.workspace_id) == workspace_id, col(AnchoringRequest.id) == request_id)
        .values(state=state, settled_at=now)
    )


async def requests_waiting_for(
    session: Session, workspace_id: int, member_id: int
) -> Sequence[tuple[AnchoringRequest, Announcement]]:
    """Return the open requests that a member was asked and has not answered, each with its draft, oldest first."""
    found = await session.execute(
        select(AnchoringRequest, Announcement)
        .join(AnchoringAnswer, col(AnchoringAnswer.request_id) == col(AnchoringRequest.id))
        .join(Announcement, col(Announcement.id) == col(AnchoringRequest.announcement_id))
        .where(
            AnchoringRequest.workspace_id == workspace_id,
            AnchoringRequest.state == AnchoringState.OPEN,
            AnchoringAnswer.member_id == member_id,
            col(AnchoringAnswer.answer).is_(None),
            Announcement.state == AnnouncementState.DRAFT,
            col(Announcement.revision) == col(AnchoringRequest.revision),
        )
        .order_by(col(AnchoringRequest.id))
    )
    return [(request, draft) for request, draft in found.all()]
