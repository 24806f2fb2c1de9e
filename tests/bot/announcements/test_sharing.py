"""The picture's counts and names are its author's alone, and nobody is named behind their back."""

import pytest

from bot.announcements.picture import COUNTS, NAMES
from bot.messages import Target
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, preview
from tests.support import button


async def publish(scene: Scene, **values: str) -> Target:
    """Publish news; returns what the buttons on its author's card are about."""
    form = await preview(scene, "anna", {**NEWS, **values})
    publishing = button(form, "Publish")
    await scene.people.press("anna", publishing)
    await scene.settle()
    return publishing.target


@pytest.mark.parametrize("action", [COUNTS, NAMES])
async def test_a_made_up_press_of_somebody_else_shows_nothing(scene: Scene, action: str) -> None:
    """Not even to a communications lead."""
    target = await publish(scene, confirm="yes")

    for person in ("bo", "greta"):
        reply = await scene.people.act(person, action, target=target)

        assert reply.file is None
        assert reply.whisper is not None
        assert "not there any more" in reply.whisper.summary


async def test_a_made_up_press_names_nobody_who_was_not_told(scene: Scene) -> None:
    """The author of news that asks for nothing gets a sentence."""
    reply = await scene.people.act("anna", NAMES, target=await publish(scene))

    assert reply.whisper is not None
    assert "Nobody was told that their name is shown" in reply.whisper.summary


@pytest.mark.parametrize("action", [COUNTS, NAMES])
async def test_a_made_up_press_about_fewer_than_five_shows_nothing(scene: Scene, action: str) -> None:
    """Of two people a number is as good as a name."""
    target = await publish(scene, confirm="yes", audience=f"home_team:{scene.organisation.team_id}")

    reply = await scene.people.act("anna", action, target=target)

    assert reply.file is None
    assert reply.whisper is not None
    assert "fewer than five people" in reply.whisper.summary
