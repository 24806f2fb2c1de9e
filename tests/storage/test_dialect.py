"""What SQLite and PostgreSQL say differently means the same."""

from datetime import date

import pytest
from sqlmodel import col, select

from storage.database import Database
from storage.dialect import database_seconds, greatest, insert, least
from storage.tables import LastSign
from tests.conftest import StillClock
from tests.databases import database_url
from tests.support import organisation

__all__ = ["database_url"]


async def test_what_is_there_already(database: Database, clock: StillClock) -> None:
    """A row that is there already is left, or changed by what it holds and by what came."""
    office = await organisation(database, clock)
    key = {"workspace_id": office.workspace_id, "member_id": office.members["anna"]}
    first, then, last = date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)
    adding = insert(LastSign).values(**key, first_day=then, last_day=then)
    widening = adding.on_conflict_do_update(
        index_elements=list(key),
        set_={
            "first_day": least(LastSign.first_day, adding.excluded.first_day),
            "last_day": greatest(LastSign.last_day, adding.excluded.last_day),
        },
    )

    async with database.begin() as session:
        added = (await session.execute(adding.on_conflict_do_nothing().returning(col(LastSign.member_id)))).all()
        again = (await session.execute(adding.on_conflict_do_nothing().returning(col(LastSign.member_id)))).all()
        for day in (first, last, then):
            await session.execute(widening, {"first_day": day, "last_day": day})
        kept = (await session.execute(select(LastSign))).scalar_one()

    assert (len(added), len(again)) == (1, 0)
    assert (kept.first_day, kept.last_day) == (first, last)


async def test_the_databases_own_time(database: Database) -> None:
    """The database's own time goes on within a transaction, so that whoever waited for a row knows how late it is."""
    async with database.begin() as session:
        before = (await session.execute(select(database_seconds()))).scalar_one()
        while (after := (await session.execute(select(database_seconds()))).scalar_one()) == before:
            pass

    assert before < after < before + 60
    assert before == pytest.approx(1.8e9, rel=0.5)
