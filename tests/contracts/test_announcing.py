"""Announcing on every surface: from the first word to the author's picture, and a decision's way to its post."""

from datetime import timedelta

from tests.contracts.surface import SeenForm, SeenMessage, SurfaceUnderTest

NEWS = {"title": "New canteen", "text": "It opens on **Monday**.", "kind": "News", "audience": "Everyone"}
DECISION = {"title": "We move in June", "text": "To Kungsgatan.", "kind": "A decision", "audience": "Everyone"}


async def preview(surface: SurfaceUnderTest, person: str, values: dict[str, str], **checklist: str) -> SeenForm:
    """Write an announcement up to its preview."""
    opened = await surface.command(person, "announce")
    step = await surface.submit(person, opened.opened, **values)
    if values["kind"] == "A decision":
        step = await surface.submit(person, step.opened, **checklist)
    return step.opened


async def published(surface: SurfaceUnderTest, person: str, values: dict[str, str]) -> SeenMessage:
    """Publish news; returns its home post."""
    await surface.press(person, await preview(surface, person, values), "Publish")
    await surface.settle()
    return (await surface.in_channel("allmant"))[-1]


async def test_news_lands_once_in_one_place(surface: SurfaceUnderTest) -> None:
    """One home post in the announcement channel, and a copy to each member who is not in it."""
    shown = await preview(surface, "anna", NEWS)
    assert "Goes to 7 people; 5 of them get a direct message." in shown.text

    seen = await surface.press("anna", shown, "Publish")
    await surface.settle()

    assert seen.form is None
    assert "“New canteen” is published." in seen.told
    [post] = await surface.in_channel("allmant")
    assert "New canteen" in post.text
    assert "It opens on Monday." in post.text
    assert post.buttons == ("I have read this", "Ask a question", "Not relevant to me")
    copied = {name: await surface.direct(name) for name in surface.organisation.members if name != "anna"}
    assert [name for name, messages in copied.items() if messages] == ["cecilia", "david", "eva", "farid", "greta"]
    assert all(len(messages) <= 1 for messages in copied.values())


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
    assert "Audience: 7 people" in picture.text
    assert "2 Read" in picture.text
    assert "5 No sign yet" in picture.text


async def picture_of(surface: SurfaceUnderTest, author: str, title: str) -> SeenMessage:
    """Return the author's card about an announcement as it stands."""
    heading = f"How “{title}” is reaching people"
    [found] = [message for message in await surface.direct(author) if heading in message.text]
    return found
