"""Two lists that are imported at the same moment, and the command on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlmodel import col, select

from bot.errors import ImportRefused
from bot.people.csv_file import open_people
from bot.people.importing import Prepared, check, kept_until_written, prepare, write
from storage.database import Database
from storage.tables import HomeTeam, Member
from tests.command_line import CommandLine
from tests.conftest import StillClock
from tests.databases import database_url
from tests.support import Organisation, organisation

__all__ = ["database_url"]


def list_of(folder: Path, team: str) -> Path:
    """Return a list with one person, in a home team."""
    file = folder / f"{team}.csv"
    file.write_text(f"e-mail,home team\nny@x.se,{team}\n", encoding="utf-8")
    return file


@asynccontextmanager
async def prepared(database: Database, office: Organisation, clock: StillClock, file: Path) -> AsyncIterator[Prepared]:
    """Return what a list would change, as things are now."""
    with open_people(file) as people, kept_until_written() as kept:
        checked = check(people)
        yield await prepare(database, office.workspace_id, people, checked, kept, clock.now().date())


async def home_team_of(database: Database, email: str) -> str | None:
    """Return the name of somebody's home team."""
    query = select(HomeTeam.name).join(Member, col(Member.home_team_id) == col(HomeTeam.id))
    async with database.read() as session:
        return (await session.execute(query.where(col(Member.email) == email))).scalar_one_or_none()


async def test_the_second_of_two_lists_is_looked_at_anew(database: Database, clock: StillClock, tmp_path: Path) -> None:
    """A list that was compared before another one was written changes nothing, and whoever imports it is told."""
    office = await organisation(database, clock)
    today = clock.now().date()
    one, two = (list_of(tmp_path, team) for team in ("Oslo", "Bergen"))

    async with (
        prepared(database, office, clock, one) as first,
        prepared(database, office, clock, two) as second,
    ):
        await write(database, office.workspace_id, first, clock.now(), today)
        with pytest.raises(ImportRefused):
            await write(database, office.workspace_id, second, clock.now(), today)

    assert await home_team_of(database, "ny@x.se") == "Oslo"


async def test_a_list_after_another_is_written(database: Database, clock: StillClock, tmp_path: Path) -> None:
    """One that is compared with what the first has left is taken over."""
    office = await organisation(database, clock)

    for team in ("Oslo", "Bergen"):
        async with prepared(database, office, clock, list_of(tmp_path, team)) as made:
            await write(database, office.workspace_id, made, clock.now(), clock.now().date())

    assert await home_team_of(database, "ny@x.se") == "Bergen"


def test_the_command_on_postgresql(
    postgresql_url: str, samlas: CommandLine, monkeypatch: pytest.MonkeyPatch, clock: StillClock, tmp_path: Path
) -> None:
    """`samlas import people` writes into the configured server."""
    monkeypatch.setenv("SAMLAS_DATABASE_URL", postgresql_url)

    async def begun() -> None:
        database = Database(postgresql_url)
        await organisation(database, clock)
        await database.close()

    async def found() -> str | None:
        database = Database(postgresql_url)
        team = await home_team_of(database, "ny@x.se")
        await database.close()
        return team

    asyncio.run(begun())

    ran = samlas("import", "people", list_of(tmp_path, "Oslo"), "--workspace", "Test")

    assert (ran.status, asyncio.run(found())) == (0, "Oslo"), ran.err
