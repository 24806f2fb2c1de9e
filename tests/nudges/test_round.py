"""The weekly round, from planning to what arrives. The clock stands at noon, UTC, of Wednesday 3 March 2027."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from bot.context import known
from nudges import budget, ladder
from nudges.ladder import Step
from nudges.planning import week_of_round
from nudges.quiet import Reason
from storage.tables import Contact, ContactItem, ContactState, MemberState, OutboxState, Platform
from tests.databases import database_url
from tests.nudges.conftest import RECENTLY, SUNDAY, TUESDAY_AT_TEN, Scene
from tests.support import words_of

__all__ = ["database_url"]


async def test_the_quiet_one_gets_one_tip_on_tuesday_at_ten(quiet_eva: Scene) -> None:
    """Planned when the week's Tuesday begins somewhere, sent on Tuesday at ten where she is, and to nobody else."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(minutes=1))
    assert quiet_eva.gateway.standing == {}

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert [standing.to.member for standing in quiet_eva.gateway.standing.values()] == ["eva"]
    assert "It has been a while" in words_of(quiet_eva.gateway.said_to("eva")[0])


async def test_once_a_quarter(quiet_eva: Scene) -> None:
    """Eva stays quiet, and gets the next tip a quarter later, on the first Tuesday after ninety days.

    Her colleagues, of whom nothing is heard after 1 March either, get their one tip once that is fifteen working days.
    """
    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=92))

    assert [contact.local_date for contact in await quiet_eva.contacts("eva")] == [date(2027, 3, 9), date(2027, 6, 8)]
    assert len(quiet_eva.gateway.said_to("eva")) == 2
    for colleague in set(quiet_eva.organisation.members) - {"eva"}:
        assert [contact.local_date for contact in await quiet_eva.contacts(colleague)] == [date(2027, 3, 23)]


@pytest.mark.parametrize(
    ("last_sign", "gets_one"),
    [(date(2026, 2, 3), False), (date(2026, 3, 12), True)],
    ids=["heard from before all three", "heard from after the first"],
)
async def test_three_that_nobody_answered(scene: Scene, last_sign: date, gets_one: bool) -> None:  # noqa: FBT001 - a case
    """Then there is no fourth, however long ago they were; whoever was back in between begins anew."""
    await scene.everybody_was_here(RECENTLY)
    await scene.signs("eva", last_sign)
    async with scene.database.begin() as session:
        for day in (date(2026, 3, 10), date(2026, 6, 9), date(2026, 9, 8)):
            contact = Contact(
                workspace_id=scene.organisation.workspace_id,
                member_id=scene.organisation.members["eva"],
                local_date=day,
                state=ContactState.SENT,
                planned_at=SUNDAY,
            )
            session.add(contact)
            await session.flush()
            session.add(
                ContactItem(
                    workspace_id=scene.organisation.workspace_id,
                    contact_id=known(contact.id),
                    kind=Step.TIP,
                    reason=Reason.NO_SIGN,
                    rank=1,
                )
            )
    scene.clock.moment = SUNDAY

    await scene.until(TUESDAY_AT_TEN)

    assert bool(scene.gateway.standing) is gets_one


async def test_back_in_time(quiet_eva: Scene) -> None:
    """Who gives a sign between planning and Tuesday gets nothing, and their budget gets it back."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=1))
    await quiet_eva.signs("eva", date(2027, 3, 9))

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert quiet_eva.gateway.standing == {}
    assert [contact.state for contact in await quiet_eva.contacts()] == [ContactState.GIVEN_BACK]


@pytest.mark.parametrize(
    "values",
    [
        {"nudges_off": True},
        {"nudges_snoozed_until": date(2027, 3, 10)},
        {"not_counted": True},
        {"reading_along_until": date(2027, 6, 1)},
        {"paused_until": date(2027, 6, 1)},
        {"leave_from": date(2027, 3, 9), "leave_to": date(2027, 3, 12)},
        {"work_end": 600},
    ],
    ids=["stopped", "not now", "not counted", "reading along", "paused", "on leave", "hours over"],
)
async def test_asked_to_be_left_alone_in_the_last_minute(quiet_eva: Scene, values: dict[str, object]) -> None:
    """What a member says between planning and sending holds."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(minutes=1))
    assert len(await quiet_eva.outbox()) == 1

    await quiet_eva.change("eva", **values)
    await quiet_eva.until(TUESDAY_AT_TEN)

    assert quiet_eva.gateway.standing == {}
    assert (await quiet_eva.outbox())[0].state == OutboxState.DROPPED


@pytest.mark.parametrize(
    "values",
    [
        {"state": MemberState.LEFT},
        {"is_bot": True},
        {"not_counted": True},
        {"nudges_off": True},
        {"nudges_snoozed_until": date(2027, 6, 1)},
        {"reading_along_until": date(2027, 6, 1)},
        {"paused_until": date(2027, 6, 1)},
        {"leave_from": date(2027, 2, 1), "leave_to": date(2027, 6, 1)},
        {"joined_on": date(2027, 3, 1)},
    ],
    ids=["left", "bot", "not counted", "stopped", "not now", "reading along", "paused", "on leave", "newcomer"],
)
async def test_never_planned(quiet_eva: Scene, values: dict[str, object]) -> None:
    """For some people no tip is even planned."""
    await quiet_eva.change("eva", **values)

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=5))

    assert await quiet_eva.contacts() == []
    assert quiet_eva.gateway.standing == {}


async def test_who_leaves_in_the_last_minute(quiet_eva: Scene) -> None:
    """Nothing goes to somebody who has left since it was planned."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(minutes=1))
    await quiet_eva.change("eva", state=MemberState.LEFT)

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert quiet_eva.gateway.standing == {}
    assert [row.state for row in await quiet_eva.outbox()] == [OutboxState.UNREACHABLE]


async def test_a_holiday_tuesday_moves_to_wednesday(scene: Scene) -> None:
    """In a week whose Tuesday is a public holiday, the tip comes on the next working day at ten."""
    # Epiphany 2026 was a Tuesday.
    monday = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    await scene.change_workspace(notice_given_at=monday - timedelta(days=200), rounds_on_at=monday - timedelta(days=99))
    for person in scene.organisation.members:
        await scene.change(person, joined_on=date(2025, 1, 7), created_at=monday - timedelta(days=364))
        await scene.change(person, told_at=monday - timedelta(days=200))
    await scene.everybody_was_here(date(2026, 1, 5))
    await scene.signs("eva", date(2025, 10, 7))
    scene.clock.moment = monday

    await scene.until(datetime(2026, 1, 7, 8, 59, tzinfo=UTC))
    before = dict(scene.gateway.standing)
    await scene.until(datetime(2026, 1, 7, 9, 0, tzinfo=UTC))

    assert before == {}
    assert len(scene.gateway.said_to("eva")) == 1


async def test_a_night_worker_gets_it_at_night(quiet_eva: Scene) -> None:
    """Who works from ten in the evening gets the tip when the night begins."""
    await quiet_eva.change("eva", work_start=22 * 60, work_end=6 * 60)

    await quiet_eva.until(datetime(2027, 3, 9, 20, 59, tzinfo=UTC))
    before = dict(quiet_eva.gateway.standing)
    await quiet_eva.until(datetime(2027, 3, 9, 21, 0, tzinfo=UTC))

    assert before == {}
    assert len(quiet_eva.gateway.said_to("eva")) == 1


async def test_the_clock_change_keeps_ten_oclock(quiet_eva: Scene) -> None:
    """In the week after summer time has begun, ten o'clock is eight UTC."""
    await quiet_eva.everybody_was_here(date(2027, 3, 26))
    quiet_eva.clock.moment = datetime(2027, 3, 28, 12, 0, tzinfo=UTC)

    await quiet_eva.until(datetime(2027, 3, 30, 8, 0, tzinfo=UTC))

    assert [row.not_before for row in await quiet_eva.outbox()] == [datetime(2027, 3, 30, 8, 0, tzinfo=UTC)]
    assert len(quiet_eva.gateway.said_to("eva")) == 1


async def test_stopped_is_stopped(quiet_eva: Scene) -> None:
    """A tip planned before everything was stopped does not go out when the rounds are on again."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))
    await quiet_eva.change_workspace(rounds_on_at=TUESDAY_AT_TEN - timedelta(hours=1))

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert quiet_eva.gateway.standing == {}
    assert [contact.state for contact in await quiet_eva.contacts("eva")] == [ContactState.GIVEN_BACK]


async def test_stop_everything_stops_what_is_planned(quiet_eva: Scene) -> None:
    """With the rounds turned off, a tip on its way is not sent."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(minutes=1))
    await quiet_eva.change_workspace(rounds_on_at=None)

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=20))

    assert quiet_eva.gateway.standing == {}


async def test_a_sign_today_stops_it(quiet_eva: Scene) -> None:
    """Fifteen silent working days are whole ones: today is none of them, and a sign of today stops everything."""
    # From 16 February on, 8 March is the fifteenth working day, and 9 March is not over.
    await quiet_eva.signs("eva", date(2027, 2, 15))
    await quiet_eva.signs("bo", date(2027, 2, 16))
    async with quiet_eva.database.begin() as session:
        await session.execute(text("UPDATE last_sign SET last_day = first_day WHERE member_id = :m"), {"m": 2})

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert [standing.to.member for standing in quiet_eva.gateway.standing.values()] == ["eva"]


async def test_the_budget_holds_whatever_the_ladder_wants(quiet_eva: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Were a step allowed each week and without end, there would still be at most three in thirty days."""
    monkeypatch.setattr(budget, "STEP_PAUSE", timedelta())
    monkeypatch.setattr(ladder, "MOST_TIPS_UNANSWERED", 100)

    await quiet_eva.until(datetime(2027, 4, 20, 12, 0, tzinfo=UTC))

    assert [contact.local_date for contact in await quiet_eva.contacts("eva")] == [
        date(2027, 3, 9),
        date(2027, 3, 16),
        date(2027, 3, 23),
        date(2027, 4, 13),
        date(2027, 4, 20),
    ]


async def test_the_budget_holds_at_the_last_minute(quiet_eva: Scene) -> None:
    """A tip does not go out when, since it was planned, something else that is paid for has."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(minutes=1))
    await quiet_eva.contacted_on(date(2027, 3, 8))

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert quiet_eva.gateway.standing == {}


async def test_the_budget_is_shared(quiet_eva: Scene) -> None:
    """Who has been written to four days before gets no tip this week, and none is planned."""
    await quiet_eva.contacted_on(date(2027, 3, 5))

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert quiet_eva.gateway.standing == {}
    assert len(await quiet_eva.contacts("eva")) == 1


async def test_each_in_their_own_zone(quiet_eva: Scene) -> None:
    """In Auckland Tuesday at ten is Monday evening here, in New York Tuesday afternoon."""
    for person, zone in (("bo", "Pacific/Auckland"), ("carl", "America/New_York")):
        await quiet_eva.change(person, zone=zone)
    async with quiet_eva.database.begin() as session:
        for person in ("bo", "carl"):
            for table in ("last_sign", "participation"):
                await session.execute(
                    text(f"DELETE FROM {table} WHERE member_id = :m"),
                    {"m": quiet_eva.organisation.members[person]},
                )

    slots = (datetime(2027, 3, 8, 21, 0, tzinfo=UTC), TUESDAY_AT_TEN, datetime(2027, 3, 9, 15, 0, tzinfo=UTC))
    for slot in slots:
        await quiet_eva.until(slot)

    members = quiet_eva.organisation.members
    assert {row.member_id: (row.not_before, row.settled_at) for row in await quiet_eva.outbox()} == {
        members[person]: (slot, slot) for person, slot in zip(("bo", "eva", "carl"), slots, strict=True)
    }
    assert {standing.to.member for standing in quiet_eva.gateway.standing.values()} == {"bo", "eva", "carl"}


async def test_imports_and_workspaces_without_rounds_get_nothing(quiet_eva: Scene) -> None:
    """Nothing is planned where nothing can be sent, or where the rounds begin later."""
    quiet_eva.clock.moment = TUESDAY_AT_TEN - timedelta(hours=3)
    await quiet_eva.change_workspace(rounds_on_at=TUESDAY_AT_TEN + timedelta(days=1))
    await quiet_eva.tick()
    await quiet_eva.change_workspace(rounds_on_at=SUNDAY, platform=Platform.IMPORTED)
    await quiet_eva.tick()

    assert await quiet_eva.contacts() == []


async def test_one_contact_a_day(quiet_eva: Scene) -> None:
    """A member has one contact on one day, whatever it says; one that was given back does not stand in the way."""
    first = await quiet_eva.contacted_on(date(2027, 3, 9))
    second = await quiet_eva.contacted_on(date(2027, 3, 9))
    async with quiet_eva.database.begin() as session:
        await session.execute(text("UPDATE contact SET state = 'given_back'"))

    third = await quiet_eva.contacted_on(date(2027, 3, 9))

    assert first is not None
    assert second is None
    assert third is not None


def test_week_of_round() -> None:
    """The round of a week is due from its Tuesday's beginning in the Line Islands to its Sunday's end there."""
    week = date(2027, 3, 8)

    assert week_of_round(datetime(2027, 3, 8, 9, 59, tzinfo=UTC), 2) is None
    assert week_of_round(datetime(2027, 3, 8, 10, 0, tzinfo=UTC), 2) == week
    assert week_of_round(datetime(2027, 3, 14, 9, 59, tzinfo=UTC), 2) == week
    assert week_of_round(datetime(2027, 3, 14, 10, 0, tzinfo=UTC), 2) is None
