"""Anchoring on every surface: it publishes itself where its author ticked that, and changed words are asked again."""

from datetime import timedelta

from storage.people import put_in_management_group
from tests.contracts.announcing import DECISION, preview
from tests.contracts.surface import SurfaceUnderTest


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


async def test_a_concern_is_for_the_author_and_the_group(surface: SurfaceUnderTest) -> None:
    """Its words are told to the author, and stand on the cards of those who are in the group; nobody else has them."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")
    await surface.settle()
    [card] = await surface.direct("carl")
    async with surface.database.begin() as session:
        out = surface.organisation.members["david"]
        await put_in_management_group(session, surface.organisation.workspace_id, out, is_in=False)

    concern = await surface.press("carl", card, "I have a concern")
    told = await surface.submit("carl", concern.opened, concern="Who pays for the lease?")
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()
    await surface.press("anna", shown, "Publish anyway", why="The lease ends today")
    await surface.settle()

    assert told.form is None
    heard = next(message for message in await surface.direct("anna") if "Carl has a concern" in message.text)
    assert "Who pays for the lease?" in heard.text
    hers = (await surface.direct("cecilia"))[0]
    assert "Carl has a concern: Who pays for the lease?" in hers.text
    assert "Only the author and the management group see this." in hers.text
    others = [message.text for name in ("bo", "david", "eva") for message in await surface.direct(name)]
    log = (await surface.command("bo", "decisions", "lease pays")).told
    assert "Who pays" not in " ".join([*others, log, *(post.text for post in await surface.in_channel("allmant"))])


async def test_a_question_waits_on_home_until_it_is_answered(surface: SurfaceUnderTest) -> None:
    """Somebody of the management group finds it there, reads the whole and answers in place."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")

    home = await surface.open_home("cecilia")
    looked = await surface.press("cecilia", home, "Read and answer")
    await surface.press("cecilia", looked.whispers[0], "Anchored")
    surface.clock.move(timedelta(minutes=1))
    after = await surface.open_home("cecilia")

    assert "Waiting for your answer" in home.text
    assert "To Kungsgatan." in looked.told
    assert "Waiting for your answer" not in after.text


async def test_changing_the_text_closes_the_question_to_the_group(surface: SurfaceUnderTest) -> None:
    """An answer to another text is no answer: the card says so when it is pressed, and is closed."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")
    await surface.settle()
    [card] = await surface.direct("carl")
    step = await surface.press("anna", shown, "Edit")
    await surface.submit("anna", step.opened, text="To Storgatan instead.")

    late = await surface.press("carl", card, "Anchored")
    await surface.settle()

    assert "changed since" in late.told
    [closed] = await surface.direct("carl")
    assert "this question is closed" in closed.text
    assert closed.buttons == ()
