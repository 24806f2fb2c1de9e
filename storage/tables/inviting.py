"""Colleagues who invite each other into a conversation."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from storage.tables.base import belongs_to, one_of, primary_key


class InviteState(StrEnum):
    """Where an invitation is. *draft*: its form is open. *asked*: the invited person is asked, or is about to be."""

    DRAFT = "draft"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class ThreadInvite(SQLModel, table=True):
    """One member invites another into the thread under a message."""

    __tablename__ = "thread_invite"
    __table_args__ = (
        one_of("state", InviteState),
        CheckConstraint(
            "state = 'draft' OR (invited_id IS NOT NULL AND channel_id IS NOT NULL AND thread IS NOT NULL"
            " AND asked_at IS NOT NULL)",
            name="asked_is_whole",
        ),
        # Once for each person and thread, whoever invites.
        Index(
            "uq_thread_invite_asked",
            "channel_id",
            "thread",
            "invited_id",
            unique=True,
            sqlite_where=text("state <> 'draft'"),
            postgresql_where=text("state <> 'draft'"),
        ),
    )

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    inviter_id: int = Field(foreign_key="member.id", ondelete="CASCADE", index=True)
    invited_id: int | None = Field(default=None, foreign_key="member.id", ondelete="CASCADE", index=True)
    channel_id: int | None = Field(default=None, foreign_key="channel.id", ondelete="CASCADE")
    # The platform's own names of the channel and the thread's first message, and the way to the message meant.
    channel: str | None = None
    thread: str | None = None
    link: str | None = None
    state: str = InviteState.DRAFT
    created_at: datetime
    asked_at: datetime | None = None
