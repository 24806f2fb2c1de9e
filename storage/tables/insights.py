"""What insights are made of: whole weeks, summed up once, with the membership as it was frozen for their quarter.

A figure stands here as it is shown, rounded, and never changes: what is looked at twice cannot be compared.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import Day, belongs_to, one_of, primary_key

# The `team_id` of figures about everybody.
EVERYBODY = 0


class Bound(StrEnum):
    """How a rounded figure is meant: the lowest and the highest are open, so that they say *nobody* of no group."""

    ABOUT = "about"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


class FrozenQuarter(SQLModel, table=True):
    """A quarter whose membership has been written down; `quarter` is its first day."""

    __tablename__ = "frozen_quarter"
    __table_args__ = {"sqlite_with_rowid": False}

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    quarter: date = Field(primary_key=True, sa_type=Day)
    frozen_at: datetime
    # Whether anybody had a home team by then: until somebody has, it may be written down again.
    has_teams: bool


class FrozenMembership(SQLModel, table=True):
    """Who belonged to the organisation, and to which home team, for all weeks of a quarter.

    Kept until each of its weeks has been summed up.
    """

    __tablename__ = "frozen_membership"
    __table_args__ = {"sqlite_with_rowid": False}

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    quarter: date = Field(primary_key=True, sa_type=Day)
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE", index=True)
    # No foreign key: the team may go, and the week's other groups stay what they were.
    home_team_id: int | None = None


class WeekFigure(SQLModel, table=True):
    """How many of a group took part in one whole week. Only groups that may be shown have a row.

    `week` is its Monday; `team_id` a home team, or EVERYBODY. `active` is the share of `members` who gave any sign, in
    thousandths, rounded. `spread` (of everybody only) are the shares of all signs, in per cent, of equally large parts
    of the members, the most active part first; empty where it may not be shown.
    """

    __tablename__ = "week_figure"
    __table_args__ = (
        one_of("bound", Bound),
        CheckConstraint("members >= 5", name="members_floor"),
        CheckConstraint("active BETWEEN 0 AND 1000", name="active_share"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    week: date = Field(primary_key=True, sa_type=Day)
    team_id: int = Field(primary_key=True)
    members: int
    active: int
    bound: str
    spread: list[Any] = Field(default_factory=list, sa_type=JSON)


class SummedWeek(SQLModel, table=True):
    """A whole week that has been summed up, whatever of it may be shown."""

    __tablename__ = "summed_week"
    __table_args__ = {"sqlite_with_rowid": False}

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    week: date = Field(primary_key=True, sa_type=Day)


class ReachFigure(SQLModel, table=True):
    """How many of an announcement's audience had read it so many days after it was published.

    `read` is their share of `recipients` in thousandths, rounded.
    """

    __tablename__ = "reach_figure"
    __table_args__ = (
        one_of("bound", Bound),
        CheckConstraint("recipients >= 5", name="recipients_floor"),
        CheckConstraint("read BETWEEN 0 AND 1000", name="read_share"),
        {"sqlite_with_rowid": False},
    )

    announcement_id: int = Field(foreign_key="announcement.id", primary_key=True, ondelete="CASCADE")
    after_days: int = Field(primary_key=True)
    workspace_id: int = belongs_to("workspace.id")
    recipients: int
    read: int
    bound: str


class NudgeFigure(SQLModel, table=True):
    """How many of those who got a tip in some weeks gave a sign soon after it; never of fewer than 5 people.

    The weeks (their Mondays, both included) of two rows never overlap.
    """

    __tablename__ = "nudge_figure"
    __table_args__ = (
        CheckConstraint("tipped >= 5", name="tipped_floor"),
        CheckConstraint("returned BETWEEN 0 AND tipped", name="returned_part"),
        {"sqlite_with_rowid": False},
    )

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    last_week: date = Field(primary_key=True, sa_type=Day)
    first_week: date = Field(sa_type=Day)
    tipped: int
    returned: int


class PageGoal(StrEnum):
    """Where a link to the pages leads."""

    INSIGHTS = "insights"
    ME = "me"


class PageLink(SQLModel, table=True):
    """A way into the pages for one member, once, until it expires. All times are the machine's.

    `secret` is what the link carries, kept only until its message has been sent; `digest` is the hash of it.
    """

    __tablename__ = "page_link"
    __table_args__ = (one_of("goal", PageGoal),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    member_id: int = belongs_to("member.id")
    goal: str
    secret: str | None
    digest: str = Field(unique=True)
    expires_at: datetime
    used_at: datetime | None = None


class PageSession(SQLModel, table=True):
    """Somebody's browser that has come in by a link; `digest` is the hash of its cookie. By machine time."""

    __tablename__ = "page_session"

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    member_id: int = belongs_to("member.id")
    digest: str = Field(unique=True)
    seen_at: datetime
    expires_at: datetime
