"""Where the bot can speak to whom, on platforms that have it remembered."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import col, select

from storage.database import Session
from storage.dialect import insert
from storage.tables import ConversationReference

EVERYBODY = "everybody"


def person(external_id: str) -> str:
    """Return the name under which the way to a person is kept."""
    return f"person:{external_id}"


def channel(external_id: str) -> str:
    """Return the name under which the way to a channel is kept."""
    return f"channel:{external_id}"


async def find_reference(session: Session, workspace_id: int, who: str) -> dict[str, Any] | None:
    """Return what is known of the way to somebody, None where nothing is."""
    found = await session.execute(
        select(ConversationReference.reference).where(
            ConversationReference.workspace_id == workspace_id, ConversationReference.who == who
        )
    )
    reference: dict[str, Any] | None = found.scalar_one_or_none()
    return reference


async def find_references(session: Session, workspace_id: int, who: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what is known of the ways to these, by name; of those of whom nothing is, nothing."""
    found = await session.execute(
        select(ConversationReference.who, ConversationReference.reference).where(
            ConversationReference.workspace_id == workspace_id, col(ConversationReference.who).in_(who)
        )
    )
    return {name: dict(reference) for name, reference in found.all()}


async def keep_reference(
    session: Session, workspace_id: int, who: str, reference: Mapping[str, Any], now: datetime
) -> None:
    """Remember the way to somebody, in place of what was known."""
    values = {"reference": dict(reference), "changed_at": now}
    statement = insert(ConversationReference).values(workspace_id=workspace_id, who=who, **values)
    await session.execute(statement.on_conflict_do_update(index_elements=["workspace_id", "who"], set_=values))


async def references_to(session: Session, workspace_id: int, prefix: str) -> dict[str, dict[str, Any]]:
    """Return everything kept under names that begin so, by name."""
    found = await session.execute(
        select(ConversationReference.who, ConversationReference.reference)
        .where(
            ConversationReference.workspace_id == workspace_id,
            col(ConversationReference.who).startswith(prefix, autoescape=True),
        )
        .order_by(col(ConversationReference.who))
    )
    return {who: dict(reference) for who, reference in found.all()}
