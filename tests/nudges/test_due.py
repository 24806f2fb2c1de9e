"""The glance that leaves most people out: it never leaves out somebody whom the rules call quiet."""

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.calendars import DAY
from bot.settings import OrganisationSettings
from nudges.due import all_due, quiet_among
from nudges.quiet import Reason
from nudges.sieving import AsOf, the_day_before, through
from nudges.stage import may_be_nudged
from storage.database import Database
from storage.made_up import add_rows
from storage.nudging import members_by_row
from storage.tables import LastSign, Member, MemberState, Participation, Platform
from storage.workspaces import get_workspace
from tests.nudges.conftest import Scene

NOW = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
MONDAY = date(2027, 3, 8)
VIEWS = {
    "now": the_day_before(NOW),
    "as of a day": through(date(2027, 2, 12)),
    "in the round": AsOf(lambda calendar: MONDAY + (len(calendar.weekdays) % 6) * DAY, MONDAY - DAY, MONDAY + 5 * DAY),
}


async def many(database: Database, workspace_id: int, chance: random.Random) -> list[int]:
    """Store people of every sort, in every sort of calendar, and return their row ids."""
    members, counts, signs = [], [], []
    for number in range(250):
        leave = date(2027, 1, 11) + timedelta(days=chance.randrange(60)) if chance.random() < 0.1 else None
        members.append(
            Member(
                id=1000 + number,
                workspace_id=workspace_id,
                external_id=f"p{number}",
                state=MemberState.ACTIVE,
                created_at=NOW - timedelta(days=400),
                told_at=NOW - timedelta(days=(300, 300, 300, 160, 60, 3)[number % 6]),
                zone=chance.choice((None, "Pacific/Kiritimati", "America/New_York")),
                country=chance.choice((None, None, "DE")),
                working_days=chance.choice((None, None, "12", "1234567")),
                leave_from=leave,
                leave_to=leave and leave + timedelta(days=chance.randrange(30)),
            )
        )
        began, usual = chance.choice((40, 75, 100, 170, 300)), chance.choice((0.05, 0.3, 0.8))
        lately = chance.choice((0.0, usual * 0.15, usual * 0.3, usual))
        turned = chance.randrange(15, 50)
        days = [
            MONDAY - timedelta(days=ago)
            for ago in range(-2, began)
            if chance.random() < (lately if ago < turned else usual)
        ]
        counts += [
            Participation(
                workspace_id=workspace_id, member_id=1000 + number, day=day, kind=1, count=chance.randint(1, 6)
            )
            for day in days
        ]
        if days:
            signs.append(
                LastSign(workspace_id=workspace_id, member_id=1000 + number, first_day=min(days), last_day=max(days))
            )
    async with database.begin() as session:
        await add_rows(session, workspace_id, members)
        await add_rows(session, workspace_id, [*counts, *signs])
    return [1000 + number for number in range(250)]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS.keys())
async def test_a_glance_leaves_out_nobody_quiet(scene: Scene, view: AsOf, seed: int) -> None:
    """The look that starts with a glance finds the same people, for the same reasons, as a close one at each."""
    workspace_id, settings = scene.organisation.workspace_id, OrganisationSettings()
    await scene.change_workspace(notice_given_at=NOW - timedelta(days=300))
    people = await many(scene.database, workspace_id, random.Random(seed))

    async with scene.database.read() as session:
        workspace = await get_workspace(session, workspace_id)
        closely = await quiet_among(
            session, workspace, settings, await members_by_row(session, workspace_id, people), view
        )
        found = [one async for one in all_due(session, workspace, settings, view)]

    expected = {
        one.member.id: one.reason
        for one in closely
        if not one.calendar.is_on_leave(one.as_of + DAY)
        and may_be_nudged(workspace, one.member, timedelta(days=14), one.as_of + DAY)
    }
    assert {one.member.id: one.reason for one in found if (one.member.id or 0) >= 1000} == expected
    assert len(set(expected.values())) > 1
    assert 10 < len(expected) < 200


@pytest.mark.parametrize("days", [0, 10, 40, 60])
async def test_young_history(scene: Scene, days: int) -> None:
    """Where an import goes back some days or weeks only, nobody has fallen yet, and the quiet are found as ever."""
    last = date(2027, 2, 12)
    await scene.change_workspace(platform=Platform.IMPORTED)
    await scene.signs("anna", last - timedelta(days=days), last)
    await scene.signs("bo", last - timedelta(days=days))

    async with scene.database.read() as session:
        workspace = await get_workspace(session, scene.organisation.workspace_id)
        found = {
            one.member.external_id: one.reason
            async for one in all_due(session, workspace, OrganisationSettings(quiet_never_started=False), through(last))
        }

    assert Reason.FELL not in found.values()
    assert "anna" not in found
    assert ("bo" in found) == (days >= 40)
