"""The made-up organisation: on whatever day it moves in there is somebody to invite, and it goes on living."""

from datetime import UTC, date, datetime, timedelta

import pytest

from adapters.local.made_up.history import begins_on, history_of, lived_on
from adapters.local.made_up.people import LEADS, PEOPLE, ROOMS, TO_TRY, Habit
from adapters.local.made_up.seed import SETTINGS, rooms_by_person
from bot.context import known
from bot.settings import OrganisationSettings
from nudges.due import all_due
from nudges.quiet import Reason
from nudges.sieving import through
from storage.database import Database
from storage.nudging import signs_by_day
from storage.people import home_teams, present_members
from storage.workspaces import find_workspace
from tests.adapters.local.visiting import opened
from tests.conftest import StillClock

WEEKS = SETTINGS.quiet_weeks


async def reasons(database: Database, as_of: date) -> dict[str, Reason]:
    """Return who would get a tip on a day, and why."""
    async with database.read() as session:
        workspace = await find_workspace(session, "local", "local")
        assert workspace is not None
        settings = OrganisationSettings.model_validate(workspace.settings)
        due = all_due(session, workspace, settings, through(as_of))
        return {one.member.external_id: one.reason async for one in due}


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2026, 11, 24), id="an ordinary Tuesday"),
        pytest.param(date(2026, 12, 24), id="Christmas Eve"),
        pytest.param(date(2027, 1, 1), id="New Year"),
        pytest.param(date(2027, 1, 7), id="after the holidays"),
        pytest.param(date(2028, 2, 29), id="a leap day"),
        pytest.param(date(2027, 3, 29), id="Easter Monday"),
        pytest.param(date(2027, 5, 9), id="a Sunday in May"),
        pytest.param(date(2027, 6, 26), id="Midsummer, a Saturday"),
        pytest.param(date(2027, 7, 15), id="in the quiet weeks"),
        pytest.param(date(2027, 8, 16), id="just after the quiet weeks"),
        pytest.param(date(2027, 8, 31), id="the end of August"),
    ],
)
async def test_somebody_may_like_an_invitation_whatever_day_it_is(database: Database, day: date) -> None:
    """The preview shows a handful of people, with all three reasons, Nils among them; and nobody else is quiet."""
    clock = StillClock(datetime(day.year, day.month, day.day, 8, 30, tzinfo=UTC))

    async with opened(database, clock):
        found = await reasons(database, day)

    assert found == {
        "bjorn-sten": Reason.NO_SIGN,
        "fatima-haddad": Reason.FELL,
        "nils-ekman": Reason.NO_SIGN,
        "oskar-lund": Reason.NEVER_STARTED,
        "petra-jonsson": Reason.FELL,
    }


async def test_colleagues_go_on_living_while_the_program_is_away(database: Database, clock: StillClock) -> None:
    """After a quarter without the program, nobody is quiet who was not, and those who had stopped still are."""
    async with opened(database, clock):
        before = await reasons(database, clock.now().date())
    clock.move(timedelta(days=91))

    async with opened(database, clock):
        after = await reasons(database, clock.now().date())

    # Maja's leave is over, and nobody has told her yet. What was little for Fatima and Petra is now usual for them.
    assert set(after) - {"maja-berglund"} == set(before) - {"fatima-haddad", "petra-jonsson"}


async def test_going_over_the_same_days_again_changes_nothing(database: Database, clock: StillClock) -> None:
    """A start looks at all the days since the beginning, and counts none of them twice."""

    async def counted() -> dict[int, dict[date, int]]:
        async with opened(database, clock), database.read() as session:
            workspace_id = known(getattr(await find_workspace(session, "local", "local"), "id", None))
            everybody = [known(member.id) for member in await present_members(session, workspace_id)]
            return await signs_by_day(session, workspace_id, everybody, first=date.min, last=date.max)

    at_first = await counted()
    clock.move(timedelta(days=10))
    first, again = await counted(), await counted()

    assert first == again
    assert sum(len(days) for days in first.values()) > sum(len(days) for days in at_first.values())


def test_everybody_has_a_place() -> None:
    """Everybody has a home team with one lead, everybody is in a channel, and those to try exist."""
    people = {person.external_id: person for person in PEOPLE}

    assert len(people) == len(PEOPLE) == 40
    assert {person.team for person in PEOPLE} == set(LEADS)
    assert all(people[lead].team == team for team, lead in LEADS.items())
    assert all(rooms_by_person().values())
    assert {room for rooms in rooms_by_person().values() for room in rooms} == {room.external_id for room in ROOMS}
    assert set(TO_TRY) <= set(people)


async def test_it_moves_in_once(database: Database, clock: StillClock) -> None:
    """Starting again finds everybody as they were."""
    for _ in range(2):
        async with opened(database, clock), database.read() as session:
            workspace = await find_workspace(session, "local", "local")
            assert workspace is not None
            members = await present_members(session, known(workspace.id))
            teams = await home_teams(session, known(workspace.id))

            assert (len(members), len(teams)) == (40, 7)


def test_the_same_people_have_the_same_habits_each_time() -> None:
    """The history is made up the same way again, and covers thirteen ordinary weeks."""
    today = date(2027, 3, 3)
    first, again = (history_of(PEOPLE, rooms_by_person(), today, WEEKS) for _ in range(2))

    assert first == again
    days = {day for _, day, _ in first.by_member}
    assert min(days) >= begins_on(today, WEEKS) == date(2026, 11, 30)
    assert max(days) == today - timedelta(days=1)


def test_a_day_is_lived_the_same_way_however_often_it_is_asked_for() -> None:
    """A day to come is made up by its date: nothing is remembered, and no two days are alike."""
    monday, tuesday = date(2027, 3, 8), date(2027, 3, 9)

    assert lived_on(PEOPLE, rooms_by_person(), monday, WEEKS, ()) == lived_on(
        PEOPLE, rooms_by_person(), monday, WEEKS, ()
    )
    assert {key[::2] for key in lived_on(PEOPLE, rooms_by_person(), monday, WEEKS, ()).by_member} != {
        key[::2] for key in lived_on(PEOPLE, rooms_by_person(), tuesday, WEEKS, ()).by_member
    }


def test_whoever_has_stopped_stays_away_until_invited() -> None:
    """Those who have stopped or never begun give no sign of themselves; some come back once they have been invited."""
    days = [date(2027, 3, 8) + timedelta(days=number) for number in range(28)]
    away = {person.external_id for person in PEOPLE if person.habit in (Habit.STOPPED, Habit.NEVER_STARTED)}
    who_comes_back = {person.external_id for person in PEOPLE if person.comes_back}

    alone = {name for day in days for name, _, _ in lived_on(PEOPLE, rooms_by_person(), day, WEEKS, ()).by_member}
    asked = {name for day in days for name, _, _ in lived_on(PEOPLE, rooms_by_person(), day, WEEKS, away).by_member}

    assert alone.isdisjoint(away)
    assert asked & away == who_comes_back & away != set()
    assert "nils-ekman" not in asked


def test_nobody_lives_at_work_on_days_off() -> None:
    """Weekends and the organisation's quiet weeks pass without a sign."""
    for day in (date(2027, 3, 6), date(2027, 3, 7), date(2027, 7, 20)):
        assert not lived_on(PEOPLE, rooms_by_person(), day, WEEKS, ()).by_member
