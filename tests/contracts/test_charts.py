"""A chart as a picture in the chat, on every surface: of what one may see, in one's own conversation."""

from datetime import timedelta

from sqlmodel import col, update

from bot.messages import Target
from storage.floor import WEEK, monday_of
from storage.tables import HomeTeam, LastSign, Member, Participation
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
    """Whoever is no communications lead is offered their own weeks; a button from when they were one does nothing."""
    await lead(surface, "bo")
    [answer] = (await surface.command("bo", "insights")).whispers
    [choice] = (await surface.press("bo", answer, "A chart as a picture, here")).whispers
    async with surface.database.begin() as session:
        member = await session.get(Member, surface.organisation.members["bo"])
        assert member is not None
        member.is_communications_lead = False
        session.add(member)

    refused = await surface.press("bo", choice, "What can be seen")
    [again] = (await surface.command("bo", "insights")).whispers
    [plain] = (await surface.press("bo", again, "A chart as a picture, here")).whispers

    assert "This is the communications leads' view" in refused.told
    assert await surface.files("bo") == []
    assert plain.buttons == ("Your weeks",)


async def test_ones_own_weeks(surface: SurfaceUnderTest) -> None:
    """Everybody may have theirs, and nobody another's: whoever presses gets their own."""
    [answer] = (await surface.command("eva", "insights")).whispers
    [choice] = (await surface.press("eva", answer, "A chart as a picture, here")).whispers

    await surface.press("eva", choice, "Your weeks")
    await surface.settle()

    [picture] = await surface.files("eva")
    assert picture.startswith(PNG)
    assert await surface.files("bo") == []


async def test_of_ones_own_home_team(surface: SurfaceUnderTest) -> None:
    """Its lead is handed it, at the floor of 5 people and above; who leads it no more, or has tampered, is not."""
    organisation = surface.organisation
    five = [organisation.members[name] for name in ("anna", "bo", "eva", "farid", "carl")]
    week = monday_of(surface.clock.now().date()) - WEEK
    async with surface.database.begin() as session:
        await session.execute(update(Member).where(col(Member.id).in_(five)).values(home_team_id=organisation.team_id))
        await session.execute(update(HomeTeam).values(lead_id=organisation.members["carl"]))
        other = HomeTeam(workspace_id=organisation.workspace_id, name="Design", lead_id=organisation.members["bo"])
        session.add(other)
        of = {"workspace_id": organisation.workspace_id}
        # So that no fewer than 5 are outside it either.
        session.add_all(
            Member(workspace_id=organisation.workspace_id, external_id=f"other-{n}", created_at=surface.clock.now())
            for n in range(5)
        )
        for who in five:
            session.add(Participation(**of, member_id=who, day=week + timedelta(days=1), kind=1, count=2))
            session.add(LastSign(**of, member_id=who, first_day=week + timedelta(days=1), last_day=week + WEEK))
    await surface.settle()
    [answer] = (await surface.command("carl", "insights")).whispers
    [choice] = (await surface.press("carl", answer, "A chart as a picture, here")).whispers

    await surface.press("carl", choice, "Sales: Members active per week")
    await surface.settle()
    handed = await surface.files("carl")
    tampered = await surface.press_made_up("carl", choice, "Sales: Members active per week", Target(other.id or 0, 1))
    async with surface.database.begin() as session:
        await session.execute(update(HomeTeam).values(lead_id=organisation.members["bo"]))
    refused = await surface.press("carl", choice, "Sales: Members active per week")
    await surface.settle()

    assert choice.buttons == ("Sales: Members active per week", "Sales: What can be seen", "Your weeks")
    assert [picture[:8] for picture in handed] == [PNG]
    assert "This is for whoever leads that home team." in tampered.told
    assert "This is for whoever leads that home team." in refused.told
    assert await surface.files("carl") == []
