"""`samlas export --member` and `samlas erase`: what whoever runs Samlas does when somebody asks them to."""

import asyncio
import json
from pathlib import Path

import pytest
from sqlmodel import select

from storage.database import Database
from storage.nudging import looks_about
from storage.tables import Member
from tests.command_line import CommandLine
from tests.conftest import StillClock, an_ordinary_wednesday
from tests.support import Organisation, organisation


@pytest.fixture
def office(sqlite_url: str) -> Organisation:
    """Return an organisation, in which bo has an e-mail address."""

    async def made() -> Organisation:
        database = Database(sqlite_url)
        office = await organisation(database, StillClock(an_ordinary_wednesday()))
        async with database.begin() as session:
            bo = await session.get_one(Member, office.members["bo"])
            bo.email = "Bo.Ek@example.com"
        await database.close()
        return office

    return asyncio.run(made())


def names(sqlite_url: str) -> set[str]:
    """Return the names of all who are stored."""

    async def found() -> set[str]:
        database = Database(sqlite_url)
        async with database.read() as session:
            rows = (await session.execute(select(Member))).scalars().all()
        await database.close()
        return {row.name for row in rows}

    return asyncio.run(found())


def test_export_a_member(samlas: CommandLine, office: Organisation, sqlite_url: str) -> None:
    """By e-mail address, in whatever case, as JSON; and they can read that it was done."""
    exported = samlas("export", "--member", "bo.ek@example.com").json()

    async def looks() -> list[str]:
        database = Database(sqlite_url)
        async with database.read() as session:
            found = await looks_about(session, office.workspace_id, office.members["bo"], 10)
        await database.close()
        return [look.what for look in found]

    assert exported["tables"]["member"][0]["name"] == "Bo"
    assert exported["tables"]["member"][0]["home_team_id"] == "Sales"
    assert [row["what"] for row in exported["tables"]["look"]] == ["export"]
    assert asyncio.run(looks()) == ["export"]


@pytest.mark.usefixtures("office")
def test_export_into_a_file(samlas: CommandLine, tmp_path: Path) -> None:
    """A file is written where it is named, its folder too."""
    ran = samlas("export", "--member", "bo", "--file", tmp_path / "out" / "bo.json")

    assert ran.status == 0, ran.err
    assert json.loads((tmp_path / "out" / "bo.json").read_text(encoding="utf-8"))["samlas_export"] == 1


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("arguments", [["export"], ["export", "--member", "bo", "decisions", "--out", "x"]])
def test_one_thing_is_exported(samlas: CommandLine, arguments: list[str]) -> None:
    """Nothing, or two things at once, is a question and no export."""
    ran = samlas(*arguments)

    assert ran.status == 2
    assert "Please say what to export" in ran.err


@pytest.mark.usefixtures("office")
def test_erase_says_first_what_goes_and_stays(samlas: CommandLine, sqlite_url: str) -> None:
    """Without a yes nothing happens but being told."""
    ran = samlas("erase", "--member", "bo.ek@example.com")

    assert ran.status == 0, ran.err
    assert "What goes of Bo:" in ran.out
    assert "What stays:" in ran.out
    assert "Nothing has been erased. To do it, run the same again with --yes." in ran.out
    assert "Bo" in names(sqlite_url)


@pytest.mark.usefixtures("office")
def test_erase(samlas: CommandLine, sqlite_url: str) -> None:
    """With it they are gone, and nothing that is printed or logged names them; a second time nobody is there."""
    ran = samlas("erase", "--member", "bo.ek@example.com", "--yes")
    again = samlas("erase", "--member", "bo.ek@example.com", "--yes")

    assert ran.status == 0, ran.err
    assert "Bo" not in names(sqlite_url)
    assert "ek@example.com" not in f"{ran.out}{ran.err}".lower()
    assert again.status == 2
    assert "Samlas knows nobody by bo.ek@example.com in Test." in again.err


@pytest.mark.usefixtures("office")
def test_the_last_communications_lead_stays(samlas: CommandLine, sqlite_url: str) -> None:
    """Without one nobody could run Samlas: it is said what to do first."""
    ran = samlas("erase", "--member", "greta", "--yes")

    assert ran.status == 2
    assert "Name another first" in ran.err
    assert "Greta" in names(sqlite_url)
