"""A button is never trusted: stale, forged or somebody else's, it explains; what is delivered twice acts once."""

import pytest

from bot.events import Reply
from bot.forms import TextField
from bot.messages import Buttons, Target, Words
from tests.contracts.announcing import DECISION, NEWS, preview
from tests.contracts.kept import everything_kept
from tests.contracts.showroom import COMMAND, GONE, PRESSED, SENT, Showroom, form, press_me
from tests.contracts.surface import Seen, SurfaceUnderTest

PRESS = Buttons((press_me(),))
TITLE = TextField("title", "Title", "New canteen")


def explained(seen: Seen) -> str:
    """Return all the sentences that somebody is told."""
    return " ".join([*seen.errors.values(), seen.told])


async def test_the_same_event_twice_acts_once(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """A command, a press, a form and a button in it: what is delivered again is known, and a new one is new."""
    showroom.reply = Reply(form=form(TITLE, PRESS))
    first = await surface.command("anna", COMMAND)
    await surface.redeliver()
    await surface.press("anna", first.opened, "Press me")
    await surface.redeliver()
    await surface.submit("anna", first.opened)
    await surface.redeliver()
    sent = await showroom.send(surface, Words("Well?"), PRESS)
    await surface.press("anna", sent, "Press me")
    await surface.redeliver()
    await surface.press("anna", sent, "Press me")
    await surface.redeliver()

    assert [event.action for event in showroom.events] == [COMMAND, PRESSED, SENT, PRESSED, PRESSED]


async def test_publishing_that_is_delivered_twice_publishes_once(surface: SurfaceUnderTest) -> None:
    """Nothing is said twice because an acknowledgement got lost."""
    shown = await preview(surface, "anna", NEWS)

    await surface.press("anna", shown, "Publish")
    await surface.redeliver()
    await surface.settle()

    assert len(await surface.in_channel("allmant")) == 1
    assert len(await surface.direct("eva")) == 1


async def test_a_stale_button_explains_and_changes_nothing(surface: SurfaceUnderTest) -> None:
    """A preview that was left open does not publish what has been rewritten since."""
    old = await preview(surface, "anna", NEWS)
    step = await surface.press("anna", old, "Edit")
    await surface.submit("anna", step.opened, text="It opens on Tuesday.")
    before = await everything_kept(surface)

    stale = await surface.press("anna", old, "Publish")

    assert "changed since" in explained(stale)
    assert await everything_kept(surface) == before


async def test_a_used_button_explains_and_changes_nothing(surface: SurfaceUnderTest) -> None:
    """*Publish*, pressed again where it still stands, says that it is done."""
    shown = await preview(surface, "anna", NEWS)
    await surface.press("anna", shown, "Publish")
    before = await everything_kept(surface)

    again = await surface.press("anna", shown, "Publish")

    assert "already published" in explained(again)
    assert await everything_kept(surface) == before


async def test_a_foreign_button_explains_and_changes_nothing(surface: SurfaceUnderTest) -> None:
    """Nobody answers for the management group from a card that is somebody else's."""
    shown = await preview(surface, "anna", DECISION, decision="We move", decider="Anna")
    await surface.press("anna", shown, "Ask the management group first")
    await surface.settle()
    [card] = await surface.direct("carl")
    before = await everything_kept(surface)

    foreign = await surface.press("bo", card, "Anchored")

    assert explained(foreign)
    assert await everything_kept(surface) == before


@pytest.mark.parametrize("target", [Target(999_999, 1), Target(-1, 0)], ids=["nothing there", "no row at all"])
async def test_a_forged_button_explains_and_changes_nothing(surface: SurfaceUnderTest, target: Target) -> None:
    """A target that somebody has made up is about nothing."""
    shown = await preview(surface, "anna", NEWS)
    await surface.press("anna", shown, "Publish")
    await surface.settle()
    [copy] = await surface.direct("eva")
    before = await everything_kept(surface)

    forged = await surface.press_made_up("eva", copy, "I have read this", target)

    assert explained(forged)
    assert await everything_kept(surface) == before


async def test_a_button_that_no_room_knows_any_more_explains(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """A message from an older Samlas says so when it is pressed."""
    sent = await showroom.send(surface, Words("Well?"), Buttons((press_me(action=GONE),)))

    seen = await surface.press("anna", sent, "Press me")

    assert "older version of Samlas" in seen.told
