"""Drafts: never lost, never in the way, and never told to others."""

from datetime import timedelta

from sqlmodel import select

from bot.messages import Target
from storage.tables import AnnouncementText, Decision
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import DECISION, NEWS, form_of, preview
from tests.support import button, words_of


async def test_the_card_of_a_saved_draft_opens_it_however_often_it_was_changed(scene: Scene) -> None:
    """*Continue* opens the draft as it is now; when it is published, the card says so."""
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Save draft"))
    await scene.settle()
    card = scene.gateway.said_to("anna")[0]
    compose = form_of(await scene.people.press("anna", button(card, "Continue")))
    await scene.people.send("anna", compose, text="It opens on Tuesday.")

    again = form_of(await scene.people.press("anna", button(card, "Continue")))
    shown = form_of(await scene.people.send("anna", again))
    await scene.people.press("anna", button(shown, "Publish"))
    scene.clock.move(timedelta(minutes=2))
    await scene.settle()

    assert again.values()["text"] == "It opens on Tuesday."
    assert "“New canteen” is published." in words_of(scene.gateway.said_to("anna")[0])


async def test_a_stale_preview_is_replaced_by_the_one_of_now(scene: Scene) -> None:
    """What was changed elsewhere is shown before it is published."""
    old = await preview(scene, "anna", NEWS)
    compose = form_of(await scene.people.press("anna", button(old, "Edit")))
    await scene.people.send("anna", compose, text="It opens on Tuesday.")

    stale = await scene.people.press("anna", button(old, "Publish"))
    published = await scene.people.press("anna", button(form_of(stale), "Publish"))

    assert "It opens on Tuesday." in words_of(form_of(stale))
    assert published.close


async def test_what_was_written_in_a_stale_form_is_still_in_it(scene: Scene) -> None:
    """A draft that was changed in another window costs nobody what they wrote in this one."""
    form = form_of(await scene.people.command("anna", "announce"))
    await scene.people.send("anna", form, **NEWS)

    stale = await scene.people.send("anna", form, **{**NEWS, "text": "It opens on Friday."})
    shown = form_of(await scene.people.send("anna", form_of(stale)))

    assert stale.whisper is not None
    assert form_of(stale).values()["text"] == "It opens on Friday."
    assert "It opens on Friday." in words_of(shown)


async def test_a_title_given_with_the_command_is_kept(scene: Scene) -> None:
    """Closing the window at once loses nothing."""
    await scene.people.command("anna", "announce", "New canteen")

    again = form_of(await scene.people.command("anna", "announce"))

    assert again.values()["title"] == "New canteen"


async def test_each_revision_keeps_its_words(scene: Scene) -> None:
    """What somebody has read can be shown again after it was changed; what only a tick changed is no new revision."""
    form = await preview(scene, "anna", NEWS)
    for changed in ({"text": "It opens on Tuesday."}, {"confirm": "yes"}):
        compose = form_of(await scene.people.press("anna", button(form, "Edit")))
        form = form_of(await scene.people.send("anna", compose, **changed))

    async with scene.database.read() as session:
        kept = (await session.execute(select(AnnouncementText).order_by(AnnouncementText.revision))).scalars().all()  # type: ignore[arg-type]  # a column
    assert [(row.revision, row.text) for row in kept] == [(1, NEWS["text"]), (2, "It opens on Tuesday.")]


async def test_whether_somebody_elses_draft_exists_is_not_told(scene: Scene) -> None:
    """The same sentence answers a press about another's draft and about nothing at all."""
    await preview(scene, "anna", NEWS)

    answers = {
        (await scene.people.act("farid", action, target=Target(row, 1))).whisper
        for action in ("announcement.read", "announcement.publish", "announcement.edit")
        for row in (1, 999)
    }

    assert len(answers) == 1


async def test_what_is_published_as_news_is_no_decision(scene: Scene) -> None:
    """A draft that was going to be a decision does not stand in the decision log when it became news."""
    form = await preview(scene, "anna", DECISION, decision="We move")
    compose = form_of(await scene.people.press("anna", button(form, "Edit")))
    shown = form_of(await scene.people.send("anna", compose, kind="news"))

    await scene.people.press("anna", button(shown, "Publish"))

    async with scene.database.read() as session:
        assert (await session.execute(select(Decision))).scalars().all() == []
