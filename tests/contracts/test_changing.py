"""What becomes of an announcement after it was written, on every surface: kept, edited, withdrawn, scheduled."""

from datetime import timedelta

from tests.contracts.announcing import NEWS, picture_of, preview, published
from tests.contracts.surface import SurfaceUnderTest


async def test_what_is_published_is_edited_where_it_stands(surface: SurfaceUnderTest) -> None:
    """From the author's card: the post and the copies have the new words, and say that they were edited."""
    post = await published(surface, "anna", NEWS)
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()
    card = await picture_of(surface, "anna", "New canteen")

    opened = await surface.press("anna", card, "Edit")
    seen = await surface.submit("anna", opened.opened, title="Old canteen", text="It closes on Friday.")
    await surface.settle()

    assert seen.form is None
    assert "“Old canteen” is edited." in seen.told
    for message in (await surface.in_channel("allmant"))[-1], (await surface.direct("eva"))[-1]:
        assert "Old canteen" in message.text
        assert "It closes on Friday." in message.text
        assert "Edited 3 March 2027" in message.text
    assert (await surface.in_channel("allmant"))[-1].reference == post.reference


async def test_what_is_withdrawn_says_by_whom_and_why(surface: SurfaceUnderTest) -> None:
    """A communications lead withdraws it from Home; the author is told, and can take it up again as a draft."""
    await published(surface, "anna", NEWS)

    home = await surface.open_home("greta")
    asked = await surface.press("greta", home, "Withdraw")
    missing = await surface.submit("greta", asked.opened, why="")
    seen = await surface.submit("greta", asked.opened, why="It opens in May.")
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    assert missing.errors == {"why": "Please write something here."}
    assert "“New canteen” is withdrawn." in seen.told
    for message in (await surface.in_channel("allmant"))[-1], (await surface.direct("eva"))[-1]:
        assert "Greta has withdrawn this: It opens in May." in message.text
        assert "It opens on Monday." not in message.text
        assert message.buttons == ()
    assert "Greta has withdrawn “New canteen”." in (await surface.direct("anna"))[-1].text
    card = await picture_of(surface, "anna", "New canteen")
    duplicate = await surface.press("anna", card, "Duplicate")
    assert duplicate.opened.fields["title"].value == "New canteen"


async def test_what_is_scheduled_goes_out_at_its_time(surface: SurfaceUnderTest) -> None:
    """Chosen in the form as a day and a time of the author's own; the card leads on until then."""
    friday = {"day": "2027-03-05", "time": "09:30"}
    shown = await preview(surface, "anna", {**NEWS, **friday})
    seen = await surface.press("anna", shown, "Schedule")
    await surface.settle()
    before = await surface.in_channel("allmant")
    [card] = await surface.direct("anna")

    surface.clock.move(timedelta(days=2))
    await surface.settle()

    assert "Goes out 5 March 2027, 09:30, your time." in shown.text
    assert "“New canteen” goes out 5 March 2027, 09:30." in seen.told
    assert before == []
    assert card.buttons == ("Publish now", "Edit", "Cancel")
    assert "New canteen" in (await surface.in_channel("allmant"))[-1].text


async def test_what_is_scheduled_can_be_cancelled(surface: SurfaceUnderTest) -> None:
    """From its card, after a question; then nothing goes out."""
    shown = await preview(surface, "anna", {**NEWS, "day": "2027-03-05", "time": "09:30"})
    await surface.press("anna", shown, "Schedule")
    await surface.settle()
    [card] = await surface.direct("anna")

    await surface.press("anna", card, "Cancel")
    surface.clock.move(timedelta(days=3))
    await surface.settle()

    [cancelled] = await surface.direct("anna")
    assert "“New canteen” is cancelled and does not go out." in cancelled.text
    assert cancelled.buttons == ("Duplicate",)
    assert await surface.in_channel("allmant") == []


async def test_a_saved_draft_is_found_again(surface: SurfaceUnderTest) -> None:
    """*Save draft* leaves a card with the way back; `/announce` offers it too, and Home shows it."""
    shown = await preview(surface, "anna", NEWS)

    saved = await surface.press("anna", shown, "Save draft")
    await surface.settle()
    [card] = await surface.direct("anna")
    resumed = await surface.press("anna", card, "Continue")
    anew = await surface.command("anna", "announce", "Something else")
    home = await surface.open_home("anna")

    assert saved.form is None
    assert "Your draft “New canteen” is saved." in card.text
    assert resumed.opened.fields["title"].value == "New canteen"
    assert resumed.opened.fields["text"].value == "It opens on **Monday**."
    assert resumed.opened.fields["audience"].value == "Everyone"
    assert anew.opened.fields["title"].value == "Something else"
    assert "You have 1 saved draft." in anew.told
    assert "Draft: New canteen" in home.text
    assert (await surface.press("anna", home, "Continue")).opened.fields["title"].value == "New canteen"
