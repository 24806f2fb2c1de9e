"""The management group is asked, thinks again, and is overtaken: what its cards and the author's say then."""

from datetime import timedelta

import pytest
from sqlmodel import select, update

from bot.events import OPENED_HOME
from bot.forms import Form
from bot.messages import Message
from storage.tables import Anchoring, Channel, Decision, PeopleGroup
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


async def put(scene: Scene, **ticks: str) -> Form:
    """Put a decision to the group from its preview; returns that preview."""
    form = await preview(scene, "anna", DECISION, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"), **ticks)
    await scene.settle()
    return form


async def answer(scene: Scene, name: str, label: str, **values: str) -> None:
    """Have one of the group press a button on their newest card, and send the form that it may open."""
    reply = await scene.people.press(name, button(scene.gateway.said_to(name)[-1], label))
    if reply.form is not None:
        await scene.people.send(name, reply.form, **values)
    await scene.settle()


async def change(scene: Scene, form: Form, **checklist: str) -> Form:
    """Change a draft's text, and go through it up to the preview."""
    step = form_of(await scene.people.press("anna", button(form, "Edit")))
    step = form_of(await scene.people.send("anna", step, text="To Storgatan instead."))
    step = form_of(await scene.people.send("anna", step, **checklist))
    await scene.settle()
    return step


async def test_what_the_author_ticked_publishes_itself(scene: Scene) -> None:
    """Anchored by more than half, it is out at once, its post says by how many, and the author is told."""
    await put(scene, publish_itself="yes")

    await answer(scene, "carl", "Anchored")
    nothing_yet = list(scene.gateway.said_in("allmant"))
    await answer(scene, "david", "Anchored")

    assert nothing_yet == []
    assert "Anchored by the management group: 2 of 3 say so" in words_of(scene.gateway.said_in("allmant")[0])
    assert await outcome(scene) == Anchoring.BY_GROUP
    assert any("has published itself" in message.summary for message in scene.gateway.said_to("anna"))


@pytest.mark.parametrize("objection", ["I have a concern", "Needs a meeting"])
async def test_an_objection_always_stops_it(scene: Scene, objection: str) -> None:
    """Also when whoever had it answers *Anchored* after all: the author has the button, and nothing is out."""
    await put(scene, publish_itself="yes")

    await answer(scene, "cecilia", objection, concern="Who pays?")
    stopped = scene.gateway.said_to("anna")[-1]
    for name in ("cecilia", "carl", "david"):
        await answer(scene, name, "Anchored")

    assert "does not publish itself any more" in words_of(stopped)
    assert scene.gateway.said_in("allmant") == []
    assert button(scene.gateway.said_to("anna")[-1], "Publish now").label == "Publish now"


async def test_what_is_open_does_not_publish_itself(scene: Scene) -> None:
    """Without who decided it is partly anchored: how to go on is the author's to say."""
    form = await preview(scene, "anna", DECISION, decision="We move")
    await scene.people.press("anna", button(form, "Ask the management group first"), publish_itself="yes")
    await scene.settle()

    for name in ("carl", "david"):
        await answer(scene, name, "Anchored")

    assert scene.gateway.said_in("allmant") == []
    assert button(scene.gateway.said_to("anna")[-1], "Publish now").label == "Publish now"


async def test_a_channel_that_was_closed_keeps_the_answer(scene: Scene) -> None:
    """Where it cannot be published by itself, the group's answer is kept and the author gets the button."""
    values = {**DECISION, "audience": f"channel:{scene.organisation.channel_id}"}
    form = await preview(scene, "anna", values, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Ask the management group first"), publish_itself="yes")
    await scene.settle()
    async with scene.database.begin() as session:
        await session.execute(update(Channel).values(is_archived=True))

    for name in ("carl", "david"):
        await answer(scene, name, "Anchored")

    assert await outcome(scene) is None
    assert button(scene.gateway.said_to("anna")[-1], "Publish now").label == "Publish now"


async def test_changed_text_is_shown_and_asked_about_again(scene: Scene) -> None:
    """Each of the group sees what changed and what they had answered; the old card leads to the new question."""
    form = await put(scene)
    await answer(scene, "carl", "Anchored")

    await change(scene, form, decision="We move twice")
    await minutes_later(scene)

    old, new = scene.gateway.said_to("carl")
    assert "As it was before, you answered: Anchored." in words_of(new)
    assert "“To Kungsgatan.” is now “To Storgatan instead.”" in words_of(new)
    assert "“We move” is now “We move twice”" in words_of(new)
    assert "has changed the text since, and asks you again" in words_of(old)
    shown = (await scene.people.press("carl", button(old, "Read and answer"))).whisper
    assert shown is not None
    assert button(shown, "Anchored").label == "Anchored"
    assert "you answered" not in words_of(scene.gateway.said_to("david")[-1])


async def test_answers_to_other_words_do_not_count(scene: Scene) -> None:
    """What was said of the text as it was anchors nothing of what it says now."""
    form = await put(scene, publish_itself="yes")
    await answer(scene, "carl", "Anchored")
    await change(scene, form)

    await answer(scene, "david", "Anchored")
    one_of_three = list(scene.gateway.said_in("allmant"))
    await answer(scene, "carl", "Anchored")

    assert one_of_three == []
    assert len(scene.gateway.said_in("allmant")) == 1


async def test_going_through_it_unchanged_asks_nobody_again(scene: Scene) -> None:
    """Whoever only looks at their draft once more bothers nobody."""
    form = await put(scene)
    step = form_of(await scene.people.press("anna", button(form, "Edit")))
    await scene.people.send("anna", form_of(await scene.people.send("anna", step)))
    await scene.settle()

    assert len(scene.gateway.said_to("carl")) == 1


async def test_what_a_group_is_told_can_be_anchored_too(scene: Scene) -> None:
    """Whoever it is for, the management group can be asked first."""
    async with scene.database.begin() as session:
        group = PeopleGroup(workspace_id=scene.organisation.workspace_id, external_id="parents", name="Parents")
        session.add(group)
        await session.flush()
        audience = f"group:{group.id}"
    form = await preview(scene, "anna", {**DECISION, "audience": audience}, decision="We move", decider="Anna")

    reply = await scene.people.press("anna", button(form, "Ask the management group first"))
    await scene.settle()

    assert reply.close
    assert "is “We move in June” anchored with you?" in scene.gateway.said_to("carl")[0].summary
