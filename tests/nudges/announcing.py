"""How the tests of this room have something announced by anna, from the first word to its copies."""

from bot.messages import Message, buttons_of
from storage.tables import Announcement
from tests.nudges.conftest import Scene
from tests.support import button

NEWS = {"title": "New canteen", "text": "It opens on **Monday**.", "kind": "news", "audience": "everyone:"}


async def published(scene: Scene, author: str = "anna", **values: str) -> None:
    """Publish something, which readers are asked to confirm unless `values` say otherwise; and send all that is due."""
    form = (await scene.people.command(author, "announce")).form
    while form is not None and "Publish" not in [one.label for one in buttons_of(form.parts)]:
        form = (await scene.people.send(author, form, **{**NEWS, "confirm": "yes", **values})).form
    assert form is not None
    await scene.people.press(author, button(form, "Publish"))
    await scene.sender.drain()


async def change_announcement(scene: Scene, announcement_id: int = 1, **values: object) -> None:
    """Change an announcement's row."""
    async with scene.database.begin() as session:
        announcement = await session.get_one(Announcement, announcement_id)
        for name, value in values.items():
            setattr(announcement, name, value)
        session.add(announcement)


def reminders(scene: Scene, person: str) -> list[Message]:
    """Return the messages to a person that remind them of something."""
    return [said for said in scene.gateway.said_to(person) if said.summary.startswith("A reminder")]
