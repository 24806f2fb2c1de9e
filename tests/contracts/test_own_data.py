"""A person's data in their own hands on every surface: they take it out, have it erased, and are not counted again."""

import json
from typing import Any

from sqlmodel import select

from storage.people import find_member
from storage.tables import Announcement, AnnouncementState, FormerRecipients, KeptWish, Member
from tests.contracts.announcing import NEWS, published
from tests.contracts.kept import counted, everything_kept
from tests.contracts.surface import Seen, SeenMessage, SurfaceUnderTest


async def own_page(surface: SurfaceUnderTest, person: str) -> SeenMessage:
    """Ask for what is kept about oneself."""
    [said] = (await surface.command(person, "samlas", "me")).whispers
    return said


async def erased(surface: SurfaceUnderTest, person: str) -> Seen:
    """Have one's data erased: two presses."""
    asked = await surface.press(person, await own_page(surface, person), "Erase my data")
    return await surface.submit(person, asked.opened)


async def one_of(surface: SurfaceUnderTest, person: str) -> Member | None:
    """Return what is stored of a person."""
    async with surface.database.read() as session:
        return await find_member(session, surface.organisation.workspace_id, surface.id_of(person))


async def rows(surface: SurfaceUnderTest, table: type[Any]) -> list[Any]:
    """Return all rows of a table."""
    async with surface.database.read() as session:
        return list((await session.execute(select(table))).scalars().all())


async def test_the_own_page(surface: SurfaceUnderTest) -> None:
    """It says in words what is kept, and has the ways to all of it and to none of it."""
    page = await own_page(surface, "bo")

    assert "What is kept about you:" in page.text
    assert "Bo" in page.text
    assert "Sales" in page.text
    assert "for 180 days" in page.text
    assert {"Export my data", "Erase my data"} <= set(page.buttons)


async def test_export(surface: SurfaceUnderTest) -> None:
    """A file of JSON, to this person alone, with their rows and with nobody else's."""
    post = await published(surface, "anna", NEWS)
    await surface.press("bo", post, "I have read this")
    await surface.write("anna", "Good morning", channel="allmant")

    await surface.press("bo", await own_page(surface, "bo"), "Export my data")
    [taken] = await surface.files("bo")

    exported = json.loads(taken)
    assert exported["samlas_export"] == 1
    assert [row["external_id"] for row in exported["tables"]["member"]] == [surface.id_of("bo")]
    assert {row["kind"] for row in exported["tables"]["participation"]} == {"read", "command"}
    assert [row["read_by"] for row in exported["tables"]["recipient"]] == ["pressed"]
    assert {row["member_id"] for row in exported["tables"]["participation"]} == {"Bo"}
    assert "announcement" not in exported["tables"]
    assert await surface.files("anna") == []


async def test_erasing_says_before_what_goes_and_what_stays(surface: SurfaceUnderTest) -> None:
    """A form in plain words; without the second press nothing has happened."""
    await published(surface, "anna", NEWS)

    asked = await surface.press("anna", await own_page(surface, "anna"), "Erase my data")

    assert "This cannot be undone." in asked.opened.text
    assert "The counts of 1 day." in asked.opened.text
    assert "What others have read: 1 announcement." in asked.opened.text
    assert "In place of the name stands “a former member”." in asked.opened.text
    assert "What stands in the chat itself" in asked.opened.text
    assert asked.opened.submit == "Erase it now"
    assert await one_of(surface, "anna") is not None


async def test_erased(surface: SurfaceUnderTest) -> None:
    """Nothing is left of somebody who read, wrote and published; what they published stands by a former member."""
    post = await published(surface, "anna", NEWS)
    await surface.press("bo", post, "I have read this")
    await surface.write("anna", "Good morning", channel="allmant")

    done = await erased(surface, "anna")
    await surface.settle()

    assert "It is done: Samlas keeps nothing about you any more." in done.told
    assert await one_of(surface, "anna") is None
    kept = await everything_kept(surface)
    assert surface.id_of("anna") not in kept
    assert "'Anna'" not in kept
    [announcement] = await rows(surface, Announcement)
    assert announcement.state == AnnouncementState.PUBLISHED
    news = await surface.command("bo", "news")
    assert "a former member" in news.told
    assert await counted(surface, "bo") != {}


async def test_a_reader_who_was_erased_is_still_a_number(surface: SurfaceUnderTest) -> None:
    """Who had read counts among the readers of the announcement, without a name."""
    post = await published(surface, "anna", NEWS)
    await surface.press("bo", post, "I have read this")

    await erased(surface, "bo")

    [sums] = await rows(surface, FormerRecipients)
    assert (sums.has_read, sums.count) == (True, 1)


async def test_not_counted_stays_not_counted(surface: SurfaceUnderTest) -> None:
    """Their next message does not bring somebody back as counted who had asked not to be and was erased."""
    await surface.press("carl", await own_page(surface, "carl"), "Do not count me")
    await erased(surface, "carl")
    assert len(await rows(surface, KeptWish)) == 1
    assert surface.id_of("carl") not in await everything_kept(surface)

    if surface.name != "local":
        # In the local chat nobody of that name can write any more.
        await surface.write("carl", "Me again", channel="allmant")
        again = await one_of(surface, "carl")
        assert again is not None
        assert again.not_counted


async def test_the_last_communications_lead(surface: SurfaceUnderTest) -> None:
    """The last communications lead is not erased, and is told why and what to do."""
    seen = await surface.press("greta", await own_page(surface, "greta"), "Erase my data")

    assert "Please name another first" in seen.told
    assert await one_of(surface, "greta") is not None
