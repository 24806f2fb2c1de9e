"""An announcement in two languages: its post shows both, everything else the reader's own."""

import pytest
from sqlmodel import col, update

from bot.events import OPENED_HOME
from bot.messages import Heading, Message
from storage.tables import Member
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, form_of, preview
from tests.bot.announcements.test_changes import picture
from tests.bot.announcements.test_on_the_way import settle
from tests.support import button, words_of

SWEDISH = {"title_sv": "Ny matsal", "text_sv": "Den öppnar på **måndag**."}
BOTH = {**NEWS, **SWEDISH}


def headings(message: Message) -> list[str]:
    """Return its headings."""
    return [part.text for part in message.parts if isinstance(part, Heading)]


async def speaks_swedish(scene: Scene, name: str) -> None:
    """Let a person read Swedish."""
    async with scene.database.begin() as session:
        await session.execute(update(Member).where(col(Member.name) == name.capitalize()).values(locale="sv"))


async def publish_both(scene: Scene) -> None:
    """Publish in both languages; eva reads Swedish."""
    await speaks_swedish(scene, "eva")
    form = await preview(scene, "anna", BOTH)
    assert "Ny matsal" in words_of(form)
    assert "New canteen" in words_of(form)
    await scene.people.press("anna", button(form, "Publish"))
    await settle(scene)


async def test_the_post_shows_both(scene: Scene) -> None:
    """The organisation's language first; its summary has both titles."""
    await publish_both(scene)

    [post] = scene.gateway.said_in("allmant")

    assert headings(post) == ["New canteen", "Ny matsal"]
    assert "It opens on **Monday**." in words_of(post)
    assert "Den öppnar på **måndag**." in words_of(post)
    assert post.summary == "Announcement: New canteen / Ny matsal"


async def test_a_copy_is_in_its_readers_language(scene: Scene) -> None:
    """Each has one language, with the bot's own words in it too."""
    await publish_both(scene)

    [to_eva], [to_farid] = scene.gateway.said_to("eva"), scene.gateway.said_to("farid")

    assert headings(to_eva) == ["Ny matsal"]
    assert to_eva.summary == "Meddelande: Ny matsal"
    assert headings(to_farid) == ["New canteen"]


async def test_lists_are_in_the_readers_language(scene: Scene) -> None:
    """`/news` and Home; what is searched for may stand in either language."""
    await publish_both(scene)

    listed = (await scene.people.command("eva", "news", "canteen")).whisper
    home = (await scene.people.act("eva", OPENED_HOME)).home

    for shown in (listed, home):
        assert shown is not None
        assert "Ny matsal" in words_of(shown)
        assert "New canteen" not in words_of(shown)


async def test_in_one_language_everybody_gets_that(scene: Scene) -> None:
    """What there is in English only is shown so to whoever reads Swedish."""
    await speaks_swedish(scene, "eva")
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    await settle(scene)

    assert headings(scene.gateway.said_to("eva")[0]) == ["New canteen"]
    assert headings(scene.gateway.said_in("allmant")[0]) == ["New canteen"]


@pytest.mark.parametrize(("missing", "at"), [("title_sv", "title"), ("text_sv", "text")])
async def test_half_a_language_is_asked_for(scene: Scene, missing: str, at: str) -> None:
    """A title without its text, or the other way round, gets a sentence where it is missing."""
    form = form_of(await scene.people.command("anna", "announce"))

    reply = await scene.people.send("anna", form, **{**BOTH, missing: " "})

    assert reply.errors.keys() == {missing}
    assert f"Please write the {at} in this language too" in reply.errors[missing]
    assert reply.form is not None
    assert reply.form.values()["title"] == "New canteen"


async def test_an_author_writes_in_their_own_language_first(scene: Scene) -> None:
    """For whoever reads Swedish, it is the English fields that may be left empty."""
    await speaks_swedish(scene, "anna")

    form = form_of(await scene.people.command("anna", "announce"))

    assert [key for key in form.values() if key.startswith(("title", "text"))] == [
        "title",
        "text",
        "title_en",
        "text_en",
    ]


async def test_a_language_can_be_added_and_taken_away_by_an_edit(scene: Scene) -> None:
    """The post and the copies follow."""
    await publish_both(scene)

    form = form_of(await scene.people.press("anna", button(picture(scene), "Edit")))
    await scene.people.send("anna", form, title_sv="", text_sv="")
    await settle(scene)

    assert form.values()["title_sv"] == "Ny matsal"
    assert headings(scene.gateway.said_in("allmant")[0]) == ["New canteen"]
    assert headings(scene.gateway.said_to("eva")[0]) == ["New canteen"]
