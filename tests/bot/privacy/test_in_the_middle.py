"""Somebody is erased in the midst of everything: asked, scheduled, being told, being sent to. The others go on."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select, update
from structlog.testing import capture_logs

from bot.context import context_for
from bot.errors import Refused
from bot.privacy.erasing import erase, refuse_last_lead
from bot.wiring import partings, rooms
from storage.database import Database
from storage.fan_out import FAN_OUT_PAGE
from storage.people import get_member, present_members
from storage.tables import (
    AnchoringRequest,
    AnchoringState,
    Announcement,
    FanOut,
    HomeTeam,
    Member,
    Outbox,
    OutboxState,
    Posted,
    Recipient,
)
from storage.workspaces import get_workspace
from tests.bot.anchoring.test_anchoring import asked
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.announcements.test_announcing import NEWS, preview
from tests.bot.announcements.test_scheduling import FRIDAY_UTC, schedule, stands_at
from tests.bot.office import Office, open_office
from tests.bot.sending.test_fan_out import expand
from tests.conftest import StillClock
from tests.support import Organisation, button, words_of

__all__ = ["scene"]


async def erased(database: Database, clock: StillClock, organisation: Organisation, name: str) -> None:
    """Erase somebody, as the handler and the command line do."""
    async with database.begin() as session:
        ctx = context_for(session, clock.now(), await get_workspace(session, organisation.workspace_id))
        member = await get_member(session, organisation.workspace_id, organisation.members[name])
        await erase(ctx, member, partings(rooms()))


async def gone(scene: Scene, name: str) -> None:
    """Erase somebody of a scene."""
    await erased(scene.database, scene.clock, scene.organisation, name)


async def test_asked_whether_a_decision_is_anchored(scene: Scene) -> None:
    """The group's rule is held against those who are left; when all of them have answered, the author is told."""
    async with scene.database.begin() as session:
        workspace = await get_workspace(session, scene.organisation.workspace_id)
        workspace.settings = {**workspace.settings, "anchoring_rule": "all"}
    card = await asked(scene)
    for name in ("carl", "david"):
        await scene.people.press(name, button(card, "Anchored"))
    await scene.settle()

    await gone(scene, "cecilia")
    await scene.settle()

    async with scene.database.read() as session:
        request = (await session.execute(select(AnchoringRequest))).scalar_one()
    assert request.state == AnchoringState.MET
    assert "Publish now" in words_of(scene.gateway.said_to("anna")[-1])


async def test_who_answered_still_has(scene: Scene) -> None:
    """An answer of the management group goes on counting when who gave it is erased, and is not told by name."""
    card = await asked(scene)
    await scene.people.press("carl", button(card, "Anchored"))

    await gone(scene, "carl")
    await scene.people.press("david", button(card, "Anchored"))
    await scene.settle()

    assert "Publish now" in words_of(scene.gateway.said_to("anna")[-1])


async def test_author_of_what_is_scheduled(scene: Scene) -> None:
    """It does not go out: nobody is there any more who wanted it to, or could answer for it."""
    await schedule(scene)

    await gone(scene, "anna")

    assert await stands_at(scene, FRIDAY_UTC) == []
    async with scene.database.read() as session:
        assert (await session.execute(select(Announcement))).all() == []


async def test_author_of_what_is_on_its_way_out(scene: Scene) -> None:
    """What has begun to go out goes to everybody, by a former member, and not to who left its author's place."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))

    await gone(scene, "anna")
    await scene.tick()

    [post] = scene.gateway.said_in("allmant")
    assert "a former member" in words_of(post)
    assert len(scene.gateway.said_to("eva")) == 1
    async with scene.database.read() as session:
        assert len((await session.execute(select(Recipient))).scalars().all()) == 7
        assert (await session.execute(select(FanOut))).scalars().first() is not None


async def test_a_team_lead(scene: Scene) -> None:
    """The team has no lead any more."""
    async with scene.database.begin() as session:
        await session.execute(update(HomeTeam).values(lead_id=scene.organisation.members["bo"]))

    await gone(scene, "bo")

    async with scene.database.read() as session:
        assert (await session.execute(select(HomeTeam))).scalar_one().lead_id is None


async def test_the_last_communications_lead(scene: Scene) -> None:
    """Is refused, and is not when there is another."""
    async with scene.database.begin() as session:
        ctx = context_for(session, scene.clock.now(), await get_workspace(session, scene.organisation.workspace_id))
        greta = await get_member(session, ctx.workspace_id, scene.organisation.members["greta"])
        with pytest.raises(Refused, match="only communications lead"):
            await refuse_last_lead(ctx, greta)
        bo = await get_member(session, ctx.workspace_id, scene.organisation.members["bo"])
        bo.is_communications_lead = True
        await session.flush()
        await refuse_last_lead(ctx, greta)


@pytest.fixture
async def big_office(database: Database, clock: StillClock) -> Office:
    """Return an office whose organisation fills a page and begins another."""
    return await open_office(database, clock, tuple(f"person{number:04}" for number in range(FAN_OUT_PAGE)))


async def test_in_a_running_fan_out(big_office: Office) -> None:
    """Everybody else gets it once, whether the erased one was the last of a page or waits in the next."""
    await big_office.fan_out()
    await expand(big_office)
    members = big_office.organisation.members
    async with big_office.database.read() as session:
        cursor = (await session.execute(select(FanOut))).scalar_one().cursor
    last_of_page = next(name for name, row in members.items() if row == cursor)
    waiting = next(name for name, row in members.items() if row == cursor + 3)

    for name in (last_of_page, waiting):
        await erased(big_office.database, big_office.clock, big_office.organisation, name)
    while await expand(big_office):
        pass

    told = [row.member_id for row in await big_office.rows()]
    everybody_else = {row for name, row in members.items() if name not in (last_of_page, waiting)}
    assert len(told) == len(everybody_else)
    assert set(told) == everybody_else


async def test_while_a_message_to_them_is_under_way(database: Database, clock: StillClock) -> None:
    """What the platform takes meanwhile is written down nowhere; what goes to others is, and nothing breaks."""
    office = await open_office(database, clock)
    await office.say("eva")
    await office.say("bo")
    office.platform.held = asyncio.Event()
    sender = office.sender()
    sending = asyncio.create_task(sender.drain())
    await office.platform.arrived.wait()

    with capture_logs() as logs:
        await erased(database, clock, office.organisation, "eva")
        office.platform.held.set()
        await sending

    assert [row.state for row in await office.rows()] == [OutboxState.SENT]
    assert [row.member_id for row in await office.posted()] == [office.organisation.members["bo"]]
    assert [line for line in logs if line["log_level"] in ("error", "warning")] == []


async def test_with_messages_that_wait(database: Database, clock: StillClock) -> None:
    """They are gone with them, and the others' go out."""
    office = await open_office(database, clock)
    await office.say("eva", after=timedelta(days=1))
    await office.say("bo")

    await erased(database, clock, office.organisation, "eva")
    await office.sender().drain()

    async with database.read() as session:
        assert (await session.execute(select(col(Outbox.member_id)))).scalars().all() == [
            office.organisation.members["bo"]
        ]
        assert len((await session.execute(select(Posted))).scalars().all()) == 1


async def test_nobody_in_particular_is_nobody(scene: Scene) -> None:
    """Who stands in the place of people who were erased is not among the people, and cannot be erased."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    await gone(scene, "anna")

    async with scene.database.read() as session:
        people = await present_members(session, scene.organisation.workspace_id)
        former = (
            await session.execute(select(Member).where(col(Member.external_id).startswith("former:")))
        ).scalar_one()
    assert former.id not in {member.id for member in people}
    assert (await scene.people.command(former.external_id, "news")).whisper is None


async def test_the_log_does_not_say_who(scene: Scene) -> None:
    """That somebody was erased is logged, and nothing of whom."""
    with capture_logs() as logs:
        await gone(scene, "bo")

    assert logs == [{"event": "person.erased", "log_level": "info", "workspace": scene.organisation.workspace_id}]
