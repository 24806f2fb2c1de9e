"""What a decision with items open can become on every surface, and how the management group's answers decide that."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from tests.contracts.announcing import DECISION, preview
from tests.contracts.surface import SeenForm, SeenMessage, SurfaceUnderTest

GROUP = ("carl", "cecilia", "david")


async def asked(surface: SurfaceUnderTest, **ticked: str) -> SeenForm:
    """Put anna's decision to the management group; returns the preview from which it was asked."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first", **ticked)
    await surface.settle()
    return shown


async def answer(surface: SurfaceUnderTest, label: str, *people: str) -> None:
    """Let these people press a button on their cards."""
    for person in people:
        card = next(message for message in await surface.direct(person) if label in message.buttons)
        await surface.press(person, card, label)
    await surface.settle()


async def said(surface: SurfaceUnderTest, person: str, words: str) -> Sequence[SeenMessage]:
    """Return what a person was told that has these words in it."""
    return [message for message in await surface.direct(person) if words in message.text]


async def test_a_decision_with_items_open_is_saved_as_a_draft(surface: SurfaceUnderTest) -> None:
    """Nobody else hears of it, and its card leads back to every answer that was given."""
    shown = await preview(surface, "anna", DECISION, decision="We leave Örebro", affected="About 40 people")

    done = await surface.press("anna", shown, "Save draft")
    await surface.settle()
    [card] = await said(surface, "anna", "Your draft “We move in June” is saved. Nobody else sees it.")
    opened = await surface.press("anna", card, "Continue")
    step = await surface.submit("anna", opened.opened)
    again = await surface.submit("anna", step.opened)

    assert done.form is None
    assert step.opened.fields["affected"].value == "About 40 people"
    assert "We leave Örebro" in again.opened.text
    assert "How it stands: Not yet anchored" in again.opened.text
    assert await surface.in_channel("allmant") == []
    assert [await surface.direct(name) for name in GROUP] == [[], [], []]
    assert "Nothing has been decided here yet." in (await surface.command("bo", "decisions")).told


@pytest.mark.parametrize(
    ("rule", "how_many", "stands_on_card"),
    [
        ("One of the management group says so", 1, "It is anchored when one of you says so."),
        ("All of those asked say so", 3, "It is anchored when all of you say so."),
    ],
)
async def test_the_organisations_rule_decides_how_many_have_to_say_so(
    surface: SurfaceUnderTest, rule: str, how_many: int, stands_on_card: str
) -> None:
    """Any one, or all, as a communications lead has chosen in the form; one answer fewer is not enough."""
    path = (await surface.command("greta", "decision-path")).whispers[0]
    form = await surface.press("greta", path, "Write it")
    await surface.submit("greta", form.opened, rule=rule)
    await asked(surface)
    [card] = await said(surface, "carl", "is “We move in June” anchored with you?")

    await answer(surface, "Anchored", *GROUP[: how_many - 1])
    too_few = await said(surface, "anna", "is anchored with the management group.")
    await answer(surface, "Anchored", GROUP[how_many - 1])
    [met] = await said(surface, "anna", "is anchored with the management group.")
    pressed = await surface.press("anna", met, "Publish now")
    await surface.settle()

    assert pressed.whispers == ()
    assert len(await said(surface, "anna", "“We move in June” is published.")) == 1
    assert stands_on_card in card.text
    assert too_few == []
    [post] = await surface.in_channel("allmant")
    assert "Anchored by the management group" in post.text


async def test_needing_a_meeting_stops_what_would_publish_itself(surface: SurfaceUnderTest) -> None:
    """Though enough of the others have answered Anchored by then: from there it is the author's to publish."""
    await asked(surface, publish_itself="yes")

    await answer(surface, "Needs a meeting", "carl")
    await answer(surface, "Anchored", "cecilia", "david")

    [heard] = await said(surface, "anna", "Carl thinks that “We move in June” needs a meeting.")
    assert "It does not publish itself any more" in heard.text
    assert await surface.in_channel("allmant") == []
    [met] = await said(surface, "anna", "is anchored with the management group.")
    await surface.press("anna", met, "Publish now")
    await surface.settle()
    assert len(await surface.in_channel("allmant")) == 1


async def test_what_was_anchored_is_not_published_with_other_words(surface: SurfaceUnderTest) -> None:
    """A text that was changed after enough had answered is asked about again, and the old yes publishes nothing."""
    shown = await asked(surface)
    await answer(surface, "Anchored", "carl", "david")
    [met] = await said(surface, "anna", "is anchored with the management group.")
    step = await surface.press("anna", shown, "Edit")
    step = await surface.submit("anna", step.opened, text="To Storgatan instead.")
    await surface.submit("anna", step.opened)
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    late = await surface.press("anna", met, "Publish now")
    await surface.settle()

    assert "changed since you opened it" in late.told
    assert await surface.in_channel("allmant") == []
    [stands] = await said(surface, "anna", "was anchored with the management group as it was.")
    assert stands.reference == met.reference
    newest = (await surface.direct("david"))[-1]
    assert "As it was before, you answered: Anchored." in newest.text
    assert "“To Kungsgatan.” is now “To Storgatan instead.”" in newest.text


async def test_a_question_to_the_group_lapses_and_says_so(surface: SurfaceUnderTest) -> None:
    """After ten working days both sides are told, nothing is left to press, and the author can ask them again."""
    await asked(surface)
    await answer(surface, "Anchored", "carl")
    [card] = await said(surface, "david", "is “We move in June” anchored with you?")

    surface.clock.move(timedelta(days=14))
    await surface.settle()
    late = await surface.press("david", card, "Anchored")

    [told] = await said(surface, "anna", "Your question about “We move in June” has lapsed after ten working days.")
    assert "1 of 3 people asked have answered Anchored." in told.text
    for name in GROUP:
        [stands] = await said(surface, name, "Too few had answered after ten working days")
        assert stands.buttons == ()
        assert len(await said(surface, name, "so that question has lapsed. Anna has been told.")) == 1
    assert "This question has lapsed." in late.told
    await surface.press("anna", told, "Ask again")
    await surface.settle()
    await answer(surface, "Anchored", "cecilia", "david")
    assert len(await said(surface, "anna", "is anchored with the management group.")) == 1
