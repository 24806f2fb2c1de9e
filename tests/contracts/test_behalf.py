"""Writing for somebody else, on every surface: chosen in the form, approved on a card, and named on the post."""

from datetime import timedelta

from tests.contracts.announcing import NEWS, preview
from tests.contracts.surface import FieldKind, SeenMessage, SurfaceUnderTest

FOR_BO = {**NEWS, "on_behalf_of": "bo"}


async def asked(surface: SurfaceUnderTest, **ticked: str) -> SeenMessage:
    """Write news for bo and put it to him; returns his card."""
    shown = await preview(surface, "anna", FOR_BO)
    seen = await surface.press("anna", shown, "Ask Bo to approve it", **ticked)
    assert "Bo has been asked." in seen.told
    await surface.settle()
    [card] = await surface.direct("bo")
    return card


async def test_it_is_chosen_approved_and_named(surface: SurfaceUnderTest) -> None:
    """From the form's people picker to the post that names both; the one it speaks for withdraws it."""
    opened = (await surface.command("anna", "announce")).opened
    assert opened.fields["on_behalf_of"].kind is FieldKind.PERSON
    card = await asked(surface, goes_out_itself="yes")
    assert "Anna asks: may “New canteen” go out in your name?" in card.text
    assert "It opens on Monday." in card.text
    assert "Goes to" in card.text
    assert card.buttons == ("Approve", "Not like this")

    await surface.press("bo", card, "Approve")
    await surface.settle()

    [post] = await surface.in_channel("allmant")
    assert "Bo, through Anna to everyone" in post.text
    [approved] = await surface.direct("bo")
    assert "You have approved it." in approved.text
    form = await surface.press("bo", approved, "Withdraw")
    await surface.submit("bo", form.opened, why="Said too early")
    await surface.settle()
    [withdrawn] = await surface.in_channel("allmant")
    assert "Bo has withdrawn this: Said too early" in withdrawn.text


async def test_not_like_this_leads_back_and_is_asked_again(surface: SurfaceUnderTest) -> None:
    """One line for the writer, who changes it; the next card says what is different."""
    form = await surface.press("bo", await asked(surface), "Not like this")
    await surface.submit("bo", form.opened, change="Say Tuesday, please")
    await surface.settle()
    answer = (await surface.direct("anna"))[-1]
    assert "They write, to you alone: Say Tuesday, please" in answer.text
    assert await surface.in_channel("allmant") == []

    step = await surface.press("anna", answer, "Continue")
    assert step.opened.fields["on_behalf_of"].value == "bo"
    step = await surface.submit("anna", step.opened, text="It opens on Tuesday.")
    await surface.press("anna", step.opened, "Ask Bo to approve it")
    await surface.settle()

    newest = (await surface.direct("bo"))[-1]
    assert "You are asked again. You had written: Say Tuesday, please" in newest.text
    assert "is now “It opens on Tuesday.”" in newest.text
    await surface.press("bo", newest, "Approve")
    await surface.settle()
    go_on = await surface.press("anna", (await surface.direct("anna"))[-1], "Go on")
    await surface.press("anna", go_on.opened, "Publish")
    await surface.settle()
    assert len(await surface.in_channel("allmant")) == 1


async def test_who_has_not_answered_is_reminded(surface: SurfaceUnderTest) -> None:
    """Once, after two working days, with a button that leads to the question."""
    await asked(surface)

    for _ in range(2):
        surface.clock.move(timedelta(days=2))
        await surface.settle()

    card, reminder = await surface.direct("bo")
    assert "Anna still hopes for your answer: may “New canteen” go out in your name?" in reminder.text
    [looked] = (await surface.press("bo", reminder, "Read and answer")).whispers
    assert "It opens on Monday." in looked.text
    assert looked.buttons == card.buttons
    await surface.press("bo", looked, "Approve")
    await surface.settle()
    assert any("Bo has approved “New canteen”" in said.text for said in await surface.direct("anna"))


async def test_an_edit_waits_for_their_yes(surface: SurfaceUnderTest) -> None:
    """What stands stays until it is approved."""
    await surface.press("bo", await asked(surface, goes_out_itself="yes"), "Approve")
    await surface.settle()
    picture = next(message for message in await surface.direct("anna") if "reaching people" in message.text)
    form = await surface.press("anna", picture, "Edit")

    seen = await surface.submit("anna", form.opened, text="It opens on Tuesday.")
    await surface.settle()
    [before] = await surface.in_channel("allmant")
    await surface.press("bo", (await surface.direct("bo"))[-1], "Approve")
    await surface.settle()
    [after] = await surface.in_channel("allmant")

    assert "Bo is asked whether this may stand in their name." in seen.told
    assert "It opens on Monday." in before.text
    assert "It opens on Tuesday." in after.text
