"""Private channels are known to, and used by, those who are in them."""

import pytest

from bot.context import known
from bot.forms import ChoiceField
from storage.people import add_channel_members
from storage.tables import Channel
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, form_of, preview
from tests.support import button


@pytest.fixture
async def board(scene: Scene) -> int:
    """Return a private channel that the bot and carl are in."""
    async with scene.database.begin() as session:
        channel = Channel(
            workspace_id=scene.organisation.workspace_id, external_id="board", name="board-2027", is_private=True
        )
        nameless = Channel(workspace_id=scene.organisation.workspace_id, external_id="nameless")
        session.add_all([channel, nameless])
        await session.flush()
        board = known(channel.id)
        await add_channel_members(session, scene.organisation.workspace_id, board, [scene.organisation.members["carl"]])
    return board


async def offered_to(scene: Scene, person: str) -> list[str]:
    """Return the labels of whom an announcement can be for."""
    form = form_of(await scene.people.command(person, "announce"))
    audience = next(part for part in form.parts if isinstance(part, ChoiceField) and part.key == "audience")
    return [option.label for option in audience.options]


@pytest.mark.usefixtures("board")
async def test_a_private_channel_is_offered_to_its_members_only(scene: Scene) -> None:
    """Its name alone may be a secret. One whose name nobody knows is offered to nobody."""
    assert await offered_to(scene, "carl") == ["Everyone", "Home team Sales", "#allmant", "#board-2027"]
    assert await offered_to(scene, "eva") == ["Everyone", "Home team Sales", "#allmant"]


async def test_nobody_announces_in_a_private_channel_they_are_not_in(scene: Scene, board: int) -> None:
    """A forged choice is refused at its field, and changes nothing."""
    form = form_of(await scene.people.command("eva", "announce"))

    reply = await scene.people.send("eva", form, **{**NEWS, "audience": f"channel:{board}"})

    assert set(reply.errors) == {"audience"}
    assert reply.form is not None
    assert reply.form.values()["title"] == "New canteen"


async def test_whoever_has_left_a_private_channel_does_not_publish_in_it(scene: Scene, board: int) -> None:
    """A draft from better days is refused with what to do, at the last moment too."""
    form = await preview(scene, "carl", {**NEWS, "audience": f"channel:{board}"})
    async with scene.database.begin() as session:
        (await session.get_one(Channel, board)).bot_is_in = False

    reply = await scene.people.press("carl", button(form, "Publish"))
    await scene.settle()

    assert reply.whisper is not None
    assert "choose again who it is for" in reply.whisper.summary
    assert scene.gateway.said_in("board") == []
