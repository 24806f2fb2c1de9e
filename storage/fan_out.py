"""Fan-outs: one row that becomes many, a page at a time, so that nobody's commit waits for a hundred thousand."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, select, update

from storage.announcements import move
from storage.audience import Addressed, Audience, audience_page
from storage.database import Session
from storage.tables import AnnouncementState, Copies, Delivery, FanOut, Outbox, Recipient

# 100,000 rows in one transaction hold up everybody's commits for a second and more.
FAN_OUT_PAGE = 500


async def start_fan_out(session: Session, workspace_id: int, fan_out: FanOut) -> None:
    """Queue one message to many, to be expanded page by page. A second one of the same revision is not made."""
    values = fan_out.model_dump(exclude={"id"}) | {"workspace_id": workspace_id}
    await session.execute(insert(FanOut).values(**values).on_conflict_do_nothing())


async def waiting_fan_out(session: Session, workspace_id: int) -> FanOut | None:
    """Return the workspace's oldest fan-out that is not expanded to its end, if there is one."""
    found = await session.execute(
        select(FanOut)
        .where(FanOut.workspace_id == workspace_id, col(FanOut.done_at).is_(None))
        .order_by(col(FanOut.id))
        .limit(1)
    )
    return found.scalar_one_or_none()


async def expand_fan_out(session: Session, workspace_id: int, now: datetime) -> bool:
    """Turn the next page of this workspace's oldest fan-out into recipients and outbox rows; False when none waits.

    The cursor moves in the same transaction: a crash between pages loses nothing and doubles nothing.
    """
    fan_out = await waiting_fan_out(session, workspace_id)
    if fan_out is None:
        return False
    page = await audience_page(
        session,
        workspace_id,
        Audience(fan_out.audience_kind, fan_out.audience_id, fan_out.audience_as_of, fan_out.except_member_id),
        Copies(fan_out.copies),
        fan_out.home_channel_id,
        after=fan_out.cursor,
        limit=FAN_OUT_PAGE,
    )
    await _add_recipients(session, fan_out, page)
    await _add_copies(session, fan_out, [one.member_id for one in page if one.gets_copy], now)
    is_last = len(page) < FAN_OUT_PAGE
    await session.execute(
        update(FanOut)
        .where(col(FanOut.workspace_id) == workspace_id, col(FanOut.id) == fan_out.id)
        .values(cursor=page[-1].member_id if page else fan_out.cursor, done_at=now if is_last else None)
        .execution_options(synchronize_session=False)
    )
    if is_last and fan_out.announcement_id is not None:
        await move(
            session,
            workspace_id,
            fan_out.announcement_id,
            AnnouncementState.PUBLISHING,
            AnnouncementState.PUBLISHED,
            by_member_id=None,
            now=now,
        )
    return True


async def _add_recipients(session: Session, fan_out: FanOut, page: Sequence[Addressed]) -> None:
    if fan_out.announcement_id is None or not page:
        return
    # Whoever read it faster than we wrote them down has a row already; their copy is on its way all the same.
    adding = insert(Recipient)
    await session.execute(
        adding.on_conflict_do_update(
            index_elements=["announcement_id", "member_id"], set_={"delivery": adding.excluded.delivery}
        ),
        [
            {
                "announcement_id": fan_out.announcement_id,
                "member_id": one.member_id,
                "workspace_id": fan_out.workspace_id,
                "delivery": Delivery.WAITING if one.gets_copy else Delivery.BY_POST,
                "delivery_reason": "",
            }
            for one in page
        ],
    )


async def _add_copies(session: Session, fan_out: FanOut, member_ids: Sequence[int], now: datetime) -> None:
    if not member_ids:
        return
    await session.execute(
        insert(Outbox).on_conflict_do_nothing(),
        [
            {
                "workspace_id": fan_out.workspace_id,
                "member_id": member_id,
                "message": fan_out.message,
                "subject_id": fan_out.subject_id,
                "priority": fan_out.priority,
                "not_before": now,
                "created_at": now,
                "once": f"{fan_out.message}:{fan_out.subject_id}:{fan_out.revision}:{member_id}",
                "resend_if_unknown": fan_out.resend_if_unknown,
                "delivery_id": uuid.uuid4().hex,
            }
            for member_id in member_ids
        ],
    )
