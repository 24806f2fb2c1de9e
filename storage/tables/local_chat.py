"""The local web chat's own memory: it plays the platform, so unlike the bot it keeps what is written."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import belongs_to, primary_key


class LocalMessage(SQLModel, table=True):
    """A message in the local chat, by a person (`text`) or by the bot (`content`, a rendered-to-JSON Message).

    It stands in a channel, or in the direct conversation between the bot and `direct_with`. A whisper is seen by
    `only_for` alone.
    """

    __tablename__ = "local_message"
    __table_args__ = (UniqueConstraint("workspace_id", "delivery_id"),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    channel_id: int | None = Field(default=None, foreign_key="channel.id", ondelete="CASCADE", index=True)
    direct_with: int | None = Field(default=None, foreign_key="member.id", ondelete="CASCADE", index=True)
    thread_of: int | None = Field(default=None, foreign_key="local_message.id", ondelete="CASCADE", index=True)
    author_id: int | None = Field(default=None, foreign_key="member.id", ondelete="CASCADE")
    only_for: int | None = Field(default=None, foreign_key="member.id", ondelete="CASCADE")
    text: str = ""
    content: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    delivery_id: str | None = None
    written_at: datetime
    edited_at: datetime | None = None


class LocalReaction(SQLModel, table=True):
    """One member's one emoji on one message."""

    __tablename__ = "local_reaction"

    message_id: int = Field(foreign_key="local_message.id", primary_key=True, ondelete="CASCADE")
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    emoji: str = Field(primary_key=True)
    workspace_id: int = belongs_to("workspace.id")


class LocalSeen(SQLModel, table=True):
    """How far a person has looked in one conversation (`place`: "channel:7" or "direct"), for unread marks."""

    __tablename__ = "local_seen"

    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    place: str = Field(primary_key=True)
    workspace_id: int = belongs_to("workspace.id")
    last_message_id: int = 0


class ProductClock(SQLModel, table=True):
    """How far the local chat's clock has been moved forward, in seconds; one row."""

    __tablename__ = "product_clock"

    id: int = Field(default=1, primary_key=True)
    offset_seconds: int = 0
