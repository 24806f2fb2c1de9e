"""An announcement goes out at its time, in its author's own zone, whatever happens before."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select, update

from bot import room
from bot.announcements import home_post
from bot.context import Spoken
from bot.events import OPENED_HOME, Reply
from bot.messages import Message
from bot.sender import Sender
from nudges.schedule import run_due
from storage.database import Database, Session
from storage.tables import Announcement, AnnouncementStep, Channel, Member, MemberState, Outbox
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import DECISION, NEWS, form_of, preview
from tests.bot.announcements.test_changes import labels, states
from tests.support import button, words_of

FRIDAY = {"day": "2027-03-05", "time": "09:30"}
FRIDAY_UTC = datetime(2027, 3, 5, 8, 30, tzinfo=UTC)


async def schedule(scene: Scene, **values: str) -> Reply:
    """Write news that goes out on Friday, and let go of it."""
    form = await preview(scene, "anna", {**NEWS, **FRIDAY, **values})
    reply = await scene.people.press("anna", button(form, "Schedule"))
    await scene.tick()
    return reply


async def steps(scene: Scene) -> Sequence[tuple[str, str, int | None]]:
    """Return every step that was kept."""
    async with scene.database.read() as session:
        found = (await session.execute(select(AnnouncementStep).order_by(col(AnnouncementStep.id)))).scalars().all()
    return [(step.from_state, step.to_state, step.by_member_id) for step in found]


async def set_state(scene: Scene, person: str, state: MemberState) -> None:
    """Let the platform have told of a person, or not."""
    async with scene.database.begin() as session:
        await session.execute(update(Member).where(col(Member.external_id) == person).values(state=state))


async def stands_at(scene: Scene, moment: datetime) -> list[Message]:
    """Return what stands in the channel at a moment."""
    scene.clock.move(moment - scene.clock.now())
    await scene.tick()
    return scene.gateway.said_in("allmant")


def told(scene: Scene, person: str = "anna") -> str:
    """Return everything a person was told, as one text to look in."""
    return " ".join(words_of(said) for said in scene.gateway.said_to(person))


@pytest.mark.parametrize("time", [{}, FRIDAY])
async def test_whoever_the_platform_has_not_told_of_lets_nothing_go(scene: Scene, time: dict[str, str]) -> None:
    """They may be a guest; once it is known that they are not, the same press publishes what they wrote."""
    form = await preview(scene, "anna", {**NEWS, **time})
    await set_state(scene, "anna", MemberState.STUB)
    press = button(form, "Schedule" if time else "Publish")

    refused = await scene.people.press("anna", press)
    await scene.tick()

    assert refused.whisper is not None
    assert "whether you belong to the organisation" in refused.whisper.summary
    assert scene.gateway.said_in("allmant") == []
    await set_state(scene, "anna", MemberState.ACTIVE)
    await scene.people.press("anna", press)
    assert len(await stands_at(scene, FRIDAY_UTC)) == 1


async def test_it_goes_out_at_its_time_and_not_before(scene: Scene) -> None:
    """A minute before, nobody has it; at its time it stands, and its author is not told that it was late."""
    reply = await schedule(scene)

    before = await stands_at(scene, FRIDAY_UTC - timedelta(minutes=1))
    after = await stands_at(scene, FRIDAY_UTC)

    assert reply.whisper is not None
    assert reply.whisper.summary == "“New canteen” goes out 5 March 2027, 09:30."
    assert (len(before), len(after)) == (0, 1)
    assert len(scene.gateway.said_to("eva")) == 1
    assert "late" not in told(scene)
    anna = scene.organisation.members["anna"]
    assert (await steps(scene))[:2] == [("draft", "scheduled", anna), ("scheduled", "publishing", None)]


async def test_the_preview_says_when(scene: Scene) -> None:
    """In the author's own time, and the form holds it when it is opened again."""
    form = await preview(scene, "anna", {**NEWS, **FRIDAY})
    again = form_of(await scene.people.press("anna", button(form, "Edit")))

    assert "Goes out 5 March 2027, 09:30, your time." in words_of(form)
    assert (again.values()["day"], again.values()["time"]) == ("2027-03-05", "09:30")


CLOCK_CHANGES = pytest.mark.parametrize(
    ("zone", "day", "clock_time", "expected"),
    [
        # Summer time begins: the hour that is left out moves forward, what comes after it is an hour earlier.
        ("Europe/Stockholm", "2027-03-28", "02:30", datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),
        ("Europe/Stockholm", "2027-03-28", "09:00", datetime(2027, 3, 28, 7, 0, tzinfo=UTC)),
        ("America/New_York", "2027-03-14", "02:30", datetime(2027, 3, 14, 7, 30, tzinfo=UTC)),
        ("Europe/Lisbon", "2027-03-28", "01:15", datetime(2027, 3, 28, 1, 15, tzinfo=UTC)),
        # Summer time ends: of the hour that comes twice the first is meant.
        ("Europe/Stockholm", "2027-10-31", "02:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        ("Europe/Stockholm", "2027-10-31", "09:00", datetime(2027, 10, 31, 8, 0, tzinfo=UTC)),
        ("America/New_York", "2027-11-07", "01:30", datetime(2027, 11, 7, 5, 30, tzinfo=UTC)),
        ("Europe/Lisbon", "2027-10-31", "01:30", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)


@CLOCK_CHANGES
async def test_clock_changes_in_three_zones(
    scene: Scene, zone: str, day: str, clock_time: str, expected: datetime
) -> None:
    """It goes out at the author's own time on the day of a change, whatever that is in UTC, and not a minute before."""
    async with scene.database.begin() as session:
        await session.execute(update(Member).where(col(Member.name) == "Anna").values(zone=zone))
    await schedule(scene, day=day, time=clock_time)

    before = await stands_at(scene, expected - timedelta(minutes=1))
    after = await stands_at(scene, expected)

    assert (len(before), len(after)) == (0, 1)


@CLOCK_CHANGES
async def test_a_restart_over_a_clock_change(
    scene: Scene, zone: str, day: str, clock_time: str, expected: datetime
) -> None:
    """Down over the change and its time, it comes up and publishes once; its author is told the time in their zone."""
    async with scene.database.begin() as session:
        await session.execute(update(Member).where(col(Member.name) == "Anna").values(zone=zone))
    await schedule(scene, day=day, time=clock_time)
    early = await stands_at(scene, expected - timedelta(hours=3))
    scene.clock.move(timedelta(hours=6))

    restarted = Database(scene.database.url)
    for _ in range(2):
        await run_due(restarted, room.jobs(), scene.clock.now())
    await restarted.close()
    await scene.settle()

    meant = expected.astimezone(ZoneInfo(zone))
    assert (len(early), len(scene.gateway.said_in("allmant"))) == (0, 1)
    assert f"not running at {meant.day} {meant:%B %Y, %H:%M}, so" in told(scene)


async def test_a_restart_over_its_time_publishes_late_and_tells(scene: Scene) -> None:
    """Nothing is remembered but what is in the database: the next process publishes it, once, and its author hears."""
    await schedule(scene)
    scene.clock.move(FRIDAY_UTC + timedelta(hours=3) - scene.clock.now())

    restarted = Database(scene.database.url)
    for _ in range(2):
        await run_due(restarted, room.jobs(), scene.clock.now())
    await restarted.close()
    await scene.settle()

    assert len(scene.gateway.said_in("allmant")) == 1
    assert "“New canteen” has gone out late" in told(scene)
    assert "not running at 5 March 2027, 09:30, so it went out at 5 March 2027, 12:30" in told(scene)


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"day": "2027-03-05", "time": ""}, {"time": "Please give the time too, or leave both empty."}),
        ({"day": "", "time": "09:30"}, {"day": "Please give the day too, or leave both empty."}),
        (
            {"day": "2027-03-03", "time": "12:59"},
            {"time": "This has passed. Please choose a later time, or leave both empty."},
        ),
        (
            {"day": "0001-01-01", "time": "09:30"},
            {"day": "This has passed. Please choose a later time, or leave both empty."},
        ),
        ({"day": "9999-12-31", "time": "09:30"}, {"day": "At most a year ahead, please."}),
    ],
)
async def test_a_time_that_cannot_be_meant_is_asked_for_again(
    scene: Scene, values: dict[str, str], errors: dict[str, str]
) -> None:
    """Half a time, one that has passed and one in another century each get a sentence, and nothing is stored."""
    form = form_of(await scene.people.command("anna", "announce"))

    reply = await scene.people.send("anna", form, **{**NEWS, **values})

    assert reply.errors == errors
    async with scene.database.read() as session:
        assert (await session.execute(select(Announcement.publish_at))).scalars().all() == [None]


async def test_it_can_be_cancelled_before_its_time(scene: Scene) -> None:
    """Nothing goes out, its card says so, and it can be taken up again as a duplicate without the old time."""
    await schedule(scene)
    card = scene.gateway.said_to("anna")[0]

    reply = await scene.people.press("anna", button(card, "Cancel"))
    stands = await stands_at(scene, FRIDAY_UTC + timedelta(days=1))

    assert button(card, "Cancel").confirm == "Cancel it? It will not go out."
    assert reply.refreshed is not None
    assert "“New canteen” is cancelled and does not go out." in words_of(reply.refreshed)
    assert stands == []
    assert await states(scene) == ["cancelled"]
    draft = form_of(await scene.people.press("anna", button(scene.gateway.said_to("anna")[0], "Duplicate")))
    assert (draft.values()["title"], draft.values()["day"]) == ("New canteen", "")


async def test_it_can_be_published_before_its_time(scene: Scene) -> None:
    """From Home too; and it does not go out again when its time comes."""
    await schedule(scene)
    home = (await scene.people.act("anna", OPENED_HOME)).home
    assert home is not None

    await scene.people.press("anna", button(home, "Publish now"))
    await scene.tick()
    now = len(scene.gateway.said_in("allmant"))
    then = await stands_at(scene, FRIDAY_UTC)

    assert "Scheduled for 5 March 2027, 09:30: New canteen" in words_of(home)
    assert (now, len(then)) == (1, 1)
    assert labels(scene.gateway.said_to("anna")[0]) == []


async def test_an_edit_makes_it_a_draft_again(scene: Scene) -> None:
    """It goes out with the new words when its author has let go of it anew, and not before."""
    await schedule(scene)
    card = scene.gateway.said_to("anna")[0]

    reply = await scene.people.press("anna", button(card, "Edit"))
    nothing = await stands_at(scene, FRIDAY_UTC + timedelta(hours=1))
    form = form_of(
        await scene.people.send("anna", form_of(reply), text="It opens on Tuesday.", day="2027-03-08", time="09:30")
    )
    await scene.people.press("anna", button(form, "Schedule"))
    [post] = await stands_at(scene, FRIDAY_UTC + timedelta(days=3))

    assert reply.refreshed is not None
    assert "is a draft again" in words_of(reply.refreshed)
    assert nothing == []
    assert "It opens on Tuesday." in words_of(post)


async def test_what_cannot_go_out_at_its_time_is_a_draft_again_and_told(scene: Scene) -> None:
    """The author hears why, with the way on; nothing else that is due is held up by it."""
    await schedule(scene, audience=f"channel:{scene.organisation.channel_id}")
    await schedule(scene, title="Second", audience="everyone:")
    async with scene.database.begin() as session:
        await session.execute(update(Channel).values(is_archived=True))

    await stands_at(scene, FRIDAY_UTC)

    assert await states(scene) == ["draft", "published"]
    last = next(said for said in scene.gateway.said_to("anna") if "could not go out at its time" in said.summary)
    assert "Samlas cannot post in this channel for you any more." in words_of(last)
    assert labels(last) == ["Continue"]


async def test_old_buttons_of_a_schedule_only_explain(scene: Scene) -> None:
    """What is out is neither cancelled nor published again; the card shows what it is."""
    await schedule(scene)
    card = scene.gateway.said_to("anna")[0]
    await stands_at(scene, FRIDAY_UTC)

    for label in ("Publish now", "Edit", "Cancel"):
        reply = await scene.people.press("anna", button(card, label))
        assert reply.whisper is not None
        assert reply.whisper.summary == "This is not scheduled any more."
        assert reply.refreshed is not None
        assert "“New canteen” is published." in words_of(reply.refreshed)

    assert await states(scene) == ["published"]
    assert len(scene.gateway.said_in("allmant")) == 1


async def test_a_scheduled_decision_keeps_its_line_of_why(scene: Scene) -> None:
    """What was chosen when it was scheduled stands on the post when it goes out."""
    form = await preview(scene, "anna", {**DECISION, **FRIDAY}, decision="We move", decider="Anna")
    await scene.people.press("anna", button(form, "Publish anyway"), why="The lease ends.")

    [post] = await stands_at(scene, FRIDAY_UTC)

    assert "Published with this open because: The lease ends." in words_of(post)


async def test_nobody_else_sees_what_is_scheduled(scene: Scene) -> None:
    """It is in nobody's list before its time."""
    await schedule(scene)

    listed = [(await scene.people.command(name, "news")).whisper for name in ("bo", "greta")]

    assert all(shown is not None and "New canteen" not in words_of(shown) for shown in listed)


async def test_an_announcement_whose_copies_never_began_is_taken_up(scene: Scene) -> None:
    """What should have followed from the home post, and failed at that moment, follows at the next tick, once."""

    async def fail(session: Session, row: Outbox) -> None:  # noqa: ARG001 - Settled's form
        raise OSError

    post = room.spoken()[home_post.POST]
    broken = {**room.spoken(), home_post.POST: Spoken(post.compose, fail)}
    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publish"))
    await Sender(scene.database, scene.clock, {scene.gateway.platform: scene.gateway}, broken, "broken").drain()
    stuck = (await states(scene), scene.gateway.said_to("eva"))

    await scene.tick()
    await scene.tick()

    assert stuck == (["publishing"], [])
    assert await states(scene) == ["published"]
    assert len(scene.gateway.said_to("eva")) == 1
