"""Announcements, the decisions they carry, and how those were anchored."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import Day, belongs_to, one_of, primary_key


class AnnouncementKind(StrEnum):
    """What is announced."""

    NEWS = "news"
    DECISION = "decision"


class AnnouncementState(StrEnum):
    """Where an announcement is in its life; the transitions are in bot/announcements/life.py."""

    DRAFT = "draft"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


class AudienceKind(StrEnum):
    """Whom an announcement is for."""

    CHANNEL = "channel"
    HOME_TEAM = "home_team"
    EVERYONE = "everyone"


class Announcement(SQLModel, table=True):
    """One thing told once. `version` grows with every change, so that a stale button is recognised."""

    __table_args__ = (
        one_of("kind", AnnouncementKind),
        one_of("state", AnnouncementState),
        one_of("audience_kind", AudienceKind),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    author_id: int = Field(foreign_key="member.id", index=True)
    kind: str = AnnouncementKind.NEWS
    state: str = AnnouncementState.DRAFT
    audience_kind: str = AudienceKind.EVERYONE
    # The channel or home team; None for everyone.
    audience_id: int | None = None
    # Where the home post stands; None where it has none.
    home_channel_id: int | None = Field(default=None, foreign_key="channel.id")
    title: str = ""
    text: str = ""
    language: str = "sv"
    confirm: bool = False
    important: bool = False
    is_proposal: bool = False
    # The line of why that is shown when a decision is published with items open.
    why_open: str = ""
    revision: int = 1
    version: int = 1
    created_at: datetime
    published_at: datetime | None = None


class AnnouncementStep(SQLModel, table=True):
    """Each transition in an announcement's life, with who made it and when."""

    __tablename__ = "announcement_step"

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    step: str
    by_member_id: int | None = Field(default=None, foreign_key="member.id")
    at: datetime


class Delivery(StrEnum):
    """What became of an announcement's way to one person.

    *home*: they are reached by the home post alone. *waiting*: a copy is on its way. *sent*: the platform took
    the copy. The rest are the parts of the author's picture that are nobody's *not yet*.
    """

    HOME = "home"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class ReadBy(StrEnum):
    """The sign by which somebody counts as having read."""

    PRESSED = "pressed"
    REPLIED = "replied"
    REACTED = "reacted"
    ASKED = "asked"
    NOT_RELEVANT = "not_relevant"


class Recipient(SQLModel, table=True):
    """One person an announcement is for: how it went to them, and whether they have read it."""

    __tablename__ = "recipient"
    __table_args__ = (one_of("delivery", Delivery), {"sqlite_with_rowid": False})

    announcement_id: int = Field(foreign_key="announcement.id", primary_key=True, ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE", index=True)
    workspace_id: int = belongs_to("workspace.id")
    delivery: str = Delivery.HOME
    delivery_reason: str = ""
    left_at: datetime | None = None
    read_at: datetime | None = None
    read_by: str | None = None


class Question(SQLModel, table=True):
    """A question asked about an announcement, on its way to the home post's thread."""

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    text: str
    asked_at: datetime


class DecisionStatus(StrEnum):
    """Where a decision stands in the decision log."""

    PROPOSED = "proposed"
    DECIDED = "decided"


class Decision(SQLModel, table=True):
    """What is decided, with the checklist it was made with and the answers given.

    `checklist` is a snapshot of the template's items and `answers` maps item key to what was answered, in the
    forms that bot/decisions/checklist.py reads and writes. The outcome is always computed, never stored.
    """

    __table_args__ = (UniqueConstraint("announcement_id"), one_of("status", DecisionStatus))

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    status: str = DecisionStatus.PROPOSED
    checklist: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    review_on: date | None = Field(default=None, sa_type=Day)


class AnchoringState(StrEnum):
    """Where an anchoring request stands."""

    OPEN = "open"
    MET = "met"
    STOPPED = "stopped"


class AnchoringRequest(SQLModel, table=True):
    """The management group is asked whether a decision is anchored with them."""

    __tablename__ = "anchoring_request"
    __table_args__ = (one_of("state", AnchoringState),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    rule: str
    state: str = AnchoringState.OPEN
    # The announcement's revision that was put to the group.
    revision: int
    asked_at: datetime
    settled_at: datetime | None = None


class AnchoringAnswerKind(StrEnum):
    """What a member of the management group can answer."""

    ANCHORED = "anchored"
    CONCERN = "concern"
    MEETING = "meeting"


class AnchoringAnswer(SQLModel, table=True):
    """What one member of the management group answered. A concern's text is for the author and the group."""

    __tablename__ = "anchoring_answer"
    __table_args__ = (UniqueConstraint("request_id", "member_id"), one_of("answer", AnchoringAnswerKind))

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    request_id: int = belongs_to("anchoring_request.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    # None: asked, and has not answered.
    answer: str | None = None
    text: str = ""
    answered_at: datetime | None = None
