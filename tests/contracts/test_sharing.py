"""What an author takes away from the picture, on every surface: the counts as a file, and names where that was told."""

from datetime import timedelta

from sqlmodel import select

from storage.tables import Look
from tests.contracts.announcing import NEWS, picture_of, preview, published
from tests.contracts.surface import SeenMessage, SurfaceUnderTest, words

ASKED = {**NEWS, "confirm": "yes"}
TEAM = {"audience": "Home team Sales"}


async def card_after(surface: SurfaceUnderTest) -> SeenMessage:
    """Let two minutes pass; returns the author's card."""
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()
    return await picture_of(surface, "anna", "New canteen")


async def looked_at(surface: SurfaceUnderTest) -> list[int]:
    """Return about whom somebody has looked at something."""
    async with surface.database.read() as session:
        return sorted((await session.execute(select(Look.about_member_id))).scalars())


async def test_the_counts_come_as_a_file(surface: SurfaceUnderTest) -> None:
    """Every part with its number, and the whole; nobody's name is in it."""
    post = await published(surface, "anna", ASKED)
    await surface.press("bo", post, "I have read this")
    card = await card_after(surface)

    await surface.press("anna", card, "Counts as CSV")

    [file] = await surface.files("anna")
    given = words(file.decode())
    for line in ("Part,People,Why", 'Read,1,"pressed, asked, replied or reacted"', "Not yet,6,", "Audience,7,"):
        assert line in given
    assert "Bo" not in given


async def test_who_has_confirmed_is_named_where_the_post_said_so(surface: SurfaceUnderTest) -> None:
    """The post tells its readers; whoever pressed or answered is named, and finds that their author has looked."""
    post = await published(surface, "anna", ASKED)
    assert "Anna asks you to confirm that you have read this, and sees who has." in post.text
    await surface.press("bo", post, "I have read this")
    [copy] = await surface.direct("eva")
    await surface.press("eva", copy, "Not relevant to me")
    await surface.react("carl", post)

    seen = await surface.press("anna", await card_after(surface), "Names")
    own = await surface.command("bo", "samlas", "me")

    assert "2 of 7 have confirmed “New canteen”" in seen.told
    assert "Bo and Carl" in seen.told
    assert "Eva" not in seen.told
    assert await looked_at(surface) == sorted(surface.organisation.members[name] for name in ("bo", "carl"))
    assert "that you have confirmed an announcement of theirs" in own.told


async def test_nobody_is_named_where_nobody_was_told(surface: SurfaceUnderTest) -> None:
    """Without *confirm* there is no such button, and a press that was made up shows nothing either."""
    post = await published(surface, "anna", NEWS)
    await surface.press("bo", post, "I have read this")

    card = await card_after(surface)

    assert "sees who has" not in post.text
    assert "Names" not in card.buttons
    assert "Counts as CSV" in card.buttons


async def test_under_five_people_there_are_neither_numbers_nor_names(surface: SurfaceUnderTest) -> None:
    """For three people the card says *by some*, and offers nothing to take away."""
    shown = {**ASKED, **TEAM}
    await surface.press("anna", await preview(surface, "anna", shown), "Publish")
    await surface.settle()
    [copy] = await surface.direct("bo")
    await surface.press("bo", copy, "I have read this")

    card = await card_after(surface)

    assert "Read by some." in card.text
    assert {"Names", "Counts as CSV"}.isdisjoint(card.buttons)
