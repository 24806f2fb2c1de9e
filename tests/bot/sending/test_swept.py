"""What was sent is forgotten when nothing needs it any more, and nothing is said twice for that."""

from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from bot.context import context_for
from bot.portions import BEGINNING
from bot.room import jobs
from storage.outbox import say_to_member
from storage.tables import Announcement, FanOut, Outbox
from storage.workspaces import get_workspace
from tests.bot.office import NOTE, Office

A_MONTH = timedelta(days=30, minutes=1)


async def sweep(office: Office) -> None:
    """Let it be time for the job."""
    async with office.database.begin() as session:
        workspace = await get_workspace(session, office.workspace_id)
        await jobs()["sending.sweep"](context_for(session, office.clock.now(), workspace))


async def test_settled_long_ago(office: Office) -> None:
    """What was settled more than thirty days ago goes; what is younger stays, and what waits, however old."""
    await office.say("anna", 1)
    await office.say("bo", 2, after=timedelta(days=365))
    sender = office.sender()
    await sender.drain()
    office.clock.move(A_MONTH)
    await office.say("carl", 3)
    await sender.drain()

    await sweep(office)

    assert [row.subject_id for row in await office.rows()] == [2, 3]


async def test_what_stands_is_still_edited(office: Office) -> None:
    """A message whose sending is forgotten is changed as before."""
    await office.say("anna")
    sender = office.sender()
    await sender.drain()
    office.clock.move(A_MONTH)
    await sweep(office)

    await office.change()
    await sender.drain()

    assert len(office.platform.standing[0].texts) == 2


async def test_said_once_and_for_all(office: Office) -> None:
    """What must not be said twice is remembered for good."""

    async def say_once() -> None:
        async with office.database.begin() as session:
            await say_to_member(
                session,
                office.workspace_id,
                office.organisation.members["anna"],
                NOTE,
                1,
                now=office.clock.now(),
                urgency=0,
                once="once",
            )

    await say_once()
    sender = office.sender()
    await sender.drain()
    office.clock.move(A_MONTH)
    await sweep(office)

    await say_once()
    await sender.drain()

    assert len(office.platform.standing) == 1


@pytest.mark.parametrize(("of_an_announcement", "left"), [(True, 0), (False, 8)])
async def test_copies(office: Office, of_an_announcement: bool, left: int) -> None:  # noqa: FBT001 - a case
    """An announcement's copies go, since their recipients tell what became of them; other messages to all stay."""
    await office.fan_out()
    if of_an_announcement:
        await belongs_to_an_announcement(office)
    await office.sender().drain()
    office.clock.move(A_MONTH)

    await sweep(office)

    assert len(await office.rows()) == left


async def test_done_fan_outs(office: Office) -> None:
    """A fan-out is forgotten long after its last row, and never one that is not done."""
    await office.fan_out(1)
    await office.sender().drain()
    office.clock.move(timedelta(days=91))
    await office.fan_out(2)

    await sweep(office)

    async with office.database.read() as session:
        fan_outs = (await session.execute(select(FanOut))).scalars().all()
    assert [fan_out.subject_id for fan_out in fan_outs] == [2]


async def test_some_at_a_time(office: Office) -> None:
    """However much may go, one transaction stays short: the oldest go first, the others the next time."""
    for subject in range(3):
        await office.say("anna", subject)
    await office.sender().drain()
    async with office.database.begin() as session:
        [oldest, *_] = await office.rows()
        values = oldest.model_dump(exclude={"id", "delivery_id", "settled_at"})
        settled_at = office.clock.now() - timedelta(hours=1)
        for number in range(BEGINNING):
            session.add(Outbox(**values, delivery_id=f"delivery{number}", settled_at=settled_at))
    office.clock.move(A_MONTH)

    await sweep(office)
    after_one = [row.subject_id for row in await office.rows()]
    await sweep(office)

    assert after_one == [0, 1, 2]
    assert await office.rows() == []


async def belongs_to_an_announcement(office: Office) -> None:
    """Let the fan-out that there is carry an announcement."""
    async with office.database.begin() as session:
        announcement = Announcement(
            workspace_id=office.workspace_id,
            author_id=office.organisation.members["anna"],
            created_at=office.clock.now(),
        )
        session.add(announcement)
        await session.flush()
        await session.execute(update(FanOut).where(col(FanOut.id) > 0).values(announcement_id=announcement.id))
