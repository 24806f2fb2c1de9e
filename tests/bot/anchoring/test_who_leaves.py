"""Somebody of the management group leaves while a decision is being anchored."""

import pytest
from sqlmodel import col, select, update

from storage.tables import AnchoringRequest, AnchoringState, Member, MemberState
from storage.workspaces import get_workspace
from tests.bot.anchoring.test_anchoring import asked
from tests.bot.announcements.conftest import Scene, scene
from tests.support import button, words_of

__all__ = ["scene"]


@pytest.fixture
async def waits_for_cecilia(scene: Scene) -> Scene:
    """Return an organisation in which all have to answer, and all but one have."""
    async with scene.database.begin() as session:
        workspace = await get_workspace(session, scene.organisation.workspace_id)
        workspace.settings = {**workspace.settings, "anchoring_rule": "all"}
    card = await asked(scene)
    for name in ("carl", "david"):
        await scene.people.press(name, button(card, "Anchored"))
    await scene.settle()
    return scene


async def test_the_others_are_enough(waits_for_cecilia: Scene) -> None:
    """The rule is held against those who are left, and the author is told as if the last answer had come."""
    scene = waits_for_cecilia
    async with scene.database.begin() as session:
        await session.execute(update(Member).where(col(Member.name) == "Cecilia").values(state=MemberState.LEFT))

    await scene.settle()
    await scene.tick()
    await scene.settle()

    async with scene.database.read() as session:
        request = (await session.execute(select(AnchoringRequest))).scalar_one()
    assert request.state == AnchoringState.MET
    assert "Publish now" in words_of(scene.gateway.said_to("anna")[-1])
