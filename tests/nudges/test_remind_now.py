"""*Remind now*, on the picture of an announcement that anna published at noon, UTC, of Wednesday 3 March 2027."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendars import calendar_of
from bot.events import Reply
from bot.messages import Message, buttons_of
from bot.texts import Voice
from nudges.remind_now import When, reach_in_words, reached
from storage.tables import AnnouncementState, MemberState
from tests.nudges.announcing import change_announcement, published, reminders
from tests.nudges.conftest import RECENTLY, Scene
from tests.nudges.people import SETTINGS, somebody
from tests.support import button, words_of

MINUTE = timedelta(minutes=1)
NOW = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)


@pytest.fixture
async def asked(scene: Scene) -> Scene:
    """Return the organisation, in which nobody is quiet, when everybody is asked to confirm."""
    await scene.everybody_was_here(RECENTLY)
    await scene.signs("eva", RECENTLY)
    # This week's round and digests, of which there are none.
    await scene.tick()
    await published(scene)
    return scene


def picture(scene: Scene) -> Message:
    """Return anna's card."""
    return next(said for said in scene.gateway.said_to("anna") if "is reaching people" in words_of(said))


async def remind_now(scene: Scene, person: str = "anna") -> str:
    """Let somebody press it, and return what they are told."""
    return whispered(await scene.people.press(person, button(picture(scene), "Remind now")))


def whispered(reply: Reply) -> str:
    """Return what only the presser sees."""
    assert reply.whisper is not None
    return reply.whisper.summary


async def test_it_says_whom_it_reaches_and_reaches_them(asked: Scene) -> None:
    """Three kinds of people, in counts: now, when they are at work next, and later for the budget's sake."""
    await asked.contacted_on(date(2027, 3, 1), "eva")
    await asked.contacted_on(date(2027, 3, 2), "bo")
    await asked.change("farid", zone="America/New_York")

    told = await remind_now(asked)
    await asked.tick()
    at_once = [person for person in asked.organisation.members if reminders(asked, person)]
    await asked.until(NOW + timedelta(hours=3))
    that_day = [person for person in asked.organisation.members if reminders(asked, person)]

    assert told == (
        "4 people are reminded now. 1 person is reminded when they are at work next."
        " 2 people are reminded later, because they get something from us this week already."
        " Whoever wants no reminders or is away for long gets none."
    )
    assert at_once == ["carl", "cecilia", "david", "greta"]
    assert that_day == ["carl", "cecilia", "david", "farid", "greta"]


async def test_later_comes(asked: Scene) -> None:
    """Whose budget had no room gets it when there is room again, and not before."""
    await asked.contacted_on(date(2027, 3, 3), "eva")
    await remind_now(asked)

    await asked.until(datetime(2027, 3, 10, 8, 59, tzinfo=UTC))
    before = len(reminders(asked, "eva"))
    await asked.until(datetime(2027, 3, 10, 9, 0, tzinfo=UTC))

    assert (before, len(reminders(asked, "eva"))) == (0, 1)


async def test_once_a_day(asked: Scene) -> None:
    """A second press that day explains itself; the day after, nobody has room in their budget yet."""
    await remind_now(asked)
    await asked.tick()

    again = await remind_now(asked)
    asked.clock.move(timedelta(days=1))
    next_day = await remind_now(asked)
    await asked.tick()

    assert "It can be done once a day" in again
    assert next_day.startswith("7 people are reminded later, because they get something from us this week already.")
    assert len(reminders(asked, "eva")) == 1


async def test_only_its_author(asked: Scene) -> None:
    """Nobody else has people reminded, wherever they have the button from."""
    assert await remind_now(asked, "bo") == "Only its author can have people reminded of it."


async def test_only_where_readers_are_asked_to_confirm(scene: Scene) -> None:
    """Without that nothing is overdue, and there is nothing to press."""
    await published(scene, confirm="")

    assert "Remind now" not in [one.label for one in buttons_of(picture(scene).parts)]


async def test_not_for_what_does_not_stand_any_more(asked: Scene) -> None:
    """A card that was left open does nothing for an announcement that is not out any more."""
    await change_announcement(asked, state=AnnouncementState.WITHDRAWN)

    assert await remind_now(asked) == "This announcement is not there any more."


async def test_not_when_everything_is_stopped(asked: Scene) -> None:
    """Where a communications lead has stopped everything, the author is told so."""
    await asked.change_workspace(rounds_on_at=None, stopped_at=asked.clock.now())

    assert await remind_now(asked) == "The communications leads have stopped all reminders for now."


async def test_who_wants_none_is_neither_counted_nor_reminded(asked: Scene) -> None:
    """*Do not send me these* and *Not now* hold for what an author asks for too, and are not told to them."""
    await asked.change("eva", nudges_off=True)
    await asked.change("bo", nudges_snoozed_until=date(2027, 4, 1))

    told = await remind_now(asked)
    await asked.until(NOW + timedelta(days=2))

    assert told == "5 people are reminded now. Whoever wants no reminders or is away for long gets none."
    assert reminders(asked, "eva") == reminders(asked, "bo") == []


async def test_among_few_nothing_is_counted(scene: Scene) -> None:
    """Where counts would tell about persons, the author learns only that it is done."""
    for person in ("carl", "cecilia", "david", "farid"):
        await scene.change(person, state=MemberState.LEFT)
    await published(scene)

    assert await remind_now(scene) == "Whoever has not read it is reminded, as soon as it suits them."


async def test_it_joins_what_waits_already(asked: Scene) -> None:
    """Who is to get something later this week gets one message with both."""
    await asked.until(datetime(2027, 3, 7, 12, 0, tzinfo=UTC))
    await asked.tick()

    told = await remind_now(asked)
    await asked.until(datetime(2027, 3, 8, 9, 0, tzinfo=UTC))

    assert told.startswith("7 people are reminded later, because they get something from us this week already.")
    assert len(reminders(asked, "eva")) == 1
    assert words_of(reminders(asked, "eva")[0]).count("New canteen") == 1


async def test_a_large_audience_is_gone_through_in_pages(asked: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page of people in each transaction, all of them within one tick, and each of them once."""
    monkeypatch.setattr("nudges.remind_now.PAGE", 3)
    await remind_now(asked)

    await asked.tick()

    assert len(await asked.contacts()) == 7


@pytest.mark.parametrize("language", ["en", "sv"])
def test_nobody_to_remind(language: str) -> None:
    """Where it reaches nobody, it says so and names no number."""
    said = reach_in_words({}, Voice(language))

    assert said
    assert not any(sign.isdigit() for sign in said)


@given(
    paid=st.lists(st.dates(date(2027, 2, 1), date(2027, 3, 31)), max_size=5),
    moment=st.datetimes(datetime(2027, 3, 1), datetime(2027, 3, 20), timezones=st.just(UTC)),  # noqa: DTZ001 - the zone is hypothesis's to set
    zone=st.sampled_from(["Europe/Stockholm", "America/New_York", "Pacific/Kiritimati"]),
)
def test_whenever_it_reaches_somebody_they_are_at_work(paid: list[date], moment: datetime, zone: str) -> None:
    """Whatever was paid before and whenever it is asked for, the moment is theirs, and never in the past."""
    calendar = calendar_of(somebody(zone=zone), SETTINGS)

    found = reached(somebody(zone=zone), calendar, paid, SETTINGS, moment)

    if found is not None:
        when, slot = found
        assert slot >= moment
        assert calendar.is_working_at(slot)
        assert (when is When.NOW) is (slot == moment)
        assert all(abs(calendar.local_day(slot) - day) >= timedelta(days=7) for day in paid)
