"""Communications leads name who is in the management group, and let them go again."""

import pytest
from sqlmodel import col, select

from bot.forms import Form
from bot.messages import Button, Target
from bot.organisation.management import NAME, OVERVIEW, REMOVE
from storage.tables import Member
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.organisation.test_settings import home_of, said
from tests.support import button, words_of

__all__ = ["scene"]


async def opened(scene: Scene) -> Form:
    """Open the list from Home."""
    reply = await scene.people.press("greta", button(await home_of(scene, "greta"), "Management group"))
    assert reply.form is not None
    return reply.form


async def group(scene: Scene) -> set[str]:
    """Return who is in the management group."""
    async with scene.database.read() as session:
        query = select(Member.external_id).where(col(Member.in_management_group).is_(True))
        return set((await session.execute(query)).scalars())


def remove(scene: Scene, person: str) -> Button:
    """Return the button that lets a person out."""
    return Button("Remove", REMOVE, Target(scene.organisation.members[person], 1))


async def test_naming_and_letting_go(scene: Scene) -> None:
    """Who is named stands in the list at once, and who is let go does not; naming somebody twice changes nothing."""
    named = await scene.people.send("greta", await opened(scene), who="bo")
    await scene.people.send("greta", await opened(scene), who="bo")
    await scene.people.press("greta", remove(scene, "carl"))

    assert named.form is not None
    assert "Bo" in words_of(named.form)
    assert await group(scene) == {"bo", "cecilia", "david"}


@pytest.mark.parametrize("who", ["", "nobody-knows"])
async def test_who_cannot_be_named(scene: Scene, who: str) -> None:
    """It is said at the field, and nothing is changed."""
    before = await group(scene)

    reply = await scene.people.send("greta", await opened(scene), who=who)

    assert set(reply.errors) == {"who"}
    assert await group(scene) == before


async def test_only_communications_leads(scene: Scene) -> None:
    """Nobody takes themselves into the group."""
    form = await opened(scene)
    before = await group(scene)

    replies = [
        await scene.people.press("anna", Button("", OVERVIEW, form.target)),
        await scene.people.press("anna", Button("", NAME, form.target), who="anna"),
        await scene.people.press("anna", remove(scene, "carl")),
    ]

    assert all("communications leads' view" in said(reply) for reply in replies)
    assert await group(scene) == before


async def test_let_go_twice(scene: Scene) -> None:
    """Who is not in it any more is said to be so, with the list as it stands."""
    await scene.people.press("greta", remove(scene, "carl"))

    reply = await scene.people.press("greta", remove(scene, "carl"))

    assert "Somebody changed this" in said(reply)
    assert reply.form is not None
