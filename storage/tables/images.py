"""The pictures that announcements show, as bytes of our own making (bot/images.py)."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import belongs_to, one_of, primary_key


class MediaType(StrEnum):
    """What a stored picture is: all others are made into one of these when they come in."""

    PNG = "image/png"
    JPEG = "image/jpeg"


class StoredImage(SQLModel, table=True):
    """One picture of one announcement.

    `name` is what its address ends in: nobody guesses it, and whoever knows it can see the picture as long as it is
    served. `known_as` is what the workspace's own platform calls it, once it has been given to that.
    """

    __tablename__ = "image"
    __table_args__ = (UniqueConstraint("name"), one_of("media_type", MediaType))

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    name: str
    media_type: str
    width: int
    height: int
    content: bytes = Field(sa_type=LargeBinary)
    stored_at: datetime
    # Whoever sent it to the bot and has not said yet which announcement it is for.
    waiting_for_id: int | None = Field(default=None, foreign_key="member.id", ondelete="CASCADE", index=True)
    known_as: dict[str, Any] | None = Field(default=None, sa_type=JSON)
