"""Who has offered to be there for colleagues as a coach, and how much of that is taken."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, delete, select, update

from storage.database import Session
from storage.people import here
from storage.tables import Coach, CoachingTalk, Member, TalkState


@dataclass(frozen=True, slots=True)
class Offer:
    """A present coach with what they have offered; None: nothing of their own, so that the defaults hold."""

    member: Member
    coach: Coach | None


async def coaches(session: Session, workspace_id: int) -> Sequence[Offer]:
    """Return the coaches who can be written to, by name: who has left or is only listed is none."""
    found = await session.execute(
        select(Member, Coach)
        .outerjoin(Coach, col(Coach.member_id) == col(Member.id))
        .where(Member.workspace_id == workspace_id, col(Member.is_coach).is_(True), *here())
        .order_by(col(Member.name), col(Member.id))
    )
    return [Offer(member, coach) for member, coach in found]


async def coach_ids(session: Session, workspace_id: int) -> set[int]:
    """Return the row ids of the coaches who can be written to."""
    found = await session.execute(
        select(col(Member.id)).where(Member.workspace_id == workspace_id, col(Member.is_coach).is_(True), *here())
    )
    return {member_id for member_id in found.scalars() if member_id is not None}


async def find_coach(session: Session, workspace_id: int, member_id: int) -> Coach | None:
    """Return what a member has offered as a coach."""
    found = await session.execute(select(Coach).where(Coach.workspace_id == workspace_id, Coach.member_id == member_id))
    return found.scalar_one_or_none()


async def register_coach(
    session: Session,
    workspace_id: int,
    member_id: int,
    *,
    a_week: int,
    languages: Sequence[str],
    about: str,
    paused_until: date | None,
    now: datetime,
) -> None:
    """Let a member be a coach who offers this, in place of what they have offered before."""
    coach = await find_coach(session, workspace_id, member_id)
    if coach is None:
        coach = Coach(workspace_id=workspace_id, member_id=member_id, languages="", since=now)
    coach.a_week, coach.languages, coach.about = a_week, ",".join(languages), about
    coach.paused_until = paused_until
    session.add(coach)
    await _mark_coach(session, workspace_id, member_id, is_coach=True)


async def step_down(session: Session, workspace_id: int, member_id: int) -> None:
    """Let a member be a coach no more. The talks that they are in stay theirs."""
    await session.execute(
        delete(Coach).where(col(Coach.workspace_id) == workspace_id, col(Coach.member_id) == member_id)
    )
    await _mark_coach(session, workspace_id, member_id, is_coach=False)


async def _mark_coach(session: Session, workspace_id: int, member_id: int, *, is_coach: bool) -> None:
    await session.flush()
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(is_coach=is_coach)
    )


async def involve_lead(session: Session, workspace_id: int, member_id: int, *, is_involved: bool) -> None:
    """Record whether a member's lead may be told that they may welcome an invitation."""
    await session.execute(
        update(Member)
        .where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        .values(lead_not_involved=not is_involved)
    )


async def matched_since(session: Session, workspace_id: int, since: datetime) -> dict[int, list[datetime]]:
    """Return when each coach was matched with somebody since then; what they declined is not counted."""
    found = await session.execute(
        select(col(CoachingTalk.coach_id), col(CoachingTalk.matched_at)).where(
            CoachingTalk.workspace_id == workspace_id,
            col(CoachingTalk.coach_id).is_not(None),
            CoachingTalk.state != TalkState.DECLINED,
            col(CoachingTalk.matched_at) >= since,
        )
    )
    by_coach: dict[int, list[datetime]] = defaultdict(list)
    for coach_id, matched_at in found:
        if coach_id is not None:
            by_coach[coach_id].append(matched_at)
    return by_coach


async def tried_coaches(session: Session, workspace_id: int, request_id: int) -> set[int]:
    """Return the coaches with whom a request was matched before."""
    found = await session.execute(
        select(col(CoachingTalk.coach_id)).where(
            CoachingTalk.workspace_id == workspace_id, CoachingTalk.request_id == request_id
        )
    )
    return {coach_id for coach_id in found.scalars() if coach_id is not None}
