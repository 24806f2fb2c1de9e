"""Audiences: who is in one, and who of them gets a copy. The preview counts by the rule that the fan-out goes by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, false, func
from sqlmodel import col, exists, select

from storage.database import Session
from storage.people import present
from storage.tables import AudienceKind, ChannelMember, ClosedTo, ClosedWay, Copies, GroupMember, Member, MemberState

_IS_LISTED: ColumnElement[bool] = col(Member.state) == MemberState.LISTED


@dataclass(frozen=True, slots=True)
class Audience:
    """People an announcement can be for: everyone, a home team's or a channel's members.

    `row_id` is the channel or home team. With `as_of`, whoever came later is not part of it; nor are
    `except_member_id` and `also_except_member_id`, whom it comes from.
    """

    kind: str
    row_id: int | None = None
    as_of: datetime | None = None
    except_member_id: int | None = None
    also_except_member_id: int | None = None


@dataclass(frozen=True, slots=True)
class Addressed:
    """One person of an audience, and whether they get a copy."""

    member_id: int
    gets_copy: bool
    # The chat has not seen them yet, so that nothing can reach them.
    is_listed: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """How many people an audience has, and how many of them are to get a direct message.

    `blocked` and `unreachable` are those of the latter to whom none gets through, as far as is known.
    """

    people: int
    messages: int
    # So many of the people are in the organisation's list, and the chat has not seen them yet.
    listed: int = 0
    blocked: int = 0
    unreachable: int = 0

    @property
    def without_message(self) -> int:
        """How many of those who are to get a direct message cannot be reached by one."""
        return self.blocked + self.unreachable


async def audience_page(
    session: Session,
    workspace_id: int,
    audience: Audience,
    copies: Copies,
    home_channel_id: int | None,
    *,
    after: int,
    limit: int,
) -> Sequence[Addressed]:
    """Return the next people of an audience, by row id ascending from after `after`."""
    query = (
        select(col(Member.id), _gets_copy(copies, home_channel_id), _IS_LISTED)
        .where(*_belongs(workspace_id, audience), col(Member.id) > after)
        .order_by(col(Member.id))
        .limit(limit)
    )
    return [
        Addressed(member_id, bool(gets_copy), bool(is_listed))
        for member_id, gets_copy, is_listed in (await session.execute(query)).all()
        if member_id is not None
    ]


async def reach(
    session: Session, workspace_id: int, audience: Audience, copies: Copies, home_channel_id: int | None
) -> Reach:
    """Return how many people an audience has now, and how many copies would go out."""
    gets_copy = _gets_copy(copies, home_channel_id)
    counted: list[ColumnElement[int]] = [
        func.count(),
        _how_many(gets_copy),
        _how_many(_IS_LISTED),
        _how_many(and_(gets_copy, col(ClosedWay.why) == ClosedTo.BLOCKED)),
        _how_many(and_(gets_copy, col(ClosedWay.why) == ClosedTo.UNREACHABLE)),
    ]
    found = await session.execute(
        select(*counted)
        .select_from(Member)
        .outerjoin(ClosedWay, col(ClosedWay.member_id) == col(Member.id))
        .where(*_belongs(workspace_id, audience))
    )
    people, messages, listed, blocked, unreachable = tuple(found.one())
    return Reach(people, messages, listed, blocked, unreachable)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


async def is_in_audience(session: Session, workspace_id: int, audience: Audience, member_id: int) -> bool:
    """Whether a member belongs to an audience."""
    found = await session.execute(
        select(col(Member.id)).where(*_belongs(workspace_id, audience), col(Member.id) == member_id)
    )
    return found.first() is not None


def _belongs(workspace_id: int, audience: Audience) -> list[ColumnElement[bool]]:
    conditions = [col(Member.workspace_id) == workspace_id, *present()]
    if audience.as_of is not None:
        conditions.append(col(Member.created_at) <= audience.as_of)
    excepted = (audience.except_member_id, audience.also_except_member_id)
    conditions.extend(col(Member.id) != member_id for member_id in excepted if member_id is not None)
    match AudienceKind(audience.kind):
        case AudienceKind.EVERYONE:
            pass
        case AudienceKind.HOME_TEAM:
            conditions.append(col(Member.home_team_id) == audience.row_id)
        case AudienceKind.CHANNEL:
            conditions.append(_is_in_channel(audience.row_id))
        case AudienceKind.GROUP:
            inside = exists().where(
                col(GroupMember.group_id) == audience.row_id, col(GroupMember.member_id) == col(Member.id)
            )
            conditions.append(inside)
    return conditions


def _gets_copy(copies: Copies, home_channel_id: int | None) -> ColumnElement[bool]:
    match copies:
        case Copies.ALL:
            return ~_IS_LISTED
        case Copies.ABSENT:
            return ~_IS_LISTED if home_channel_id is None else and_(~_IS_LISTED, ~_is_in_channel(home_channel_id))
        case Copies.NONE:
            return false()


def _is_in_channel(channel_id: int | None) -> ColumnElement[bool]:
    return exists().where(col(ChannelMember.channel_id) == channel_id, col(ChannelMember.member_id) == col(Member.id))
