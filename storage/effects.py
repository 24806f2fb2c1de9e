"""Insights about what Samlas itself does: each announcement's reach over time, decisions by outcome, what tips did.

Reach and tips are summed up once a week as everything in insights is (storage/insights.py), under the same floor.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import case, exists, func, true
from sqlmodel import col, select

from storage.announcements import VISIBLE
from storage.database import Session
from storage.floor import FLOOR, WEEK, about, monday_of
from storage.tables import (
    Announcement,
    AnnouncementState,
    Channel,
    Contact,
    ContactItem,
    ContactState,
    Decision,
    FormerRecipients,
    NudgeFigure,
    Participation,
    ReachFigure,
    Recipient,
)

# So many days after it was published, an announcement's reach is looked at.
LOOKED_AT_AFTER = (1, 2, 4, 7, 14)
# What is older than this when it is first looked at stays without.
LOOKED_BACK = timedelta(weeks=26)
# Whoever gives a sign within so long after a tip has returned.
RETURNS_WITHIN = timedelta(weeks=4)


async def sum_up_reach(session: Session, workspace_id: int, until: datetime) -> None:
    """Sum up the reach of what was published, for each age that it reached before the end of a week, `until`."""
    is_done = exists().where(
        col(ReachFigure.announcement_id) == col(Announcement.id), col(ReachFigure.after_days) == LOOKED_AT_AFTER[-1]
    )
    out = await session.execute(
        select(Announcement.id, Announcement.published_at).where(
            Announcement.workspace_id == workspace_id,
            col(Announcement.state).in_((*VISIBLE, AnnouncementState.WITHDRAWN)),
            col(Announcement.published_at) <= until - timedelta(days=LOOKED_AT_AFTER[0]),
            col(Announcement.published_at) > until - LOOKED_BACK,
            ~is_done,
        )
    )
    known = await session.execute(
        select(ReachFigure.announcement_id, ReachFigure.after_days).where(ReachFigure.workspace_id == workspace_id)
    )
    done = {(announcement_id, days) for announcement_id, days in known}
    for announcement_id, published_at in out.all():
        if announcement_id is None or published_at is None:
            continue
        for days in LOOKED_AT_AFTER:
            looked_at = published_at + timedelta(days=days)
            if looked_at <= until and (announcement_id, days) not in done:
                await _sum_up_reach(session, workspace_id, announcement_id, days, looked_at)
    await session.flush()


async def _sum_up_reach(
    session: Session, workspace_id: int, announcement_id: int, after_days: int, looked_at: datetime
) -> None:
    # Of who was erased it is known whether they had read, and not when: as if it had been in time.
    former = (
        select(
            func.coalesce(func.sum(col(FormerRecipients.count)), 0).label("recipients"),
            func.coalesce(
                func.sum(case((col(FormerRecipients.has_read), col(FormerRecipients.count)), else_=0)), 0
            ).label("read"),
        )
        .where(
            col(FormerRecipients.workspace_id) == workspace_id,
            col(FormerRecipients.announcement_id) == announcement_id,
        )
        .subquery()
    )
    had_read = case((col(Recipient.read_at) <= looked_at, 1), else_=0)
    present = (
        select(func.count().label("recipients"), func.coalesce(func.sum(had_read), 0).label("read"))
        .where(Recipient.workspace_id == workspace_id, Recipient.announcement_id == announcement_id)
        .subquery()
    )
    recipients_of_both = present.c.recipients + former.c.recipients
    found = await session.execute(
        select(recipients_of_both, present.c.read + former.c.read)
        .select_from(present.join(former, true()))
        .where(recipients_of_both >= FLOOR)
    )
    for recipients, read in found:
        rough = about(int(read), int(recipients))
        session.add(
            ReachFigure(
                workspace_id=workspace_id,
                announcement_id=announcement_id,
                after_days=after_days,
                recipients=int(recipients),
                read=rough.share,
                bound=rough.bound,
            )
        )


async def reach_figures(
    session: Session, workspace_id: int, *, most: int
) -> Sequence[tuple[int, Sequence[ReachFigure]]]:
    """Return the reach over time of the latest announcements that have any summed up, the latest first."""
    latest = (
        await session.execute(
            select(Announcement.id)
            .join(ReachFigure, col(ReachFigure.announcement_id) == col(Announcement.id))
            .where(Announcement.workspace_id == workspace_id)
            .group_by(col(Announcement.id), col(Announcement.published_at))
            .order_by(col(Announcement.published_at).desc())
            .limit(most)
        )
    ).scalars()
    ids = [announcement_id for announcement_id in latest if announcement_id is not None]
    rows = await session.execute(
        select(ReachFigure)
        .where(ReachFigure.workspace_id == workspace_id, col(ReachFigure.announcement_id).in_(ids))
        .order_by(col(ReachFigure.after_days))
    )
    by_announcement: dict[int, list[ReachFigure]] = {announcement_id: [] for announcement_id in ids}
    for row in rows.scalars():
        by_announcement[row.announcement_id].append(row)
    return list(by_announcement.items())


async def sum_up_tips(session: Session, workspace_id: int, kind: str, until: date) -> None:
    """Sum up what became of the tips (items of this kind) that RETURNS_WITHIN has passed since, by the Monday `until`.

    Weeks are put together until FLOOR people had one. Once summed up, they stay as they are.
    """
    last = await session.execute(
        select(col(NudgeFigure.last_week))
        .where(NudgeFigure.workspace_id == workspace_id)
        .order_by(col(NudgeFigure.last_week).desc())
        .limit(1)
    )
    summed_until = last.scalar_one_or_none()
    tips = (
        await session.execute(
            select(col(Contact.member_id), col(Contact.local_date))
            .join(ContactItem, col(ContactItem.contact_id) == col(Contact.id))
            .where(
                Contact.workspace_id == workspace_id,
                Contact.state == ContactState.SENT,
                ContactItem.kind == kind,
                col(Contact.local_date) < until - RETURNS_WITHIN,
                *([] if summed_until is None else [col(Contact.local_date) >= summed_until + WEEK]),
            )
            .order_by(col(Contact.local_date))
        )
    ).all()
    gathered: dict[int, date] = {}
    begins: date | None = None
    for number, (member_id, day) in enumerate(tips):
        begins = begins or monday_of(day)
        gathered.setdefault(member_id, day)
        is_last_of_week = number + 1 == len(tips) or monday_of(tips[number + 1][1]) != monday_of(day)
        if len(gathered) >= FLOOR and is_last_of_week:
            session.add(
                NudgeFigure(
                    workspace_id=workspace_id,
                    first_week=begins,
                    last_week=monday_of(day),
                    tipped=len(gathered),
                    returned=await returned_among(session, workspace_id, gathered),
                )
            )
            gathered, begins = {}, None
    await session.flush()


async def returned_among(session: Session, workspace_id: int, tipped: Mapping[int, date]) -> int:
    """Return how many of the members gave a sign soon after a day each, mostly that of their tip."""
    first, last = min(tipped.values()), max(tipped.values()) + RETURNS_WITHIN
    rows = await session.execute(
        select(col(Participation.member_id), col(Participation.day))
        .where(
            Participation.workspace_id == workspace_id,
            col(Participation.member_id).in_(list(tipped)),
            col(Participation.day) > first,
            col(Participation.day) <= last,
        )
        .distinct()
    )
    return len({member_id for member_id, day in rows if tipped[member_id] < day <= tipped[member_id] + RETURNS_WITHIN})


async def tips_and_returns(session: Session, workspace_id: int, since: date) -> tuple[int, int]:
    """Return how many got a tip in the weeks since a Monday that have been summed up, and how many of them returned."""
    found = await session.execute(
        select(func.coalesce(func.sum(NudgeFigure.tipped), 0), func.coalesce(func.sum(NudgeFigure.returned), 0)).where(
            NudgeFigure.workspace_id == workspace_id, col(NudgeFigure.first_week) >= since
        )
    )
    tipped, returned = found.one()
    return int(tipped), int(returned)


async def decisions_by_outcome(session: Session, workspace_id: int, since: date) -> Mapping[str, int]:
    """Return how many decisions were published since a day, by how they were anchored then."""
    rows = await session.execute(
        select(col(Decision.outcome), func.count())
        .join(Announcement, col(Announcement.id) == col(Decision.announcement_id))
        .where(
            Decision.workspace_id == workspace_id,
            col(Decision.outcome).is_not(None),
            col(Announcement.state).in_(VISIBLE),
            col(Announcement.published_at) >= datetime.combine(since, time(), UTC),
        )
        .group_by(col(Decision.outcome))
    )
    return {str(outcome): int(count) for outcome, count in rows}


async def coverage(session: Session, workspace_id: int) -> tuple[int, int]:
    """Return how many channels Samlas is in, and how many there are that it knows of and that are in use."""
    rows = await session.execute(
        select(func.sum(case((col(Channel.bot_is_in).is_(True), 1), else_=0)), func.count()).where(
            Channel.workspace_id == workspace_id, col(Channel.is_archived).is_(False)
        )
    )
    inside, known = rows.one()
    return int(inside or 0), int(known)
