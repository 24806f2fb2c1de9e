"""What announcements are about, which topics people follow, and which they have shown to like."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import Day, belongs_to, primary_key


class Topic(SQLModel, table=True):
    """Something that announcements can be about, named in both languages.

    A retired one is not offered any more, and counts for nobody; what is filed under it stays so.
    """

    __table_args__ = (CheckConstraint("name_sv <> '' AND name_en <> ''", name="has_names"),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    name_sv: str
    name_en: str
    # Both names without upper case, for searching.
    folded: str
    is_retired: bool = False
    # Grows with every change, so that a stale form is recognised.
    version: int = 1


class AnnouncementTopic(SQLModel, table=True):
    """A topic of an announcement: how it is filed, not what it says, so that no revision is made of it."""

    __tablename__ = "announcement_topic"
    __table_args__ = {"sqlite_with_rowid": False}

    announcement_id: int = Field(foreign_key="announcement.id", primary_key=True, ondelete="CASCADE")
    topic_id: int = Field(foreign_key="topic.id", primary_key=True, ondelete="CASCADE", index=True)
    workspace_id: int = belongs_to("workspace.id")


class FollowedTopic(SQLModel, table=True):
    """A topic that a member has chosen to follow."""

    __tablename__ = "followed_topic"
    __table_args__ = {"sqlite_with_rowid": False}

    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    topic_id: int = Field(foreign_key="topic.id", primary_key=True, ondelete="CASCADE", index=True)
    workspace_id: int = belongs_to("workspace.id")


class LearntTopic(SQLModel, table=True):
    """How much a member has shown to like a topic, by what they read and waved aside: a score as of one UTC day.

    It fades from then on; how, and what it means, is in bot/topics/interests.py.
    """

    __tablename__ = "learnt_topic"
    __table_args__ = {"sqlite_with_rowid": False}

    member_id: int = Field(foreign_key="member.id", primary_key=True, ondelete="CASCADE")
    topic_id: int = Field(foreign_key="topic.id", primary_key=True, ondelete="CASCADE", index=True)
    workspace_id: int = belongs_to("workspace.id")
    score: float
    as_of: date = Field(sa_type=Day)
