"""Anchoring on every surface: it publishes itself where its author ticked that, and changed words are asked again."""

from datetime import timedelta

from tests.contracts.surface import SurfaceUnderTest
from tests.contracts.test_announcing import DECISION, preview


async def test_a_ticked_decision_publishes_itself(surface: SurfaceUnderTest) -> None:
    """The author ticks it beside asking; when more than half have answered, it stands in the channel."""
    shown = await preview(surface, "anna", DECISION, decision="We move on 1 June", decider="Anna, on Monday")

    await surface.press("anna", shown, "Ask the management group first", publish_itself="yes")
    await surface.settle()
    for name in ("carl", "david"):
        [card] = await surface.direct(name)
        await surface.press(name, card, "Anchored")
    await surface.settle()

    [post] = await surface.in_channel("allmant")
    assert "Anchored by the management group" in post.text
    assert any("has published itself" in message.text for message in await surface.direct("anna"))


async def test_changed_words_are_asked_about_again(surface: SurfaceUnderTest) -> None:
    """Whoever had answered sees what is different, and answers again."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")
    await surface.settle()
    [card] = await surface.direct("carl")
    await surface.press("carl", card, "Anchored")

    step = await surface.press("anna", shown, "Edit")
    step = await surface.submit("anna", step.opened, text="To Storgatan instead.")
    await surface.submit("anna", step.opened)
    await surface.settle()

    newest = (await surface.direct("carl"))[-1]
    assert "As it was before, you answered: Anchored." in newest.text
    assert "“To Kungsgatan.” is now “To Storgatan instead.”" in newest.text
    await surface.press("carl", newest, "Needs a meeting")
    assert "You answered: Needs a meeting." in (await surface.direct("carl"))[-1].text


async def test_who_has_not_answered_is_reminded(surface: SurfaceUnderTest) -> None:
    """After two working days, with a button that leads to the question."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")
    await surface.settle()

    surface.clock.move(timedelta(days=2))
    await surface.settle()

    reminder = (await surface.direct("cecilia"))[-1]
    assert "Anna still hopes for your answer" in reminder.text
    looked = await surface.press("cecilia", reminder, "Read and answer")
    assert "To Kungsgatan." in looked.told
