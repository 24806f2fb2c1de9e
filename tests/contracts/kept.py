"""What the core keeps of what people do on a surface, as a test looks at it from outside."""

import aiosqlite
from sqlmodel import select

from storage.tables import ChannelParticipation, Kind, Participation
from tests.contracts.surface import SurfaceUnderTest

# What was heard of is written down by every event, and the local chat is itself the platform that keeps its messages.
NOT_THE_CORES = ('INSERT INTO "happened"', 'INSERT INTO "local_')


async def everything_kept(surface: SurfaceUnderTest) -> str:
    """Return all that the core keeps, as text."""
    connection = await aiosqlite.connect(surface.database.path)
    try:
        lines = [line async for line in connection.iterdump()]
    finally:
        await connection.close()
    return "\n".join(line for line in lines if not line.startswith(NOT_THE_CORES))


async def counted(surface: SurfaceUnderTest, person: str) -> dict[Kind, int]:
    """Return how often a person has taken part in each way, on one day."""
    async with surface.database.read() as session:
        rows = await session.execute(
            select(Participation.kind, Participation.count).where(
                Participation.member_id == surface.organisation.members[person]
            )
        )
    return {Kind(kind): count for kind, count in rows}


async def counted_in_channel(surface: SurfaceUnderTest) -> dict[Kind, int]:
    """Return how often anybody has taken part in the channel in each way, on one day."""
    async with surface.database.read() as session:
        rows = await session.execute(
            select(ChannelParticipation.kind, ChannelParticipation.count).where(
                ChannelParticipation.channel_id == surface.organisation.channel_id
            )
        )
    return {Kind(kind): count for kind, count in rows}
