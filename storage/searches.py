"""Searches that found more than was shown: kept for a day, so that their next page can be asked for."""

from datetime import datetime

from sqlmodel import col, select

from storage.database import Session
from storage.tables import Search


async def add_search(session: Session, workspace_id: int, member_id: int, words: str, now: datetime) -> Search:
    """Store a member's search."""
    search = Search(workspace_id=workspace_id, member_id=member_id, words=words, searched_at=now)
    session.add(search)
    await session.flush()
    return search


async def find_search(session: Session, workspace_id: int, member_id: int, search_id: int) -> Search | None:
    """Return a search of this member's by row id, while it is kept."""
    found = await session.execute(
        select(Search).where(
            Search.workspace_id == workspace_id, Search.member_id == member_id, col(Search.id) == search_id
        )
    )
    return found.scalar_one_or_none()
