"""The round when things go wrong on the way: down for a while, cut off, refused, told twice, another's trouble."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.context import Context, context_for
from bot.platform import NotSent, Sent
from bot.texts import text as sentence
from nudges import due as due_module
from nudges import room
from nudges.planning import plan_round
from nudges.schedule import run_due
from storage.database import Database
from storage.tables import ContactState, OutboxState, Platform
from storage.workspaces import add_workspace, get_workspace
from tests.databases import database_url, is_fleeting
from tests.nudges.conftest import SUNDAY, TUESDAY_AT_TEN, Scene
from tests.processes import line_from, running, tell
from tests.support import troubles

__all__ = ["database_url", "is_fleeting"]


async def test_what_the_platform_did_not_take_is_given_back(quiet_eva: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tip that could not be sent does not cost the quarter: the next round plans another."""
    refused = NotSent(OutboxState.FAILED, sentence("The platform said no."))

    async def refuse(*_: object) -> Sent:
        raise refused

    with monkeypatch.context() as patched:
        patched.setattr(quiet_eva.gateway, "post", refuse)
        await quiet_eva.until(TUESDAY_AT_TEN)

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=7))

    assert [contact.state for contact in await quiet_eva.contacts("eva")] == [
        ContactState.GIVEN_BACK,
        ContactState.SENT,
    ]
    assert len(quiet_eva.gateway.said_to("eva")) == 1


async def test_who_has_blocked_us_is_not_tried_each_week(quiet_eva: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tip that a member's platform will not take stays paid for the quarter."""
    blocked = NotSent(OutboxState.BLOCKED, sentence("They have blocked the app."))

    async def refuse(*_: object) -> Sent:
        raise blocked

    monkeypatch.setattr(quiet_eva.gateway, "post", refuse)

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=12))

    assert [contact.state for contact in await quiet_eva.contacts("eva")] == [ContactState.REFUSED]


async def test_one_organisations_trouble_is_not_the_others(quiet_eva: Scene) -> None:
    """Where one workspace's settings cannot be read, that is logged once, and the round of the others goes on."""
    async with quiet_eva.database.begin() as session:
        broken = await add_workspace(
            session, Platform.LOCAL, "broken", "Broken", SUNDAY - timedelta(days=99), {"zone": 7}
        )
        broken.notice_given_at = SUNDAY - timedelta(days=90)
        broken.rounds_on_at = SUNDAY - timedelta(days=60)
    with capture_logs() as logs:
        await quiet_eva.tick()

    await quiet_eva.until(TUESDAY_AT_TEN)

    assert troubles(logs) == ["job.workspace_not_readable"]
    assert [entry["workspace"] for entry in logs if entry["event"] == troubles(logs)[0]] == [broken.id]
    assert len(quiet_eva.gateway.said_to("eva")) == 1


async def test_one_jobs_trouble_is_not_the_others(quiet_eva: Scene) -> None:
    """A job that fails in one workspace is logged; it is still done in the next, and the others are in both."""
    async with quiet_eva.database.begin() as session:
        other = await add_workspace(session, Platform.LOCAL, "other", "Other", SUNDAY, {})
    done: list[tuple[str, int]] = []

    async def fails_in_the_first(ctx: Context) -> None:
        if ctx.workspace_id != other.id:
            raise RuntimeError("something broke")
        done.append(("fails", ctx.workspace_id))

    async def works(ctx: Context) -> None:
        done.append(("works", ctx.workspace_id))

    with capture_logs() as logs:
        await run_due(quiet_eva.database, {"fails": fails_in_the_first, "works": works}, SUNDAY)

    first = quiet_eva.organisation.workspace_id
    assert done == [("works", first), ("fails", other.id), ("works", other.id)]
    assert [(entry["event"], entry["job"], entry["workspace"]) for entry in logs] == [("job.failed", "fails", first)]


async def test_deciding_twice(quiet_eva: Scene) -> None:
    """The round decided again and again, and by several at once, plans each tip once."""
    quiet_eva.clock.moment = TUESDAY_AT_TEN - timedelta(hours=3)
    other = Database(quiet_eva.database.url)

    await asyncio.gather(
        *(
            run_due(database, room.jobs(), quiet_eva.clock.now())
            for database in (quiet_eva.database, other)
            for _ in range(5)
        )
    )
    await other.close()

    assert len(await quiet_eva.contacts()) == 1
    assert len(await quiet_eva.outbox()) == 1


async def test_a_clock_that_jumps(quiet_eva: Scene) -> None:
    """Set back or forward by an hour and corrected, the clock has nobody tipped twice, and no tip is left out."""
    planned_at = TUESDAY_AT_TEN - timedelta(hours=3)

    for jump in (timedelta(), timedelta(hours=-1), timedelta(hours=1), timedelta()):
        quiet_eva.clock.moment = planned_at + jump
        await run_due(quiet_eva.database, room.jobs(), quiet_eva.clock.now())

    assert len(await quiet_eva.contacts()) == 1
    assert len(await quiet_eva.outbox()) == 1


async def test_two_planners(quiet_eva: Scene) -> None:
    """Two processes that decide the round at the same time plan each tip once."""
    quiet_eva.clock.moment = TUESDAY_AT_TEN - timedelta(hours=3)
    module, now = "tests.nudges.planning_process", quiet_eva.clock.now().isoformat()

    with running(module, quiet_eva.database.url, now) as one, running(module, quiet_eva.database.url, now) as other:
        assert (line_from(one), line_from(other)) == ("ready", "ready")
        tell(one, "go")
        tell(other, "go")
        await run_due(quiet_eva.database, room.jobs(), quiet_eva.clock.now())
        assert (one.wait(60), other.wait(60)) == (0, 0)

    assert len(await quiet_eva.contacts()) == 1
    assert len(await quiet_eva.outbox()) == 1


async def test_a_round_goes_on_where_it_was_cut_off(quiet_eva: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of members is one transaction; what was not committed is planned again, and nothing twice."""
    monkeypatch.setattr(due_module, "PAGE", 3)
    quiet_eva.clock.moment = TUESDAY_AT_TEN - timedelta(hours=3)
    for person in ("anna", "greta"):
        await quiet_eva.change(person, joined_on=date(2026, 1, 1))
    crashed = RuntimeError("the machine stopped here")

    async def plan(crash: RuntimeError | None) -> None:
        async with quiet_eva.database.begin() as session:
            workspace = await get_workspace(session, quiet_eva.organisation.workspace_id)
            await plan_round(context_for(session, quiet_eva.clock.now(), workspace), room.kinds())
            if crash is not None:
                raise crash

    for _ in range(6):
        with pytest.raises(RuntimeError):
            await plan(crashed)
        await plan(None)

    assert [contact.member_id for contact in await quiet_eva.contacts()] == [quiet_eva.organisation.members["eva"]]


async def test_missed_tuesday(quiet_eva: Scene) -> None:
    """A bot that was down until Wednesday noon sends on Thursday at ten."""
    quiet_eva.clock.moment = datetime(2027, 3, 10, 12, 0, tzinfo=UTC)
    await quiet_eva.tick()

    await quiet_eva.until(datetime(2027, 3, 11, 9, 0, tzinfo=UTC))

    assert len(quiet_eva.gateway.said_to("eva")) == 1
    assert [contact.local_date for contact in await quiet_eva.contacts()] == [date(2027, 3, 11)]


async def test_down_after_planning(quiet_eva: Scene) -> None:
    """A planned tip that could not go out on Tuesday goes out later that week, in her hours, and is paid then."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))

    quiet_eva.clock.moment = datetime(2027, 3, 11, 13, 0, tzinfo=UTC)
    await quiet_eva.tick()

    assert len(quiet_eva.gateway.said_to("eva")) == 1
    assert [contact.local_date for contact in await quiet_eva.contacts()] == [date(2027, 3, 11)]


async def test_a_missed_slot_is_tried_at_the_next(quiet_eva: Scene) -> None:
    """A tip whose turn comes after working hours waits for the next day's slot, and is paid for on that day."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))
    quiet_eva.clock.moment = datetime(2027, 3, 9, 20, 0, tzinfo=UTC)
    await quiet_eva.tick()
    waiting = [(contact.local_date, contact.state) for contact in await quiet_eva.contacts()]

    await quiet_eva.until(datetime(2027, 3, 10, 9, 0, tzinfo=UTC))

    assert waiting == [(date(2027, 3, 10), ContactState.PLANNED)]
    assert [(contact.local_date, contact.state) for contact in await quiet_eva.contacts()] == [
        (date(2027, 3, 10), ContactState.SENT)
    ]
    assert len(quiet_eva.gateway.said_to("eva")) == 1
    assert len(await quiet_eva.items()) == 1


async def test_a_missed_slot_and_then_a_sign(quiet_eva: Scene) -> None:
    """What waits for the next slot is not sent there when it is no longer true."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))
    quiet_eva.clock.moment = datetime(2027, 3, 9, 20, 0, tzinfo=UTC)
    await quiet_eva.tick()
    await quiet_eva.signs("eva", date(2027, 3, 10))

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=4))

    assert quiet_eva.gateway.standing == {}
    assert [contact.state for contact in await quiet_eva.contacts()] == [ContactState.GIVEN_BACK]


async def test_missed_after_the_last_slot_of_the_week(quiet_eva: Scene) -> None:
    """On Friday evening there is no slot left in the week: the contact is given back, and the next round decides."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))
    quiet_eva.clock.moment = datetime(2027, 3, 12, 20, 0, tzinfo=UTC)
    await quiet_eva.tick()
    before = [contact.state for contact in await quiet_eva.contacts()]

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=7))

    assert before == [ContactState.GIVEN_BACK]
    assert len(quiet_eva.gateway.said_to("eva")) == 1


async def test_down_for_the_week(quiet_eva: Scene) -> None:
    """A tip whose week has passed is dropped; the next week's round decides anew."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=2))

    quiet_eva.clock.moment = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
    await quiet_eva.tick()
    assert quiet_eva.gateway.standing == {}
    await quiet_eva.until(datetime(2027, 3, 16, 9, 0, tzinfo=UTC))

    assert [(contact.local_date, contact.state) for contact in await quiet_eva.contacts()] == [
        (date(2027, 3, 9), ContactState.GIVEN_BACK),
        (date(2027, 3, 16), ContactState.SENT),
    ]
