"""Fan-outs: one row that becomes many, a page at a time, so that nobody's commit waits for a hundred thousand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col, select, update

from storage.audience import Addressed, Audience, audience_page
from storage.causes import caused_by, current_cause
from storage.database import Session
from storage.dialect import insert
from storage.outbox import outbox_row, queue_edits
from storage.steps import move
from storage.tables import AnnouncementState, Copies, Delivery, FanOut, Operation, Outbox, Posted, Recipient

# 100,000 rows in one transaction hold up everybody's commits for a second and more, and 500 for a tenth of one on a
# busy machine. Platforms take some tens a second, so that pages of this size are far ahead of what is sent.
FAN_OUT_PAGE = 100


async def start_fan_out(session: Session, workspace_id: int, fan_out: FanOut) -> None:
    """Queue one message to many, to be expanded page by page. A second one of the same revision is not made."""
    values = fan_out.model_dump(exclude={"id"}) | {"workspace_id": workspace_id, "cause": current_cause()}
    await session.execute(insert(FanOut).values(**values).on_conflict_do_nothing())


def is_waiting(now: datetime) -> ColumnElement[bool]:
    """Whether a fan-out has pages left, and none of them failed just now."""
    return and_(col(FanOut.done_at).is_(None), or_(col(FanOut.not_before).is_(None), col(FanOut.not_before) <= now))


async def waiting_fan_out(session: Session, workspace_id: int, now: datetime) -> FanOut | None:
    """Return the workspace's oldest fan-out that is not expanded to its end and may be now, if there is one.

    The caller may carry it beyond this transaction, also beyond one that fails.
    """
    found = await session.execute(
        select(FanOut).where(FanOut.workspace_id == workspace_id, is_waiting(now)).order_by(col(FanOut.id)).limit(1)
    )
    fan_out = found.scalar_one_or_none()
    if fan_out is not None:
        session.expunge(fan_out)
    return fan_out


async def expand_fan_out(session: Session, workspace_id: int, fan_out: FanOut, now: datetime) -> bool:
    """Turn the next page of a fan-out into outbox rows, those of an announcement's copies with their recipients.

    The cursor moves in the same transaction: a crash between pages loses nothing and doubles nothing. True when that
    was the last page.
    """
    with caused_by(fan_out.cause):
        if fan_out.operation == Operation.EDIT:
            return await _expand_edits(session, workspace_id, fan_out, now)
        return await _expand_posts(session, workspace_id, fan_out, now)


async def given_up(session: Session, workspace_id: int, message: str, subject_id: int) -> Sequence[FanOut]:
    """Return the fan-outs of this name and subject that were left where they are for good, the oldest first."""
    found = await session.execute(
        select(FanOut)
        .where(
            FanOut.workspace_id == workspace_id,
            FanOut.message == message,
            FanOut.subject_id == subject_id,
            FanOut.reason != "",
        )
        .order_by(col(FanOut.id))
        # What changes these rows does so without the session hearing of it.
        .execution_options(populate_existing=True)
    )
    return found.scalars().all()


async def put_fan_out_off(
    session: Session, workspace_id: int, fan_out_id: int, *, attempts: int, not_before: datetime
) -> None:
    """Keep that a page has failed so many times in a row, and try again at that time; later ones go first."""
    await _change(session, workspace_id, fan_out_id, attempts=attempts, not_before=not_before)


async def give_fan_out_up(session: Session, workspace_id: int, fan_out_id: int, reason: str, now: datetime) -> None:
    """Leave a fan-out where it is for good. What it has become so far is sent."""
    await _change(session, workspace_id, fan_out_id, done_at=now, reason=reason)


async def _expand_edits(session: Session, workspace_id: int, fan_out: FanOut, now: datetime) -> bool:
    """Queue edits of what the next members were sent.

    By member and not by message: a member may have two of them, and is not to be torn in two by the page's end.
    """
    theirs = (
        Posted.workspace_id == workspace_id,
        Posted.message == fan_out.message,
        Posted.subject_id == fan_out.subject_id,
        # What was posted later was made later, or is marked as changed.
        Posted.posted_at <= fan_out.audience_as_of,
    )
    found = await session.execute(
        select(col(Posted.member_id))
        .where(*theirs, col(Posted.member_id) > fan_out.cursor)
        .distinct()
        .order_by(col(Posted.member_id))
        .limit(FAN_OUT_PAGE)
    )
    page = [member_id for member_id in found.scalars() if member_id is not None]
    if page:
        standing = await session.execute(
            select(Posted).where(*theirs, col(Posted.member_id) > fan_out.cursor, col(Posted.member_id) <= page[-1])
        )
        await queue_edits(session, workspace_id, standing.scalars().all(), now=now, urgency=fan_out.priority)
    return await _turn_page(session, workspace_id, fan_out, page, now)


async def _turn_page(session: Session, workspace_id: int, fan_out: FanOut, page: Sequence[int], now: datetime) -> bool:
    is_last = len(page) < FAN_OUT_PAGE
    await _change(
        session,
        workspace_id,
        fan_out.id,
        cursor=page[-1] if page else fan_out.cursor,
        done_at=now if is_last else None,
        attempts=0,
        not_before=None,
    )
    return is_last


async def _change(session: Session, workspace_id: int, fan_out_id: int | None, **values: Any) -> None:
    await session.execute(
        update(FanOut)
        .where(col(FanOut.workspace_id) == workspace_id, col(FanOut.id) == fan_out_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


async def _expand_posts(session: Session, workspace_id: int, fan_out: FanOut, now: datetime) -> bool:
    page = await audience_page(
        session,
        workspace_id,
        Audience(
            fan_out.audience_kind,
            fan_out.audience_id,
            fan_out.audience_as_of,
            fan_out.except_member_id,
            fan_out.also_except_member_id,
        ),
        Copies(fan_out.copies),
        fan_out.home_channel_id,
        after=fan_out.cursor,
        limit=FAN_OUT_PAGE,
    )
    await _add_recipients(session, fan_out, page)
    await _add_copies(session, fan_out, [one.member_id for one in page if one.gets_copy], now)
    is_last = await _turn_page(session, workspace_id, fan_out, [one.member_id for one in page], now)
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
    return is_last


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
                "delivery": _way_to(one),
                "delivery_reason": "",
            }
            for one in page
        ],
    )


def _way_to(one: Addressed) -> Delivery:
    if one.is_listed:
        return Delivery.UNREACHABLE
    return Delivery.WAITING if one.gets_copy else Delivery.BY_POST


async def _add_copies(session: Session, fan_out: FanOut, member_ids: Sequence[int], now: datetime) -> None:
    if not member_ids:
        return
    await session.execute(
        insert(Outbox).on_conflict_do_nothing(),
        [
            outbox_row(
                fan_out.workspace_id,
                fan_out.message,
                fan_out.subject_id,
                now=now,
                urgency=fan_out.priority,
                member_id=member_id,
                once=f"{fan_out.message}:{fan_out.subject_id}:{fan_out.revision}:{member_id}",
                # What became of an announcement's copy stands with its recipient.
                is_record=fan_out.announcement_id is None,
                resend_if_unknown=fan_out.resend_if_unknown,
            )
            for member_id in member_ids
        ],
    )
