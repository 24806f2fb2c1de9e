"""Who would like to talk with a coach, and the talks that come of it; who the coaches are: storage/coaches.py."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import and_
from sqlmodel import col, or_, select, update

from storage.database import Session
from storage.tables import (
    CoachingRequest,
    CoachingSum,
    CoachingTalk,
    CoachingTime,
    HowItWas,
    Member,
    MemberState,
    RequestState,
    TalkState,
    Workspace,
)

OPEN = (TalkState.PROPOSED, TalkState.CHOSEN, TalkState.AGREED)


async def open_request_of(session: Session, workspace_id: int, member_id: int) -> CoachingRequest | None:
    """Return what a member has asked for, if that is not over."""
    found = await session.execute(
        select(CoachingRequest).where(
            CoachingRequest.workspace_id == workspace_id,
            CoachingRequest.member_id == member_id,
            CoachingRequest.state != RequestState.ENDED,
        )
    )
    return found.scalar_one_or_none()


async def members_asking(session: Session, workspace_id: int, member_ids: Sequence[int]) -> set[int]:
    """Return those of the members who have asked for a coach, and where that is not over."""
    found = await session.execute(
        select(col(CoachingRequest.member_id)).where(
            CoachingRequest.workspace_id == workspace_id,
            col(CoachingRequest.member_id).in_(member_ids),
            CoachingRequest.state != RequestState.ENDED,
        )
    )
    return set(found.scalars())


async def hold_places(session: Session, workspace_id: int) -> None:
    """Let nobody else be matched until this transaction has ended: no two take a coach's last place.

    What only refers to the workspace, as each sign that is counted, goes on meanwhile.
    """
    await session.execute(
        select(col(Workspace.id)).where(col(Workspace.id) == workspace_id).with_for_update(key_share=True)
    )


async def add_request(
    session: Session, workspace_id: int, member_id: int, *, language: str, about: str, now: datetime
) -> CoachingRequest:
    """Store that a member would like a coach. Their row is locked, and no other request of theirs is open."""
    request = CoachingRequest(
        workspace_id=workspace_id, member_id=member_id, language=language, about=about, asked_at=now
    )
    session.add(request)
    await session.flush()
    return request


async def lock_request(session: Session, workspace_id: int, request_id: int) -> CoachingRequest | None:
    """Return a request of this workspace, which nobody else can change until this transaction ends."""
    found = await session.execute(
        select(CoachingRequest)
        .where(CoachingRequest.workspace_id == workspace_id, col(CoachingRequest.id) == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def get_request(session: Session, workspace_id: int, request_id: int) -> CoachingRequest:
    """Return a request of this workspace by row id."""
    found = await session.execute(
        select(CoachingRequest).where(
            CoachingRequest.workspace_id == workspace_id, col(CoachingRequest.id) == request_id
        )
    )
    return found.scalar_one()


async def waiting_requests(session: Session, workspace_id: int) -> Sequence[CoachingRequest]:
    """Return the requests for which nobody was free, the oldest first."""
    found = await session.execute(
        select(CoachingRequest)
        .where(CoachingRequest.workspace_id == workspace_id, CoachingRequest.state == RequestState.WAITING)
        .order_by(col(CoachingRequest.asked_at), col(CoachingRequest.id))
    )
    return found.scalars().all()


async def mark_request(session: Session, workspace_id: int, request_id: int, state: RequestState) -> None:
    """Record where a request is."""
    await session.execute(
        update(CoachingRequest)
        .where(col(CoachingRequest.workspace_id) == workspace_id, col(CoachingRequest.id) == request_id)
        .values(state=state)
    )


async def add_talk(
    session: Session, workspace_id: int, request_id: int, coach_id: int, times: Sequence[datetime], now: datetime
) -> CoachingTalk:
    """Store that a coach was found for a request, and the times that are proposed to both."""
    talk = CoachingTalk(workspace_id=workspace_id, request_id=request_id, coach_id=coach_id, matched_at=now)
    session.add(talk)
    await session.flush()
    await _add_times(session, talk, talk.id, times)
    await mark_request(session, workspace_id, request_id, RequestState.MATCHED)
    return talk


async def _add_times(session: Session, talk: CoachingTalk, talk_id: int | None, times: Sequence[datetime]) -> None:
    if talk_id is None:
        raise ValueError("the talk has not been stored yet")
    session.add_all(
        CoachingTime(workspace_id=talk.workspace_id, talk_id=talk_id, round=talk.round, begins_at=begins_at)
        for begins_at in times
    )
    await session.flush()


async def find_talk(session: Session, workspace_id: int, talk_id: int) -> CoachingTalk | None:
    """Return a talk of this workspace by row id."""
    found = await session.execute(
        select(CoachingTalk).where(CoachingTalk.workspace_id == workspace_id, col(CoachingTalk.id) == talk_id)
    )
    return found.scalar_one_or_none()


async def lock_talk(session: Session, workspace_id: int, talk_id: int) -> CoachingTalk | None:
    """Return a talk of this workspace as it is now, which nobody else can change until this transaction ends."""
    found = await session.execute(
        select(CoachingTalk)
        .where(CoachingTalk.workspace_id == workspace_id, col(CoachingTalk.id) == talk_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def open_talk_of(session: Session, workspace_id: int, request_id: int) -> CoachingTalk | None:
    """Return the talk that a request has led to, if that is not over."""
    found = await session.execute(
        select(CoachingTalk).where(
            CoachingTalk.workspace_id == workspace_id,
            CoachingTalk.request_id == request_id,
            col(CoachingTalk.state).in_(OPEN),
        )
    )
    return found.scalar_one_or_none()


async def open_talks(session: Session, workspace_id: int, states: Sequence[TalkState] = OPEN) -> Sequence[CoachingTalk]:
    """Return the talks in these states, the oldest first."""
    found = await session.execute(
        select(CoachingTalk)
        .where(CoachingTalk.workspace_id == workspace_id, col(CoachingTalk.state).in_(states))
        .order_by(col(CoachingTalk.id))
    )
    return found.scalars().all()


async def talks_without_somebody(session: Session, workspace_id: int) -> Sequence[CoachingTalk]:
    """Return the open talks whose member or coach has left, or whose coach was erased."""
    left = select(col(Member.id)).where(Member.workspace_id == workspace_id, Member.state == MemberState.LEFT)
    found = await session.execute(
        select(CoachingTalk)
        .join(CoachingRequest, col(CoachingRequest.id) == col(CoachingTalk.request_id))
        .where(
            CoachingTalk.workspace_id == workspace_id,
            col(CoachingTalk.state).in_(OPEN),
            or_(
                col(CoachingTalk.coach_id).is_(None),
                col(CoachingTalk.coach_id).in_(left),
                col(CoachingRequest.member_id).in_(left),
            ),
        )
        .order_by(col(CoachingTalk.id))
    )
    return found.scalars().all()


async def find_time(session: Session, workspace_id: int, time_id: int) -> CoachingTime | None:
    """Return a proposed time of this workspace by row id."""
    found = await session.execute(
        select(CoachingTime).where(CoachingTime.workspace_id == workspace_id, col(CoachingTime.id) == time_id)
    )
    return found.scalar_one_or_none()


async def times_of(session: Session, workspace_id: int, talk_id: int) -> Sequence[CoachingTime]:
    """Return every time that was ever proposed for a talk, the earliest first."""
    found = await session.execute(
        select(CoachingTime)
        .where(CoachingTime.workspace_id == workspace_id, CoachingTime.talk_id == talk_id)
        .order_by(col(CoachingTime.begins_at))
    )
    return found.scalars().all()


async def agreed_times(session: Session, workspace_id: int, since: datetime) -> dict[int, list[datetime]]:
    """Return, for whoever has agreed to talk, as a member or as a coach, at which times since then."""
    found = await session.execute(
        select(col(CoachingRequest.member_id), col(CoachingTalk.coach_id), col(CoachingTime.begins_at))
        .join(CoachingTalk, col(CoachingTalk.request_id) == col(CoachingRequest.id))
        .join(CoachingTime, col(CoachingTime.id) == col(CoachingTalk.chosen_time_id))
        .where(
            CoachingRequest.workspace_id == workspace_id,
            CoachingTalk.state == TalkState.AGREED,
            col(CoachingTime.begins_at) >= since,
        )
    )
    by_person: dict[int, list[datetime]] = defaultdict(list)
    for member_id, coach_id, begins_at in found:
        by_person[member_id].append(begins_at)
        if coach_id is not None:
            by_person[coach_id].append(begins_at)
    return by_person


async def choose_time(session: Session, workspace_id: int, talk_id: int, time_id: int, *, by_member: bool) -> None:
    """Record which of the times one of the two has chosen."""
    await _change(
        session,
        workspace_id,
        talk_id,
        state=TalkState.CHOSEN,
        chosen_time_id=time_id,
        chosen_by_member=by_member,
    )


async def propose_anew(session: Session, workspace_id: int, talk_id: int, times: Sequence[datetime]) -> None:
    """Propose other times for a talk; what was chosen does not hold any more."""
    await _change(
        session,
        workspace_id,
        talk_id,
        state=TalkState.PROPOSED,
        chosen_time_id=None,
        round=CoachingTalk.round + 1,
    )
    talk = await find_talk(session, workspace_id, talk_id)
    if talk is not None:
        await _add_times(session, talk, talk_id, times)


async def mark_talk(session: Session, workspace_id: int, talk_id: int, state: TalkState) -> None:
    """Record where a talk is."""
    await _change(session, workspace_id, talk_id, state=state)


async def _change(session: Session, workspace_id: int, talk_id: int, **values: object) -> None:
    await session.execute(
        update(CoachingTalk)
        .where(col(CoachingTalk.workspace_id) == workspace_id, col(CoachingTalk.id) == talk_id)
        .values(version=CoachingTalk.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    # Whoever has the row in hand goes on with what is true now.
    await lock_talk(session, workspace_id, talk_id)


async def agreed_before(session: Session, workspace_id: int, moment: datetime) -> list[tuple[CoachingTalk, datetime]]:
    """Return the talks whose agreed time was before that moment, each with it."""
    found = await session.execute(
        select(CoachingTalk, CoachingTime)
        .join(
            CoachingTime,
            and_(
                col(CoachingTime.id) == col(CoachingTalk.chosen_time_id),
                col(CoachingTime.talk_id) == col(CoachingTalk.id),
            ),
        )
        .where(
            CoachingTalk.workspace_id == workspace_id,
            CoachingTalk.state == TalkState.AGREED,
            col(CoachingTime.begins_at) <= moment,
        )
        .order_by(col(CoachingTalk.id))
    )
    return [(talk, time.begins_at) for talk, time in found]


async def add_answer(
    session: Session, workspace_id: int, talk_id: int, answer: HowItWas, *, by_member: bool, month: date
) -> None:
    """Add to the sum of those who gave this answer; of the talk only that one of the two has answered is kept."""
    answered = {"member_answered": True} if by_member else {"coach_answered": True}
    await session.execute(
        update(CoachingTalk)
        .where(col(CoachingTalk.workspace_id) == workspace_id, col(CoachingTalk.id) == talk_id)
        .values(**answered)
    )
    # One at a time, so that no first answer of a month is lost to another.
    await session.execute(select(col(Workspace.id)).where(col(Workspace.id) == workspace_id).with_for_update())
    added = await session.execute(
        update(CoachingSum)
        .where(
            col(CoachingSum.workspace_id) == workspace_id,
            col(CoachingSum.month) == month,
            col(CoachingSum.answer) == answer,
        )
        .values(count=CoachingSum.count + 1)
        .returning(col(CoachingSum.count))
        .execution_options(synchronize_session=False)
    )
    if added.first() is None:
        session.add(CoachingSum(workspace_id=workspace_id, month=month, answer=answer, count=1))
        await session.flush()
