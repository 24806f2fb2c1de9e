"""The management group's requests and what each of those asked has answered."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.decisions import find_decision
from storage.tables import (
    AnchoringAnswer,
    AnchoringAnswerKind,
    AnchoringRequest,
    AnchoringState,
    Announcement,
    AnnouncementKind,
    AnnouncementState,
    Member,
    MemberState,
)


async def add_anchoring_request(
    session: Session,
    workspace_id: int,
    announcement: Announcement,
    *,
    rule: str,
    publish_when_met: bool,
    asked: Sequence[int],
    now: datetime,
) -> int:
    """Store that these members are asked whether the decision is anchored; returns the request's row id.

    What the announcement answers and whom it is for is kept as it stands now, to tell later what has changed since.
    """
    if announcement.id is None:
        raise ValueError("the announcement was not stored")
    decision = await find_decision(session, workspace_id, announcement.id)
    request = AnchoringRequest(
        workspace_id=workspace_id,
        announcement_id=announcement.id,
        rule=rule,
        revision=announcement.revision,
        publish_when_met=publish_when_met,
        answers={} if decision is None else decision.answers,
        audience_kind=announcement.audience_kind,
        audience_id=announcement.audience_id,
        behalf_of_id=announcement.behalf_of_id,
        image_id=announcement.image_id,
        asked_at=now,
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


async def lock_anchoring_request(session: Session, workspace_id: int, request_id: int) -> AnchoringRequest | None:
    """Return a request as it is now; nobody else's answer is counted before this transaction ends."""
    found = await session.execute(
        select(AnchoringRequest)
        .where(AnchoringRequest.workspace_id == workspace_id, col(AnchoringRequest.id) == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
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


async def forget_asked_who_left(session: Session, workspace_id: int, request_id: int) -> bool:
    """Ask those no more who have left without an answer; returns whether there was any."""
    left = select(Member.id).where(Member.workspace_id == workspace_id, Member.state == MemberState.LEFT)
    gone = await session.execute(
        delete(AnchoringAnswer)
        .where(
            col(AnchoringAnswer.workspace_id) == workspace_id,
            col(AnchoringAnswer.request_id) == request_id,
            col(AnchoringAnswer.answer).is_(None),
            col(AnchoringAnswer.member_id).in_(left),
        )
        .returning(col(AnchoringAnswer.id))
    )
    return bool(gone.all())


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
    """Record that a request is met, has lapsed, or is open again (`now` None)."""
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


async def open_anchoring_requests(
    session: Session, workspace_id: int
) -> Sequence[tuple[AnchoringRequest, Announcement]]:
    """Return the open requests about drafts as they stand now, each with its draft, oldest first."""
    found = await session.execute(
        select(AnchoringRequest, Announcement)
        .join(Announcement, col(Announcement.id) == col(AnchoringRequest.announcement_id))
        .where(
            AnchoringRequest.workspace_id == workspace_id,
            AnchoringRequest.state == AnchoringState.OPEN,
            Announcement.state == AnnouncementState.DRAFT,
            Announcement.kind == AnnouncementKind.DECISION,
            col(Announcement.revision) == col(AnchoringRequest.revision),
        )
        .order_by(col(AnchoringRequest.id))
    )
    return [(request, draft) for request, draft in found.all()]


async def note_anchoring_reminder(session: Session, workspace_id: int, request_id: int, now: datetime) -> bool:
    """Record that those who have not answered are reminded now; False when they were before."""
    changed = await session.execute(
        update(AnchoringRequest)
        .where(
            col(AnchoringRequest.workspace_id) == workspace_id,
            col(AnchoringRequest.id) == request_id,
            col(AnchoringRequest.reminded_at).is_(None),
        )
        .values(reminded_at=now)
        .returning(col(AnchoringRequest.id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


async def stop_publishing(session: Session, workspace_id: int, request_id: int) -> None:
    """Leave it to the author alone to publish what a request is about, whatever is answered from now on."""
    await session.execute(
        update(AnchoringRequest)
        .where(col(AnchoringRequest.workspace_id) == workspace_id, col(AnchoringRequest.id) == request_id)
        .values(publishing_stopped=True)
    )


async def earlier_answer(
    session: Session, workspace_id: int, request: AnchoringRequest, member_id: int
) -> tuple[AnchoringRequest, AnchoringAnswer] | None:
    """Return what a member was asked about the same announcement before, with their answer.

    The latest that they answered; where they answered none, the latest that they were asked.
    """
    found = await session.execute(
        select(AnchoringRequest, AnchoringAnswer)
        .join(AnchoringAnswer, col(AnchoringAnswer.request_id) == col(AnchoringRequest.id))
        .where(
            AnchoringRequest.workspace_id == workspace_id,
            AnchoringRequest.announcement_id == request.announcement_id,
            col(AnchoringRequest.id) < request.id,
            AnchoringAnswer.member_id == member_id,
        )
        .order_by(col(AnchoringAnswer.answer).is_(None), col(AnchoringRequest.id).desc())
        .limit(1)
    )
    earlier = found.first()
    return None if earlier is None else (earlier[0], earlier[1])
