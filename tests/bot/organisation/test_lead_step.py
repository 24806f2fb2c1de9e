"""A communications lead turns the suggestions to team leads on and off; nobody else does, and not by mistake."""

from bot.forms import Form
from bot.organisation.lead_step import OVERVIEW
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.organisation.test_settings import home_of, settings
from tests.support import button, words_of

__all__ = ["scene"]


async def opened(scene: Scene) -> Form:
    """Open the form from Home."""
    reply = await scene.people.press("greta", button(await home_of(scene, "greta"), "Suggestions to leads"))
    assert reply.form is not None
    return reply.form


async def test_turning_it_on_and_off(scene: Scene) -> None:
    """It says what it means and asks whether it was taken up; invitations from the day after tomorrow tell of it."""
    form = await opened(scene)
    on = await scene.people.send("greta", form, taken_up="yes")
    while_on = await settings(scene)
    off = await scene.people.send("greta", await opened(scene))
    after = await settings(scene)

    assert "It is off: no lead is told anything." in words_of(form)
    assert "unions or the works council" in words_of(form)
    assert on.close
    assert while_on.suggest_to_leads
    assert while_on.suggest_to_leads_from is not None
    assert (while_on.suggest_to_leads_from - scene.clock.now().date()).days == 2
    assert off.whisper is not None
    assert "what was planned is not sent" in off.whisper.summary
    assert (after.suggest_to_leads, after.suggest_to_leads_from) == (False, None)


async def test_not_taken_up(scene: Scene) -> None:
    """Without the tick it stays off, and says at the tick what to do."""
    refused = await scene.people.send("greta", await opened(scene), taken_up="")

    assert list(refused.errors) == ["taken_up"]
    assert not (await settings(scene)).suggest_to_leads


async def test_opened_before_somebody_else_changed_it(scene: Scene) -> None:
    """A form from before a change does nothing."""
    form = await opened(scene)
    await scene.people.send("greta", form, taken_up="yes")
    await scene.people.send("greta", await opened(scene))

    late = await scene.people.send("greta", form, taken_up="yes")

    assert late.form is not None
    assert not (await settings(scene)).suggest_to_leads


async def test_nobody_else(scene: Scene) -> None:
    """Who is no communications lead neither sees it nor turns it on."""
    form = await opened(scene)

    seen = await scene.people.act("anna", OVERVIEW)
    sent = await scene.people.send("anna", form, taken_up="yes")

    assert seen.form is None
    assert sent.whisper is not None
    assert not (await settings(scene)).suggest_to_leads
