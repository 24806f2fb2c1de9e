"""A list of people is taken over alike on either kind of database, beside what people have set themselves.

The clock stands at noon, UTC, of Wednesday 3 March 2027.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select, update

from bot.people.csv_file import open_people
from bot.people.importing import check, check_leads, kept_until_written, prepare, write
from bot.people.looks import LISTED
from bot.people.telling import in_sentences
from bot.texts import Voice
from storage.database import Database
from storage.people import find_member
from storage.people_seen import PersonSeen, see_people
from storage.tables import Away, HomeTeam, Look, Member, MemberState
from tests.conftest import StillClock
from tests.databases import database_url
from tests.support import Organisation, organisation

__all__ = ["database_url"]

HEADINGS = "e-mail,home team,lead,coach,management group,first working day,zone,working hours"


@dataclass
class Lists:
    """An organisation whose people have addresses at x.se, and lists that are taken over in it."""

    database: Database
    clock: StillClock
    organisation: Organisation
    file: Path

    async def take(self, content: str, *, is_everybody: bool = False) -> list[str]:
        """Take a list over; returns what is said of it."""
        self.file.write_text(content)
        today = self.clock.now().date()
        workspace_id = self.organisation.workspace_id
        with open_people(self.file) as people, kept_until_written() as kept:
            checked = check(people)
            async with self.database.read() as session:
                await check_leads(session, workspace_id, people, checked)
            assert checked.mistakes.first == []
            prepared = await prepare(
                self.database, workspace_id, people, checked, kept, today, is_everybody=is_everybody
            )
            await write(self.database, workspace_id, prepared, self.clock.now(), today)
        return in_sentences(prepared.difference, Voice("en", "Europe/Stockholm"))

    async def person(self, external_id: str) -> Member:
        """Return what is kept of somebody."""
        async with self.database.read() as session:
            found = await find_member(session, self.organisation.workspace_id, external_id)
        assert found is not None
        return found

    async def change(self, name: str, **values: Any) -> None:
        """Change a person's row."""
        async with self.database.begin() as session:
            await session.execute(
                update(Member).where(col(Member.id) == self.organisation.members[name]).values(**values)
            )


@pytest.fixture
async def lists(database: Database, clock: StillClock, tmp_path: Path) -> Lists:
    """Return an organisation of eight, of whom everybody has an address."""
    made = Lists(database, clock, await organisation(database, clock), tmp_path / "people.csv")
    for name in made.organisation.members:
        await made.change(name, email=f"{name}@x.se")
    return made


async def test_all_of_a_list(lists: Lists) -> None:
    """Teams, leads, roles and calendars of people who are known and of people who are new."""
    told = await lists.take(
        f"{HEADINGS}\n"
        "anna@x.se,Oslo,yes,no,no,2020-02-01,Europe/Oslo,8-16\n"
        "vera@x.se,Oslo,,yes,yes,,,\n"
        "carl@x.se,,,,no,,,\n"
    )

    anna, vera = await lists.person("anna"), await lists.person("vera@x.se")
    async with lists.database.read() as session:
        oslo = (await session.execute(select(HomeTeam).where(HomeTeam.name == "Oslo"))).scalar_one()
    assert (oslo.lead_id, anna.home_team_id, vera.home_team_id) == (anna.id, oslo.id, oslo.id)
    assert (anna.joined_on, anna.zone, anna.work_start, anna.work_end) == (date(2020, 2, 1), "Europe/Oslo", 480, 960)
    assert (vera.state, vera.is_coach, vera.in_management_group) == (MemberState.LISTED, True, True)
    assert (await lists.person("carl")).in_management_group is False
    assert told[:2] == ["The list has 3 people.", "1 is new here, and listed until the chat has seen them."]


async def test_the_same_list_again(lists: Lists) -> None:
    """It changes nobody, and leaves no line in anybody's log."""
    content = f"{HEADINGS}\nanna@x.se,Oslo,yes,no,no,2020-02-01,Europe/Oslo,8-16\n"
    await lists.take(content)

    told = await lists.take(content)

    assert told == ["The list has 1 person.", "1 person stays as they are."]
    async with lists.database.read() as session:
        looks = (await session.execute(select(Look))).scalars().all()
    assert [(look.about_member_id, look.by_member_id, look.what) for look in looks] == [
        (lists.organisation.members["anna"], None, LISTED)
    ]


async def test_what_members_have_set_stays(lists: Lists) -> None:
    """Whatever the list says of it, and the difference says so; the rest of their line is taken over."""
    await lists.change("anna", work_start=600, work_end=1080, calendar_set_by_self="hours")

    told = await lists.take("e-mail,working hours,zone\nanna@x.se,8-16,Europe/Oslo\nbo@x.se,8-16,\n")

    anna, bo = await lists.person("anna"), await lists.person("bo")
    assert (anna.work_start, anna.work_end, anna.zone) == (600, 1080, "Europe/Oslo")
    assert (bo.work_start, bo.work_end) == (480, 960)
    sentence = "1 person has set something of their calendar themselves that the list has otherwise; it stays."
    assert sentence in told


@pytest.mark.parametrize(
    ("ends", "taken"), [(date(2027, 3, 2), True), (date(2027, 3, 3), False), (None, False)], ids=["over", "now", "open"]
)
async def test_a_leave_of_ones_own_holds_until_it_is_over(lists: Lists, ends: date | None, *, taken: bool) -> None:
    """Then the list's next one is taken over, and is the list's."""
    await lists.change("anna", leave_from=date(2027, 2, 1), leave_to=ends, calendar_set_by_self="hours leave")

    await lists.take("e-mail,leave from,leave to\nanna@x.se,2027-06-01,2027-06-30\n")

    anna = await lists.person("anna")
    assert (anna.leave_from == date(2027, 6, 1)) is taken
    assert anna.calendar_set_by_self == ("hours" if taken else "hours leave")


async def test_a_leave_that_is_replaced_is_remembered(lists: Lists) -> None:
    """The days of a leave that have gone by stay days away, when the list tells of the next one."""
    await lists.take("e-mail;leave from;leave to\nanna@x.se;2027-02-15;2027-03-31\n")

    await lists.take("e-mail;leave from;leave to\nanna@x.se;2027-06-01;2027-06-30\n")

    async with lists.database.read() as session:
        [away] = (await session.execute(select(Away))).scalars().all()
    assert away.member_id == lists.organisation.members["anna"]
    assert (away.first_day, away.last_day) == (date(2027, 2, 15), date(2027, 3, 2))
    assert (await lists.person("anna")).leave_from == date(2027, 6, 1)


async def test_a_zone_that_was_set_stays(lists: Lists) -> None:
    """Whatever the platform tells later; one that is given up is the platform's again."""
    seen = [PersonSeen("anna", "Anna", "anna@x.se", zone="America/New_York")]
    await lists.take("e-mail,zone\nanna@x.se,Europe/Oslo\n")
    async with lists.database.begin() as session:
        await see_people(session, lists.organisation.workspace_id, seen, lists.clock.now())
    kept = (await lists.person("anna")).zone

    await lists.take("e-mail,zone\nanna@x.se,-\n")
    async with lists.database.begin() as session:
        await see_people(session, lists.organisation.workspace_id, seen, lists.clock.now())

    assert kept == "Europe/Oslo"
    assert (await lists.person("anna")).zone == "America/New_York"


async def test_a_list_that_is_everybody(lists: Lists) -> None:
    """Who was only listed and is missing is no longer listed and leads nothing; whom the chat knows stays."""
    await lists.take(f"{HEADINGS}\nvera@x.se,Oslo,yes,,,,,\nanna@x.se,Oslo,,,,,,\n")
    lists.clock.move(timedelta(days=1))

    told = await lists.take("e-mail,home team\nanna@x.se,Oslo\n", is_everybody=True)

    vera = await lists.person("vera@x.se")
    async with lists.database.read() as session:
        oslo = (await session.execute(select(HomeTeam).where(HomeTeam.name == "Oslo"))).scalar_one()
    assert (vera.state, vera.left_on, vera.home_team_id) == (MemberState.LEFT, date(2027, 3, 4), None)
    assert (oslo.lead_id, oslo.ended_at) == (None, None)
    assert (await lists.person("bo")).state == MemberState.ACTIVE
    assert "No longer listed, since the list is everybody: vera@x.se." in told


async def test_listed_again(lists: Lists) -> None:
    """Who comes back in a later list is listed anew, as that list says."""
    await lists.take(f"{HEADINGS}\nvera@x.se,Oslo,,yes,,,,\n")
    await lists.take("e-mail\nanna@x.se\n", is_everybody=True)

    await lists.take("e-mail,home team\nvera@x.se,Sales\n")

    vera = await lists.person("vera@x.se")
    assert (vera.state, vera.left_on, vera.home_team_id) == (MemberState.LISTED, None, lists.organisation.team_id)
