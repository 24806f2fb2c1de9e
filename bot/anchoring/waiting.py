"""What happens to a request that waits: a reminder, and in the end it lapses. Called because it is time."""

from datetime import datetime
from enum import Enum

from bot.anchoring.telling import LAPSED, REMINDER
from bot.calendars import Calendar, calendar_of_organisation
from bot.context import Context, known
from bot.decisions.outcome import rule_is_met
from bot.decisions.standing import MET, refresh_cards
from storage.anchoring import (
    anchoring_answers,
    forget_asked_who_left,
    lock_anchoring_request,
    note_anchoring_reminder,
    open_anchoring_requests,
    settle_anchoring_request,
)
from storage.outbox import Urgency, say_to_member
from storage.tables import AnchoringRequest, AnchoringState, Announcement

# PRODUCT chapter 2, "Anchoring request": in working days of the organisation.
REMIND_AFTER = 2
LAPSE_AFTER = 10


class Due(Enum):
    """What an open request is due for."""

    REMINDER = "reminder"
    LAPSE = "lapse"


def due_for(calendar: Calendar, asked_at: datetime, reminded_at: datetime | None, now: datetime) -> Due | None:
    """Return what an open request is due for, within the organisation's hours."""
    if not calendar.is_working_at(now):
        return None
    waited = calendar.whole_working_days(asked_at, now)
    if waited >= LAPSE_AFTER:
        return Due.LAPSE
    return Due.REMINDER if waited >= REMIND_AFTER and reminded_at is None else None


async def remind_and_lapse(ctx: Context) -> None:
    """Remind of each request that has waited for two working days, and let go of each that has for ten."""
    calendar = calendar_of_organisation(ctx.settings)
    for request, draft in await open_anchoring_requests(ctx.session, ctx.workspace_id):
        if await forget_asked_who_left(ctx.session, ctx.workspace_id, known(request.id)):
            await go_on_without(ctx, request, draft)
            continue
        match due_for(calendar, request.asked_at, request.reminded_at, ctx.now):
            case Due.REMINDER:
                await _remind(ctx, request)
            case Due.LAPSE:
                await _lapse(ctx, request, draft)
            case None:
                pass


async def go_on_without(ctx: Context, request: AnchoringRequest, draft: Announcement) -> None:
    """Hold the rule against those who are left to answer, once somebody who was asked is gone.

    When it is met so, its author is told; publishing is left to them.
    """
    request_id = known(request.id)
    locked = await lock_anchoring_request(ctx.session, ctx.workspace_id, request_id)
    answers = await anchoring_answers(ctx.session, ctx.workspace_id, request_id)
    if locked is None or locked.state != AnchoringState.OPEN or not rule_is_met(request.rule, answers):
        return
    await settle_anchoring_request(ctx.session, ctx.workspace_id, request_id, AnchoringState.MET, ctx.now)
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        draft.author_id,
        MET,
        request_id,
        now=ctx.now,
        urgency=Urgency.ANSWER,
        resend_if_unknown=True,
    )


async def _remind(ctx: Context, request: AnchoringRequest) -> None:
    request_id = known(request.id)
    if not await note_anchoring_reminder(ctx.session, ctx.workspace_id, request_id, ctx.now):
        return
    for answer in await anchoring_answers(ctx.session, ctx.workspace_id, request_id):
        if answer.answer is None:
            await _tell(ctx, answer.member_id, REMINDER, request_id)


async def _lapse(ctx: Context, request: AnchoringRequest, draft: Announcement) -> None:
    request_id = known(request.id)
    locked = await lock_anchoring_request(ctx.session, ctx.workspace_id, request_id)
    if locked is None or locked.state != AnchoringState.OPEN:
        # Somebody has answered at this moment.
        return
    await settle_anchoring_request(ctx.session, ctx.workspace_id, request_id, AnchoringState.LAPSED, ctx.now)
    asked = await anchoring_answers(ctx.session, ctx.workspace_id, request_id)
    for member_id in (draft.author_id, *(answer.member_id for answer in asked)):
        await _tell(ctx, member_id, LAPSED, request_id)
    await refresh_cards(ctx, known(draft.id))


async def _tell(ctx: Context, member_id: int, message: str, request_id: int) -> None:
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        member_id,
        message,
        request_id,
        now=ctx.now,
        urgency=Urgency.WORK_CARD,
        once=f"{message}:{request_id}:{member_id}",
        resend_if_unknown=message == LAPSED,
    )
