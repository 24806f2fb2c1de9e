"""How many people from outside the organisation are in a channel: a number with the channel, and never who."""

from collections.abc import Collection, Mapping

from sqlmodel import col, select, update

from storage.database import Session
from storage.directory import AT_ONCE
from storage.tables import Channel, Member


async def keep_outsiders(session: Session, workspace_id: int, channel_id: int, count: int) -> None:
    """Keep how many people from outside are in a channel."""
    await session.execute(
        update(Channel)
        .where(col(Channel.workspace_id) == workspace_id, col(Channel.id) == channel_id)
        .values(outsiders=count)
        .execution_options(synchronize_session=False)
    )


async def outsiders_in(session: Session, workspace_id: int, channel_id: int) -> int:
    """Return how many people from outside are in a channel, as far as the platform has told."""
    found = await session.execute(
        select(col(Channel.outsiders)).where(col(Channel.workspace_id) == workspace_id, col(Channel.id) == channel_id)
    )
    return found.scalar_one()


async def states_of(session: Session, workspace_id: int, external_ids: Collection[str]) -> Mapping[str, str]:
    """Return the states of those of these people who are stored, by their ids on the platform."""
    states: dict[str, str] = {}
    asked = sorted(external_ids)
    for start in range(0, len(asked), AT_ONCE):
        found = await session.execute(
            select(col(Member.external_id), col(Member.state)).where(
                col(Member.workspace_id) == workspace_id,
                col(Member.external_id).in_(asked[start : start + AT_ONCE]),
            )
        )
        states.update((external_id, state) for external_id, state in found.all())
    return states
