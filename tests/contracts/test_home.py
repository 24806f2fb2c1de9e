"""Home on every surface: one's own participation, and for communications leads the settings, which can be changed."""

from datetime import timedelta

from sqlmodel import select

from bot.settings import OrganisationSettings
from storage.tables import Workspace
from tests.contracts.surface import SeenMessage, SurfaceUnderTest


async def as_it_stands(surface: SurfaceUnderTest, person: str, home: SeenMessage) -> SeenMessage:
    """Return the Home that a person has open, a moment later."""
    await surface.settle()
    surface.clock.move(timedelta(seconds=1))
    found = await surface.as_it_stands(person, home)
    assert found is not None
    return found


async def kept(surface: SurfaceUnderTest) -> OrganisationSettings:
    """Return the settings as they are."""
    async with surface.database.read() as session:
        row = (await session.execute(select(Workspace))).scalar_one()
    return OrganisationSettings.model_validate(row.settings)


async def test_a_member_chooses_on_home(surface: SurfaceUnderTest) -> None:
    """Everybody sees their own participation there; what they press shows on the Home they have open."""
    home = await surface.open_home("bo")
    assert "Your participation" in home.text
    assert "Settings" not in home.text

    await surface.press("bo", home, "Do not count me")
    uncounted = await as_it_stands(surface, "bo", home)
    await surface.press("bo", uncounted, "Count me again")
    again = await as_it_stands(surface, "bo", uncounted)

    assert "You are not counted" in uncounted.text
    assert "Do not count me" in again.buttons


async def test_samlas_me(surface: SurfaceUnderTest) -> None:
    """A whisper with the same, whose buttons change it where it stands."""
    [said] = (await surface.command("bo", "samlas", "me", channel="allmant")).whispers
    assert "Your participation" in said.text

    await surface.press("bo", said, "No tips or reminders for me")

    after = await surface.as_it_stands("bo", said)
    assert after is not None
    assert "You get no tips, reminders or digests." in after.text


async def test_the_settings_form(surface: SurfaceUnderTest) -> None:
    """It opens with what is set and comes back as it was; a wrong value is said at its field, a right one is kept."""
    home = await surface.open_home("greta")
    opened = await surface.press("greta", home, "Change settings")
    before = await kept(surface)
    assert opened.opened.fields["zone"].value == "Europe/Stockholm"
    assert opened.opened.fields["announcement_channel"].value == "#allmant"

    refused = await surface.submit("greta", opened.opened, zone="Sweden", round_weekday="Thursday")
    assert refused.errors["zone"].startswith("No time zone has this name.")
    assert await kept(surface) == before

    done = await surface.submit("greta", refused.opened, zone="Europe/Oslo")
    shown = await as_it_stands(surface, "greta", home)

    assert done.form is None
    assert await kept(surface) == before.model_copy(update={"zone": "Europe/Oslo", "round_weekday": 4})
    assert "Europe/Oslo" in shown.text
    assert "Thursday at 10:00" in shown.text


async def test_naming_a_communications_lead(surface: SurfaceUnderTest) -> None:
    """A lead names another from Home, who then has the settings on theirs, and is let go again."""
    home = await surface.open_home("greta")
    opened = await surface.press("greta", home, "Communications leads")

    named = await surface.submit("greta", opened.opened, who="anna")
    lead = await surface.open_home("anna")
    stale = await surface.press("anna", lead, "Communications leads")

    assert "Anna" in named.opened.text
    assert "Change settings" in lead.buttons
    assert stale.opened.buttons.count("Remove") >= 1
