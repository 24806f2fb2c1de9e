"""Writing for somebody else, as the tests of it do: anna writes for eva."""

from datetime import timedelta

from bot.messages import Message
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, preview
from tests.support import button, words_of

FOR_EVA = {**NEWS, "on_behalf_of": "eva"}


async def asked(scene: Scene, ticked: str = "", values: dict[str, str] | None = None) -> Message:
    """Put news to eva; returns her card."""
    form = await preview(scene, "anna", FOR_EVA if values is None else values)
    await scene.people.press("anna", button(form, "Ask Eva to approve it"), goes_out_itself=ticked)
    await scene.settle()
    return scene.gateway.said_to("eva")[-1]


async def published(scene: Scene) -> Message:
    """Publish news in eva's name; returns its post."""
    await scene.people.press("eva", button(await asked(scene, "yes"), "Approve"))
    await scene.settle()
    return scene.gateway.said_in("allmant")[0]


async def minutes_later(scene: Scene, minutes: int = 2) -> None:
    """Let what is due in some minutes happen, and the edits of the last go out."""
    scene.clock.move(timedelta(minutes=minutes))
    await scene.tick()


def told(scene: Scene, person: str = "anna") -> str:
    """Return everything a person was told, as one text to look in."""
    return " ".join(words_of(said) for said in scene.gateway.said_to(person))
