"""*I am reading along*, in a tip and on Home. Eva gets her tip on Tuesday 9 March 2027."""

from datetime import UTC, date, datetime, timedelta

from bot.context import person_context_for
from bot.events import Reply
from bot.messages import Message, Target, buttons_of
from nudges.reading_along import READING_ALONG_AT_HOME, home_section
from nudges.room import home_sections
from tests.nudges.conftest import Scene
from tests.support import button, words_of

IN_180_DAYS = date(2027, 9, 5)


def shown(reply: Reply) -> Message:
    """Return what takes the place of the pressed message."""
    assert reply.refreshed is not None
    return reply.refreshed


async def at_home(scene: Scene, person: str) -> Message:
    """Return what this room shows a person on Home."""
    async with scene.database.read() as session:
        ctx = person_context_for(session, scene.clock.now(), await scene.workspace(), await scene.member(person))
        return Message("Home", tuple(await home_section(ctx)))


async def test_one_press_in_the_tip(tipped_eva: Scene) -> None:
    """It says until when it holds, and the three answers stay."""
    [tip] = tipped_eva.gateway.said_to("eva")

    after = shown(await tipped_eva.people.press("eva", button(tip, "I am reading along")))

    assert "Reading along is taking part: no tips before 5 September 2027." in words_of(after)
    assert [one.label for one in buttons_of(after.parts)] == ["Thanks, that helped", "Not now", "Do not send me these"]
    assert (await tipped_eva.member("eva")).reading_along_until == IN_180_DAYS


async def test_no_tip_for_180_days(tipped_eva: Scene) -> None:
    """Who reads along is not quiet, though nothing is heard of them; when it is over, they may be."""
    [tip] = tipped_eva.gateway.said_to("eva")
    await tipped_eva.people.press("eva", button(tip, "I am reading along"))

    await tipped_eva.until(datetime(2027, 9, 5, 12, 0, tzinfo=UTC))
    meanwhile = len(tipped_eva.gateway.said_to("eva"))
    await tipped_eva.until(datetime(2027, 10, 5, 12, 0, tzinfo=UTC))

    assert meanwhile == 1
    assert len(tipped_eva.gateway.said_to("eva")) == 2


async def test_somebody_elses_tip(tipped_eva: Scene) -> None:
    """Nobody says so for somebody else."""
    [tip] = tipped_eva.gateway.said_to("eva")

    reply = await tipped_eva.people.press("bo", button(tip, "I am reading along"))

    assert reply.whisper is not None
    assert "was not written to you" in reply.whisper.summary
    for person in ("bo", "eva"):
        assert (await tipped_eva.member(person)).reading_along_until is None


async def test_on_home(scene: Scene) -> None:
    """The same press stands on Home, before any tip; afterwards Home says until when it holds."""
    pressed = button(await at_home(scene, "eva"), "I am reading along")

    reply = await scene.people.press("eva", pressed)
    after = await at_home(scene, "eva")

    assert reply.whisper is not None
    assert "no tips before 30 August 2027" in reply.whisper.summary
    assert "You are reading along, and get no tips before 30 August 2027." in words_of(after)
    assert buttons_of(after.parts) == ()
    assert home_section in home_sections()


async def test_home_is_ones_own(scene: Scene) -> None:
    """The button of somebody else's Home does nothing."""
    reply = await scene.people.act("bo", READING_ALONG_AT_HOME, target=Target(scene.organisation.members["eva"], 1))

    assert reply.whisper is not None
    assert (await scene.member("eva")).reading_along_until is None
    assert (await scene.member("bo")).reading_along_until is None


async def test_when_it_is_over_home_offers_it_again(scene: Scene) -> None:
    """After 180 days one can say so again."""
    await scene.people.press("eva", button(await at_home(scene, "eva"), "I am reading along"))

    scene.clock.move(timedelta(days=180))

    assert [one.label for one in buttons_of((await at_home(scene, "eva")).parts)] == ["I am reading along"]


async def test_nothing_on_home_before_the_notice(scene: Scene) -> None:
    """Before anybody is counted by name, or for who is not counted, there is nothing to say it to."""
    await scene.change("eva", not_counted=True)
    uncounted = await _parts(scene, "eva")
    await scene.change_workspace(notice_given_at=None, rounds_on_at=None)

    assert uncounted == []
    assert await _parts(scene, "bo") == []


async def _parts(scene: Scene, person: str) -> list[object]:
    async with scene.database.read() as session:
        ctx = person_context_for(session, scene.clock.now(), await scene.workspace(), await scene.member(person))
        return list(await home_section(ctx))
