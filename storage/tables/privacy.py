"""What is left when a person's data goes: sums without them, what they had asked for, and how the sweeping went."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.announcing import Delivery
from storage.tables.base import Day, one_of


class FormerRecipients(SQLModel, table=True):
    """How many people who were erased an announcement was for, by what became of it; no member in it.

    With the rows of `recipient` it is the whole of an announcement's audience.
    """

    __tablename__ = "former_recipients"
    __table_args__ = (
        one_of("delivery", Delivery),
        CheckConstraint("count > 0", name="count_positive"),
        {"sqlite_with_rowid": False},
    )

    announcement_id: int = Field(foreign_key="announcement.id", primary_key=True, ondelete="CASCADE")
    has_read: bool = Field(primary_key=True)
    delivery: str = Field(primary_key=True)
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE", index=True)
    count: int


class KeptWish(SQLModel, table=True):
    """What somebody who was erased had asked for, under a keyed hash of the platform's id of them.

    It is all that is kept of them, so that they are not counted and contacted again when they are heard of again.
    """

    __tablename__ = "kept_wish"
    __table_args__ = (
        CheckConstraint("not_counted OR nudges_off", name="asks_for_something"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    digest: str = Field(primary_key=True)
    not_counted: bool = False
    nudges_off: bool = False


class WishKey(SQLModel, table=True):
    """The random key of this database under which `kept_wish` keeps its hashes; one row, made when first needed."""

    __tablename__ = "wish_key"

    id: int = Field(default=1, primary_key=True)
    key: str


class MonthlyParticipation(SQLModel, table=True):
    """How often members took part in one way in a month whose days are not kept any more; no member in it."""

    __tablename__ = "monthly_participation"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    # The first day of the month.
    month: date = Field(primary_key=True, sa_type=Day)
    kind: int = Field(primary_key=True)
    count: int


class CountsSwept(SQLModel, table=True):
    """How summing up and deleting the counts by member went: its own figures, without anybody in them."""

    __tablename__ = "counts_swept"

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    # Everything older than this day had been summed up and deleted, at `done_at`.
    kept_from: date | None = Field(default=None, sa_type=Day)
    done_at: datetime | None = None
    # Of the whole time: transactions, and rows that were summed up and deleted.
    batches: int = 0
    rows: int = 0
