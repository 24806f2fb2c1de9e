"""Bots, people who have left, and people whom only the list tells of: neither counted nor contacted, nor in the way.

People of other organisations are never stored: tests/slack/test_outsiders.py and tests/teams/test_people_and_places.py.
"""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from storage.coaches import coach_ids
from storage.counting import count_one
from storage.insights import freeze_quarter
from storage.tables import FrozenMembership, Kind, MemberState, Participation
from tests.databases import database_url
from tests.nudges.announcing import published
from tests.nudges.conftest import TUESDAY_AT_TEN, Scene
from tests.support import have_told, words_of

__all__ = ["database_url"]

NOT_HERE = pytest.mark.parametrize(
    "values",
    [{"is_bot": True}, {"state": MemberState.LEFT, "left_on": date(2027, 3, 6)}, {"state": MemberState.LISTED}],
    ids=["a bot", "has left", "only listed"],
)


@NOT_HERE
async def test_no_nudge_and_no_place_in_the_preview(quiet_eva: Scene, values: dict[str, object]) -> None:
    """However long they have been silent; and nobody is told of them, or has looked at them."""
    await quiet_eva.change("eva", **values)

    overview = (await quiet_eva.people.command("greta", "nudges")).whisper
    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=7))

    assert overview is not None
    assert "'Eva'" not in words_of(overview)
    assert await quiet_eva.looks() == []
    assert await quiet_eva.contacts("eva") == []
    assert quiet_eva.gateway.said_to("eva") == []


@NOT_HERE
async def test_no_copy_no_reminder_no_digest(quiet_eva: Scene, values: dict[str, object]) -> None:
    """Of what is announced to everybody nothing is sent to them, then or later."""
    await quiet_eva.change("eva", **values)

    await published(quiet_eva)
    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=14))

    assert quiet_eva.gateway.said_to("eva") == []
    assert len(quiet_eva.gateway.said_to("farid")) > 1


@NOT_HERE
async def test_no_notice(scene: Scene, values: dict[str, object]) -> None:
    """Everybody else gets it."""
    await have_told(scene.database, scene.organisation.workspace_id, None)
    await scene.change("eva", **values)

    await scene.tick()

    assert scene.gateway.said_to("eva") == []
    assert len(scene.gateway.said_to("bo")) == 1
    assert (await scene.member("eva")).told_at is None


@NOT_HERE
async def test_no_coach(scene: Scene, values: dict[str, object]) -> None:
    """Nobody is matched with somebody who cannot be written to."""
    await scene.change("eva", is_coach=True, **values)

    async with scene.database.read() as session:
        assert await coach_ids(session, scene.organisation.workspace_id) == set()


@NOT_HERE
async def test_no_number_in_insights(scene: Scene, values: dict[str, object]) -> None:
    """They are in no group: nobody hides among people of whom nothing can be seen."""
    await scene.change("eva", **values)

    async with scene.database.begin() as session:
        await freeze_quarter(session, scene.organisation.workspace_id, date(2027, 1, 1), scene.clock.now())
        frozen = (await session.execute(select(FrozenMembership.member_id))).scalars().all()

    members = scene.organisation.members
    assert set(frozen) == set(members.values()) - {members["eva"]}


async def test_what_a_bot_does_is_not_counted(scene: Scene) -> None:
    """Neither by its name nor in its channel, and its commands are not answered."""
    await scene.change("eva", is_bot=True)

    reply = await scene.people.command("eva", "samlas", "me")
    async with scene.database.begin() as session:
        office = scene.organisation
        await count_one(
            session, office.workspace_id, office.members["eva"], office.channel_id, date(2027, 3, 3), Kind.MESSAGE
        )
        counted = (await session.execute(select(Participation))).scalars().all()

    assert reply.whisper is None
    assert counted == []


async def test_who_has_left_is_not_answered(scene: Scene) -> None:
    """A button or a command that comes after them does nothing and counts nothing."""
    await scene.change("eva", state=MemberState.LEFT)

    reply = await scene.people.command("eva", "samlas", "me")

    assert reply.whisper is None
    async with scene.database.read() as session:
        assert (await session.execute(select(Participation))).scalars().all() == []
