"""Where Samlas is installed, and what is known of the people and places there until the platform is asked again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.base import belongs_to, primary_key


class Installation(SQLModel, table=True):
    """One place on a platform in which Samlas is installed and may speak.

    `external_id` is the platform's own id of that place: a Slack workspace, or the organisation it was installed for as
    a whole. Several belong to one `Workspace` where a person is one person in all of them. `details` is the adapter's
    own, with nothing secret in it; `secret` is encrypted, None where the token comes from the environment.
    """

    __table_args__ = (UniqueConstraint("workspace_id", "external_id"),)

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    external_id: str = Field(index=True)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    secret: str | None = None
    installed_at: datetime


class InstallingState(SQLModel, table=True):
    """What an installation that was begun in a browser has brought back, kept so long as it could be brought again."""

    __tablename__ = "installing_state"

    digest: str = Field(primary_key=True)
    expires_at: datetime


class Directory(SQLModel, table=True):
    """When a workspace's people and places are to be asked for again.

    Whoever does it claims the row by moving `due_at`, so that it is done once. `outsider_key` is a random value of the
    workspace's own, under which people from elsewhere are remembered as hashes.
    """

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    due_at: datetime
    done_at: datetime | None = None
    outsider_key: str


class DirectoryPart(SQLModel, table=True):
    """A part of the directory that has changed, as an event told, until the platform has been asked how.

    `place` is the installation's, by the platform's id; `part` is the adapter's own word, such as a channel's id.
    Whoever asks claims the row by moving `due_at`.
    """

    __tablename__ = "directory_part"
    __table_args__ = {"sqlite_with_rowid": False}

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    place: str = Field(primary_key=True)
    part: str = Field(primary_key=True)
    due_at: datetime


class Outsider(SQLModel, table=True):
    """Somebody from another organisation, as a keyed hash: enough not to count them, too little to know them."""

    __table_args__ = {"sqlite_with_rowid": False}

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    digest: str = Field(primary_key=True)
