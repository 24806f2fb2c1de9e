"""Announcing on every surface: from the first word to the author's picture."""

from datetime import timedelta

from sqlmodel import col, update

from storage.tables import Member
from tests.contracts.announcing import NEWS, picture_of, preview, published
from tests.contracts.surface import SurfaceUnderTest, says_count


async def test_news_lands_once_in_one_place(surface: SurfaceUnderTest) -> None:
    """One home post in the announcement channel, and a copy to each member who is not in it."""
    shown = await preview(surface, "anna", NEWS)
    # Teams tells only of those who share a team with Samlas.
    people = "the 7 people Samlas knows" if surface.name == "teams" else "7 people"
    assert f"Goes to {people}; 5 of them get a direct message." in shown.text

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


async def test_who_has_read_sees_so_in_their_copy(surface: SurfaceUnderTest) -> None:
    """Pressed in a copy, the copy itself changes: read, with a way to take it back; and taken back, it asks again."""
    await published(surface, "anna", NEWS)
    [copy] = await surface.direct("eva")

    await surface.press("eva", copy, "I have read this")
    [read] = await surface.direct("eva")
    await surface.press("eva", read, "Undo")
    [again] = await surface.direct("eva")

    assert "You have read this. Thank you." in read.text
    assert read.buttons == ("Ask a question", "Undo")
    assert again.text == copy.text
    assert again.buttons == copy.buttons == ("I have read this", "Ask a question", "Not relevant to me")
    assert read.reference == again.reference == copy.reference


async def test_a_copy_leads_to_where_the_answers_are(surface: SurfaceUnderTest) -> None:
    """Its link goes to the home post."""
    post = await published(surface, "anna", NEWS)
    [copy] = await surface.direct("farid")

    led_to = await surface.follow("farid", copy, "See it where the questions and answers are")

    assert led_to.reference == post.reference


async def test_not_relevant_counts_as_read(surface: SurfaceUnderTest) -> None:
    """Whoever waves it aside is thanked, and is in the picture among those who have read."""
    await published(surface, "anna", {**NEWS, "confirm": "yes"})
    [copy] = await surface.direct("eva")

    await surface.press("eva", copy, "Not relevant to me")
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    [waved] = await surface.direct("eva")
    assert "this is not relevant to you" in waved.text
    picture = await picture_of(surface, "anna", "New canteen")
    assert says_count(picture.text, "Read", 1)
    assert says_count(picture.text, "Not yet", 6)


async def test_a_title_given_with_the_command_is_in_the_form(surface: SurfaceUnderTest) -> None:
    """`/announce Some title` pre-fills it."""
    seen = await surface.command("anna", "announce", "New canteen", channel="allmant")

    assert seen.opened.title == "New announcement"
    assert seen.opened.fields["title"].value == "New canteen"


async def test_what_is_missing_is_told_at_its_field(surface: SurfaceUnderTest) -> None:
    """An empty title and text are asked for in place, and what was filled in goes on."""
    opened = await surface.command("anna", "announce")

    refused = await surface.submit("anna", opened.opened, title=" ", text="", kind="A decision")
    taken = await surface.submit("anna", refused.opened, title="We move", text="In June.")

    assert refused.errors == dict.fromkeys(("title", "text"), "Please write something here.")
    assert "decision" in taken.opened.fields


async def test_news_lists_the_unread_first_and_finds_words(surface: SurfaceUnderTest) -> None:
    """The one place to come to, for this person alone: what waits on top, searchable."""
    await published(surface, "anna", NEWS)
    surface.clock.move(timedelta(hours=1))
    post = await published(surface, "anna", {**NEWS, "title": "Summer party"})
    await surface.press("bo", post, "I have read this")

    listed = (await surface.command("bo", "news", channel="allmant")).told
    found = (await surface.command("bo", "news", "summer")).told
    nothing = (await surface.command("bo", "news", "100%")).told

    assert listed.index("New to you: New canteen") < listed.index("Summer party")
    assert "New canteen" not in found
    assert "Summer party" in found
    assert "Nothing here has these words." in nothing


async def test_everybody_reads_in_their_own_language(surface: SurfaceUnderTest) -> None:
    """A copy speaks its reader's language, and so does every answer."""
    async with surface.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == surface.organisation.members["eva"]).values(locale="sv-SE")
        )
    await published(surface, "anna", NEWS)

    [copy] = await surface.direct("eva")
    asked = await surface.press("eva", copy, "Ställ en fråga")

    assert copy.buttons[0] == "Jag har läst det här"
    assert asked.opened.submit == "Fråga"


async def test_two_languages(surface: SurfaceUnderTest) -> None:
    """A post shows both, and a copy the reader's own."""
    async with surface.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == surface.organisation.members["eva"]).values(locale="sv")
        )

    post = await published(surface, "anna", {**NEWS, "title_sv": "Ny matsal", "text_sv": "Den öppnar på **måndag**."})

    for said in ("New canteen", "It opens on Monday.", "Ny matsal", "Den öppnar på måndag."):
        assert said in post.text
    [copy] = await surface.direct("eva")
    assert "Den öppnar på måndag." in copy.text
    assert "It opens on Monday." not in copy.text


async def test_a_reply_to_a_copy_is_its_writers_until_they_choose(surface: SurfaceUnderTest) -> None:
    """Seen by nobody until it is posted in the thread under their name."""
    post = await published(surface, "anna", NEWS)

    seen = await surface.write_to_bot("eva", "Will there be coffee?")
    await surface.settle()
    before = await surface.in_thread(post)
    [asked] = [whispered for whispered in seen.whispers if whispered.buttons]
    await surface.press("eva", asked, "Post in the thread under my name")
    await surface.settle()

    assert "Nobody else sees what you wrote about “New canteen” until you choose." in asked.text
    assert asked.buttons == ("Post in the thread under my name", "Only to the author", "Nothing")
    assert before == []
    [in_thread] = await surface.in_thread(post)
    assert "Eva replies: Will there be coffee?" in in_thread.text
