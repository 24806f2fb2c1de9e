"""What the bot has said unasked, the weekly rounds, and who looked at data about whom."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import Day, belongs_to, one_of, primary_key


class NudgeKind(StrEnum):
    """The unasked-for messages that the contact budget pays for."""

    TIP = "tip"


class NudgeAnswer(StrEnum):
    """The three answers every nudge carries."""

    HELPED = "helped"
    NOT_NOW = "not_now"
    STOP = "stop"


class Nudge(SQLModel, table=True):
    """One unasked-for message to one member. It is paid for from the day it is planned."""

    __table_args__ = (
        UniqueConstraint("member_id", "kind", "local_date"),
        one_of("kind", NudgeKind),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    kind: str
    # The Quiet reason's name (nudges/quiet.py) that it was sent for.
    reason: str
    # The day in the member's own zone for which it is planned.
    local_date: date = Field(sa_type=Day)
    # The channel that the tip suggests.
    channel_id: int | None = Field(default=None, foreign_key="channel.id", ondelete="SET NULL")
    planned_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None
    # It never arrived, mostly because by its turn it was no longer true: the budget gets it back.
    dropped: bool = False


class Round(SQLModel, table=True):
    """The weekly round, claimed once per workspace and ISO week whatever the number of processes."""

    __table_args__ = (UniqueConstraint("workspace_id", "week"),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    # The Monday of the ISO week.
    week: date = Field(sa_type=Day)
    planned_at: datetime
    # The last member id that has been looked at, and when all of them had been.
    cursor: int = 0
    done_at: datetime | None = None


class Look(SQLModel, table=True):
    """Somebody looked at data about one member, who can read this line."""

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    about_member_id: int = belongs_to("member.id")
    # None: from the command line.
    by_member_id: int | None = Field(default=None, foreign_key="member.id", ondelete="SET NULL")
    what: str
    at: datetime
