"""What the bot has said unasked, the weekly rounds, and who looked at data about whom."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import Day, belongs_to, one_of, primary_key


class ContactState(StrEnum):
    """Where a contact is. *sent*: also one that may have been. *refused*: the member's platform takes none from us.

    *given_back*: it never arrived, mostly because by its turn nothing in it was true. All others are paid for.
    """

    PLANNED = "planned"
    SENT = "sent"
    REFUSED = "refused"
    GIVEN_BACK = "given_back"


class ContactAnswer(StrEnum):
    """The three answers that every contact carries."""

    HELPED = "helped"
    NOT_NOW = "not_now"
    STOP = "stop"


class Contact(SQLModel, table=True):
    """One unasked-for message to one member, paid from their budget on the day for which it is planned."""

    __table_args__ = (
        one_of("state", ContactState),
        # Not two on one day, whatever they say; what was given back does not count.
        Index(
            "uq_contact_paid",
            "member_id",
            "local_date",
            unique=True,
            sqlite_where=text("state <> 'given_back'"),
            postgresql_where=text("state <> 'given_back'"),
        ),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    # The day in the member's own zone.
    local_date: date = Field(sa_type=Day)
    state: str = ContactState.PLANNED
    planned_at: datetime
    answer: str | None = None
    answered_at: datetime | None = None


class Because(StrEnum):
    """Why a member is pointed to something that they may like.

    *followed*, *shown*: it is an announcement on a topic that they follow, or have shown to like. The others are
    channels, which several people are in who follow the same topic, belong to their home team, or are in other
    channels together with them.
    """

    FOLLOWED = "followed"
    SHOWN = "shown"
    SAME_TOPIC = "same_topic"
    HOME_TEAM = "home_team"
    SHARED_CHANNELS = "shared_channels"


class ContactItem(SQLModel, table=True):
    """One of the things that a contact says; its kind is one of those that nudges/ knows how to say."""

    __tablename__ = "contact_item"
    __table_args__ = (UniqueConstraint("contact_id", "kind", "subject_id"), one_of("because", Because))

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    contact_id: int = belongs_to("contact.id")
    kind: str
    # The row that it speaks of; 0: of none.
    subject_id: int = 0
    # Why this member is told, in the kind's own terms.
    reason: str
    # Why it speaks of this row, where that was chosen for this member; it says which table the row is of.
    because: str | None = None
    topic_id: int | None = Field(default=None, foreign_key="topic.id", ondelete="SET NULL")
    # Lower is more important, and said first.
    rank: int


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


class Errand(SQLModel, table=True):
    """Going through many people once, a page at a time, whatever the number of processes."""

    __table_args__ = (UniqueConstraint("workspace_id", "name", "subject_id", "day"),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    name: str
    # The row that it is about; 0: about none.
    subject_id: int = 0
    # The day that it is for; the Monday, where it is for a week.
    day: date = Field(sa_type=Day)
    begun_at: datetime
    # The last member id that has been dealt with, and when all of them had been.
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
