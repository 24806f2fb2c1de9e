"""A chart as a picture in the chat, on every surface: for communications leads, in their own conversation."""

from storage.tables import Member
from tests.contracts.surface import SurfaceUnderTest

PNG = b"\x89PNG\r\n\x1a\n"


async def lead(surface: SurfaceUnderTest, person: str) -> None:
    """Make somebody a communications lead."""
    async with surface.database.begin() as session:
        member = await session.get(Member, surface.organisation.members[person])
        assert member is not None
        member.is_communications_lead = True
        session.add(member)


async def test_a_chart_is_handed_over(surface: SurfaceUnderTest) -> None:
    """From `/insights` on, two presses: a PNG, to the one who asked and to nobody else, with its finding in words."""
    await lead(surface, "bo")
    [answer] = (await surface.command("bo", "insights", channel="allmant")).whispers
    [choice] = (await surface.press("bo", answer, "A chart as a picture, here")).whispers

    await surface.press("bo", choice, "What can be seen")
    await surface.settle()

    [picture] = await surface.files("bo")
    assert picture.startswith(PNG)
    assert await surface.files("anna") == []
    assert await surface.in_channel("allmant") == []


async def test_not_for_others(surface: SurfaceUnderTest) -> None:
    """Whoever is no communications lead is not offered it; a button from when they were one does nothing."""
    await lead(surface, "bo")
    [answer] = (await surface.command("bo", "insights")).whispers
    [choice] = (await surface.press("bo", answer, "A chart as a picture, here")).whispers
    async with surface.database.begin() as session:
        member = await session.get(Member, surface.organisation.members["bo"])
        assert member is not None
        member.is_communications_lead = False
        session.add(member)

    refused = await surface.press("bo", choice, "What can be seen")
    [plain] = (await surface.command("bo", "insights")).whispers

    assert "This is the communications leads' view" in refused.told
    assert await surface.files("bo") == []
    assert plain.buttons == ()
