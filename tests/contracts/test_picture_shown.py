"""One picture on an announcement, on every surface: chosen, described, shown in the preview, on the post and copies."""

import io

import pytest
from PIL import Image
from sqlmodel import select

from storage.tables import Announcement, AnnouncementState, StoredImage
from tests.contracts.announcing import NEWS
from tests.contracts.kept import everything_kept
from tests.contracts.surface import SeenForm, SeenMessage, SurfaceUnderTest
from tests.images import PLACE, from_a_phone

ALT = "The canteen, with its tables by the windows"


async def with_picture(surface: SurfaceUnderTest, content: bytes | None = None, alt: str = ALT) -> SeenForm:
    """Write news with a picture, up to its preview."""
    opened = await surface.command("anna", "announce")
    seen = await surface.put_picture("anna", opened.opened, content or from_a_phone(), alt, **NEWS)
    return seen.opened


async def published(surface: SurfaceUnderTest) -> SeenMessage:
    """Publish it; returns the post."""
    await surface.press("anna", await with_picture(surface), "Publish")
    await surface.settle()
    return (await surface.in_channel("allmant"))[-1]


async def test_it_is_seen_in_the_preview_on_the_post_and_in_copies(surface: SurfaceUnderTest) -> None:
    """Everywhere the same one, with the words for whoever cannot see it, and with nothing hidden in it."""
    preview = await with_picture(surface)
    [previewed] = await surface.pictures(preview)
    await surface.press("anna", preview, "Publish")
    await surface.settle()
    [post] = await surface.in_channel("allmant")
    [copy] = await surface.direct("eva")

    for shown in (post, copy):
        [seen] = await surface.pictures(shown)
        assert seen.alt == ALT
        assert seen.content == previewed.content
        assert PLACE not in seen.content
        assert Image.open(io.BytesIO(seen.content)).size == (400, 640)


async def test_the_list_of_news_shows_it(surface: SurfaceUnderTest) -> None:
    """/news has it beside the title."""
    await published(surface)

    listed = await surface.command("eva", "news")

    [seen] = await surface.pictures(listed.whispers[0])
    assert seen.alt == ALT


async def test_withdrawn_it_is_shown_nowhere_any_more(surface: SurfaceUnderTest) -> None:
    """Post and copy lose it, and its address leads nowhere; Slack keeps its own file, which nothing shows."""
    post = await published(surface)
    picture = next(message for message in await surface.direct("anna") if "reaching people" in message.text)

    form = await surface.press("anna", picture, "Withdraw")
    await surface.submit("anna", form.opened, why="The kitchen is late")
    await surface.settle()

    [withdrawn] = await surface.in_channel("allmant")
    assert await surface.pictures(withdrawn) == []
    assert surface.name == "slack" or [seen.content for seen in await surface.pictures(post)] == [b""]


@pytest.mark.parametrize("content", [b"%PDF-1.7 a menu", from_a_phone()[:3000]])
async def test_a_file_that_is_no_picture_changes_nothing(surface: SurfaceUnderTest, content: bytes) -> None:
    """It is told in a sentence, and nothing of it is kept."""
    opened = await surface.command("anna", "announce")

    seen = await surface.put_picture("anna", opened.opened, content, ALT, **NEWS)

    told = " ".join([*seen.errors.values(), seen.told])
    assert "picture" in told
    async with surface.database.read() as session:
        assert (await session.execute(select(StoredImage))).scalars().all() == []
        draft = (await session.execute(select(Announcement))).scalar_one()
    assert draft.state == AnnouncementState.DRAFT
    assert draft.image_id is None


async def test_a_picture_asks_for_its_words(surface: SurfaceUnderTest) -> None:
    """Without words for whoever cannot see it, it does not go in."""
    opened = await surface.command("anna", "announce")

    seen = await surface.put_picture("anna", opened.opened, from_a_phone(), "", **NEWS)

    assert "what the picture shows" in seen.errors["alt"]
    async with surface.database.read() as session:
        assert (await session.execute(select(Announcement))).scalar_one().image_id is None


async def test_it_can_be_taken_away_again(surface: SurfaceUnderTest) -> None:
    """By a tick in the form; then nothing of it is kept."""
    preview = await with_picture(surface)
    form = (await surface.press("anna", preview, "Edit")).opened

    seen = await surface.submit("anna", form, no_picture="yes")

    assert await surface.pictures(seen.opened) == []
    assert 'INSERT INTO "image"' not in await everything_kept(surface)


async def test_it_stays_when_the_words_change(surface: SurfaceUnderTest) -> None:
    """Going through the form again without choosing another leaves it where it is."""
    preview = await with_picture(surface)
    form = (await surface.press("anna", preview, "Edit")).opened

    seen = await surface.submit("anna", form, text="It opens on Tuesday.")
    await surface.press("anna", seen.opened, "Publish")
    await surface.settle()

    [post] = await surface.in_channel("allmant")
    assert [seen.alt for seen in await surface.pictures(post)] == [ALT]
