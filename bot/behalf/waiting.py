"""What becomes of a question that waits: its person cannot be asked, or the chosen time passes."""

from datetime import datetime

from bot.announcements.choices import DRAFT
from bot.announcements.speaking import ANSWERED, CARD, WAITING, refresh_behalf
from bot.behalf.telling import TIME_PASSED
from bot.context import Context, known
from bot.reasons import kept_reason
from bot.texts import text
from storage.announcements import find_announcement
from storage.behalf import (
    behalf_requests_to_look_after,
    find_behalf_request,
    note_time_passed,
    settle_behalf_request,
)
from storage.database import Session
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.sending import is_edit
from storage.steps import move
from storage.tables import AnnouncementState, BehalfRequest, BehalfState, MemberState, Outbox, OutboxState

# The ways in which a card has not arrived and will not.
_NOT_ARRIVED = (OutboxState.FAILED, OutboxState.BLOCKED, OutboxState.UNREACHABLE)
_LEFT = text("They are not in the organisation any more.")


async def look_after(ctx: Context) -> None:
    """Give back what waits for somebody who has left, and tell each writer once of a time that has passed."""
    for request, announcement, person in await behalf_requests_to_look_after(ctx.session, ctx.workspace_id, ctx.now):
        if person.state == MemberState.LEFT:
            await _give_back(ctx.session, request, announcement.author_id, kept_reason(_LEFT), ctx.now)
        elif await note_time_passed(ctx.session, ctx.workspace_id, request.id, ctx.now):
            await say_to_member(
                ctx.session,
                ctx.workspace_id,
                announcement.author_id,
                TIME_PASSED,
                known(request.id),
                now=ctx.now,
                urgency=Urgency.ANSWER,
                resend_if_unknown=True,
            )
            await refresh_behalf(ctx, announcement)


async def card_settled(session: Session, row: Outbox) -> None:
    """Give back what its person cannot be asked about: their card has not arrived, and will not."""
    if is_edit(row) or row.settled_at is None or row.state not in _NOT_ARRIVED:
        return
    request = await find_behalf_request(session, row.workspace_id, row.subject_id)
    if request is None:
        return
    announcement = await find_announcement(session, row.workspace_id, request.announcement_id)
    if announcement is not None:
        await _give_back(session, request, announcement.author_id, row.reason, row.settled_at)


async def _give_back(session: Session, request: BehalfRequest, author_id: int, reason: str, now: datetime) -> None:
    workspace_id, request_id = request.workspace_id, known(request.id)
    unreached = BehalfState.UNREACHED
    if not await settle_behalf_request(session, workspace_id, request_id, unreached, now, reason=reason):
        return
    if not request.is_edit:
        # life.py's table has it; nobody in person makes this step.
        await move(
            session,
            workspace_id,
            request.announcement_id,
            AnnouncementState.AWAITING,
            AnnouncementState.DRAFT,
            by_member_id=None,
            now=now,
            why=reason,
        )
    await say_to_member(
        session,
        workspace_id,
        author_id,
        ANSWERED,
        request_id,
        now=now,
        urgency=Urgency.ANSWER,
        once=f"{ANSWERED}:{request_id}",
        resend_if_unknown=True,
    )
    for message, subject in ((CARD, request_id), (WAITING, request_id), (DRAFT, request.announcement_id)):
        await refresh_posted(session, workspace_id, message, subject, now=now)
