"""*Stop everything*: at any moment, at once, and what was paid comes back. Eva is quiet, and her tip is planned."""

from datetime import timedelta

from sqlmodel import col, update

from bot.messages import Message
from storage.tables import ContactState, Outbox, OutboxState
from tests.databases import database_url
from tests.nudges.conftest import TUESDAY_AT_TEN, Scene
from tests.support import button

__all__ = ["database_url"]


async def stop(scene: Scene) -> Message:
    """Let greta stop everything; returns what she sees then."""
    overview = (await scene.people.command("greta", "nudges")).whisper
    assert overview is not None
    shown = (await scene.people.press("greta", button(overview, "Stop everything"))).refreshed
    assert shown is not None
    return shown


async def test_what_waits_is_dropped_and_given_back_with_the_press(quiet_eva: Scene) -> None:
    """Before its turn comes: no tick and no sender is needed for that."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=1))

    await stop(quiet_eva)

    assert [contact.state for contact in await quiet_eva.contacts()] == [ContactState.GIVEN_BACK]
    assert [row.state for row in await quiet_eva.outbox()] == [OutboxState.DROPPED]


async def test_what_is_on_its_way_is_paid_as_it_arrives(quiet_eva: Scene) -> None:
    """What the platform has been asked to say cannot be called back, and is not given back as if it had been."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=1))
    async with quiet_eva.database.begin() as session:
        await session.execute(update(Outbox).where(col(Outbox.message) != "").values(state=OutboxState.SENDING))

    await stop(quiet_eva)

    assert [contact.state for contact in await quiet_eva.contacts()] == [ContactState.PLANNED]


async def test_what_is_stopped_says_nothing_when_it_is_let_go_again(quiet_eva: Scene) -> None:
    """Letting reminders go out again brings back no tip that was planned before."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(hours=1))
    stopped = await stop(quiet_eva)

    await quiet_eva.people.press("greta", button(stopped, "Let reminders and digests go out again"))
    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=7))

    assert (await quiet_eva.workspace()).stopped_at is None
    assert quiet_eva.gateway.standing == {}
