"""One message to many: expanded page by page, nobody forgotten, nobody twice, and nobody else held up."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from bot.expanding import NOT_WRITTEN_DOWN
from bot.hands import MOST_UNDER_WAY
from bot.pacing import MOST_TRIES
from bot.reasons import reason_of
from storage.database import Database
from storage.fan_out import FAN_OUT_PAGE, expand_fan_out, start_fan_out, waiting_fan_out
from storage.outbox import Urgency
from storage.tables import Copies, FanOut, Member, MemberState
from tests.bot.office import NOTE, NUDGE, Office, open_office
from tests.conftest import StillClock
from tests.support import troubles


@pytest.fixture
async def big_office(database: Database, clock: StillClock) -> Office:
    """Return an office whose organisation fills two pages and begins a third."""
    return await open_office(database, clock, tuple(f"person{number:04}" for number in range(2 * FAN_OUT_PAGE)))


async def expand(office: Office) -> bool:
    """Expand one page, as the sender does; False when there is none."""
    async with office.database.begin() as session:
        fan_out = await waiting_fan_out(session, office.workspace_id, office.clock.now())
        if fan_out is not None:
            await expand_fan_out(session, office.workspace_id, fan_out, office.clock.now())
    return fan_out is not None


async def test_page_by_page(big_office: Office) -> None:
    """A fan-out becomes rows a page at a time, until it has reached everybody, once."""
    await big_office.fan_out()

    sizes = []
    while await expand(big_office):
        sizes.append(len(await big_office.rows()))

    everybody = set(big_office.organisation.members.values())
    assert sizes == [FAN_OUT_PAGE, 2 * FAN_OUT_PAGE, len(everybody)]
    assert {row.member_id for row in await big_office.rows()} == everybody


async def test_crash_between_pages(big_office: Office) -> None:
    """A crash while a page is written leaves the pages before it, and the page is written whole the next time."""

    async def crash() -> None:
        async with big_office.database.begin() as session:
            fan_out = await waiting_fan_out(session, big_office.workspace_id, big_office.clock.now())
            assert fan_out is not None
            await expand_fan_out(session, big_office.workspace_id, fan_out, big_office.clock.now())
            raise RuntimeError

    await big_office.fan_out()
    await expand(big_office)
    with pytest.raises(RuntimeError):
        await crash()
    after_crash = len(await big_office.rows())

    while await expand(big_office):
        pass

    assert after_crash == FAN_OUT_PAGE
    counted = Counter(row.member_id for row in await big_office.rows())
    assert counted == dict.fromkeys(big_office.organisation.members.values(), 1)


async def test_everybody_gets_it(office: Office) -> None:
    """The sender expands what waits, and everybody is told once; a second time it is not begun."""
    await office.fan_out()
    await office.fan_out()

    await office.sender().drain()

    assert Counter(it.to.member for it in office.platform.standing) == dict.fromkeys(office.organisation.members, 1)


async def test_exactly_one_page(database: Database, clock: StillClock) -> None:
    """An audience that fills a page to the last row is done, too."""
    office = await open_office(database, clock, tuple(f"person{number:04}" for number in range(FAN_OUT_PAGE - 8)))
    await office.fan_out()

    assert [await expand(office), await expand(office), await expand(office)] == [True, True, False]
    assert len(await office.rows()) == FAN_OUT_PAGE


async def test_who_comes_and_goes(office: Office) -> None:
    """Who left before their page is not written to; nor is who came after it was said, nor whom it comes from."""
    async with office.database.begin() as session:
        later = office.clock.now() + timedelta(minutes=1)
        new = Member(workspace_id=office.workspace_id, external_id="new", state=MemberState.ACTIVE, created_at=later)
        session.add(new)
        await start_fan_out(
            session,
            office.workspace_id,
            FanOut(
                workspace_id=office.workspace_id,
                message=NOTE,
                subject_id=1,
                audience_kind="everyone",
                copies=Copies.ALL,
                except_member_id=office.organisation.members["anna"],
                priority=Urgency.COPY,
                audience_as_of=office.clock.now(),
            ),
        )
    await office.has_left("bo")
    office.clock.move(timedelta(minutes=2))

    await office.sender().drain()

    receivers = {it.to.member for it in office.platform.standing}
    assert receivers == set(office.organisation.members) - {"anna", "bo"}


async def test_copies_for_the_absent(office: Office) -> None:
    """Where only the absent get copies, those who are in the home channel get none."""
    async with office.database.begin() as session:
        await start_fan_out(
            session,
            office.workspace_id,
            FanOut(
                workspace_id=office.workspace_id,
                message=NOTE,
                subject_id=1,
                audience_kind="everyone",
                copies=Copies.ABSENT,
                home_channel_id=office.organisation.channel_id,
                priority=Urgency.COPY,
                audience_as_of=office.clock.now(),
            ),
        )

    await office.sender().drain()

    receivers = {it.to.member for it in office.platform.standing}
    assert receivers == set(office.organisation.members) - {"anna", "bo", "carl"}


async def test_urgent_overtakes(database: Database, clock: StillClock) -> None:
    """An answer that is due while copies go out is the next message to go."""
    office = await open_office(database, clock, tuple(f"person{number}" for number in range(32)))
    await office.fan_out()
    office.platform.held = asyncio.Event()
    sender = office.sender()
    draining = asyncio.create_task(sender.drain())
    while office.platform.under_way < MOST_UNDER_WAY:
        office.platform.arrived.clear()
        await office.platform.arrived.wait()

    await office.say("greta", 7, urgency=Urgency.ANSWER)
    sender.wake()
    office.platform.held.set()
    await draining

    assert office.platform.tries[MOST_UNDER_WAY][1] == "greta"
    assert "note 7" in office.platform.texts_to("greta")[0] + office.platform.texts_to("greta")[1]


async def test_less_urgent_waits_for_pages(office: Office) -> None:
    """A nudge does not slip in before copies that are not written down yet; an answer does not wait for them."""
    await office.say("eva", 1, message=NUDGE, urgency=Urgency.NUDGE)
    await office.fan_out(2)
    await office.say("bo", 3, urgency=Urgency.ANSWER)

    await office.sender().drain()

    order = [it.texts[0].split(" in ")[0] for it in office.platform.standing]
    assert (order[0], order[-1]) == ("note 3", "nudge 1")
    assert set(order[1:-1]) == {"note 2"}


async def test_broken_fan_out(office: Office) -> None:
    """A fan-out that cannot be expanded keeps nothing else from going out, and is tried again."""
    await office.fan_out()
    await office.say("bo", 2)
    await break_fan_out(office)

    sender = office.sender()
    with capture_logs() as logs:
        await sender.drain()
    meanwhile = await office.states()
    async with office.database.begin() as session:
        (await session.execute(select(FanOut))).scalar_one().audience_kind = "everyone"
    office.clock.move(timedelta(seconds=4))
    await sender.drain()

    assert troubles(logs) == ["lane.expansion_failed"]
    assert meanwhile == ["sent"]
    assert await office.states() == ["sent"] * (1 + len(office.organisation.members))


async def test_broken_fan_out_makes_way(office: Office) -> None:
    """A fan-out that fails does not keep a later one waiting."""
    await office.fan_out(1)
    await break_fan_out(office)
    await office.fan_out(2)

    await office.sender().drain()

    assert {it.texts[0].split(" in ")[0] for it in office.platform.standing} == {"note 2"}
    assert len(office.platform.standing) == len(office.organisation.members)


async def test_hopeless_fan_out(office: Office) -> None:
    """A fan-out that fails time and again, ever later, is given up within a day, and says why."""
    await office.fan_out()
    await break_fan_out(office)
    sender = office.sender()

    with capture_logs() as logs:
        for _ in range(24 * 60):
            await sender.drain()
            office.clock.move(timedelta(minutes=1))
            if any(entry["event"] == "lane.fan_out_given_up" for entry in logs):
                break

    async with office.database.read() as session:
        fan_out = (await session.execute(select(FanOut))).scalar_one()
    assert fan_out.done_at is not None
    assert reason_of(fan_out.reason) == NOT_WRITTEN_DOWN
    assert troubles(logs).count("lane.expansion_failed") == MOST_TRIES


async def break_fan_out(office: Office) -> None:
    """Let the only fan-out that there is go to nobody knows whom."""
    async with office.database.begin() as session:
        (await session.execute(select(FanOut))).scalar_one().audience_kind = "nobody knows"
