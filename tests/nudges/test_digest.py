"""The digest. Anna publishes at noon, UTC, of Wednesday 3 March 2027; digests come on Tuesdays at ten."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import Message
from nudges.told_in_digest import LOOKS_BACK, days_told
from storage.tables import AnnouncementState
from tests.nudges.announcing import change_announcement, published
from tests.nudges.conftest import RECENTLY, TUESDAY_AT_TEN, Scene
from tests.support import button, words_of

WEEK = timedelta(days=7)
MINUTE = timedelta(minutes=1)


@pytest.fixture
async def lively(scene: Scene) -> Scene:
    """Return the organisation, in which nobody is quiet."""
    await scene.everybody_was_here(RECENTLY)
    await scene.signs("eva", RECENTLY)
    # This week's round and digests, of which there are none.
    await scene.tick()
    return scene


def digests(scene: Scene, person: str) -> list[Message]:
    """Return the messages to a person in which there is a digest."""
    return [said for said in scene.gateway.said_to(person) if "may be new to you:" in words_of(said)]


async def test_once_a_week_at_ten(lively: Scene) -> None:
    """On the Tuesday after, to everybody who has not read it and nobody before; who wrote it gets none."""
    await published(lively, confirm="")

    await lively.until(TUESDAY_AT_TEN - MINUTE)
    before = [person for person in lively.organisation.members if digests(lively, person)]
    await lively.until(TUESDAY_AT_TEN)

    assert before == []
    assert [person for person in lively.organisation.members if digests(lively, person)] == [
        "bo",
        "carl",
        "cecilia",
        "david",
        "eva",
        "farid",
        "greta",
    ]
    assert "New canteen" in words_of(digests(lively, "eva")[0])
    assert "Anna, 3 March 2027" in words_of(digests(lively, "eva")[0])


async def test_nothing_is_told_twice(lively: Scene) -> None:
    """The next digest names only what came since; and without anything new there is none."""
    await published(lively, confirm="")
    await lively.until(TUESDAY_AT_TEN + timedelta(hours=1))
    await published(lively, confirm="", title="New bicycles")

    await lively.until(TUESDAY_AT_TEN + WEEK)
    await lively.signs("eva", date(2027, 3, 16))
    second = digests(lively, "eva")[-1]
    await lively.until(TUESDAY_AT_TEN + 3 * WEEK)

    assert len(digests(lively, "eva")) == 2
    assert "New bicycles" in words_of(second)
    assert "New canteen" not in words_of(second)


async def test_never_empty(lively: Scene) -> None:
    """Who has read it in the last minute gets nothing, and pays nothing; nor is there one about what was withdrawn."""
    await published(lively, confirm="")
    await lively.until(TUESDAY_AT_TEN - MINUTE)
    await lively.people.press("eva", button(lively.gateway.said_to("eva")[0], "I have read this"))
    await lively.until(TUESDAY_AT_TEN)
    to_eva = digests(lively, "eva")

    await published(lively, confirm="", title="New bicycles")
    await change_announcement(lively, announcement_id=2, state=AnnouncementState.WITHDRAWN)
    await lively.until(TUESDAY_AT_TEN + WEEK)

    assert to_eva == digests(lively, "eva") == []
    assert len(digests(lively, "bo")) == 1


async def test_the_most_relevant_first(lively: Scene) -> None:
    """What is for one's own team, then decisions, then the newest; five of them, and how many more there are."""
    for number in range(5):
        await published(lively, confirm="", title=f"News {number}")
        lively.clock.move(MINUTE)
    await published(lively, confirm="", title="We move")
    await change_announcement(lively, announcement_id=6, kind="decision")
    lively.clock.move(MINUTE)
    await published(lively, confirm="", title="News 5")
    team = f"home_team:{lively.organisation.team_id}"
    await change_announcement(lively, announcement_id=1, audience_kind="home_team", audience_id=1)

    await lively.until(TUESDAY_AT_TEN)

    said = words_of(digests(lively, "eva")[0])
    named = ["News 0", "We move", "News 5", "News 4", "News 3"]
    assert team == "home_team:1"
    assert sorted(named, key=said.index) == named
    assert "News 2" not in said
    assert "And 2 more: write /news." in said


async def test_in_one_message_with_the_tip(scene: Scene) -> None:
    """Who is quiet and has something to read gets one message, the announcements first."""
    await scene.everybody_was_here(RECENTLY)
    await published(scene, confirm="")
    await change_announcement(scene, published_at=scene.clock.now() - timedelta(days=4))

    await scene.until(TUESDAY_AT_TEN)

    [_, both] = scene.gateway.said_to("eva")
    assert words_of(both).index("New canteen") < words_of(both).index("It has been a while")
    assert len(await scene.contacts("eva")) == 1


async def test_in_one_message_with_a_reminder(lively: Scene) -> None:
    """What the same message asks to confirm is not named once more."""
    lively.clock.moment = datetime(2027, 3, 5, 12, 0, tzinfo=UTC)
    await published(lively, confirm="", title="New bicycles")
    lively.clock.moment = datetime(2027, 3, 6, 12, 0, tzinfo=UTC)
    await published(lively)

    await lively.until(TUESDAY_AT_TEN)

    both = lively.gateway.said_to("eva")[-1]
    assert both.summary == "A reminder: “New canteen”"
    assert "New bicycles" in words_of(both)
    assert words_of(both).count("“New canteen”") == 1
    assert "News" not in words_of(digests(lively, "eva")[0])


@pytest.mark.parametrize("values", [{"nudges_off": True}, {"nudges_snoozed_until": date(2027, 4, 20)}])
async def test_who_wants_none_gets_none(lively: Scene, values: dict[str, object]) -> None:
    """*Do not send me these* and *Not now* hold for the digest too."""
    await published(lively, confirm="")
    await lively.change("eva", **values)

    await lively.until(TUESDAY_AT_TEN)

    assert digests(lively, "eva") == []


async def test_stop_everything_stops_digests(lively: Scene) -> None:
    """When a communications lead has stopped everything, there are none."""
    await published(lively, confirm="")
    await lively.change_workspace(rounds_on_at=None, stopped_at=lively.clock.now())

    await lively.until(TUESDAY_AT_TEN)

    assert digests(lively, "eva") == []


def test_what_is_fresh_is_not_told_again() -> None:
    """What was published the day before, or the same day, has just come by itself and is left for the next digest."""
    day = date(2027, 3, 9)

    _, before = days_told(day, [])

    assert before == date(2027, 3, 7)


@given(st.lists(st.dates(date(2027, 1, 1), date(2027, 12, 31)), min_size=1, unique=True))
def test_every_day_is_told_once(days: list[date]) -> None:
    """Over any row of digests, no day's announcements are told in two, and only those too old are told in none."""
    days.sort()
    spans = [days_told(day, days) for day in days]

    for (first, before), (following, _) in pairwise(spans):
        assert first < before <= following
    assert all(before - first <= LOOKS_BACK for first, before in spans)
