"""Who there is and where they are: workspaces, members, home teams, channels."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import Day, belongs_to, one_of, primary_key


class Platform(StrEnum):
    """Where a workspace lives, by the names that adapters have chosen: another one takes another.

    *imported* is no adapter's: counts from an export file; nothing can be sent there.
    """

    LOCAL = "local"
    SLACK = "slack"
    TEAMS = "teams"
    IMPORTED = "imported"


class Workspace(SQLModel, table=True):
    """One organisation's chat: a Slack workspace, a Teams tenant, the local chat, or an import."""

    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    id: int | None = primary_key()
    platform: str
    external_id: str
    name: str
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    settings_version: int = 0
    settings_changed_at: datetime | None = None
    settings_changed_by: int | None = None
    created_at: datetime
    # Whether the app is with each person apart; whom it is not with, the platform neither tells of nor writes to.
    app_for_each: bool = False
    # Whether the platform tells which of its channels are open to everybody.
    tells_what_is_open: bool = True
    # Whether its people are made up, for trying: real ones never come among them unasked.
    made_up: bool = False
    # Until the notice has been given, only channels' sums are kept (PRODUCT.md chapter 3, "Notice first").
    notice_given_at: datetime | None = None
    # When the weekly rounds begin, which may lie ahead; None: they are off.
    rounds_on_at: datetime | None = None
    # When the organisation's own list of people was last imported; None: nobody but the platform has told who there is.
    people_listed_at: datetime | None = None
    # When its first topics were written down; None: nobody has looked at them yet.
    topics_begun_at: datetime | None = None
    # When a communications lead stopped everything unasked-for; None: nobody has, or they started it again.
    stopped_at: datetime | None = None


class HomeTeam(SQLModel, table=True):
    """The one team a member belongs to, with at most one lead."""

    __tablename__ = "home_team"
    __table_args__ = (UniqueConstraint("workspace_id", "name"),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    name: str
    # No foreign key: member refers here too, and the two could never be created or dropped in order.
    lead_id: int | None = None
    channel_id: int | None = None
    # What was announced to a team that has ended stays; one of the same name begins it again.
    ended_at: datetime | None = None


class MemberState(StrEnum):
    """*stub*: seen on the platform, details not fetched yet. *left*: gone from the organisation.

    *listed*: in the organisation's own list of people, and not seen on the platform yet. Their e-mail address stands in
    for the platform's id until they are.
    """

    LISTED = "listed"
    STUB = "stub"
    ACTIVE = "active"
    LEFT = "left"


class Member(SQLModel, table=True):
    """A person of the organisation, with what they and the organisation have set.

    `working_days` holds the ISO weekday numbers, "12345" for Monday to Friday; `work_start` and `work_end` are
    minutes after midnight in the member's own zone. None means the organisation's default.
    """

    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        # The organisation's own list knows people by their addresses, which are kept in small letters.
        Index("ix_member_email", "workspace_id", "email"),
        one_of("state", MemberState),
        CheckConstraint("work_start IS NULL OR work_start BETWEEN 0 AND 1439", name="work_start_in_day"),
        CheckConstraint("work_end IS NULL OR work_end BETWEEN 1 AND 1440", name="work_end_in_day"),
        CheckConstraint("leave_from IS NULL OR leave_to IS NULL OR leave_from <= leave_to", name="leave_order"),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    external_id: str
    name: str = ""
    email: str | None = None
    state: str = MemberState.STUB
    is_bot: bool = False
    locale: str | None = None
    zone: str | None = None
    country: str | None = None
    region: str | None = None
    working_days: str | None = None
    work_start: int | None = None
    work_end: int | None = None
    home_team_id: int | None = Field(default=None, foreign_key="home_team.id", ondelete="SET NULL", index=True)
    is_communications_lead: bool = False
    # When somebody said in chat that they are none: configuration does not name them again.
    unnamed_lead_at: datetime | None = None
    is_coach: bool = False
    in_management_group: bool = False
    joined_on: date | None = Field(default=None, sa_type=Day)
    left_on: date | None = Field(default=None, sa_type=Day)
    leave_from: date | None = Field(default=None, sa_type=Day)
    leave_to: date | None = Field(default=None, sa_type=Day)
    # Which parts of their calendar the member has set, by name with spaces between: lists of people leave these alone.
    calendar_set_by_self: str | None = None
    # When the zone was set, by them or by the organisation: what the platform says of it then says nothing.
    zone_set_at: datetime | None = None
    created_at: datetime
    # When their own first notice had arrived. None: it has not, and nothing is counted by their name.
    told_at: datetime | None = None
    # What the member has asked for.
    paused_until: date | None = Field(default=None, sa_type=Day)
    reading_along_until: date | None = Field(default=None, sa_type=Day)
    not_counted: bool = False
    nudges_off: bool = False
    nudges_snoozed_until: date | None = Field(default=None, sa_type=Day)
    lead_not_involved: bool = False
    # When they were last offered to make a message to everybody an announcement.
    reflex_at: datetime | None = None


class Away(SQLModel, table=True):
    """Days that a member was on leave or had paused, both included, which are not in their own row any more.

    Silence on them says nothing, however much later it is looked at. Never a reason.
    """

    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="away_order"),
        {"sqlite_with_rowid": False},
    )

    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    first_day: date = Field(primary_key=True, sa_type=Day)
    last_day: date = Field(sa_type=Day)
    workspace_id: int = belongs_to("workspace.id")


class Channel(SQLModel, table=True):
    """A place many people write in. The bot counts only where it has been let in."""

    __table_args__ = (
        UniqueConstraint("workspace_id", "external_id"),
        CheckConstraint("outsiders >= 0", name="outsiders_counted"),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    external_id: str
    name: str = ""
    purpose: str = ""
    is_private: bool = False
    is_archived: bool = False
    bot_is_in: bool = True
    # The installation through which the bot is in it, where an organisation has several. No foreign key: it may go.
    installation_id: int | None = None
    # How many people from outside the organisation are in it, as far as the platform tells; never who.
    outsiders: int = 0


class ClosedTo(StrEnum):
    """Why nothing gets through to somebody. *unreachable*: they lack the app, or the platform lets none through."""

    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"


class ClosedWay(SQLModel, table=True):
    """Somebody to whom no direct message gets through, by what became of the last one or what the platform told since.

    The row goes when a message arrives, or the platform tells that the way is open again.
    """

    __tablename__ = "closed_way"
    __table_args__ = (one_of("why", ClosedTo),)

    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    workspace_id: int = belongs_to("workspace.id")
    why: str
    since: datetime


class PeopleGroup(SQLModel, table=True):
    """People whom the platform keeps together under a name: an audience, and a source of nothing else."""

    __tablename__ = "people_group"
    __table_args__ = (UniqueConstraint("workspace_id", "external_id"),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    external_id: str
    name: str
    # Switched off or gone on the platform; what was announced to it stays.
    is_gone: bool = False


class GroupMember(SQLModel, table=True):
    """Who is in which group."""

    __tablename__ = "group_member"
    __table_args__ = {"sqlite_with_rowid": False}

    group_id: int = Field(foreign_key="people_group.id", primary_key=True, ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE", index=True)
    workspace_id: int = belongs_to("workspace.id")


class ChannelMember(SQLModel, table=True):
    """Who is in which channel."""

    __tablename__ = "channel_member"
    __table_args__ = {"sqlite_with_rowid": False}

    channel_id: int = Field(foreign_key="channel.id", primary_key=True, ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE", index=True)
    workspace_id: int = belongs_to("workspace.id")
