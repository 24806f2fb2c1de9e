"""What is written on behalf of somebody else: whom that was put to, as it stood then, and what they said."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import and_, col, or_, select, update

from storage.announcements import Wording
from storage.database import Session
from storage.decisions import find_decision
from storage.tables import Announcement, AnnouncementState, BehalfRequest, BehalfState, Member, MemberState

# What somebody has said to a request, and not merely become of it.
ANSWERS = (BehalfState.APPROVED, BehalfState.DECLINED)


async def add_behalf_request(
    session: Session,
    workspace_id: int,
    announcement: Announcement,
    wordings: Mapping[str, Wording],
    *,
    is_edit: bool,
    goes_out_itself: bool,
    now: datetime,
) -> int:
    """Store that the person on whose behalf it is written is asked about these words; returns the request's row id.

    Raises ValueError for what is written on nobody's behalf.
    """
    if announcement.id is None or announcement.behalf_of_id is None:
        raise ValueError("only what is stored, and written on somebody's behalf, can be put to them")
    decision = await find_decision(session, workspace_id, announcement.id)
    request = BehalfRequest(
        workspace_id=workspace_id,
        announcement_id=announcement.id,
        member_id=announcement.behalf_of_id,
        is_edit=is_edit,
        revision=announcement.revision,
        kind=announcement.kind,
        audience_kind=announcement.audience_kind,
        audience_id=announcement.audience_id,
        image_id=announcement.image_id,
        wordings={language: asdict(words) for language, words in wordings.items()},
        answers={} if decision is None else decision.answers,
        goes_out_itself=goes_out_itself,
        asked_at=now,
    )
    session.add(request)
    await session.flush()
    if request.id is None:
        raise ValueError("the request was not stored")
    return request.id


def wordings_put(request: BehalfRequest) -> dict[str, Wording]:
    """Return the words that a request is about, by language."""
    return {language: Wording(**words) for language, words in request.wordings.items()}


async def find_behalf_request(session: Session, workspace_id: int, request_id: int) -> BehalfRequest | None:
    """Return a request of this workspace by row id."""
    found = await session.execute(
        select(BehalfRequest)
        .where(BehalfRequest.workspace_id == workspace_id, col(BehalfRequest.id) == request_id)
        # The functions below change rows without the session hearing of it.
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def open_behalf_request(session: Session, workspace_id: int, announcement_id: int) -> BehalfRequest | None:
    """Return the request about an announcement that waits for its answer."""
    found = await session.execute(
        select(BehalfRequest)
        .where(
            BehalfRequest.workspace_id == workspace_id,
            BehalfRequest.announcement_id == announcement_id,
            BehalfRequest.state == BehalfState.OPEN,
        )
        .order_by(col(BehalfRequest.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def approval_of(session: Session, workspace_id: int, announcement: Announcement) -> BehalfRequest | None:
    """Return the request by which its person has approved an announcement as it stands now."""
    found = await session.execute(
        select(BehalfRequest)
        .where(
            BehalfRequest.workspace_id == workspace_id,
            BehalfRequest.announcement_id == announcement.id,
            BehalfRequest.member_id == announcement.behalf_of_id,
            BehalfRequest.revision == announcement.revision,
            BehalfRequest.state == BehalfState.APPROVED,
            col(BehalfRequest.is_edit).is_(False),
        )
        .limit(1)
    )
    return found.scalar_one_or_none()


async def earlier_behalf_request(session: Session, workspace_id: int, request: BehalfRequest) -> BehalfRequest | None:
    """Return what the same person was asked about the same announcement before.

    The latest that they have answered; where they have answered none, the latest that they were asked.
    """
    found = await session.execute(
        select(BehalfRequest)
        .where(
            BehalfRequest.workspace_id == workspace_id,
            BehalfRequest.announcement_id == request.announcement_id,
            BehalfRequest.member_id == request.member_id,
            col(BehalfRequest.id) < request.id,
        )
        .order_by(col(BehalfRequest.state).not_in(ANSWERS), col(BehalfRequest.id).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def settle_behalf_request(
    session: Session,
    workspace_id: int,
    request_id: int | None,
    state: BehalfState,
    now: datetime,
    *,
    change_wanted: str = "",
    reason: str = "",
) -> bool:
    """Record what has become of an open request; False when it is not open any more."""
    changed = await session.execute(
        update(BehalfRequest)
        .where(
            col(BehalfRequest.workspace_id) == workspace_id,
            col(BehalfRequest.id) == request_id,
            col(BehalfRequest.state) == BehalfState.OPEN,
        )
        .values(state=state, settled_at=now, change_wanted=change_wanted, reason=reason)
        .returning(col(BehalfRequest.id))
        # The row in hand shows it too.
        .execution_options(synchronize_session="evaluate")
    )
    return changed.first() is not None


async def behalf_requests_of(session: Session, workspace_id: int, announcement_id: int) -> Sequence[BehalfRequest]:
    """Return every request about an announcement, oldest first."""
    found = await session.execute(
        select(BehalfRequest)
        .where(BehalfRequest.workspace_id == workspace_id, BehalfRequest.announcement_id == announcement_id)
        .order_by(col(BehalfRequest.id))
    )
    return found.scalars().all()


async def behalf_requests_waiting_for(
    session: Session, workspace_id: int, member_id: int
) -> Sequence[tuple[BehalfRequest, Announcement]]:
    """Return what waits for a member's answer, each with its announcement, oldest first."""
    found = await session.execute(
        select(BehalfRequest, Announcement)
        .join(Announcement, col(Announcement.id) == col(BehalfRequest.announcement_id))
        .where(
            BehalfRequest.workspace_id == workspace_id,
            BehalfRequest.member_id == member_id,
            BehalfRequest.state == BehalfState.OPEN,
        )
        .order_by(col(BehalfRequest.id))
    )
    return [(request, announcement) for request, announcement in found.all()]


async def open_behalf_requests(session: Session, workspace_id: int) -> Sequence[BehalfRequest]:
    """Return every request that waits for an answer, oldest first."""
    found = await session.execute(
        select(BehalfRequest)
        .where(BehalfRequest.workspace_id == workspace_id, BehalfRequest.state == BehalfState.OPEN)
        .order_by(col(BehalfRequest.id))
    )
    return found.scalars().all()


async def awaiting_of(
    session: Session, workspace_id: int, author_id: int
) -> Sequence[tuple[BehalfRequest, Announcement]]:
    """Return what a member has written for others and waits for their yes, oldest first."""
    found = await session.execute(
        select(BehalfRequest, Announcement)
        .join(Announcement, col(Announcement.id) == col(BehalfRequest.announcement_id))
        .where(
            BehalfRequest.workspace_id == workspace_id,
            BehalfRequest.state == BehalfState.OPEN,
            col(BehalfRequest.is_edit).is_(False),
            Announcement.author_id == author_id,
            Announcement.state == AnnouncementState.AWAITING,
        )
        .order_by(col(BehalfRequest.id))
    )
    return [(request, announcement) for request, announcement in found.all()]


async def behalf_requests_to_look_after(
    session: Session, workspace_id: int, now: datetime
) -> Sequence[tuple[BehalfRequest, Announcement, Member]]:
    """Return the open requests whose person has left, or whose announcement's time has passed untold; oldest first."""
    has_passed = and_(
        col(BehalfRequest.is_edit).is_(False),
        col(BehalfRequest.passed_told_at).is_(None),
        col(Announcement.publish_at) <= now,
    )
    found = await session.execute(
        select(BehalfRequest, Announcement, Member)
        .join(Announcement, col(Announcement.id) == col(BehalfRequest.announcement_id))
        .join(Member, col(Member.id) == col(BehalfRequest.member_id))
        .where(
            BehalfRequest.workspace_id == workspace_id,
            BehalfRequest.state == BehalfState.OPEN,
            or_(has_passed, col(Member.state) == MemberState.LEFT),
        )
        .order_by(col(BehalfRequest.id))
    )
    return [(request, announcement, member) for request, announcement, member in found.all()]


async def note_time_passed(session: Session, workspace_id: int, request_id: int | None, now: datetime) -> bool:
    """Record that the writer is told now of the time that has passed; False when they were before."""
    changed = await session.execute(
        update(BehalfRequest)
        .where(
            col(BehalfRequest.workspace_id) == workspace_id,
            col(BehalfRequest.id) == request_id,
            col(BehalfRequest.passed_told_at).is_(None),
        )
        .values(passed_told_at=now)
        .returning(col(BehalfRequest.id))
        .execution_options(synchronize_session="evaluate")
    )
    return changed.first() is not None
