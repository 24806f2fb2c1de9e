"""Who has been told how decisions are made."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from storage.tables.base import belongs_to


class PathReader(SQLModel, table=True):
    """A manager who was sent one version of the decision path, and when they said that they have read it."""

    __tablename__ = "path_reader"
    __table_args__ = {"sqlite_with_rowid": False}

    workspace_id: int = belongs_to("workspace.id", primary_key=True)
    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE", index=True)
    version: int = Field(primary_key=True)
    told_at: datetime
    read_at: datetime | None = None
