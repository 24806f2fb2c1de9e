"""Communications leads name others and let them go; there is always one."""

import pytest
from sqlmodel import col, select, update

from bot.forms import Form
from bot.messages import Button, Target
from bot.organisation.naming import NAME, OVERVIEW, REMOVE
from storage.tables import Member, MemberState
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.organisation.test_settings import home_of, said
from tests.support import button, words_of

__all__ = ["scene"]


async def opened(scene: Scene, person: str = "greta") -> Form:
    """Open the list from Home."""
    reply = await scene.people.press(person, button(await home_of(scene, person), "Communications leads"))
    assert reply.form is not None
    return reply.form


async def leads(scene: Scene) -> set[str]:
    """Return who leads."""
    async with scene.database.read() as session:
        query = select(Member.external_id).where(col(Member.is_communications_lead).is_(True))
        return set((await session.execute(query)).scalars())


async def test_naming_somebody(scene: Scene) -> None:
    """They stand in the list at once, have the settings on Home, and can let the first one go."""
    named = await scene.people.send("greta", await opened(scene), who="bo")
    assert named.form is not None
    removed = await scene.people.press("bo", remove(scene, "greta"))

    assert "Bo" in words_of(named.form)
    assert removed.form is not None
    assert await leads(scene) == {"bo"}


async def test_the_last_one_stays(scene: Scene) -> None:
    """The list offers no way to remove the only one, and a press made up or from before is refused."""
    form = await opened(scene)

    reply = await scene.people.press("greta", remove(scene, "greta"))

    assert "Remove" not in words_of(form)
    assert "There has to be one communications lead at least." in said(reply)
    assert await leads(scene) == {"greta"}


async def test_who_has_left_does_not_count(scene: Scene) -> None:
    """A lead who has left the organisation does not make the last one removable."""
    await scene.people.send("greta", await opened(scene), who="bo")
    async with scene.database.begin() as session:
        bo = col(Member.id) == scene.organisation.members["bo"]
        await session.execute(update(Member).where(bo).values(state=MemberState.LEFT))

    reply = await scene.people.press("greta", remove(scene, "greta"))

    assert "There has to be one communications lead at least." in said(reply)
    assert "greta" in await leads(scene)


async def test_letting_oneself_go(scene: Scene) -> None:
    """It is said, the list closes, and Home shows the settings no more."""
    await scene.people.send("greta", await opened(scene), who="bo")

    reply = await scene.people.press("greta", remove(scene, "greta"))

    assert reply.close
    assert "You are a communications lead no more." in said(reply)
    assert reply.home is not None
    assert "Settings" not in words_of(reply.home)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ("", "Please choose somebody."),
        ("nobody-knows", "Please choose somebody of the organisation."),
        ("farid", "Please choose somebody of the organisation."),
        ("greta", "Greta is a communications lead already."),
    ],
    ids=["nobody", "a stranger", "one who has left", "one who is"],
)
async def test_who_cannot_be_named(scene: Scene, person: str, sentence: str) -> None:
    """It is said at the field, and nothing is changed."""
    async with scene.database.begin() as session:
        farid = col(Member.id) == scene.organisation.members["farid"]
        await session.execute(update(Member).where(farid).values(state=MemberState.LEFT))

    reply = await scene.people.send("greta", await opened(scene), who=person)

    assert reply.errors == {"who": sentence}
    assert await leads(scene) == {"greta"}


async def test_only_communications_leads(scene: Scene) -> None:
    """Nobody names themselves."""
    form = await opened(scene)

    replies = [
        await scene.people.press("anna", Button("", OVERVIEW, form.target)),
        await scene.people.press("anna", Button("", NAME, form.target), who="anna"),
        await scene.people.press("anna", remove(scene, "greta")),
    ]

    assert all("communications leads' view" in said(reply) for reply in replies)
    assert await leads(scene) == {"greta"}


async def test_removed_twice(scene: Scene) -> None:
    """Who is none any more is said to be none, with the list as it stands."""
    await scene.people.send("greta", await opened(scene), who="bo")
    await scene.people.press("greta", remove(scene, "bo"))

    reply = await scene.people.press("greta", remove(scene, "bo"))

    assert "Somebody changed this" in said(reply)
    assert reply.form is not None
    assert await leads(scene) == {"greta"}


def remove(scene: Scene, person: str) -> Button:
    """Return the button that lets a person go."""
    return Button("Remove", REMOVE, Target(scene.organisation.members[person], 1))
