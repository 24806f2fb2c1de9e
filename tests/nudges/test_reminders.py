"""Reminders of what readers are asked to confirm. Anna publishes at noon, UTC, of Wednesday 3 March 2027, to everyone.

Day three is a Saturday, so that the reminder comes on Monday at ten; so is day ten.
"""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.calendars import Calendar, calendar_of
from bot.events import Event, Place
from bot.intake import REACTED_TO_US, REPLIED_TO_US
from bot.messages import Link, buttons_of
from nudges.reminders import Nth, next_reminder
from storage.tables import AnnouncementState, ContactState
from tests.nudges.announcing import change_announcement, published, reminders
from tests.nudges.conftest import RECENTLY, Scene
from tests.nudges.people import SETTINGS, somebody
from tests.support import KEY, button, words_of

MONDAY_AT_TEN = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def asked(scene: Scene) -> Scene:
    """Return the organisation, in which nobody is quiet, when everybody is asked to confirm."""
    await scene.everybody_was_here(RECENTLY)
    await scene.signs("eva", RECENTLY)
    # This week's round and digests, of which there are none.
    await scene.tick()
    await published(scene)
    return scene


def reminded(scene: Scene) -> list[str]:
    """Return who has got a reminder."""
    return [person for person in scene.organisation.members if reminders(scene, person)]


async def test_on_day_three_in_working_hours(asked: Scene) -> None:
    """Everybody it is for and nobody before: on the first working day from day three on, at ten where they are."""
    await asked.until(MONDAY_AT_TEN - MINUTE)
    before = reminded(asked)

    await asked.until(MONDAY_AT_TEN)

    assert before == []
    assert reminded(asked) == ["bo", "carl", "cecilia", "david", "eva", "farid", "greta"]


async def test_what_a_reminder_says(asked: Scene) -> None:
    """Who asks for what and why one gets it, the way there, *I have read this*, and how to say no."""
    await asked.until(MONDAY_AT_TEN)

    [reminder] = reminders(asked, "eva")
    assert "Anna asks you to confirm that you have read “New canteen”, from 3 March 2027" in words_of(reminder)
    post = next(key for key, said in asked.gateway.standing.items() if said.to.channel == "allmant")
    assert [part.url for part in reminder.parts if isinstance(part, Link)] == [f"https://chat.example/{post}"]
    assert [one.label for one in buttons_of(reminder.parts)] == [
        "I have read this",
        "Thanks, that helped",
        "Not now",
        "Do not send me these",
    ]


async def test_at_most_two(asked: Scene) -> None:
    """The second comes a week after the first, from day ten on, and no third, however long it stays unread."""
    await asked.until(MONDAY_AT_TEN + WEEK - MINUTE)
    first = len(reminders(asked, "eva"))
    await asked.until(MONDAY_AT_TEN + WEEK)
    second = len(reminders(asked, "eva"))

    for day in range(10):
        await asked.signs("eva", date(2027, 3, 16) + timedelta(days=day))
    await asked.until(MONDAY_AT_TEN + 6 * WEEK)

    assert (first, second) == (1, 2)
    assert len(reminders(asked, "eva")) == 2


async def test_without_confirm_nobody_is_reminded(scene: Scene) -> None:
    """Where nobody was asked to confirm, nothing is overdue."""
    await published(scene, confirm="")

    await scene.until(MONDAY_AT_TEN + 2 * WEEK)

    assert reminded(scene) == []


async def test_a_sign_of_reading_stops_it(asked: Scene) -> None:
    """Who has pressed, replied or reacted by the last minute gets no reminder, and it costs them nothing."""
    await asked.until(MONDAY_AT_TEN - MINUTE)
    copy = asked.gateway.said_to("eva")[0]
    post = next(key for key, said in asked.gateway.standing.items() if said.to.channel == "allmant")

    await asked.people.press("eva", button(copy, "I have read this"))
    for person, action, place in (
        ("bo", REPLIED_TO_US, Place("allmant", thread=post)),
        ("carl", REACTED_TO_US, Place("allmant", message=post)),
    ):
        await asked.people.dispatcher.handle(Event(action, KEY, person, f"{person} answers", MONDAY_AT_TEN, place))
    await asked.until(MONDAY_AT_TEN)

    assert reminded(asked) == ["cecilia", "david", "farid", "greta"]
    assert [contact.state for contact in await asked.contacts("eva")] == [ContactState.GIVEN_BACK]


async def test_what_was_withdrawn_is_not_reminded_of(asked: Scene) -> None:
    """Nothing is said about an announcement that was withdrawn, also where that was planned."""
    await asked.until(MONDAY_AT_TEN - MINUTE)

    await change_announcement(asked, state=AnnouncementState.WITHDRAWN)
    await asked.until(MONDAY_AT_TEN + 2 * WEEK)

    assert reminded(asked) == []


@pytest.mark.parametrize("values", [{"nudges_off": True}, {"nudges_snoozed_until": date(2027, 4, 20)}])
async def test_who_wants_none_gets_none(asked: Scene, values: dict[str, object]) -> None:
    """*Do not send me these* and *Not now* hold for reminders too."""
    await asked.change("eva", **values)

    await asked.until(MONDAY_AT_TEN + WEEK)

    assert reminders(asked, "eva") == []
    assert len(reminders(asked, "bo")) == 2


async def test_after_a_leave(asked: Scene) -> None:
    """Who was away on both days is reminded once, when they are back."""
    await asked.change("eva", leave_from=date(2027, 3, 5), leave_to=date(2027, 3, 16))

    await asked.until(datetime(2027, 3, 17, 8, 59, tzinfo=UTC))
    away = len(reminders(asked, "eva"))
    await asked.until(datetime(2027, 3, 17, 9, 0, tzinfo=UTC))
    await asked.until(MONDAY_AT_TEN + 4 * WEEK)

    assert away == 0
    assert len(reminders(asked, "eva")) == 1


async def test_a_tip_joins_the_reminder(scene: Scene) -> None:
    """What is due on Tuesday waits for a reminder that is due later that week: one message, the reminder first."""
    await scene.everybody_was_here(RECENTLY)
    scene.clock.moment = datetime(2027, 3, 8, 11, 0, tzinfo=UTC)
    await scene.tick()
    await published(scene)

    await scene.until(datetime(2027, 3, 11, 8, 59, tzinfo=UTC))
    before = len(scene.gateway.said_to("eva"))
    await scene.until(datetime(2027, 3, 11, 9, 0, tzinfo=UTC))

    [_, both] = scene.gateway.said_to("eva")
    assert before == 1
    assert both.summary == "A reminder: “New canteen”"
    assert "It has been a while" in words_of(both)
    assert [contact.local_date for contact in await scene.contacts("eva")] == [date(2027, 3, 11)]


async def test_reminders_need_no_rounds(asked: Scene) -> None:
    """Where nobody has said go yet, what an author asks for is asked again all the same; tips are not sent."""
    await asked.change_workspace(notice_given_at=None, rounds_on_at=None)

    await asked.until(MONDAY_AT_TEN + timedelta(days=2))

    assert len(reminders(asked, "eva")) == 1
    assert "It has been a while" not in words_of(reminders(asked, "eva")[0])


async def test_stop_everything_stops_reminders(asked: Scene) -> None:
    """When a communications lead has stopped everything, nobody is reminded either, what is planned included."""
    await asked.until(MONDAY_AT_TEN - MINUTE)

    await asked.change_workspace(rounds_on_at=None, stopped_at=asked.clock.now())
    await asked.until(MONDAY_AT_TEN + WEEK)

    assert reminded(asked) == []


async def test_i_have_read_this_under_the_reminder(asked: Scene) -> None:
    """It counts as under the announcement, can be taken back, and the message keeps its three answers."""
    await asked.until(MONDAY_AT_TEN)
    [reminder] = reminders(asked, "eva")

    reply = await asked.people.press("eva", button(reminder, "I have read this"))

    assert reply.refreshed is not None
    assert reply.whisper is not None
    assert "You have read “New canteen”. Thank you." in words_of(reply.refreshed)
    assert [one.label for one in buttons_of(reply.refreshed.parts)] == [
        "Thanks, that helped",
        "Not now",
        "Do not send me these",
    ]
    assert [one.label for one in buttons_of(reply.whisper.parts)] == ["Undo"]
    await asked.until(MONDAY_AT_TEN + WEEK)
    assert len(reminders(asked, "eva")) == 1
    assert "You have read this" in words_of(asked.gateway.said_to("eva")[0])


async def test_nobody_confirms_for_somebody_else(asked: Scene) -> None:
    """The button under eva's reminder does nothing for bo."""
    await asked.until(MONDAY_AT_TEN)
    [reminder] = reminders(asked, "eva")

    reply = await asked.people.press("bo", button(reminder, "I have read this"))
    await asked.until(MONDAY_AT_TEN + WEEK)

    assert reply.whisper is not None
    assert "was not written to you" in reply.whisper.summary
    assert len(reminders(asked, "bo")) == len(reminders(asked, "eva")) == 2


async def test_a_large_audience_is_gone_through_in_pages(asked: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each transaction deals with a page of people, a tick with all of them, and everybody is reminded once."""
    monkeypatch.setattr("nudges.reminders.PAGE", 3)
    asked.clock.moment = MONDAY_AT_TEN - timedelta(hours=20)
    await asked.tick()
    planned = len(await asked.contacts())

    await asked.until(MONDAY_AT_TEN)

    assert planned == 7
    assert all(len(reminders(asked, person)) == 1 for person in asked.organisation.members if person != "anna")


def calendar(**values: object) -> Calendar:
    """Return the calendar of a member in Stockholm."""
    return calendar_of(somebody(zone="Europe/Stockholm", **values), SETTINGS)


def due_on(published_on: date, first: date, *said: str, **values: object) -> tuple[Nth, date] | None:
    """Return which reminder is due from a day to the end of its week, and when."""
    midnight = datetime.combine(first, datetime.min.time(), UTC)
    found = next_reminder(published_on, said, calendar(**values), 600, first, midnight)
    return None if found is None else (found[0], found[1].date())


def test_the_first_gives_way_to_the_second() -> None:
    """From day ten on only the second is left, also for who has not had the first."""
    monday = date(2027, 3, 1)

    assert due_on(monday, date(2027, 3, 1)) == (Nth.FIRST, date(2027, 3, 4))
    assert due_on(monday, date(2027, 3, 10), Nth.FIRST) == (Nth.SECOND, date(2027, 3, 11))
    assert due_on(monday, date(2027, 3, 11)) == (Nth.SECOND, date(2027, 3, 11))
    assert due_on(monday, date(2027, 3, 11), Nth.SECOND) is None
    assert due_on(monday, date(2027, 4, 1)) is None


def test_never_on_a_public_holiday() -> None:
    """Day three on Good Friday waits until after Easter."""
    assert due_on(date(2027, 3, 23), date(2027, 3, 26)) is None
    assert due_on(date(2027, 3, 23), date(2027, 3, 29)) == (Nth.FIRST, date(2027, 3, 30))
