"""The way to the web pages on every surface: a link by direct message, for the one who asked."""

from sqlmodel import select

from storage.tables import PageGoal, PageLink
from tests.contracts.surface import SurfaceUnderTest


async def links(surface: SurfaceUnderTest) -> list[PageLink]:
    """Return the links that have been made, in order."""
    async with surface.database.read() as session:
        return list((await session.execute(select(PageLink).order_by("id"))).scalars())


async def test_a_link_goes_to_the_one_who_asked_and_to_nobody_else(surface: SurfaceUnderTest) -> None:
    """Asked for in a channel, it comes by direct message alone; what is kept of it opens nothing."""
    seen = await surface.command("bo", "insights", channel="allmant")
    await surface.settle()

    [message] = await surface.direct("bo")
    [link] = await links(surface)
    assert "I have sent you a link in our own conversation." in seen.told
    assert message.links == ("Open insights",)
    assert "works once, within 10 minutes" in message.text
    assert (link.member_id, link.goal) == (surface.organisation.members["bo"], PageGoal.INSIGHTS)
    assert link.secret is None
    assert await surface.in_channel("allmant") == []
    assert [person for person in surface.organisation.members if await surface.direct(person)] == ["bo"]


async def test_my_page_is_a_button_under_my_participation(surface: SurfaceUnderTest) -> None:
    """*My page* in `/samlas me` sends a link that leads there; a retry of the press sends no second one."""
    [mine] = (await surface.command("eva", "samlas", "me")).whispers

    await surface.press("eva", mine, "My page")
    await surface.redeliver()
    await surface.settle()

    messages = [message for message in await surface.direct("eva") if message.links]
    assert [message.links for message in messages] == [("Open my page",)]
    assert [link.goal for link in await links(surface)] == [PageGoal.ME]
