"""How the bot reaches whom, where a platform has it remember that: as plain JSON that outlives any process."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class ConversationReference(SQLModel, table=True):
    """How the bot reaches a person, a channel or the whole organisation on its platform.

    `who` is "person:<external id>", "channel:<external id>" or "everybody"; `reference` is the platform's.
    """

    __tablename__ = "conversation_reference"

    workspace_id: int = Field(foreign_key="workspace.id", primary_key=True, ondelete="CASCADE")
    who: str = Field(primary_key=True)
    reference: dict[str, Any] = Field(sa_type=JSON)
    changed_at: datetime
