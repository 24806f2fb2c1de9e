"""The all-staff reflex, on every surface: whoever addresses everybody is asked alone whether to announce it instead."""

from datetime import timedelta

from tests.contracts.kept import everything_kept
from tests.contracts.surface import Seen, SurfaceUnderTest
from tests.support import fill_channel

LUNCH = "Lunch is at noon tomorrow"


async def test_one_button_pre_fills_the_announcement(surface: SurfaceUnderTest) -> None:
    """Only the writer sees the offer; one press opens the form, for that channel, and nothing is posted."""
    await fill_channel(surface.database, surface.clock, surface.organisation, 50)

    seen = await surface.write_to_everybody("anna", LUNCH, channel="allmant")
    await surface.settle()

    [offer] = seen.whispers
    assert "This reaches 50 people." in offer.text
    assert offer.buttons == ("Make it an announcement",)
    form = (await surface.press("anna", offer, "Make it an announcement")).opened
    assert form.fields["audience"].value == "#allmant"
    assert await surface.in_channel("allmant") == []
    assert [await surface.direct(name) for name in ("bo", "carl")] == [[], []]


async def test_the_offer_comes_once_in_thirty_days(surface: SurfaceUnderTest) -> None:
    """Whoever was asked is left alone for thirty days, also when the platform tells of the message again."""
    await fill_channel(surface.database, surface.clock, surface.organisation, 50)
    await surface.write_to_everybody("anna", LUNCH, channel="allmant")

    again = await surface.redeliver()
    surface.clock.move(timedelta(days=29))
    soon = await surface.write_to_everybody("anna", LUNCH, channel="allmant")
    surface.clock.move(timedelta(days=1))
    later = await surface.write_to_everybody("anna", LUNCH, channel="allmant")

    assert (again.whispers, soon.whispers) == ((), ())
    assert "This reaches 50 people." in later.told


async def test_a_small_channel_is_left_alone(surface: SurfaceUnderTest) -> None:
    """Below fifty people nobody is asked."""
    await fill_channel(surface.database, surface.clock, surface.organisation, 49)

    assert await surface.write_to_everybody("anna", LUNCH, channel="allmant") == Seen()


async def test_what_does_not_address_everybody_is_left_alone(surface: SurfaceUnderTest) -> None:
    """Words that only look like an address, and what is written as usual, are counted and no more."""
    await fill_channel(surface.database, surface.clock, surface.organisation, 50)
    await surface.write("anna", "write to anna@everyone.example, or &lt;!channel&gt;", channel="allmant")
    await surface.settle()

    assert await surface.direct("anna") == []
    assert "This reaches 50 people." in (await surface.write_to_everybody("anna", LUNCH, channel="allmant")).told


async def test_of_what_was_written_nothing_is_kept(surface: SurfaceUnderTest) -> None:
    """That somebody was asked is known; what they wrote to everybody is not."""
    await fill_channel(surface.database, surface.clock, surface.organisation, 50)

    await surface.write_to_everybody("anna", LUNCH, channel="allmant")
    await surface.settle()

    assert LUNCH not in await everything_kept(surface)
