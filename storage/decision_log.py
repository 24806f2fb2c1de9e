"""The decision log: which decisions there are to be seen, found by words, people, topic, status and day.

`decision_log` is the one way to search. Words are looked up in the full-text index (storage/search.py), which holds
what published decisions say and answer; people by their names as they are now, so that nothing of somebody erased stays
in the index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage.announcements import VISIBLE
from storage.database import Session
from storage.news import is_meant_for
from storage.search import found_by
from storage.tables import Announcement, AnnouncementState, Decision, DecisionStatus, Member
from storage.topics import is_about

# What somebody has withdrawn stays in the log, and says so.
_OUT = (*VISIBLE, AnnouncementState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class LogWord:
    """One word to look for: in what is said, in its author's name, in its topics, and as a status or days if it is one.

    `since` and `until` are moments, the first in and the last not.
    """

    text: str
    status: DecisionStatus | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """A published decision as it stands in the log."""

    decision: Decision
    announcement: Announcement
    status: DecisionStatus


async def decision_log(
    session: Session,
    workspace_id: int,
    reader: Member | None,
    words: Sequence[LogWord] = (),
    *,
    statuses: Sequence[DecisionStatus] = (),
    limit: int | None = None,
) -> Sequence[Logged]:
    """Return the published decisions that a reader may see and that fit every word, newest first.

    `reader` None: all of the workspace, for whoever runs Samlas. Without `statuses`, of any.
    """
    status = _status_now()
    query = (
        select(Decision, Announcement, status)
        .join(Announcement, col(Announcement.id) == col(Decision.announcement_id))
        .join(Member, col(Member.id) == col(Announcement.author_id))
        .where(
            col(Decision.workspace_id) == workspace_id,
            col(Decision.outcome).is_not(None),
            col(Announcement.state).in_(_OUT),
            _seen_by(workspace_id, reader),
            *(_fits(session, word, status) for word in words),
        )
        .order_by(col(Announcement.published_at).desc(), col(Decision.id).desc())
        .limit(limit)
    )
    if statuses:
        query = query.where(status.in_(list(statuses)))
    found = await session.execute(query)
    return [Logged(decision, announcement, DecisionStatus(now)) for decision, announcement, now in found.all()]


async def find_logged(
    session: Session, workspace_id: int, reader: Member | None, announcement_id: int
) -> Logged | None:
    """Return one announcement's decision from the log, if it is there for this reader."""
    found = await session.execute(
        select(Decision, Announcement, _status_now())
        .join(Announcement, col(Announcement.id) == col(Decision.announcement_id))
        .where(
            col(Decision.workspace_id) == workspace_id,
            col(Decision.announcement_id) == announcement_id,
            col(Decision.outcome).is_not(None),
            col(Announcement.state).in_(_OUT),
            _seen_by(workspace_id, reader),
        )
        # The functions that change these rows do so without the session hearing of it.
        .execution_options(populate_existing=True)
    )
    row = found.first()
    return None if row is None else Logged(row[0], row[1], DecisionStatus(row[2]))


async def announcement_of_decision(session: Session, workspace_id: int, decision_id: int) -> Announcement | None:
    """Return the announcement that carries a decision."""
    found = await session.execute(
        select(Announcement)
        .join(Decision, col(Decision.announcement_id) == col(Announcement.id))
        .where(col(Decision.workspace_id) == workspace_id, col(Decision.id) == decision_id)
    )
    return found.scalar_one_or_none()


async def replacement_of(session: Session, workspace_id: int, decision_id: int) -> Announcement | None:
    """Return the announcement of the decision that has taken a decision's place; the latest where there are several."""
    found = await session.execute(
        select(Announcement)
        .join(Decision, col(Decision.announcement_id) == col(Announcement.id))
        .where(col(Decision.workspace_id) == workspace_id, *_stands(Decision, Announcement))
        .where(col(Decision.replaces_id) == decision_id)
        .order_by(col(Announcement.published_at).desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def draft_that_replaces(session: Session, workspace_id: int, author_id: int, decision_id: int) -> int | None:
    """Return the row id of an author's draft that is to take a decision's place."""
    found = await session.execute(
        select(col(Announcement.id))
        .join(Decision, col(Decision.announcement_id) == col(Announcement.id))
        .where(
            col(Decision.workspace_id) == workspace_id,
            col(Decision.replaces_id) == decision_id,
            col(Announcement.author_id) == author_id,
            col(Announcement.state) == AnnouncementState.DRAFT,
        )
        .limit(1)
    )
    return found.scalar_one_or_none()


async def decisions_to_review(session: Session, workspace_id: int, today: date) -> Sequence[Logged]:
    """Return the decisions whose day has come to be looked at again, and whose owner has not been asked."""
    status = _status_now()
    found = await session.execute(
        select(Decision, Announcement, status)
        .join(Announcement, col(Announcement.id) == col(Decision.announcement_id))
        .where(
            col(Decision.workspace_id) == workspace_id,
            col(Decision.outcome).is_not(None),
            col(Decision.review_on) <= today,
            col(Decision.review_asked_on).is_(None),
            col(Announcement.state).in_(VISIBLE),
            status.in_([DecisionStatus.PROPOSED, DecisionStatus.DECIDED]),
        )
        .order_by(col(Decision.id))
    )
    return [Logged(decision, announcement, DecisionStatus(now)) for decision, announcement, now in found.all()]


def _fits(session: Session, word: LogWord, status: ColumnElement[Any]) -> ColumnElement[bool]:
    speaker = aliased(Member)
    ways: list[ColumnElement[bool]] = [
        found_by(session, word.text),
        _is_called(Member, word.text),
        # In whose name it was published.
        col(Announcement.behalf_of_id).in_(select(col(speaker.id)).where(_is_called(speaker, word.text))),
        is_about(word.text),
    ]
    if word.status is not None:
        ways.append(status == word.status)
    if word.since is not None and word.until is not None:
        ways.append(and_(col(Announcement.published_at) >= word.since, col(Announcement.published_at) < word.until))
    return or_(*ways)


def _is_called(member: type[Member], words: str) -> ColumnElement[bool]:
    return or_(
        func.lower(member.name).contains(words.lower(), autoescape=True),
        col(member.name).contains(words, autoescape=True),
    )


def _seen_by(workspace_id: int, reader: Member | None) -> ColumnElement[bool]:
    if reader is None:
        return true()
    is_theirs = or_(col(Announcement.author_id) == reader.id, col(Announcement.behalf_of_id) == reader.id)
    return or_(is_theirs, is_meant_for(workspace_id, reader))


def _status_now() -> ColumnElement[Any]:
    """Return where a decision stands: replaced is what another one that stands says it takes the place of."""
    later, announced = aliased(Decision), aliased(Announcement)
    is_replaced = exists().where(
        col(later.replaces_id) == col(Decision.id),
        col(announced.id) == col(later.announcement_id),
        *_stands(later, announced),
    )
    return case(
        (
            or_(
                col(Announcement.state) == AnnouncementState.WITHDRAWN, col(Decision.status) == DecisionStatus.WITHDRAWN
            ),
            DecisionStatus.WITHDRAWN.value,
        ),
        (is_replaced, DecisionStatus.REPLACED.value),
        else_=col(Decision.status),
    )


def _stands(decision: type[Decision], announcement: type[Announcement]) -> list[ColumnElement[bool]]:
    return [col(decision.status) == DecisionStatus.DECIDED, col(announcement.state).in_(VISIBLE)]
