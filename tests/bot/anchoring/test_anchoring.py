"""The management group is asked, thinks again, and is overtaken: what its cards and the author's say then."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.events import OPENED_HOME
from bot.messages import Message
from storage.tables import Anchoring, Decision
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.announcements.test_announcing import DECISION, form_of, preview
from tests.support import button, words_of

__all__ = ["scene"]


async def asked(scene: Scene) -> Message:
    """Put a decision to the group; returns carl's card."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()
    return scene.gateway.said_to("carl")[0]


async def anchored(scene: Scene) -> Message:
    """Have more than half of the group say yes; returns what the author is told."""
    card = await asked(scene)
    for name in ("carl", "david"):
        await scene.people.press(name, button(card, "Anchored"))
    await scene.settle()
    return scene.gateway.said_to("anna")[-1]


async def minutes_later(scene: Scene) -> None:
    """Let the edits of the last minutes go out."""
    scene.clock.move(timedelta(minutes=2))
    await scene.settle()


async def outcome(scene: Scene) -> str | None:
    """Return the outcome that is kept with the decision."""
    async with scene.database.read() as session:
        return (await session.execute(select(Decision))).scalar_one().outcome


async def test_publish_now_holds_while_the_words_do(scene: Scene) -> None:
    """A tick that was changed since is no reason not to publish what was anchored; the outcome is kept with it."""
    met = await anchored(scene)
    compose = form_of(await scene.people.press("anna", button(met, "Open the draft")))
    await scene.people.send("anna", compose, confirm="yes")

    reply = await scene.people.press("anna", button(met, "Publish now"))

    assert reply.close
    assert await outcome(scene) == Anchoring.BY_GROUP


async def test_publish_now_does_not_publish_other_words(scene: Scene) -> None:
    """What was changed since it was anchored is not published as anchored, and the card says so."""
    met = await anchored(scene)
    compose = form_of(await scene.people.press("anna", button(met, "Open the draft")))
    await scene.people.send("anna", compose, text="To Storgatan instead.")

    reply = await scene.people.press("anna", button(met, "Publish now"))
    await minutes_later(scene)

    assert reply.refreshed is not None
    assert "You have changed it since" in reply.refreshed.summary
    assert "You have changed it since" in scene.gateway.said_to("anna")[0].summary
    assert scene.gateway.said_in("allmant") == []


@pytest.mark.parametrize("intruder", ["carl", "eva"])
async def test_nobody_else_publishes_what_is_anchored(scene: Scene, intruder: str) -> None:
    """The yes of the group is the author's to use."""
    met = await anchored(scene)

    reply = await scene.people.press(intruder, button(met, "Publish now"))

    assert reply.whisper is not None
    assert not reply.close
    assert await outcome(scene) is None


async def test_a_changed_mind_takes_the_button_back(scene: Scene) -> None:
    """When too few are left who said yes, the author's card follows."""
    met = await anchored(scene)
    await scene.people.press("david", button(scene.gateway.said_to("david")[0], "Needs a meeting"))
    await minutes_later(scene)

    reply = await scene.people.press("anna", button(met, "Publish now"))

    assert reply.refreshed is not None
    assert "not anchored with the management group any more" in scene.gateway.said_to("anna")[0].summary
    assert scene.gateway.said_in("allmant") == []


async def test_what_is_published_waits_for_nobody(scene: Scene) -> None:
    """Published anyway, it is gone from the group's Home, and their cards ask no more."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()
    card = scene.gateway.said_to("carl")[0]

    await scene.people.press("anna", button(form, "Publish anyway"), why="The lease ends today")
    await minutes_later(scene)

    home = (await scene.people.act("carl", OPENED_HOME)).home
    late = await scene.people.press("carl", button(card, "Anchored"))
    assert home is not None
    assert "Waiting for your answer" not in words_of(home)
    assert "this question is closed" in words_of(scene.gateway.said_to("carl")[0])
    assert late.refreshed is not None
    assert await outcome(scene) == Anchoring.NOT_YET


async def test_nothing_is_explained_that_is_not_open(scene: Scene) -> None:
    """When the group answers while the preview is open, the post is anchored and excuses nothing."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()
    for name in ("carl", "david"):
        await scene.people.press(name, button(scene.gateway.said_to(name)[0], "Anchored"))

    await scene.people.press("anna", button(form, "Publish anyway"), why="The lease ends today")
    await scene.settle()

    post = words_of(scene.gateway.said_in("allmant")[0])
    assert "Anchored by the management group" in post
    assert "with this open because" not in post


async def test_a_card_follows_an_answer_given_elsewhere(scene: Scene) -> None:
    """Answered from Home, the card in the conversation shows the answer too."""
    await asked(scene)
    home = (await scene.people.act("carl", OPENED_HOME)).home
    assert home is not None
    shown = (await scene.people.press("carl", button(home, "Read and answer"))).whisper
    assert shown is not None

    await scene.people.press("carl", button(shown, "Anchored"))
    await minutes_later(scene)

    assert "You answered: Anchored." in words_of(scene.gateway.said_to("carl")[0])


async def test_errors_come_with_the_form_they_belong_to(scene: Scene) -> None:
    """A platform that cannot keep a form open shows it again, with what was sent in it."""
    concern = form_of(await scene.people.press("carl", button(await asked(scene), "I have a concern")))

    empty = await scene.people.send("carl", concern, concern=" ")
    too_long = await scene.people.send("carl", concern, concern="x" * 2001)

    assert set(empty.errors) == set(too_long.errors) == {"concern"}
    assert form_of(too_long).action == concern.action
    assert form_of(too_long).values()["concern"] == "x" * 2001
