"""Whom an announcement would reach stands in its preview, on every surface, before anything is sent."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from storage.closed_ways import close_way, open_way
from storage.outsiders import keep_outsiders
from storage.tables import ClosedTo, ClosedWay
from tests.contracts.announcing import NEWS, preview, published
from tests.contracts.surface import SurfaceUnderTest

IMPORTANT = {**NEWS, "important": "yes"}


async def close(surface: SurfaceUnderTest, **people: ClosedTo) -> None:
    """Let nothing get through to some people."""
    async with surface.database.begin() as session:
        for name, why in people.items():
            external_id = surface.id_of(name)
            await close_way(session, surface.organisation.workspace_id, external_id, why, surface.clock.now())


async def test_who_cannot_be_reached_is_told_before(surface: SurfaceUnderTest) -> None:
    """How many, and why; whoever reads the post in its channel needs no message, and is not among them."""
    blocked, unreachable = ClosedTo.BLOCKED, ClosedTo.UNREACHABLE
    await close(surface, eva=blocked, farid=unreachable, greta=unreachable, bo=blocked)

    shown = await preview(surface, "anna", NEWS)

    people = "the 7 people Samlas knows" if surface.name == "teams" else "7 people"
    assert f"Goes to {people}; 5 of them get a direct message." in shown.text
    why = "2 without the app" if surface.name == "teams" else "2 to whom the chat lets no message through"
    assert f"3 cannot be reached directly: {why}, 1 who blocked Samlas." in shown.text


async def test_where_everybody_can_be_reached_nothing_is_said(surface: SurfaceUnderTest) -> None:
    """No line of nothing; and whoever is there again is not counted."""
    await close(surface, eva=ClosedTo.BLOCKED)
    async with surface.database.begin() as session:
        await open_way(session, surface.organisation.workspace_id, surface.id_of("eva"))

    shown = await preview(surface, "anna", NEWS)

    assert "cannot be reached" not in shown.text
    assert "from outside" not in shown.text


async def test_important_ones_are_counted_by_the_month(surface: SurfaceUnderTest) -> None:
    """The form says how many there were, and the preview how many people are messaged besides."""
    opened = (await surface.command("anna", "announce")).opened
    await published(surface, "anna", IMPORTANT)
    await published(surface, "anna", NEWS)
    surface.clock.move(timedelta(hours=1))

    again = (await surface.command("anna", "announce")).opened
    shown = await preview(surface, "anna", IMPORTANT)
    surface.clock.move(timedelta(days=31))
    next_month = await preview(surface, "anna", IMPORTANT)

    assert "no important ones so far this month." in opened.fields["important"].hint
    assert "1 important one so far this month." in again.fields["important"].hint
    assert "Will message 7 people; 1 important one so far this month." in shown.text
    assert "Will message 7 people; no important ones so far this month." in next_month.text


@pytest.mark.parametrize("audience", ["Everyone", "#allmant"])
async def test_people_from_outside_who_would_see_it_are_told(surface: SurfaceUnderTest, audience: str) -> None:
    """Where the post stands in a channel that they are in, whomever it is for."""
    organisation = surface.organisation
    async with surface.database.begin() as session:
        await keep_outsiders(session, organisation.workspace_id, organisation.channel_id, 12)

    channel = await preview(surface, "anna", {**NEWS, "audience": audience})
    team = await preview(surface, "anna", {**NEWS, "audience": "Home team Sales"})

    assert "12 people from outside will see this." in channel.text
    assert "from outside" not in team.text


async def test_a_message_that_arrives_opens_the_way_again(surface: SurfaceUnderTest) -> None:
    """What was known of somebody goes with the first message that gets through to them."""
    await close(surface, eva=ClosedTo.UNREACHABLE, farid=ClosedTo.BLOCKED)

    await published(surface, "anna", NEWS)

    async with surface.database.read() as session:
        closed = (await session.execute(select(ClosedWay.member_id).order_by(col(ClosedWay.member_id)))).scalars().all()
    assert closed == []
