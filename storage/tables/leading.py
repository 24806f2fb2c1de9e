"""What team leads are told: a private card a week at most, with names of colleagues who may welcome an invitation."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import Day, belongs_to, one_of, primary_key


class LeadCardState(StrEnum):
    """Where a card is. *given_back*: it never arrived, so that nobody was named by it."""

    PLANNED = "planned"
    SENT = "sent"
    GIVEN_BACK = "given_back"


class LeadCard(SQLModel, table=True):
    """The one card of a week for one lead."""

    __tablename__ = "lead_card"
    __table_args__ = (
        UniqueConstraint("lead_id", "week"),
        one_of("state", LeadCardState),
        Index(
            "ix_lead_card_planned",
            "workspace_id",
            "due_at",
            sqlite_where=text("state = 'planned'"),
            postgresql_where=text("state = 'planned'"),
        ),
    )

    id: int | None = primary_key()
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE", index=True)
    lead_id: int = Field(foreign_key="member.id", ondelete="CASCADE")
    # The Monday of the ISO week.
    week: date = Field(sa_type=Day)
    state: str = LeadCardState.PLANNED
    planned_at: datetime
    due_at: datetime
    # What the lead asked for with it: no card before that day.
    snoozed_until: date | None = Field(default=None, sa_type=Day)


class LeadAnswer(StrEnum):
    """What a lead means to do about a name. *Fine as it is* is none: that stores only a snooze."""

    WILL = "will"
    COACH = "coach"


class LeadName(SQLModel, table=True):
    """One colleague whom a card names."""

    __tablename__ = "lead_name"
    __table_args__ = (
        UniqueConstraint("card_id", "member_id"),
        one_of("answer", LeadAnswer),
        Index(
            "ix_lead_name_coach",
            "workspace_id",
            "answered_at",
            sqlite_where=text("answer = 'coach'"),
            postgresql_where=text("answer = 'coach'"),
        ),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    card_id: int = belongs_to("lead_card.id")
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    # Why the ladder came to them; it is never shown to the lead.
    reason: str
    # The day for which they are named, in their own zone.
    local_date: date = Field(sa_type=Day)
    answer: str | None = None
    answered_at: datetime | None = None
    # Not to be named to a lead before that day.
    snoozed_until: date | None = Field(default=None, sa_type=Day)
