"""Coaching: who has offered to talk with colleagues, who would like that, and the talks that come of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.base import Day, belongs_to, one_of, primary_key


class Coach(SQLModel, table=True):
    """What a coach has offered. Who is one stands in `member.is_coach`; without a row here, the defaults hold."""

    __table_args__ = (CheckConstraint("a_week BETWEEN 1 AND 10", name="a_week_bounds"),)

    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    workspace_id: int = belongs_to("workspace.id")
    # How many colleagues at most in seven days.
    a_week: int = 1
    # Separated by commas: "en,sv".
    languages: str
    # What they gladly talk about, in their own words.
    about: str = ""
    paused_until: date | None = Field(default=None, sa_type=Day)
    since: datetime


class RequestState(StrEnum):
    """Where a member's wish for a coach is. *waiting*: nobody is free."""

    WAITING = "waiting"
    MATCHED = "matched"
    ENDED = "ended"


class CoachingRequest(SQLModel, table=True):
    """One member would like to talk with a coach; one wish at a time."""

    __tablename__ = "coaching_request"
    __table_args__ = (
        one_of("state", RequestState),
        Index(
            "uq_coaching_request_open",
            "member_id",
            unique=True,
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
        Index(
            "ix_coaching_request_waiting",
            "workspace_id",
            "asked_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: int | None = primary_key()
    workspace_id: int = Field(foreign_key="workspace.id", ondelete="CASCADE", index=True)
    member_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    # In which language they would like to talk.
    language: str
    # What about, in their own words; the coach reads it.
    about: str = ""
    state: str = RequestState.WAITING
    asked_at: datetime


class TalkState(StrEnum):
    """Where a talk between a member and a coach is.

    *chosen*: one of them has chosen a time, and the other is asked. *over*: its time has passed, and both were asked
    how it was. *declined*: by the coach, for whom another is looked for. *cancelled*: by the member. *lapsed*: nobody
    agreed on a time. *gone*: the coach has left.
    """

    PROPOSED = "proposed"
    CHOSEN = "chosen"
    AGREED = "agreed"
    OVER = "over"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    GONE = "gone"


class CoachingTalk(SQLModel, table=True):
    """One coach for one request, from being matched to afterwards."""

    __tablename__ = "coaching_talk"
    __table_args__ = (
        one_of("state", TalkState),
        CheckConstraint("state NOT IN ('chosen', 'agreed') OR chosen_time_id IS NOT NULL", name="chosen_has_time"),
        Index(
            "uq_coaching_talk_open",
            "request_id",
            unique=True,
            sqlite_where=text("state IN ('proposed', 'chosen', 'agreed')"),
            postgresql_where=text("state IN ('proposed', 'chosen', 'agreed')"),
        ),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    request_id: int = belongs_to("coaching_request.id")
    # None: whoever it was has been erased.
    coach_id: int | None = Field(default=None, foreign_key="member.id", ondelete="SET NULL", index=True)
    state: str = TalkState.PROPOSED
    matched_at: datetime
    # Grows with each change, so that a button of before is known.
    version: int = 1
    # Which of the rounds of proposed times is the present one.
    round: int = 1
    # No foreign key: the times refer here too. Who chose it: the member, or else the coach.
    chosen_time_id: int | None = None
    chosen_by_member: bool = False
    member_answered: bool = False
    coach_answered: bool = False


class CoachingTime(SQLModel, table=True):
    """One time that was proposed for a talk."""

    __tablename__ = "coaching_time"
    __table_args__ = (UniqueConstraint("talk_id", "begins_at"),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    talk_id: int = Field(foreign_key="coaching_talk.id", ondelete="CASCADE")
    round: int
    begins_at: datetime


class HowItWas(StrEnum):
    """What is answered afterwards. *took_place*: without saying that it helped."""

    HELPED = "helped"
    TOOK_PLACE = "took_place"
    NOT_YET = "not_yet"


class CoachingSum(SQLModel, table=True):
    """How many gave which answer in which month: whose answers they were is kept nowhere."""

    __tablename__ = "coaching_sum"
    __table_args__ = (one_of("answer", HowItWas), CheckConstraint("count > 0", name="count_positive"))

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    # The first day of the month.
    month: date = Field(sa_type=Day, primary_key=True)
    answer: str = Field(primary_key=True)
    count: int
