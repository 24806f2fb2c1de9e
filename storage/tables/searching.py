"""What somebody has searched for, for as long as they may want to see more of what was found."""

from datetime import datetime

from sqlmodel import SQLModel

from storage.tables.base import belongs_to, primary_key


class Search(SQLModel, table=True):
    """The words of a search that found more than was shown at once: the next page finds by them again."""

    id: int | None = primary_key()
    workspace_id: int = belongs_to("workspace.id")
    member_id: int = belongs_to("member.id")
    words: str
    searched_at: datetime
