"""An organisation that is counted."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.counter import Counter
from storage.counting import Sign
from storage.database import Database
from storage.flushing import flusher_for
from storage.tables import Kind, Member
from tests.conftest import StillClock
from tests.databases import database_url, is_fleeting
from tests.support import Organisation, organisation

__all__ = ["database_url", "is_fleeting"]


@dataclass
class Tally:
    """An organisation, the counter before its database, and what has been counted."""

    database: Database
    clock: StillClock
    organisation: Organisation
    counter: Counter

    def sign(self, identity: str, **values: object) -> Sign:
        """Return a message of anna's in #allmant, changed by `values`."""
        plain = Sign(
            workspace_id=self.organisation.workspace_id,
            identity=identity,
            member="anna",
            channel="allmant",
            at=self.clock.now().timestamp(),
            kind=Kind.MESSAGE,
        )
        return plain._replace(**values)  # type: ignore[arg-type]  # each test's own values

    async def by_member(self) -> dict[tuple[str, str], int]:
        """Return the sums by member's id on the platform and kind."""
        return await self._sums(
            "SELECT m.external_id, p.kind, sum(p.count) FROM participation p JOIN member m ON m.id = p.member_id"
            " GROUP BY 1, 2"
        )

    async def by_channel(self) -> dict[tuple[str, str], int]:
        """Return the sums by channel's id on the platform and kind."""
        return await self._sums(
            "SELECT c.external_id, p.kind, sum(p.count) FROM channel_participation p"
            " JOIN channel c ON c.id = p.channel_id GROUP BY 1, 2"
        )

    async def _sums(self, query: str) -> dict[tuple[str, str], int]:
        async with self.database.read() as session:
            return {(name, Kind(kind).name): count for name, kind, count in await session.execute(text(query))}

    async def know(self, names: Sequence[str]) -> None:
        """Let there be more people, who have had the notice long ago."""
        told_at = self.clock.now() - timedelta(days=90)
        async with self.database.begin() as session:
            session.add_all(
                Member(
                    workspace_id=self.organisation.workspace_id, external_id=name, created_at=told_at, told_at=told_at
                )
                for name in names
            )

    async def execute(self, statement: str) -> None:
        """Change the database behind everybody's back."""
        async with self.database.begin() as session:
            await session.execute(text(statement))


@pytest.fixture
async def tally(database: Database, clock: StillClock) -> AsyncIterator[Tally]:
    """Return an organisation whose notice has been given, with nothing counted yet."""
    counter = Counter(flusher_for(database), clock)
    yield Tally(database, clock, await organisation(database, clock), counter)
    await counter.close()
