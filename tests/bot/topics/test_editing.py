"""The organisation's topics in its communications leads' hands. `greta` is one."""

import pytest
from sqlmodel import col, select, update

from bot.forms import ChoicesField, Form
from bot.messages import Button, Target, buttons_of
from bot.topics import editing
from bot.topics.listing import FIRST_TOPICS
from storage.interests import follow
from storage.tables import Member, Topic
from tests.bot.announcements.conftest import Scene, scene
from tests.support import words_of

__all__ = ["scene"]


async def overview(scene: Scene) -> Form:
    """Open the list of topics."""
    form = (await scene.people.act("greta", editing.OVERVIEW)).form
    assert form is not None
    return form


async def topic(scene: Scene, name_en: str) -> Topic:
    """Return a topic's row as it is."""
    async with scene.database.read() as session:
        return (await session.execute(select(Topic).where(col(Topic.name_en) == name_en))).scalar_one()


async def on_button(scene: Scene, action: str, name_en: str) -> Button:
    """Return the button of a topic's that does something."""
    found = await topic(scene, name_en)
    assert found.id is not None
    return Button("", action, Target(found.id, found.version))


async def offered(scene: Scene, person: str = "anna") -> list[str]:
    """Return what an author is offered."""
    form = (await scene.people.command(person, "announce")).form
    assert form is not None
    [field] = [part for part in form.parts if isinstance(part, ChoicesField)]
    return [option.label for option in field.options]


async def retire(scene: Scene, name_en: str) -> None:
    """Let greta retire a topic."""
    await scene.people.press("greta", await on_button(scene, editing.RETIRE, name_en))


async def test_a_new_organisation_begins_with_some(scene: Scene) -> None:
    """They are there in both languages, once, whoever looks first and however often."""
    await overview(scene)
    await offered(scene)

    async with scene.database.read() as session:
        names = list((await session.execute(select(Topic.name_sv, Topic.name_en))).all())
    assert len(names) == len(FIRST_TOPICS)
    assert ("Utbildning", "Training") in names


async def test_names_are_in_the_readers_language(scene: Scene) -> None:
    """Whoever reads Swedish is offered them by their Swedish names, in that order."""
    async with scene.database.begin() as session:
        await session.execute(update(Member).where(col(Member.external_id) == "bo").values(locale="sv"))

    assert (await offered(scene, "bo"))[:3] == ["Ekonomi", "IT och verktyg", "Kunder och uppdrag"]


async def test_adding(scene: Scene) -> None:
    """A topic needs both names, each once, and of no more than 40 characters; white space does not count."""
    form = await overview(scene)

    added = await scene.people.send("greta", form, name_sv=" Resor  och möten ", name_en="Travel")
    empty = await scene.people.send("greta", form, name_sv="Mässor", name_en=" ")
    long = await scene.people.send("greta", form, name_sv="x" * 41, name_en="Fairs")
    twice = await scene.people.send("greta", form, name_sv="Mässor", name_en="TRAVEL")

    assert added.form is not None
    assert "Travel / Resor och möten" in words_of(added.form)
    assert list(empty.errors) == ["name_en"]
    assert list(long.errors) == ["name_sv"]
    assert list(twice.errors) == ["name_en"]
    assert len(await offered(scene)) == len(FIRST_TOPICS) + 1


async def test_no_more_than_anybody_looks_through(scene: Scene) -> None:
    """Thirty topics are enough: one has to be retired for another."""
    for number in range(editing.MOST_TOPICS - len(FIRST_TOPICS)):
        await scene.people.send("greta", await overview(scene), name_sv=f"Ämne {number}", name_en=f"Topic {number}")

    refused = await scene.people.send("greta", await overview(scene), name_sv="Mer", name_en="More")
    await retire(scene, "Topic 0")
    await scene.people.send("greta", await overview(scene), name_sv="Mer", name_en="More")

    assert list(refused.errors) == ["name_sv"]
    assert "More" in await offered(scene)
    assert "Topic 0" not in await offered(scene)


async def test_renaming_keeps_who_follows_it(scene: Scene) -> None:
    """It is the same topic under another name; the form says so, and takes a name that it has already."""
    await overview(scene)
    before = await topic(scene, "Training")
    form = (await scene.people.press("greta", await on_button(scene, editing.EDIT, "Training"))).form
    assert form is not None

    await scene.people.send("greta", form, name_en="Learning")
    taken = await scene.people.send("greta", await _edit_form(scene, "Learning"), name_en="Finance")

    assert "Whoever follows it goes on following it" in words_of(form)
    assert (await topic(scene, "Learning")).id == before.id
    assert (await topic(scene, "Learning")).name_sv == "Utbildning"
    assert list(taken.errors) == ["name_en"]


async def test_retiring_and_bringing_back(scene: Scene) -> None:
    """A retired one is offered to nobody; added again by one of its names it is the same topic, with its followers."""
    await overview(scene)
    training = await topic(scene, "Training")
    assert training.id is not None
    async with scene.database.begin() as session:
        await follow(session, scene.organisation.workspace_id, scene.organisation.members["bo"], [training.id])

    await retire(scene, "Training")
    without = await offered(scene)
    shown = words_of(await overview(scene))
    await scene.people.send("greta", await overview(scene), name_sv="Lärande", name_en="training")

    assert "Training" not in without
    assert "Retired: Training." in shown
    assert (await topic(scene, "training")).id == training.id
    assert "training" in await offered(scene)


@pytest.mark.parametrize(
    ("followers", "told"),
    [
        ((), "followed by nobody yet"),
        (("anna", "bo", "carl", "david"), "followed by fewer than 5 people"),
        (("anna", "bo", "carl", "david", "eva"), "followed by 5 people"),
    ],
    ids=["nobody", "four", "five"],
)
async def test_how_many_follow_it(scene: Scene, followers: tuple[str, ...], told: str) -> None:
    """It stands at the topic, and in the question before retiring it; under five it is not said how many."""
    await overview(scene)
    training = await topic(scene, "Training")
    assert training.id is not None
    async with scene.database.begin() as session:
        for person in followers:
            await follow(session, scene.organisation.workspace_id, scene.organisation.members[person], [training.id])

    form = await overview(scene)

    [question] = [
        one.confirm for one in buttons_of(form.parts) if one.label == "Retire" and "“Training”" in (one.confirm or "")
    ]
    assert question is not None
    assert told in question
    assert told in words_of(form)


@pytest.mark.parametrize("action", [editing.EDIT, editing.RETIRE])
async def test_what_somebody_changed_meanwhile(scene: Scene, action: str) -> None:
    """A button of a topic that was renamed or retired since is refused, with the list as it is now."""
    await overview(scene)
    stale = await on_button(scene, action, "Training")
    await retire(scene, "Training")

    reply = await scene.people.press("greta", stale)

    assert reply.form is not None
    assert "Somebody changed this since you opened it" in repr(reply)
    assert (await topic(scene, "Training")).version == stale.target.version + 1


@pytest.mark.parametrize("action", [editing.OVERVIEW, editing.ADD, editing.EDIT, editing.RENAME, editing.RETIRE])
async def test_only_communications_leads(scene: Scene, action: str) -> None:
    """Nobody else sees the list or changes anything, whatever they press or send."""
    await overview(scene)
    training = await topic(scene, "Training")
    assert training.id is not None

    reply = await scene.people.act(
        "bo", action, target=Target(training.id, training.version), values={"name_sv": "Mitt", "name_en": "Mine"}
    )

    assert reply.form is None
    assert "communications leads' view" in repr(reply)
    assert (await topic(scene, "Training")).version == training.version
    assert "Mine" not in await offered(scene)


async def _edit_form(scene: Scene, name_en: str) -> Form:
    form = (await scene.people.press("greta", await on_button(scene, editing.EDIT, name_en))).form
    assert form is not None
    return form
