"""How often, never what: counts of taking part, and what makes each count once."""

from datetime import date, datetime
from enum import IntEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.base import Day


class Kind(IntEnum):
    """The ways of taking part that are counted; the names are those of `samlas participation --json`."""

    MESSAGE = 1
    THREAD_REPLY = 2
    REACTION = 3
    READ = 4
    QUESTION = 5
    COMMAND = 6
    HOME = 7


class Participation(SQLModel, table=True):
    """How often one member took part in one way on one UTC day."""

    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    day: date = Field(primary_key=True, sa_type=Day)
    kind: int = Field(primary_key=True)
    count: int


class ChannelParticipation(SQLModel, table=True):
    """How often anybody took part in one way in one channel on one UTC day; no member in it."""

    __tablename__ = "channel_participation"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    channel_id: int = Field(foreign_key="channel.id", primary_key=True, ondelete="CASCADE")
    day: date = Field(primary_key=True, sa_type=Day)
    kind: int = Field(primary_key=True)
    count: int


class DirectParticipation(SQLModel, table=True):
    """How often anybody took part in one way outside every channel (with the bot directly) on one UTC day; no member
    in it.

    With the channels' sums it is the whole of what was counted, whoever is erased or uncounted later.
    """

    __tablename__ = "direct_participation"
    __table_args__ = (
        CheckConstraint("count > 0", name="count_positive"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    day: date = Field(primary_key=True, sa_type=Day)
    kind: int = Field(primary_key=True)
    count: int


class LastSign(SQLModel, table=True):
    """The last UTC day with any sign from a member, so that finding the quiet ones need not sum the counts."""

    __tablename__ = "last_sign"
    __table_args__ = {"sqlite_with_rowid": False}

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    first_day: date = Field(sa_type=Day)
    last_day: date = Field(sa_type=Day)


class Happened(SQLModel, table=True):
    """The identity of a thing that happened, kept two days, so that it counts and acts once."""

    __table_args__ = (Index("ix_happened_swept", "workspace_id", "day"), {"sqlite_with_rowid": False})

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    identity: str = Field(primary_key=True)
    # The day it was heard of, for sweeping.
    day: date = Field(sa_type=Day)


class CountedDay(SQLModel, table=True):
    """A channel's day that has been counted, live or from a file, and is not counted from a file again.

    `imported_until` is the time of the last imported message of that day (seconds since 1970), below which a live
    event is a late redelivery; None where the day was counted live.
    """

    __tablename__ = "counted_day"
    __table_args__ = (
        # What was imported lately is asked for with each page of counts that end; live days are not in it.
        Index(
            "ix_counted_day_imported",
            "workspace_id",
            "imported_at",
            "day",
            sqlite_where=text("imported_at IS NOT NULL"),
            postgresql_where=text("imported_at IS NOT NULL"),
        ),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    channel_id: int = Field(foreign_key="channel.id", primary_key=True, ondelete="CASCADE")
    day: date = Field(primary_key=True, sa_type=Day)
    imported_until: float | None = None
    imported_at: datetime | None = None
