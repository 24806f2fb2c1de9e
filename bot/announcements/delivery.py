"""What follows from what became of a post, a copy or a question on its way out."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from bot.announcements.home_post import POST
from bot.announcements.picture import PICTURE
from bot.announcements.posts import COPY, QUESTION_ALONE, QUESTION_TOLD
from bot.announcements.publishing import start_copies
from bot.context import Context, known
from bot.platform import NOT_STANDING
from bot.reasons import reason_of
from storage.announcements import find_announcement, record_home_failure, record_home_gone
from storage.database import Session
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.questions import get_question, record_question_failure
from storage.recipients import record_delivery
from storage.schedule import find_once, unfinished
from storage.sending import is_edit
from storage.steps import move
from storage.tables import AnnouncementState, Delivery, FanOut, Outbox, OutboxState

_DELIVERY = {
    OutboxState.SENT: Delivery.SENT,
    OutboxState.FAILED: Delivery.FAILED,
    OutboxState.BLOCKED: Delivery.BLOCKED,
    OutboxState.UNREACHABLE: Delivery.UNREACHABLE,
    OutboxState.UNKNOWN: Delivery.UNKNOWN,
    # Not needed any more: they had read it at its home.
    OutboxState.DROPPED: Delivery.BY_POST,
}


async def post_settled(session: Session, row: Outbox) -> None:
    """Send the copies after the home post, so that they lead to it; where it failed for good, to everybody.

    One that cannot be changed because somebody has deleted it by hand is told to its author.
    """
    if is_edit(row):
        if row.settled_at is not None and reason_of(row.reason) == NOT_STANDING:
            await record_home_gone(session, row.workspace_id, row.subject_id, row.settled_at)
            await refresh_posted(session, row.workspace_id, PICTURE, row.subject_id, now=row.settled_at)
        return
    announcement = await find_announcement(session, row.workspace_id, row.subject_id)
    if announcement is None or row.settled_at is None:
        return
    if announcement.state == AnnouncementState.WITHDRAWN:
        # Before it stood: there is nothing to lead anybody to.
        return
    if row.state == OutboxState.SENT:
        await start_copies(session, row.workspace_id, announcement, row.channel_id)
        return
    await record_home_failure(session, row.workspace_id, row.subject_id, row.reason)
    await start_copies(session, row.workspace_id, announcement, None)
    await refresh_posted(session, row.workspace_id, PICTURE, row.subject_id, now=row.settled_at)


async def copies_ended(session: Session, fan_out: FanOut) -> None:
    """Show on the author's card that all it is for are written down, or that not all could be."""
    if fan_out.done_at is None:
        return
    if fan_out.announcement_id is not None and fan_out.reason:
        # Nothing more comes of it: from here it is changed and withdrawn as what has gone out.
        publishing, published = AnnouncementState.PUBLISHING, AnnouncementState.PUBLISHED
        await move(
            session,
            fan_out.workspace_id,
            fan_out.announcement_id,
            publishing,
            published,
            by_member_id=None,
            now=fan_out.done_at,
        )
    await refresh_posted(session, fan_out.workspace_id, PICTURE, fan_out.subject_id, now=fan_out.done_at)


async def finish_publishing(ctx: Context) -> None:
    """Take up what should have followed from a home post that is settled, where that failed at the time."""
    for announcement in await unfinished(ctx.session, ctx.workspace_id, COPY):
        row = await find_once(ctx.session, ctx.workspace_id, f"{POST}:{announcement.id}")
        if row is not None and row.settled_at is not None:
            await post_settled(ctx.session, row)


async def question_settled(session: Session, row: Outbox) -> None:
    """Tell the author of a question when it stands in the thread; when it cannot, tell the asker that too."""
    if is_edit(row) or row.settled_at is None:
        return
    question = await get_question(session, row.workspace_id, row.subject_id)
    announcement = await find_announcement(session, row.workspace_id, question.announcement_id)
    if announcement is None:
        return
    told = {QUESTION_TOLD: announcement.author_id}
    if row.state != OutboxState.SENT:
        await record_question_failure(session, row.workspace_id, known(question.id), row.reason)
        told[QUESTION_ALONE] = question.member_id
    for message, member_id in told.items():
        await say_to_member(
            session,
            row.workspace_id,
            member_id,
            message,
            row.subject_id,
            now=row.settled_at,
            urgency=Urgency.ANSWER,
            resend_if_unknown=True,
        )


async def copies_settled(session: Session, rows: Sequence[Outbox]) -> None:
    """Record what became of copies, in the transaction that settles their rows."""
    became: defaultdict[tuple[int, int, Delivery, str], list[int]] = defaultdict(list)
    settled_at: dict[tuple[int, int], datetime] = {}
    for row in rows:
        state = OutboxState(row.state)
        if is_edit(row) or row.member_id is None or state not in _DELIVERY:
            continue
        became[row.workspace_id, row.subject_id, _DELIVERY[state], row.reason].append(row.member_id)
        if row.settled_at is not None:
            settled_at[row.workspace_id, row.subject_id] = row.settled_at
    for (workspace_id, announcement_id, delivery, reason), members in became.items():
        await record_delivery(session, workspace_id, announcement_id, members, delivery, reason)
    for (workspace_id, announcement_id), now in settled_at.items():
        await refresh_posted(session, workspace_id, PICTURE, announcement_id, now=now)
