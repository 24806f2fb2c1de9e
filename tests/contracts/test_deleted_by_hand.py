"""A post that somebody deletes by hand, on every surface: its author is told, and nothing is tried for ever."""

from datetime import timedelta

from sqlmodel import col, select

from storage.tables import Outbox, OutboxState
from tests.contracts.announcing import NEWS, picture_of, published
from tests.contracts.surface import SurfaceUnderTest


async def states(surface: SurfaceUnderTest) -> set[str]:
    """Return the states that rows on their way out are in."""
    async with surface.database.read() as session:
        return set((await session.execute(select(col(Outbox.state)))).scalars())


async def minutes_pass(surface: SurfaceUnderTest) -> None:
    """Send what is due now and within two minutes."""
    for _ in range(2):
        surface.clock.move(timedelta(minutes=2))
        await surface.settle()


async def test_an_edit_finds_it_gone(surface: SurfaceUnderTest) -> None:
    """The author's card says so, copies have the new words, and what follows goes without the post."""
    post = await published(surface, "anna", NEWS)
    await minutes_pass(surface)
    await surface.delete_by_hand(post)

    opened = await surface.press("anna", await picture_of(surface, "anna", "New canteen"), "Edit")
    await surface.submit("anna", opened.opened, text="It closes on Friday.")
    await minutes_pass(surface)

    card = await picture_of(surface, "anna", "New canteen")
    assert "Somebody has deleted its post by hand." in card.text
    assert "Open the post" not in card.links
    [copy] = await surface.direct("eva")
    assert "It closes on Friday." in copy.text
    asked = await surface.press("eva", copy, "Ask a question")
    told = await surface.submit("eva", asked.opened, question="Why?")
    await minutes_pass(surface)
    assert "Your question has gone to the author." in told.told
    assert "New canteen" in (await surface.command("bo", "news")).told
    assert await states(surface) <= {OutboxState.SENT, OutboxState.DROPPED}


async def test_what_is_gone_can_be_withdrawn_all_the_same(surface: SurfaceUnderTest) -> None:
    """The copies say by whom and why; nobody is shown an error, and nothing waits to be sent."""
    post = await published(surface, "anna", NEWS)
    await minutes_pass(surface)
    await surface.delete_by_hand(post)

    form = await surface.press("anna", await picture_of(surface, "anna", "New canteen"), "Withdraw")
    seen = await surface.submit("anna", form.opened, why="It opens in May.")
    await minutes_pass(surface)

    assert "“New canteen” is withdrawn." in seen.told
    assert await surface.in_channel("allmant") == []
    [copy] = await surface.direct("eva")
    assert "Anna has withdrawn this: It opens in May." in copy.text
    assert OutboxState.QUEUED not in await states(surface)
