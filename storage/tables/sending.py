"""Everything the bot says on its own accord: the outbox, the fan-outs, the lanes and what was posted."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import belongs_to, one_of, primary_key


class OutboxState(StrEnum):
    """Where one message is on its way out. *dropped*: by its turn it was no longer true or wanted."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


class Operation(StrEnum):
    """What the platform is asked to do."""

    POST = "post"
    EDIT = "edit"


class Outbox(SQLModel, table=True):
    """One thing to say, kept as what it is about and not as text: it is composed when its turn comes.

    `message` names the composer and `subject_id` the row it speaks of. A post goes to `member_id` (direct,
    or together with `with_member_id`) or to `channel_id` (below `thread_id`, a row of `posted`, or `under`, where
    given); an edit changes `posted_id`, which stands there.
    """

    __table_args__ = (
        one_of("operation", Operation),
        one_of("state", OutboxState),
        UniqueConstraint("workspace_id", "once"),
        UniqueConstraint("delivery_id"),
        CheckConstraint(
            "operation = 'edit' AND posted_id IS NOT NULL"
            " OR operation = 'post' AND (member_id IS NULL) <> (channel_id IS NULL)",
            name="one_target",
        ),
        CheckConstraint("with_member_id IS NULL OR member_id IS NOT NULL", name="with_a_member"),
        # The sender asks for the next due row of a lane, most urgent first.
        Index(
            "ix_outbox_due",
            "workspace_id",
            "priority",
            "id",
            "not_before",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        # When does the next one's time come?
        Index(
            "ix_outbox_next",
            "workspace_id",
            "not_before",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_outbox_sending",
            "workspace_id",
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        # What may be swept, the longest settled first (storage/retention.py).
        Index(
            "ix_outbox_swept",
            "workspace_id",
            "settled_at",
            sqlite_where=text("settled_at IS NOT NULL AND NOT is_record"),
            postgresql_where=text("settled_at IS NOT NULL AND NOT is_record"),
        ),
    )

    id: int | None = primary_key()
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE")
    operation: str = Operation.POST
    message: str
    subject_id: int
    member_id: int | None = Field(default=None, foreign_key="member.id", ondelete="CASCADE", index=True)
    # With them it goes to the conversation that the two have with the bot; by itself it goes to nobody.
    with_member_id: int | None = Field(default=None, foreign_key="member.id", ondelete="CASCADE")
    channel_id: int | None = Field(default=None, foreign_key="channel.id", ondelete="CASCADE")
    thread_id: int | None = Field(default=None, foreign_key="posted.id", ondelete="SET NULL")
    # The platform's own name of the first message of a thread that is not ours.
    under: str | None = None
    posted_id: int | None = Field(default=None, foreign_key="posted.id", ondelete="CASCADE", index=True)
    # What makes a second row of the same meaning impossible; None where there may be several.
    once: str | None = None
    # Lower goes first (storage.outbox.Urgency).
    priority: int
    # After a crash between the platform's yes and our commit: an announcement is sent again, a nudge is not.
    resend_if_unknown: bool = False
    state: str = OutboxState.QUEUED
    # What it says has changed while it was on its way: it is edited as soon as it stands.
    changed: bool = False
    # Nothing but this row tells that it was said, so that it is not swept.
    is_record: bool = False
    # Why it is where it is, as bot/reasons.py keeps it.
    reason: str = ""
    attempts: int = 0
    # The event or job that it comes from, by its word in the log (storage/causes.py).
    cause: str = ""
    delivery_id: str
    created_at: datetime
    # Product time: not sent, or while *sending* not looked up, before.
    not_before: datetime
    settled_at: datetime | None = None


class Copies(StrEnum):
    """Which of an audience get a direct message: everyone, those not in the home channel, or nobody."""

    ALL = "all"
    ABSENT = "absent"
    NONE = "none"


class FanOut(SQLModel, table=True):
    """One row that becomes many: expanded by the sender from `cursor`, some hundred recipients at a time.

    A *post* goes to an audience: who was not a member at `audience_as_of` is never added, nor are
    `except_member_id` and `also_except_member_id`.
    An *edit* goes to whoever had the message by then.
    """

    __tablename__ = "fan_out"
    __table_args__ = (
        UniqueConstraint("workspace_id", "operation", "message", "subject_id", "revision"),
        one_of("operation", Operation),
        one_of("copies", Copies),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    operation: str = Operation.POST
    message: str
    subject_id: int
    revision: int = 1
    audience_kind: str
    audience_id: int | None = None
    copies: str
    home_channel_id: int | None = None
    # Whoever it comes from is not part of its audience.
    except_member_id: int | None = None
    also_except_member_id: int | None = None
    priority: int
    resend_if_unknown: bool = False
    # The announcement whose recipients are written down on the way, and which is published when all are.
    announcement_id: int | None = Field(default=None, foreign_key="announcement.id", ondelete="CASCADE", index=True)
    audience_as_of: datetime
    # The last member id that has been dealt with.
    cursor: int = 0
    # After a page that failed: how many have in a row, and when it is tried again, in product time.
    attempts: int = 0
    not_before: datetime | None = None
    done_at: datetime | None = None
    # Why it was given up, as an outbox row's.
    reason: str = ""
    # As an outbox row's; each of its rows carries it on.
    cause: str = ""


class Lane(SQLModel, table=True):
    """The right to send for one workspace, held by one process at a time.

    `lease_until` is database time. The bucket's level and `not_before` live here so that a successor keeps the
    platform's limits.
    """

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    owner: str | None = None
    lease_until: float = 0.0
    # Raised at each change of hands; a result is written only under the term it was sent in.
    term: int = 0
    tokens: float = 0.0
    tokens_at: float = 0.0
    not_before: float = 0.0


class Posted(SQLModel, table=True):
    """A message of ours that stands somewhere: what every later edit and every reply to it needs."""

    __table_args__ = (
        Index("ix_posted_subject", "workspace_id", "message", "subject_id", "member_id"),
        Index("ix_posted_place", "workspace_id", "place", "reference_key"),
    )

    id: int | None = primary_key()
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE")
    message: str
    subject_id: int
    member_id: int | None = Field(default=None, foreign_key="member.id", ondelete="CASCADE", index=True)
    channel_id: int | None = Field(default=None, foreign_key="channel.id", ondelete="CASCADE")
    # The platform's own name of the conversation and of the message in it, to find this row from an event.
    place: str
    reference_key: str
    reference: dict[str, Any] = Field(sa_type=JSON)
    link: str | None = None
    posted_at: datetime
    edited_at: datetime | None = None
