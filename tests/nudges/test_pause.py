"""*Pause until* a day: nothing unasked-for until then, and nobody is called quiet for it, then or later."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bot.messages import buttons_of
from nudges.quiet import Signs, Watched, quiet_reason
from storage.tables import Away
from tests.nudges.conftest import SUNDAY, TUESDAY_AT_TEN, Scene
from tests.nudges.people import SETTINGS, calendar, somebody
from tests.support import button, words_of

UNTIL = date(2027, 4, 12)


async def pause(scene: Scene, until: date, person: str = "eva") -> None:
    """Let somebody pause until a day, by what `/samlas me` shows."""
    shown = (await scene.people.command(person, "samlas me")).whisper
    assert shown is not None
    form = (await scene.people.press(person, button(shown, "Pause"))).form
    assert form is not None
    reply = await scene.people.send(person, form, until=until.isoformat())
    assert reply.close


async def away(scene: Scene) -> list[tuple[date, date]]:
    """Return the days away that are kept."""
    async with scene.database.read() as session:
        return [(row.first_day, row.last_day) for row in (await session.execute(select(Away))).scalars()]


async def test_nothing_comes_in_a_pause(quiet_eva: Scene) -> None:
    """Eva, who would get a tip on Tuesday, pauses on Sunday: nothing comes, and she is not in the preview."""
    await pause(quiet_eva, UNTIL)

    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=1))
    overview = (await quiet_eva.people.command("greta", "nudges")).whisper

    assert quiet_eva.gateway.said_to("eva") == []
    assert overview is not None
    assert "Eva" not in words_of(overview)


async def test_nobody_is_called_quiet_for_a_pause_afterwards(scene: Scene) -> None:
    """After a pause of five weeks the silence begins to count anew: no tip for her fifteen working days."""
    await scene.everybody_was_here(date(2027, 3, 1))
    await scene.signs("eva", date(2027, 3, 1))
    scene.clock.moment = SUNDAY
    await pause(scene, UNTIL)

    await scene.until(SUNDAY + timedelta(days=50))

    assert scene.gateway.said_to("eva") == []
    assert await away(scene) == [(SUNDAY.date(), UNTIL - timedelta(days=1))]


async def test_what_was_shown_before_a_pause_says_so_after_it(quiet_eva: Scene) -> None:
    """The message from which it was asked for says what does not come, and offers to end the pause, not another."""
    shown = (await quiet_eva.people.command("eva", "samlas me")).whisper
    assert shown is not None
    form = (await quiet_eva.people.press("eva", button(shown, "Pause"))).form
    assert form is not None

    reply = await quiet_eva.people.send("eva", form, until=UNTIL.isoformat())

    assert reply.refreshed is not None
    assert "You have paused: no tips, reminders or digests before" in words_of(reply.refreshed)
    offered = [one.label for one in buttons_of(reply.refreshed.parts)]
    assert "End the pause" in offered
    assert "Pause" not in offered


async def test_a_pause_can_be_ended(quiet_eva: Scene) -> None:
    """Ended early, it is over at once; the days that went by stay days away."""
    await pause(quiet_eva, UNTIL)
    quiet_eva.clock.move(timedelta(days=3))
    shown = (await quiet_eva.people.command("eva", "samlas me")).whisper
    assert shown is not None
    assert "Pause" not in [one.label for one in buttons_of(shown.parts)]

    reply = await quiet_eva.people.press("eva", button(shown, "End the pause"))

    assert reply.refreshed is not None
    assert "Pause" in [one.label for one in buttons_of(reply.refreshed.parts)]
    assert (await quiet_eva.member("eva")).paused_until is None
    assert await away(quiet_eva) == [(SUNDAY.date(), SUNDAY.date() + timedelta(days=2))]


@pytest.mark.parametrize("until", ["2027-03-07", "2020-01-01", "2028-03-09", "x", ""])
async def test_a_day_that_is_no_end(quiet_eva: Scene, until: str) -> None:
    """A day that is none, not after today or more than a year away is refused at the field, and nothing changes."""
    shown = (await quiet_eva.people.command("eva", "samlas me")).whisper
    assert shown is not None
    form = (await quiet_eva.people.press("eva", button(shown, "Pause"))).form
    assert form is not None

    reply = await quiet_eva.people.send("eva", form, until=until)

    assert list(reply.errors) == ["until"]
    assert (await quiet_eva.member("eva")).paused_until is None


async def test_nobody_pauses_for_others(quiet_eva: Scene) -> None:
    """What somebody else opened does nothing for another."""
    shown = (await quiet_eva.people.command("eva", "samlas me")).whisper
    assert shown is not None
    form = (await quiet_eva.people.press("eva", button(shown, "Pause"))).form
    assert form is not None

    await quiet_eva.people.send("bo", form, until=UNTIL.isoformat())
    await quiet_eva.people.press("bo", button(shown, "Pause"))

    assert (await quiet_eva.member("eva")).paused_until is None
    assert (await quiet_eva.member("bo")).paused_until is None


@settings(deadline=None)
@given(
    began=st.integers(1, 150),
    lasted=st.integers(1, 120),
    signs=st.integers(1, 6),
    is_leave=st.booleans(),
)
def test_time_away_is_never_quietness_afterwards(began: int, lasted: int, signs: int, *, is_leave: bool) -> None:
    """Whoever takes part as usual, was on leave or paused however long, and is back as usual, is not called quiet."""
    as_of = date(2027, 6, 18)
    first = as_of - timedelta(days=began)
    last = min(first + timedelta(days=lasted), as_of - timedelta(days=1))
    by_day = {
        day: signs
        for offset in range(400)
        if (day := date(2026, 5, 18) + timedelta(days=offset)) <= as_of
        and day.isoweekday() <= 5
        and not first <= day <= last
    }
    member = somebody(leave_from=first, leave_to=last) if is_leave else somebody()
    when = calendar(leave_from=first, leave_to=last) if is_leave else calendar()
    if not is_leave:
        when = replace(when, away=((first, last),))
    back = Signs(min(by_day), max(by_day), by_day)
    assert quiet_reason(member, when, back, Watched(date(2026, 1, 1)), SETTINGS, as_of) is None
