"""What is written on behalf of somebody else, and what they have said to it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.tables.announcing import AnnouncementKind, AudienceKind
from storage.tables.base import belongs_to, one_of, primary_key


class BehalfState(StrEnum):
    """Where a request stands. *taken_back*: its writer went on changing it, or what it was about was withdrawn.

    *unreached*: the person cannot be asked; `reason` says why.
    """

    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    UNREACHED = "unreached"


class BehalfRequest(SQLModel, table=True):
    """Somebody is asked whether an announcement may go out in their name, as it stands in one revision.

    `wordings` (title and text by language), `kind`, `answers` (a decision's) and the audience are what they were shown,
    to tell later what has changed. With `is_edit` the announcement is out, and `wordings` are to take the place of what
    it says.
    """

    __tablename__ = "behalf_request"
    __table_args__ = (
        one_of("state", BehalfState),
        one_of("kind", AnnouncementKind),
        one_of("audience_kind", AudienceKind),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    announcement_id: int = belongs_to("announcement.id")
    # Who is asked.
    member_id: int = Field(foreign_key="member.id", index=True)
    state: str = BehalfState.OPEN
    is_edit: bool = False
    revision: int
    kind: str
    audience_kind: str
    audience_id: int | None = None
    wordings: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    # Which picture it had; that one may be gone by now.
    image_id: int | None = None
    answers: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    # The writer has ticked that it goes out by itself when it is approved.
    goes_out_itself: bool = False
    # When the writer was told that the time they had chosen passed without an answer.
    passed_told_at: datetime | None = None
    asked_at: datetime
    settled_at: datetime | None = None
    # What is to change, for the writer alone.
    change_wanted: str = ""
    # Why they could not be asked, as bot/reasons.py keeps it.
    reason: str = ""
