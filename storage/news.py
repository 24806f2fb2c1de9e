"""What a member may see of all that was announced: the one place to come to."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, exists, or_, select
from sqlmodel import col

from storage.announcements import VISIBLE, folded
from storage.database import Session
from storage.tables import (
    Announcement,
    AnnouncementText,
    AudienceKind,
    ChannelMember,
    GroupMember,
    Member,
    Recipient,
)
from storage.topics import is_about


@dataclass(frozen=True, slots=True)
class Listed:
    """An announcement in somebody's list, and whether it waits to be read by them."""

    announcement: Announcement
    is_unread: bool


async def list_for_member(
    session: Session, workspace_id: int, member: Member, *, words: str = "", limit: int
) -> Sequence[Listed]:
    """Return the published announcements that a member may see, the unread first and the newest first.

    Each of the `words` has to stand in the title, in the text or in the name of a topic, whatever its case.
    """
    mine = and_(col(Recipient.announcement_id) == col(Announcement.id), col(Recipient.member_id) == member.id)
    is_unread = case((and_(col(Recipient.member_id).is_not(None), col(Recipient.read_at).is_(None)), 1), else_=0)
    query = (
        select(Announcement, is_unread)
        .outerjoin(Recipient, mine)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.state).in_(VISIBLE),
            _visible_to(workspace_id, member),
        )
        .order_by(is_unread.desc(), col(Announcement.published_at).desc(), col(Announcement.id).desc())
        .limit(limit)
    )
    for word in folded(words).split():
        says_it = exists().where(
            col(AnnouncementText.announcement_id) == col(Announcement.id),
            col(AnnouncementText.revision) == col(Announcement.revision),
            col(AnnouncementText.folded).contains(word, autoescape=True),
        )
        query = query.where(or_(says_it, is_about(word)))
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
    """Return the rule of who may see an announcement: their own; and, once it is published, what is meant for them.

    So may the person in whose name it is published.
    """
    is_for_them = or_(is_meant_for(workspace_id, member), col(Announcement.behalf_of_id) == member.id)
    return or_(col(Announcement.author_id) == member.id, and_(col(Announcement.state).in_(VISIBLE), is_for_them))


def is_meant_for(workspace_id: int, member: Member) -> ColumnElement[bool]:
    """Return the rule of whom an announcement is meant for, wherever it is in its life.

    What is for everyone, for their home team, a group or a channel they are in, what stands in a channel they are in,
    and what they were a recipient of.
    """
    inside = select(col(ChannelMember.channel_id)).where(
        col(ChannelMember.workspace_id) == workspace_id, col(ChannelMember.member_id) == member.id
    )
    received = select(col(Recipient.announcement_id)).where(
        col(Recipient.workspace_id) == workspace_id, col(Recipient.member_id) == member.id
    )
    return or_(
        col(Announcement.id).in_(received),
        col(Announcement.audience_kind) == AudienceKind.EVERYONE,
        and_(
            col(Announcement.audience_kind) == AudienceKind.HOME_TEAM,
            col(Announcement.audience_id) == member.home_team_id,
        ),
        and_(col(Announcement.audience_kind) == AudienceKind.CHANNEL, col(Announcement.audience_id).in_(inside)),
        and_(
            col(Announcement.audience_kind) == AudienceKind.GROUP,
            col(Announcement.audience_id).in_(
                select(col(GroupMember.group_id)).where(
                    col(GroupMember.workspace_id) == workspace_id, col(GroupMember.member_id) == member.id
                )
            ),
        ),
        col(Announcement.home_channel_id).in_(inside),
    )


async def published_by(session: Session, workspace_id: int, author_id: int, *, limit: int) -> Sequence[Announcement]:
    """Return what a member has published, newest first."""
    found = await session.execute(
        select(Announcement)
        .where(
            col(Announcement.workspace_id) == workspace_id,
            col(Announcement.author_id) == author_id,
            col(Announcement.state).in_(VISIBLE),
        )
        .order_by(col(Announcement.id).desc())
        .limit(limit)
    )
    return found.scalars().all()
