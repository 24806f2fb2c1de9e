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
    """Where an announcement is in its life. *publishing*: on its way out, until everybody it is for is written down.

    *awaiting*: a draft that waits for the yes of the person on whose behalf it is written. What may follow what is in
    bot/announcements/life.py.
    """

    DRAFT = "draft"
    AWAITING = "awaiting"
    SCHEDULED = "scheduled"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"


class AudienceKind(StrEnum):
    """Whom an announcement is for."""

    CHANNEL = "channel"
    HOME_TEAM = "home_team"
    GROUP = "group"
    EVERYONE = "everyone"


class Announcement(SQLModel, table=True):
    """One thing told once; its words are in `announcement_text`.

    `revision` grows with what it says and whom it is for (0: nothing has been written yet), and is what the
    management group is asked about. `version` grows with every change, so that a stale form is recognised.
    """

    __table_args__ = (
        one_of("kind", AnnouncementKind),
        one_of("state", AnnouncementState),
        one_of("audience_kind", AudienceKind),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    # Who writes it.
    author_id: int = Field(foreign_key="member.id", index=True)
    # In whose name it goes out, once they have approved it; None: in its author's own.
    behalf_of_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    kind: str = AnnouncementKind.NEWS
    state: str = AnnouncementState.DRAFT
    audience_kind: str = AudienceKind.EVERYONE
    # The channel, home team or group; None for everyone.
    audience_id: int | None = None
    # Where the home post goes; None where it has none.
    home_channel_id: int | None = Field(default=None, foreign_key="channel.id")
    # Why the home post could not be posted there, as bot/reasons.py keeps it; everybody got a copy instead.
    home_failure: str = ""
    # When it was found that somebody has deleted the home post by hand.
    home_gone_at: datetime | None = None
    # The language that its author writes in; `announcement_text` has it at least in this one.
    language: str = "sv"
    # The one picture that it shows; what that shows, in words, is in `announcement_text`.
    image_id: int | None = Field(default=None, foreign_key="image.id", ondelete="SET NULL", index=True)
    confirm: bool = False
    important: bool = False
    is_proposal: bool = False
    # The line of why that is shown when a decision is published with items open.
    why_open: str = ""
    revision: int = 0
    version: int = 1
    created_at: datetime
    # When its author wants it to go out; None: as soon as they say so.
    publish_at: datetime | None = None
    published_at: datetime | None = None
    # When it was last edited after it was published.
    edited_at: datetime | None = None


class AnnouncementText(SQLModel, table=True):
    """What an announcement says in one language, as of one revision. Never changed: an edit is the next revision."""

    __tablename__ = "announcement_text"
    __table_args__ = {"sqlite_with_rowid": False}

    announcement_id: int = Field(foreign_key="announcement.id", primary_key=True, ondelete="CASCADE")
    revision: int = Field(primary_key=True)
    language: str = Field(primary_key=True)
    workspace_id: int = belongs_to("workspace.id")
    title: str
    text: str
    # What its picture shows, for whoever cannot see it; empty where there is none.
    alt: str = ""
    # Title and text without upper case, for searching: SQLite's own lower() knows ASCII only.
    folded: str


class AnnouncementStep(SQLModel, table=True):
    """Each transition in an announcement's life, with who made it (None: nobody in person), when, and why if said.

    From *published* to *published*: it was edited.
    """

    __tablename__ = "announcement_step"
    __table_args__ = (one_of("from_state", AnnouncementState), one_of("to_state", AnnouncementState))

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    from_state: str
    to_state: str
    by_member_id: int | None = Field(default=None, foreign_key="member.id")
    at: datetime
    why: str = ""


class Delivery(StrEnum):
    """What became of an announcement's way to one person.

    *by_post*: they are reached by the home post alone. *waiting*: a copy is on its way. *sent*: the platform took
    the copy. The rest are the parts of the author's picture that are nobody's *not yet*.
    """

    BY_POST = "by_post"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"


class ReadBy(StrEnum):
    """The sign by which somebody counts as having read.

    *replied*: in the thread. *wrote back*: to their own copy, which nobody else sees until they choose.
    """

    PRESSED = "pressed"
    REPLIED = "replied"
    WROTE_BACK = "wrote_back"
    REACTED = "reacted"
    ASKED = "asked"
    NOT_RELEVANT = "not_relevant"


class Recipient(SQLModel, table=True):
    """One person an announcement is for: how it went to them, and whether they have read it.

    `read_at` and `read_by` are the first sign of having read. `sign_at` and `sign_by` are the first that is not a
    press on a button: it stays when a press is taken back. Of one who replies in the thread later, `sign_by` says so.
    """

    __tablename__ = "recipient"
    __table_args__ = (one_of("delivery", Delivery), {"sqlite_with_rowid": False})

    announcement_id: int = Field(foreign_key="announcement.id", primary_key=True, ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE", index=True)
    workspace_id: int = belongs_to("workspace.id")
    delivery: str = Delivery.BY_POST
    # Why it did not arrive, as bot/reasons.py keeps it.
    delivery_reason: str = ""
    read_at: datetime | None = None
    read_by: str | None = None
    sign_at: datetime | None = None
    sign_by: str | None = None


class Question(SQLModel, table=True):
    """A question asked about an announcement, or a reply to a copy of it, for the home post's thread and its author.

    While a reply waits for its writer's choice, nobody is shown it.
    """

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    member_id: int = Field(foreign_key="member.id", index=True)
    text: str
    asked_at: datetime
    # Why it could not be posted in the thread, as bot/reasons.py keeps it; it went to the author alone.
    failure: str = ""
    is_reply: bool = False
    is_waiting: bool = False
    # Its writer may want it to go to the author alone.
    in_thread: bool = True


class DecisionStatus(StrEnum):
    """Where a decision stands in the decision log.

    *replaced* is never kept: it is so while another decision that stands has taken its place (storage/decision_log.py).
    """

    PROPOSED = "proposed"
    DECIDED = "decided"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class Anchoring(StrEnum):
    """How a decision is anchored: by the management group's own answers, as its author says, or not (yet) wholly."""

    BY_GROUP = "by_group"
    SELF_DECLARED = "self_declared"
    PARTLY = "partly"
    NOT_YET = "not_yet"


class Decision(SQLModel, table=True):
    """What is decided, with the checklist it was made with and the answers given.

    `checklist` is a snapshot of the template's items and `answers` maps item key to what was answered, in the
    forms that bot/decisions/checklist.py reads and writes.
    """

    __table_args__ = (
        UniqueConstraint("announcement_id"),
        one_of("status", DecisionStatus),
        one_of("outcome", Anchoring),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    status: str = DecisionStatus.PROPOSED
    # How it was anchored (`Anchoring`) when it was published; None for a draft, whose outcome is computed.
    outcome: str | None = None
    checklist: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    # The decision whose place this one takes, once it stands.
    replaces_id: int | None = Field(default=None, foreign_key="decision.id", ondelete="SET NULL", index=True)
    review_on: date | None = Field(default=None, sa_type=Day)
    # When its owner was asked whether to keep it; None again when they have given another day.
    review_asked_on: date | None = Field(default=None, sa_type=Day)
    withdrawn_why: str = ""


class AnchoringState(StrEnum):
    """Where an anchoring request stands. *lapsed*: too few have answered in time."""

    OPEN = "open"
    MET = "met"
    LAPSED = "lapsed"


class AnchoringRequest(SQLModel, table=True):
    """The management group is asked whether a decision is anchored with them, as it stands in one revision.

    It is current as long as that is the announcement's revision. `answers`, `audience_kind`, `audience_id` and
    `behalf_of_id` are the checklist's answers, the audience and the person it spoke for as they were then; the words
    are kept by revision anyway.
    """

    __tablename__ = "anchoring_request"
    __table_args__ = (one_of("state", AnchoringState), one_of("audience_kind", AudienceKind))

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    rule: str
    state: str = AnchoringState.OPEN
    revision: int
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    audience_kind: str = AudienceKind.EVERYONE
    audience_id: int | None = None
    behalf_of_id: int | None = Field(default=None, foreign_key="member.id")
    # Which picture it had then; that one may be gone.
    image_id: int | None = None
    # The author has ticked that it publishes itself when it is met; a concern, or a wish for a meeting, stops that.
    publish_when_met: bool = False
    publishing_stopped: bool = False
    asked_at: datetime
    reminded_at: datetime | None = None
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
