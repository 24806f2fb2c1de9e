"""How decisions are made, on every surface: the path, the checklist, the log and what becomes of a decision."""

from datetime import timedelta

from tests.contracts.surface import SurfaceUnderTest
from tests.contracts.test_announcing import DECISION, preview


async def test_the_organisation_writes_its_path_and_checklist(surface: SurfaceUnderTest) -> None:
    """A communications lead rewords and adds in forms; each manager gets the path with *I have read this*."""
    shown = (await surface.command("greta", "decision-path")).whispers[0]
    assert "Think it through." in shown.text

    opened = await surface.press("greta", shown, "Write it")
    await surface.submit("greta", opened.opened, en="We ask **first**.", sv="Vi frågar först.")
    await surface.settle()
    [told] = await surface.direct("carl")
    await surface.press("carl", told, "I have read this")

    assert "We ask first." in told.text
    [read] = await surface.direct("carl")
    assert "You have read this. Thank you." in read.text

    again = (await surface.command("greta", "decision-path")).whispers[0]
    checklist = await surface.press("greta", again, "The checklist")
    new = await surface.press("greta", checklist.opened, "Add a question")
    kept = await surface.submit("greta", new.opened, en="What it costs")
    assert "12. What it costs" in kept.opened.text

    sweden = await surface.press("greta", kept.opened, "Begin with it", template="Sweden (MBL)")
    assert "MBL 11" in sweden.opened.text
    assert "What it costs" not in sweden.opened.text


async def test_a_proposal_becomes_the_decision(surface: SurfaceUnderTest) -> None:
    """Found in the log by its author, made the decision, and replaced both ways."""
    shown = await preview(surface, "anna", DECISION, decision="We leave Örebro")
    await surface.press("anna", shown, "Publish as a proposal")
    await surface.settle()

    listed = (await surface.command("anna", "decisions", "örebro")).whispers[0]
    opened = await surface.press("anna", listed, "Make it the decision")
    step = await surface.submit("anna", opened.opened, title="We move")
    assert step.opened.fields["decision"].value == "We leave Örebro"
    step = await surface.submit("anna", step.opened, decider="Anna")
    await surface.press("anna", step.opened, "Publish anyway", why="The lease ends today")
    await surface.settle()
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    first, second = await surface.in_channel("allmant")
    assert "Replaced by “We move”" in first.text
    assert (await surface.follow("bo", second, "See what it replaces")).reference == first.reference
    found = (await surface.command("bo", "decisions", "replaced")).told
    assert "Replaced by: We move" in found
    assert "No decision here has these words." in (await surface.command("bo", "decisions", "canteen")).told


async def test_a_decision_is_looked_at_again(surface: SurfaceUnderTest) -> None:
    """On the day its owner gave, they keep it or withdraw it, and the post says so."""
    shown = await preview(surface, "anna", DECISION, decision="We move", review="2027-03-04")
    await surface.press("anna", shown, "Publish anyway", why="The lease ends today")
    await surface.settle()
    surface.clock.move(timedelta(days=1))
    await surface.settle()

    card = next(message for message in await surface.direct("anna") if "to be looked at again" in message.text)
    assert card.buttons == ("Keep it", "Change it", "Withdraw it")
    form = await surface.press("anna", card, "Withdraw it")
    await surface.submit("anna", form.opened, why="The lease was renewed")
    await surface.settle()

    [post] = await surface.in_channel("allmant")
    assert "This decision does not stand any more: The lease was renewed" in post.text
    assert "Withdrawn." in (await surface.command("bo", "decisions")).told
