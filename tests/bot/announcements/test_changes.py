"""What follows after publishing: edited, withdrawn and duplicated, by those who may, and shown wherever it stands."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot.events import OPENED_HOME
from bot.messages import Message, buttons_of
from bot.platform import To, TryAgain
from storage.people_seen import PersonSeen, see_people
from storage.tables import Announcement, AnnouncementStep
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, form_of, preview
from tests.bot.announcements.test_on_the_way import publish, settle
from tests.support import button, words_of

WHY = "It opens in May."


def picture(scene: Scene, author: str = "anna") -> Message:
    """Return the author's card."""
    return next(said for said in scene.gateway.said_to(author) if "Duplicate" in labels(said))


def labels(message: Message) -> list[str]:
    """Return what can be pressed."""
    return [found.label for found in buttons_of(message.parts)]


async def withdraw(scene: Scene, person: str, shown: Message, why: str = WHY) -> None:
    """Withdraw, with why."""
    form = form_of(await scene.people.press(person, button(shown, "Withdraw")))
    reply = await scene.people.send(person, form, why=why)
    assert reply.close, reply
    await settle(scene)


async def states(scene: Scene) -> list[str]:
    """Return where every announcement is in its life, oldest first."""
    async with scene.database.read() as session:
        return list((await session.execute(select(Announcement.state).order_by(col(Announcement.id)))).scalars())


async def test_an_edit_is_seen_wherever_it_stands(scene: Scene) -> None:
    """Post and copies have the new words and say when they were edited; nobody gets a second message."""
    await publish(scene)

    form = form_of(await scene.people.press("anna", button(picture(scene), "Edit")))
    reply = await scene.people.send("anna", form, text="It opens on Tuesday.")
    await settle(scene)

    assert reply.close
    [post], [copy] = scene.gateway.said_in("allmant"), scene.gateway.said_to("eva")
    for shown in (post, copy):
        assert "It opens on Tuesday." in words_of(shown)
        assert "It opens on **Monday**." not in words_of(shown)
        assert "Edited 3 March 2027" in words_of(shown)
    assert "It opens on Tuesday." in words_of(form_of(await scene.people.press("anna", button(picture(scene), "Edit"))))


async def test_whoever_comes_back_has_what_it_says_now(scene: Scene) -> None:
    """Edited and then withdrawn while they were away: the copy that they have says so; they get no other."""
    await publish(scene)
    gone, back = (PersonSeen("eva", "Eva", has_left=has_left) for has_left in (True, False))

    async def seen(person: PersonSeen) -> Message:
        async with scene.database.begin() as session:
            await see_people(session, scene.organisation.workspace_id, [person], scene.clock.now())
        await settle(scene)
        [copy] = scene.gateway.said_to("eva")
        return copy

    await seen(gone)
    form = form_of(await scene.people.press("anna", button(picture(scene), "Edit")))
    await scene.people.send("anna", form, text="It opens on Tuesday.")
    await settle(scene)
    away = words_of(await seen(gone))
    edited = words_of(await seen(back))
    await seen(gone)
    await withdraw(scene, "anna", picture(scene))
    withdrawn = words_of(await seen(back))

    assert "It opens on **Monday**." in away
    assert "It opens on Tuesday." in edited
    assert f"Anna has withdrawn this: {WHY}" in withdrawn


async def test_what_is_not_changed_is_no_edit(scene: Scene) -> None:
    """Saving the same words leaves the post as it was."""
    await publish(scene)

    form = form_of(await scene.people.press("anna", button(picture(scene), "Edit")))
    await scene.people.send("anna", form)
    await settle(scene)

    assert "Edited" not in words_of(scene.gateway.said_in("allmant")[0])


async def test_an_edit_of_what_was_changed_meanwhile_is_shown_beside_it(scene: Scene) -> None:
    """Of two windows with the same announcement, the second learns of the first, and keeps what was written in it."""
    await publish(scene)
    form = form_of(await scene.people.press("anna", button(picture(scene), "Edit")))
    await scene.people.send("anna", form, text="It opens on Tuesday.")

    stale = await scene.people.send("anna", form, text="It opens on Friday.")
    await settle(scene)

    assert form_of(stale).values()["text"] == "It opens on Friday."
    assert "changed since you opened it" in words_of(form_of(stale))
    assert "It opens on Tuesday." in words_of(scene.gateway.said_in("allmant")[0])


async def test_a_withdrawn_post_says_by_whom_and_why(scene: Scene) -> None:
    """So do the copies and the author's card; nobody is asked to read it any more, and no list has it."""
    await publish(scene)

    await withdraw(scene, "anna", picture(scene))

    [post], [copy] = scene.gateway.said_in("allmant"), scene.gateway.said_to("eva")
    for shown in (post, copy):
        assert f"Anna has withdrawn this: {WHY}" in words_of(shown)
        assert "It opens on **Monday**." not in words_of(shown)
        assert labels(shown) == []
    assert f"Anna has withdrawn this: {WHY}" in words_of(picture(scene))
    assert labels(picture(scene)) == ["Counts as CSV", "Duplicate"]
    listed = await scene.people.command("eva", "news")
    assert listed.whisper is not None
    assert "New canteen" not in words_of(listed.whisper)


async def test_a_communications_lead_withdraws_from_the_list(scene: Scene) -> None:
    """Home offers it to them alone, and the author is told who did it and why."""
    await publish(scene)
    homes = {name: (await scene.people.act(name, OPENED_HOME)).home for name in ("greta", "eva")}
    assert homes["greta"] is not None
    assert homes["eva"] is not None

    await withdraw(scene, "greta", homes["greta"])

    assert labels(homes["eva"]) == []
    assert f"Greta has withdrawn this: {WHY}" in words_of(scene.gateway.said_in("allmant")[0])
    told = scene.gateway.said_to("anna")[-1]
    assert told.summary == "Greta has withdrawn “New canteen”."
    assert WHY in words_of(told)


async def test_withdrawing_needs_a_reason(scene: Scene) -> None:
    """Without why, nothing changes."""
    await publish(scene)
    form = form_of(await scene.people.press("anna", button(picture(scene), "Withdraw")))

    reply = await scene.people.send("anna", form, why="  ")

    assert reply.errors == {"why": "Please write something here."}
    assert await states(scene) == ["published"]


@pytest.mark.parametrize("label", ["Edit", "Withdraw", "Duplicate"])
async def test_what_is_somebody_elses_is_not_for_pressing(scene: Scene, label: str) -> None:
    """A colleague who presses an author's buttons, or sends the form behind them, changes nothing."""
    await publish(scene)
    pressed = button(picture(scene), label)
    form = (await scene.people.press("anna", pressed)).form if label != "Duplicate" else None

    refused = await scene.people.press("bo", pressed)
    sent = await scene.people.send("bo", form, why=WHY, text="Closed.") if form is not None else refused
    await settle(scene)

    for reply in (refused, sent):
        assert reply.whisper is not None
        assert reply.whisper.summary == "This announcement is not there any more."
    assert await states(scene) == ["published"]
    assert "It opens on **Monday**." in words_of(scene.gateway.said_in("allmant")[0])


async def test_a_withdrawn_post_stays_withdrawn(scene: Scene) -> None:
    """Old buttons of author and readers only explain."""
    await publish(scene)
    post, card = scene.gateway.said_in("allmant")[0], picture(scene)
    edit = form_of(await scene.people.press("anna", button(card, "Edit")))
    await withdraw(scene, "anna", card)

    sent = await scene.people.send("anna", edit, text="It opens on Friday.")
    again = await scene.people.press("anna", button(card, "Withdraw"))
    read = await scene.people.press("bo", button(post, "I have read this"), channel="allmant")
    await settle(scene)

    for reply in (sent, again, read):
        assert reply.whisper is not None
        assert "not" in reply.whisper.summary
    assert await states(scene) == ["withdrawn"]
    assert "Anna has withdrawn this" in words_of(scene.gateway.said_in("allmant")[0])


async def test_what_is_withdrawn_on_its_way_out_reaches_nobody_more(scene: Scene) -> None:
    """Neither its post nor any copy goes out, and it does not become published after all."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    home = (await scene.people.act("anna", OPENED_HOME)).home
    assert home is not None

    await withdraw(scene, "anna", home)

    assert scene.gateway.said_in("allmant") == []
    assert all(scene.gateway.said_to(name) == [] for name in scene.organisation.members if name != "anna")
    assert await states(scene) == ["withdrawn"]


async def test_copies_that_wait_are_not_sent_after_withdrawing(scene: Scene) -> None:
    """Whoever has not got theirs by then gets none."""

    async def too_busy_for_eva(to: To) -> None:
        if to.member == "eva":
            raise TryAgain

    scene.gateway.on_the_way = too_busy_for_eva
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()

    form = form_of(await scene.people.press("anna", button(picture(scene), "Withdraw")))
    await scene.people.send("anna", form, why=WHY)
    scene.gateway.on_the_way = None
    scene.clock.move(timedelta(hours=1))
    await scene.settle()

    assert scene.gateway.said_to("eva") == []
    assert WHY in words_of(scene.gateway.said_to("farid")[0])


async def test_a_duplicate_is_a_draft_that_says_the_same(scene: Scene) -> None:
    """It opens in the form; what it came from stays as it is, also when it was withdrawn."""
    await publish(scene, confirm="yes")
    await withdraw(scene, "anna", picture(scene))

    form = form_of(await scene.people.press("anna", button(picture(scene), "Duplicate")))

    assert dict(form.values()) == {**form.values(), **NEWS, "confirm": "yes"}
    assert await states(scene) == ["withdrawn", "draft"]


async def test_each_step_after_publishing_is_kept(scene: Scene) -> None:
    """Who edited and who withdrew, when, and why."""
    await publish(scene)
    form = form_of(await scene.people.press("anna", button(picture(scene), "Edit")))
    await scene.people.send("anna", form, title="Old canteen")
    scene.clock.move(timedelta(hours=1))
    home = (await scene.people.act("greta", OPENED_HOME)).home
    assert home is not None
    await withdraw(scene, "greta", home)

    async with scene.database.read() as session:
        steps = (await session.execute(select(AnnouncementStep).order_by(col(AnnouncementStep.id)))).scalars().all()
    members = scene.organisation.members
    assert [(step.from_state, step.to_state, step.by_member_id, step.why) for step in steps[2:]] == [
        ("published", "published", members["anna"], ""),
        ("published", "withdrawn", members["greta"], WHY),
    ]
    assert steps[3].at - steps[2].at == timedelta(hours=1)
