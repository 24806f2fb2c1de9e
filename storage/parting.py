"""What has to be found while somebody is still there, so that nothing said to others goes on naming them."""

from collections.abc import Sequence

from sqlmodel import col, or_, select

from storage.database import Session
from storage.tables import CoachingRequest, CoachingTalk


async def talks_of(session: Session, workspace_id: int, member_id: int) -> Sequence[CoachingTalk]:
    """Return every talk that there has been with a member, as whoever asked or as the coach, the oldest first.

    Nobody else can change them until this transaction ends.
    """
    found = await session.execute(
        select(CoachingTalk)
        .join(CoachingRequest, col(CoachingRequest.id) == col(CoachingTalk.request_id))
        .where(
            CoachingTalk.workspace_id == workspace_id,
            or_(col(CoachingTalk.coach_id) == member_id, col(CoachingRequest.member_id) == member_id),
        )
        .order_by(col(CoachingTalk.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()
