"""Announcements, who they are for, and what became of each way to each person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.dialects.sqlite import insert
from sqlmodel import col, update

from storage.database import Session
from storage.people import is_in_audience
from storage.tables import (
    Announcement,
    AnnouncementState,
    AnnouncementStep,
    AudienceKind,
    ChannelMember,
    Delivery,
    Member,
    Question,
    ReadBy,
    Recipient,
)


async def add_draft(
    session: Session, workspace_id: int, author_id: int, *, title: str, language: str, now: datetime
) -> Announcement:
    """Store a new draft."""
    draft = Announcement(workspace_id=workspace_id, author_id=author_id, title=title, language=language, created_at=now)
    session.add(draft)
    await session.flush()
    return draft


async def find_announcement(session: Session, workspace_id: int, announcement_id: int) -> Announcement | None:
    """Return an announcement of this workspace by row id."""
    found = await session.execute(
        select(Announcement).where(
            col(Announcement.workspace_id) == workspace_id, col(Announcement.id) == announcement_id
        )
    )
    return found.scalar_one_or_none()


async def drafts_of(session: Session, workspace_id: int, author_id: int) -> Sequence[Announcement]:
    """Return a member's drafts, newest first."""
    found = await session.execute(
        select(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.author_id) == author_id,
            col(Announcement.state) == AnnouncementState.DRAFT,
        )
        .order_by(col(Announcement.id).desc())
    )
    return found.scalars().all()


async def store_draft(session: Session, workspace_id: int, draft: Announcement) -> bool:
    """Store a draft's new content as its next version; False when it was changed or published meanwhile.

    The row in hand carries the new content and the version that it was read with.
    """
    changed = await session.execute(
        update(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.id) == draft.id,
            col(Announcement.version) == draft.version,
            col(Announcement.state) == AnnouncementState.DRAFT,
        )
        .values(
            kind=draft.kind,
            audience_kind=draft.audience_kind,
            audience_id=draft.audience_id,
            title=draft.title,
            text=draft.text,
            confirm=draft.confirm,
            important=draft.important,
            why_open=draft.why_open,
            is_proposal=draft.is_proposal,
            revision=draft.revision,
            version=draft.version + 1,
        )
        .returning(col(Announcement.id))
        .execution_options(synchronize_session=False)
    )
    if changed.first() is None:
        return False
    await session.refresh(draft)
    return True


async def begin_publishing(
    session: Session, workspace_id: int, draft: Announcement, home_channel_id: int | None, now: datetime
) -> bool:
    """Turn a draft into something on its way out; False when it was changed or published meanwhile."""
    changed = await session.execute(
        update(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.id) == draft.id,
            col(Announcement.version) == draft.version,
            col(Announcement.state) == AnnouncementState.DRAFT,
        )
        .values(
            state=AnnouncementState.PUBLISHING,
            home_channel_id=home_channel_id,
            why_open=draft.why_open,
            is_proposal=draft.is_proposal,
            published_at=now,
            version=draft.version + 1,
        )
        .returning(col(Announcement.id))
        .execution_options(synchronize_session=False)
    )
    if changed.first() is None:
        return False
    await session.refresh(draft)
    return True


async def record_step(
    session: Session,
    workspace_id: int,
    announcement_id: int,
    step: str,
    by_member_id: int | None,
    now: datetime,
) -> None:
    """Keep a transition with who made it and when."""
    session.add(
        AnnouncementStep(
            workspace_id=workspace_id,
            announcement_id=announcement_id,
            step=step,
            by_member_id=by_member_id,
            at=now,
        )
    )
    await session.flush()


async def find_recipient(session: Session, workspace_id: int, announcement_id: int, member_id: int) -> Recipient | None:
    """Return what is known of one person's way to an announcement; None for somebody it is not for."""
    found = await session.execute(
        select(Recipient)
        .where(
            col(Recipient.workspace_id) == workspace_id,
            col(Recipient.announcement_id) == announcement_id,
            col(Recipient.member_id) == member_id,
        )
        # The functions below change rows without the session hearing of it.
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def mark_read(
    session: Session, workspace_id: int, announcement: Announcement, member_id: int, now: datetime, by: ReadBy
) -> bool:
    """Record the first sign that a recipient has read; False when there was one, or it is not for them.

    While the announcement is still going out its recipients are not all written down: whoever is faster than the
    fan-out gets their row here.
    """
    if (
        announcement.state == AnnouncementState.PUBLISHING
        and member_id != announcement.author_id
        and await is_in_audience(
            session,
            workspace_id,
            announcement.audience_kind,
            announcement.audience_id,
            member_id,
            as_of=announcement.published_at,
        )
    ):
        await session.execute(
            insert(Recipient)
            .values(workspace_id=workspace_id, announcement_id=announcement.id, member_id=member_id)
            .on_conflict_do_nothing()
        )
    changed = await session.execute(
        update(Recipient)
        .where(
            col(Recipient.workspace_id) == workspace_id,
            col(Recipient.announcement_id) == announcement.id,
            col(Recipient.member_id) == member_id,
            col(Recipient.read_at).is_(None),
        )
        .values(read_at=now, read_by=by)
        .returning(col(Recipient.member_id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


async def take_back_read(
    session: Session, workspace_id: int, announcement_id: int, member_id: int, *, read_since: datetime
) -> bool:
    """Forget a press on *I have read this* or *Not relevant to me* made since then; False when there is none."""
    changed = await session.execute(
        update(Recipient)
        .where(
            col(Recipient.workspace_id) == workspace_id,
            col(Recipient.announcement_id) == announcement_id,
            col(Recipient.member_id) == member_id,
            col(Recipient.read_at) >= read_since,
            col(Recipient.read_by).in_([ReadBy.PRESSED, ReadBy.NOT_RELEVANT]),
        )
        .values(read_at=None, read_by=None)
        .returning(col(Recipient.member_id))
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


async def record_delivery(
    session: Session, workspace_id: int, announcement_id: int, member_id: int, delivery: Delivery, reason: str
) -> None:
    """Record what became of the copy to one person."""
    await session.execute(
        update(Recipient)
        .where(
            col(Recipient.workspace_id) == workspace_id,
            col(Recipient.announcement_id) == announcement_id,
            col(Recipient.member_id) == member_id,
        )
        .values(delivery=delivery, delivery_reason=reason)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True, slots=True)
class RecipientCount:
    """So many recipients are in the same situation."""

    has_read: bool
    has_left: bool
    delivery: Delivery
    reason: str
    count: int


async def count_recipients(session: Session, workspace_id: int, announcement_id: int) -> Sequence[RecipientCount]:
    """Return the recipients counted by situation; their sum is the audience."""
    has_read = col(Recipient.read_at).is_not(None)
    has_left = col(Recipient.left_at).is_not(None)
    found = await session.execute(
        select(has_read, has_left, col(Recipient.delivery), col(Recipient.delivery_reason), func.count())
        .where(col(Recipient.workspace_id) == workspace_id, col(Recipient.announcement_id) == announcement_id)
        .group_by(has_read, has_left, col(Recipient.delivery), col(Recipient.delivery_reason))
        .order_by(col(Recipient.delivery_reason))
    )
    return [
        RecipientCount(bool(read), bool(left), Delivery(delivery), reason, count)
        for read, left, delivery, reason, count in found.all()
    ]


async def add_question(
    session: Session, workspace_id: int, announcement_id: int, member_id: int, question: str, now: datetime
) -> int:
    """Store a question on its way to the thread; returns its row id."""
    row = Question(
        workspace_id=workspace_id,
        announcement_id=announcement_id,
        member_id=member_id,
        text=question,
        asked_at=now,
    )
    session.add(row)
    await session.flush()
    if row.id is None:
        raise ValueError("the question was not stored")
    return row.id


async def get_question(session: Session, workspace_id: int, question_id: int) -> Question:
    """Return a question of this workspace by row id."""
    found = await session.execute(
        select(Question).where(col(Question.workspace_id) == workspace_id, col(Question.id) == question_id)
    )
    return found.scalar_one()


@dataclass(frozen=True, slots=True)
class Listed:
    """An announcement in somebody's list, and whether it waits to be read by them."""

    announcement: Announcement
    is_unread: bool


async def list_for_member(
    session: Session, workspace_id: int, member: Member, *, words: str = "", limit: int
) -> Sequence[Listed]:
    """Return the published announcements that a member may see, the unread first and the newest first.

    Each of the `words` has to stand in the title or the text.
    """
    mine = and_(col(Recipient.announcement_id) == col(Announcement.id), col(Recipient.member_id) == member.id)
    is_unread = case((and_(col(Recipient.member_id).is_not(None), col(Recipient.read_at).is_(None)), 1), else_=0)
    query = (
        select(Announcement, is_unread)
        .outerjoin(Recipient, mine)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.state).in_([AnnouncementState.PUBLISHING, AnnouncementState.PUBLISHED]),
            _visible_to(workspace_id, member),
        )
        .order_by(is_unread.desc(), col(Announcement.published_at).desc(), col(Announcement.id).desc())
        .limit(limit)
    )
    for word in words.split():
        query = query.where(
            or_(
                col(Announcement.title).icontains(word, autoescape=True),
                col(Announcement.text).icontains(word, autoescape=True),
            )
        )
    return [Listed(announcement, bool(unread)) for announcement, unread in (await session.execute(query)).all()]


async def may_see(session: Session, workspace_id: int, member: Member, announcement_id: int) -> bool:
    """Whether a member may see what an announcement says."""
    found = await session.execute(
        select(col(Announcement.id)).where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.id) == announcement_id,
            _visible_to(workspace_id, member),
        )
    )
    return found.first() is not None


def _visible_to(workspace_id: int, member: Member) -> ColumnElement[bool]:
    """Return the rule of who may see an announcement.

    What is for everyone, for their home team or for a channel they are in, what stands in a channel they are in, what
    they were a recipient of, and their own.
    """
    inside = select(col(ChannelMember.channel_id)).where(
        col(ChannelMember.workspace_id) == workspace_id, col(ChannelMember.member_id) == member.id
    )
    received = select(col(Recipient.announcement_id)).where(
        col(Recipient.workspace_id) == workspace_id, col(Recipient.member_id) == member.id
    )
    return or_(
        col(Announcement.id).in_(received),
        col(Announcement.author_id) == member.id,
        col(Announcement.audience_kind) == AudienceKind.EVERYONE,
        and_(
            col(Announcement.audience_kind) == AudienceKind.HOME_TEAM,
            col(Announcement.audience_id) == member.home_team_id,
        ),
        and_(col(Announcement.audience_kind) == AudienceKind.CHANNEL, col(Announcement.audience_id).in_(inside)),
        col(Announcement.home_channel_id).in_(inside),
    )


async def published_by(session: Session, workspace_id: int, author_id: int, *, limit: int) -> Sequence[Announcement]:
    """Return what a member has published, newest first."""
    found = await session.execute(
        select(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.author_id) == author_id,
            col(Announcement.state).in_([AnnouncementState.PUBLISHING, AnnouncementState.PUBLISHED]),
        )
        .order_by(col(Announcement.id).desc())
        .limit(limit)
    )
    return found.scalars().all()
