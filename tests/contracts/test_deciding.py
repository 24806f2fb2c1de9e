"""How decisions are made, on every surface: the path, the checklist, the log and what becomes of a decision."""

from datetime import timedelta

from tests.contracts.announcing import DECISION, picture_of, preview
from tests.contracts.surface import SurfaceUnderTest, says_count


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


async def test_a_decision_goes_from_checklist_to_picture(surface: SurfaceUnderTest) -> None:
    """Asked first, anchored by the group, published by one press, read, asked about; and the picture sums up."""
    shown = await preview(surface, "anna", DECISION, decision="We move on 1 June", decider="Anna, on Monday")
    assert "How it stands: Not yet anchored" in shown.text
    assert "Which alternatives there were" in shown.text

    asked = await surface.press("anna", shown, "Ask the management group first")
    assert "3 people" in asked.told
    await surface.settle()
    for name in ("carl", "david"):
        [card] = await surface.direct(name)
        assert "is “We move in June” anchored with you?" in card.text
        await surface.press(name, card, "Anchored")
        [answered] = await surface.direct(name)
        assert "You answered: Anchored." in answered.text
    await surface.settle()

    met = (await surface.direct("anna"))[-1]
    assert "is anchored with the management group" in met.text
    await surface.press("anna", met, "Publish now")
    await surface.settle()
    [post] = await surface.in_channel("allmant")
    assert "Anchored by the management group" in post.text
    assert "We move on 1 June" in post.text

    noted = await surface.press("bo", post, "I have read this")
    assert "Noted: you have read this." in noted.told
    [copy] = await surface.direct("eva")
    question = await surface.press("eva", copy, "Ask a question")
    answered_by = await surface.submit("eva", question.opened, question="Is there *parking*?")
    assert "Your question is in the thread" in answered_by.told
    await surface.settle()

    [in_thread] = await surface.in_thread(post)
    assert "Eva asks: Is there parking?" in in_thread.text
    told = next(message for message in await surface.direct("anna") if "Eva has a question" in message.text)
    led_to = await surface.follow("anna", told, "Answer in the thread")
    assert led_to.reference == post.reference

    surface.clock.move(timedelta(minutes=2))
    await surface.settle()
    picture = await picture_of(surface, "anna", "We move in June")
    # Teams tells only of those who share a team with Samlas.
    assert f"Audience: {'the 7 people Samlas knows' if surface.name == 'teams' else '7 people'}" in picture.text
    assert says_count(picture.text, "Read", 2)
    assert says_count(picture.text, "No sign yet", 5)


async def test_publishing_anyway_takes_a_line_of_why(surface: SurfaceUnderTest) -> None:
    """Never a gate: with items open it is published when the author says why, and the post says both."""
    shown = await preview(surface, "anna", DECISION)

    without = await surface.press("anna", shown, "Publish anyway", why=" ")
    done = await surface.press("anna", without.opened, "Publish anyway", why="The lease ends today")
    await surface.settle()

    assert list(without.errors) == ["why"]
    assert done.form is None
    [post] = await surface.in_channel("allmant")
    assert "Not yet anchored" in post.text
    assert "The lease ends today" in post.text


async def test_a_proposal_asks_for_views(surface: SurfaceUnderTest) -> None:
    """Published as a proposal, it says so on its post; its author's card counts who has given theirs, each once."""
    shown = await preview(surface, "anna", DECISION)

    await surface.press("anna", shown, "Publish as a proposal")
    await surface.settle()
    [post] = await surface.in_channel("allmant")
    await surface.press("bo", post, "I have read this")
    await surface.react("carl", post)
    for words in ("Why not Storgatan?", "It is nearer."):
        await surface.write("bo", words, channel="allmant", under=post)
    question = await surface.press("eva", (await surface.direct("eva"))[0], "Ask a question")
    await surface.submit("eva", question.opened, question="Is there parking?")
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    assert "Proposal: views are welcome in the thread" in post.text
    card = await picture_of(surface, "anna", "We move in June")
    assert "2 people have given their views so far, in its thread or to you." in card.text


async def test_a_proposal_becomes_the_decision_from_its_authors_card(surface: SurfaceUnderTest) -> None:
    """With what it said; published, each leads to the other, and the card says what has taken its place."""
    shown = await preview(surface, "anna", DECISION, decision="We leave Örebro")
    await surface.press("anna", shown, "Publish as a proposal")
    await surface.settle()
    card = await picture_of(surface, "anna", "We move in June")

    opened = await surface.press("anna", card, "Make it the decision")
    step = await surface.submit("anna", opened.opened, title="We move")
    await surface.press(
        "anna",
        (await surface.submit("anna", step.opened, decider="Anna")).opened,
        "Publish anyway",
        why="The lease ends today",
    )
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    assert "Views are welcome in its thread." in card.text
    assert opened.opened.fields["text"].value == "To Kungsgatan."
    after = await picture_of(surface, "anna", "We move in June")
    assert "Make it the decision" not in after.buttons
    assert "Replaced by “We move”" in after.text
    proposal, decision = await surface.in_channel("allmant")
    assert "Replaced by “We move”" in proposal.text
    assert (await surface.follow("bo", decision, "See what it replaces")).reference == proposal.reference


async def test_a_withdrawn_announcements_decision_is_withdrawn(surface: SurfaceUnderTest) -> None:
    """In the log, and in the chain: what it had taken the place of stands again."""
    shown = await preview(surface, "anna", DECISION, decision="We leave Örebro")
    await surface.press("anna", shown, "Publish as a proposal")
    await surface.settle()
    card = await picture_of(surface, "anna", "We move in June")
    opened = await surface.press("anna", card, "Make it the decision")
    step = await surface.submit("anna", opened.opened, title="We move")
    checked = await surface.submit("anna", step.opened, decider="Anna")
    await surface.press("anna", checked.opened, "Publish anyway", why="The lease ends today")
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    form = await surface.press("anna", await picture_of(surface, "anna", "We move"), "Withdraw")
    await surface.submit("anna", form.opened, why="The lease was renewed")
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    withdrawn = (await surface.command("bo", "decisions", "withdrawn")).told
    open_again = (await surface.command("anna", "decisions", "proposed")).told
    assert "We move" in withdrawn
    assert "Withdrawn." in withdrawn
    assert "We move in June" in open_again
    assert "Make it the decision" in (await picture_of(surface, "anna", "We move in June")).buttons
    proposal, _ = await surface.in_channel("allmant")
    assert "Replaced by" not in proposal.text


async def test_what_samlas_brings_goes_to_managers_when_it_is_made_ones_own(surface: SurfaceUnderTest) -> None:
    """A communications lead uses it as it is: each manager gets it once, and nobody got it before."""
    shown = (await surface.command("greta", "decision-path")).whispers[0]
    await surface.settle()
    before = await surface.direct("carl")

    told = await surface.press("greta", shown, "Use it as it is")
    await surface.settle()
    again = (await surface.command("greta", "decision-path")).whispers[0]

    assert "This is what Samlas brings, and it has gone to nobody." in shown.text
    assert before == []
    assert "each manager gets it once" in told.told
    [message] = await surface.direct("carl")
    assert "Think it through." in message.text
    assert "I have read this" in message.buttons
    assert "Use it as it is" not in again.buttons
