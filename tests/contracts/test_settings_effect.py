"""Settings with their effect shown before they are kept, on every surface. Eva has given no sign for two weeks."""

from datetime import UTC, datetime, timedelta

from sqlmodel import select, update

from bot.settings import OrganisationSettings
from storage.tables import Workspace
from tests.contracts.surface import Seen, SeenForm, SurfaceUnderTest

LAST_HEARD_OF = datetime(2027, 3, 4, 12, 0, tzinfo=UTC)
# Eleven working days later.
TODAY = datetime(2027, 3, 20, 12, 0, tzinfo=UTC)


async def kept(surface: SurfaceUnderTest) -> OrganisationSettings:
    """Return the settings as they are."""
    async with surface.database.read() as session:
        row = (await session.execute(select(Workspace))).scalar_one()
    return OrganisationSettings.model_validate(row.settings)


async def opened(surface: SurfaceUnderTest) -> SeenForm:
    """Let greta open the form on a day on which everybody but eva has been here."""
    surface.clock.moment = LAST_HEARD_OF
    await surface.open_home("eva")
    surface.clock.moment = TODAY
    for person in surface.organisation.members:
        if person not in ("eva", "greta"):
            await surface.open_home(person)
    return (await surface.press("greta", await surface.open_home("greta"), "Change settings")).opened


async def with_ten_days(surface: SurfaceUnderTest) -> Seen:
    """Let greta ask for 10 working days instead of 15."""
    return await surface.submit("greta", await opened(surface), quiet_no_sign_working_days="10")


async def test_the_effect_is_shown_before_it_is_kept(surface: SurfaceUnderTest) -> None:
    """In counts; nothing is kept until the form has been sent once more, and then it is."""
    asked = await with_ten_days(surface)
    shown = asked.opened
    before = await kept(surface)

    done = await surface.submit("greta", shown)

    assert "With 10 working days instead of 15: 1 person instead of 0 would get a tip or an invitation." in shown.text
    assert "Eva" not in shown.text
    assert shown.fields["quiet_no_sign_working_days"].value == "10"
    assert before.quiet_no_sign_working_days == 15
    assert done.form is None
    assert (await kept(surface)).quiet_no_sign_working_days == 10


async def test_what_is_changed_once_more_is_shown_once_more(surface: SurfaceUnderTest) -> None:
    """Only what was shown is kept without another look."""
    shown = (await with_ten_days(surface)).opened

    again = (await surface.submit("greta", shown, quiet_no_sign_working_days="20", quiet_fell="")).opened

    assert "“much less than usual” switched off" in again.text
    assert "20 working days instead of 15: 0 people instead of 0" in again.text
    assert (await kept(surface)).quiet_no_sign_working_days == 15


async def test_what_decides_nothing_is_kept_at_once(surface: SurfaceUnderTest) -> None:
    """Another time of the round reaches the same people, and so does everything before the notice."""
    done = await surface.submit("greta", await opened(surface), round_minute="11:00")
    async with surface.database.begin() as session:
        await session.execute(update(Workspace).values(notice_given_at=None))
    surface.clock.move(timedelta(minutes=1))
    home = await surface.open_home("greta")
    form = (await surface.press("greta", home, "Change settings")).opened
    before_the_notice = await surface.submit("greta", form, quiet_no_sign_working_days="10")

    assert done.form is None
    assert before_the_notice.form is None
    assert (await kept(surface)).round_minute == 11 * 60
    assert (await kept(surface)).quiet_no_sign_working_days == 10


async def test_somebody_else_changed_them_meanwhile(surface: SurfaceUnderTest) -> None:
    """An effect that was counted from other settings is not kept over them; the form opens as they stand now."""
    shown = (await with_ten_days(surface)).opened
    surface.clock.move(timedelta(minutes=1))
    other = (await surface.press("greta", await surface.open_home("greta"), "Change settings")).opened
    await surface.submit("greta", other, round_minute="11:00")

    stale = await surface.submit("greta", shown)

    assert "changed since you opened them" in stale.opened.text
    assert stale.opened.fields["quiet_no_sign_working_days"].value == "15"
    assert (await kept(surface)).quiet_no_sign_working_days == 15
