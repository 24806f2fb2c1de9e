"""How much of a person there is to forget, in numbers, for the preview of erasing."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlmodel import SQLModel, col

from storage.database import Session
from storage.tables import AnchoringAnswer, Announcement, AnnouncementState, Member, Participation, Question


@dataclass(frozen=True, slots=True)
class Holdings:
    """What goes (`counted_days`, `drafts`, `scheduled`, `unanswered`) and what stays, by nobody in particular.

    `unanswered` are questions to the management group. `has_wish`: they have asked not to be counted, or contacted.
    """

    counted_days: int
    drafts: int
    scheduled: int
    unanswered: int
    published: int
    questions: int
    answers: int
    has_wish: bool


async def holdings_of(session: Session, workspace_id: int, member_id: int) -> Holdings:
    """Return how much there is of a member.

    Raises sqlalchemy's NoResultFound for a member of another workspace, or none.
    """
    member = (
        await session.execute(
            select(Member).where(col(Member.workspace_id) == workspace_id, col(Member.id) == member_id)
        )
    ).scalar_one()

    async def count(table: type[SQLModel], *conditions: ColumnElement[bool]) -> int:
        return int((await session.execute(select(func.count()).select_from(table).where(*conditions))).scalar_one())

    written = (col(Announcement.workspace_id) == workspace_id, col(Announcement.author_id) == member_id)
    asked = (col(AnchoringAnswer.workspace_id) == workspace_id, col(AnchoringAnswer.member_id) == member_id)
    state = col(Announcement.state)
    days = await session.execute(
        select(func.count(col(Participation.day).distinct())).where(
            col(Participation.workspace_id) == workspace_id, col(Participation.member_id) == member_id
        )
    )
    out = (AnnouncementState.PUBLISHING, AnnouncementState.PUBLISHED, AnnouncementState.WITHDRAWN)
    return Holdings(
        counted_days=int(days.scalar_one()),
        drafts=await count(Announcement, *written, state == AnnouncementState.DRAFT),
        scheduled=await count(Announcement, *written, state == AnnouncementState.SCHEDULED),
        unanswered=await count(AnchoringAnswer, *asked, col(AnchoringAnswer.answer).is_(None)),
        published=await count(Announcement, *written, state.in_(out)),
        questions=await count(
            Question,
            col(Question.workspace_id) == workspace_id,
            col(Question.member_id) == member_id,
            col(Question.is_waiting).is_(False),
        ),
        answers=await count(AnchoringAnswer, *asked, col(AnchoringAnswer.answer).is_not(None)),
        has_wish=member.not_counted or member.nudges_off,
    )
