"""What has been counted, as rows say it."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, text

from storage.database import Database


async def channel_sums(database: Database) -> dict[str, int]:
    """Return the sum of everything counted in each channel, by workspace and channel."""
    query = text(
        "SELECT w.external_id || '/' || c.external_id, sum(p.count) FROM channel_participation p"
        " JOIN channel c ON c.id = p.channel_id JOIN workspace w ON w.id = p.workspace_id GROUP BY 1"
    )
    async with database.read() as session:
        return {str(row[0]): int(row[1]) for row in (await session.execute(query)).all()}


async def member_sums(database: Database) -> dict[str, int]:
    """Return the sum of everything counted of each member, by external id."""
    query = text(
        "SELECT m.external_id, sum(p.count) FROM participation p JOIN member m ON m.id = p.member_id GROUP BY 1"
    )
    async with database.read() as session:
        return {str(row[0]): int(row[1]) for row in (await session.execute(query)).all()}


async def rows_of(database: Database, table: str) -> list[dict[str, object]]:
    """Return a table's rows."""
    async with database.read() as session:
        found = await session.execute(text(f"SELECT * FROM {table}"))
        return [dict(row._mapping) for row in found.all()]


@contextmanager
def reads_of(database: Database, asked: list[str]) -> Iterator[None]:
    """Keep what is asked of the database, by whichever session that only reads, for the length of a block."""

    def keep(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    engine = database._reading.sync_engine
    event.listen(engine, "before_cursor_execute", keep)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", keep)
