"""The welcome path as a newcomer lives through it. Vera comes on Monday 15 March 2027, twelve days after Samlas did."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from storage.coaches import register_coach
from storage.counting import count_one
from storage.interests import follow
from storage.tables import ContactState, Kind, Member, MemberState
from tests.nudges.announcing import published, reminders
from tests.nudges.conftest import Scene
from tests.nudges.test_following import topic_called
from tests.support import button, words_of

CAME = datetime(2027, 3, 15, 8, 0, tzinfo=UTC)
FIRST = datetime(2027, 3, 16, 9, 0, tzinfo=UTC)
SECOND = datetime(2027, 3, 23, 9, 0, tzinfo=UTC)
# Summer time has begun on the 28th.
THIRD = datetime(2027, 3, 30, 8, 0, tzinfo=UTC)
ROOM_AGAIN = datetime(2027, 4, 15, 8, 0, tzinfo=UTC)
NOTICE, FIRST_SAID, SECOND_SAID, THIRD_SAID = (
    "What Samlas counts, why, and how to say no",
    "Welcome: where to begin",
    "What may help you to begin",
    "A small hello",
)


@dataclass
class Newcomer:
    """Vera, in her organisation."""

    scene: Scene

    async def until(self, moment: datetime) -> None:
        """Live through the days until then, and through each welcome's moment on the way."""
        for stop in (FIRST, SECOND, THIRD):
            if self.scene.clock.now() < stop < moment:
                await self.scene.until(stop)
        await self.scene.until(moment)

    async def signs(self, kind: Kind, day: date) -> None:
        """Let her give a sign."""
        async with self.scene.database.begin() as session:
            organisation = self.scene.organisation
            await count_one(
                session, organisation.workspace_id, organisation.members["vera"], organisation.channel_id, day, kind
            )

    def told(self) -> list[str]:
        """Return what she was told, in order."""
        return [message.summary for message in self.scene.gateway.said_to("vera")]


@pytest.fixture
async def vera(scene: Scene) -> Newcomer:
    """Return the newcomer, on her first day; everybody else has been here lately."""
    await scene.everybody_was_here(date(2027, 3, 12), date(2027, 3, 26), date(2027, 4, 9))
    await scene.signs("eva", date(2027, 3, 12), date(2027, 3, 26), date(2027, 4, 9))
    scene.clock.moment = CAME
    async with scene.database.begin() as session:
        vera = Member(
            workspace_id=scene.organisation.workspace_id,
            external_id="vera",
            name="Vera Ny",
            state=MemberState.ACTIVE,
            locale="en",
            zone="Europe/Stockholm",
            created_at=CAME,
        )
        session.add(vera)
        await session.flush()
        assert vera.id is not None
        scene.organisation.members["vera"] = vera.id
    await scene.tick()
    return Newcomer(scene)


async def test_three_messages_for_whoever_finds_nothing(vera: Newcomer) -> None:
    """The notice on arrival, a welcome the morning after, one a week later, and one when two weeks brought no sign."""
    assert vera.told() == [NOTICE]
    await vera.until(FIRST - timedelta(minutes=1))
    before = vera.told()
    await vera.until(FIRST)
    after_the_first = vera.told()
    await vera.until(SECOND - timedelta(minutes=1))
    in_between = vera.told()
    await vera.until(THIRD + timedelta(days=20))

    assert before == [NOTICE]
    assert after_the_first == in_between == [NOTICE, FIRST_SAID]
    assert vera.told() == [NOTICE, FIRST_SAID, SECOND_SAID, THIRD_SAID]
    first, second, third = vera.scene.gateway.said_to("vera")[1:]
    assert "you are new here" in words_of(first)
    assert "you joined us about a week ago" in words_of(second)
    assert "There is no hurry" in words_of(third)
    assert [contact.local_date for contact in await vera.scene.contacts("vera")] == [
        FIRST.date(),
        SECOND.date(),
        THIRD.date(),
    ]


async def test_nobody_who_was_there_before_is_welcomed(vera: Newcomer) -> None:
    """Her colleagues have been here since before Samlas was, and get none."""
    await vera.until(THIRD)

    assert {contact.member_id for contact in await vera.scene.contacts()} == {vera.scene.organisation.members["vera"]}


async def test_what_she_has_found_is_not_told(vera: Newcomer) -> None:
    """Who has used a command and follows a topic reads of neither, and with a message written gets no second one."""
    topic = await topic_called(vera.scene, "Offices")
    async with vera.scene.database.begin() as session:
        workspace_id = vera.scene.organisation.workspace_id
        await follow(session, workspace_id, vera.scene.organisation.members["vera"], [int(topic)])
    await vera.signs(Kind.COMMAND, CAME.date())
    await vera.until(FIRST)
    first = words_of(vera.scene.gateway.said_to("vera")[-1])
    await vera.signs(Kind.MESSAGE, FIRST.date())
    await vera.until(THIRD + timedelta(days=7))

    assert "To look something up" not in first
    assert "Choose topics" not in first
    assert "you are new here" in first
    assert SECOND_SAID not in vera.told()
    assert THIRD_SAID not in vera.told()


async def test_found_in_the_last_minute(vera: Newcomer) -> None:
    """A welcome that was planned is not sent when she has begun meanwhile; her budget gets it back."""
    await vera.until(SECOND - timedelta(minutes=1))
    assert [contact.state for contact in await vera.scene.contacts("vera")] == [
        ContactState.SENT,
        ContactState.PLANNED,
    ]

    await vera.signs(Kind.REACTION, SECOND.date())
    await vera.until(SECOND)

    assert vera.told() == [NOTICE, FIRST_SAID]
    assert (await vera.scene.contacts("vera"))[-1].state == ContactState.GIVEN_BACK


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"nudges_off": True}, [NOTICE]),
        ({"paused_until": date(2027, 5, 1)}, [NOTICE]),
        ({"leave_from": date(2027, 3, 16), "leave_to": date(2027, 5, 1)}, [NOTICE]),
        ({"joined_on": date(2020, 1, 1)}, [NOTICE]),
        ({"not_counted": True}, [NOTICE, FIRST_SAID]),
        ({"reading_along_until": date(2027, 6, 1)}, [NOTICE, FIRST_SAID, SECOND_SAID]),
    ],
    ids=["stopped", "paused", "on leave", "rejoined", "not counted", "reading along"],
)
async def test_what_she_has_chosen_holds(vera: Newcomer, values: dict[str, object], told: list[str]) -> None:
    """Who wants nothing gets nothing; of whoever is not counted or reads along nothing is said about silence."""
    await vera.scene.change("vera", **values)

    await vera.until(datetime(2027, 4, 2, 12, 0, tzinfo=UTC))

    assert vera.told() == told


async def test_no_welcome_before_the_workspaces_notice(vera: Newcomer) -> None:
    """Where no notice has been given, nothing unasked-for begins with the newcomers."""
    await vera.scene.change_workspace(notice_given_at=None, rounds_on_at=None)
    await vera.scene.change("vera", told_at=None)

    await vera.until(THIRD)

    assert vera.told() == [NOTICE]


async def test_before_the_first_round_only_what_says_nothing_of_silence(vera: Newcomer) -> None:
    """While the notice stands its time, newcomers are welcomed, and the third waits for the rounds."""
    await vera.scene.change_workspace(rounds_on_at=datetime(2027, 6, 1, tzinfo=UTC))

    await vera.until(THIRD + timedelta(days=7))

    assert vera.told() == [NOTICE, FIRST_SAID, SECOND_SAID]


async def test_stopped_with_everything_else(vera: Newcomer) -> None:
    """*Stop everything* stops a welcome that is planned, and plans none."""
    await vera.until(SECOND - timedelta(minutes=1))
    overview = (await vera.scene.people.command("greta", "nudges")).whisper
    assert overview is not None
    await vera.scene.people.press("greta", button(overview, "Stop everything"))

    await vera.until(THIRD)

    assert vera.told() == [NOTICE, FIRST_SAID]


async def test_never_quiet_while_on_it_and_the_third_is_her_tip(vera: Newcomer) -> None:
    """No tip comes on top of the third; a coach is offered as after a tip, when her budget has room."""
    async with vera.scene.database.begin() as session:
        await register_coach(
            session,
            vera.scene.organisation.workspace_id,
            vera.scene.organisation.members["bo"],
            a_week=1,
            languages=["en"],
            about="",
            paused_until=None,
            now=CAME,
        )
    await vera.scene.change("vera", joined_on=CAME.date())

    await vera.until(THIRD + timedelta(days=21))

    assert vera.told() == [
        NOTICE,
        FIRST_SAID,
        SECOND_SAID,
        THIRD_SAID,
        "An invitation to talk with somebody",
    ]


async def test_a_reminder_waits_for_room_after_three(vera: Newcomer) -> None:
    """Newcomers have no larger budget: hers has room when the first welcome is thirty days old, and then it comes."""
    await vera.until(THIRD)
    await published(vera.scene)

    await vera.until(ROOM_AGAIN - timedelta(minutes=1))
    waiting = reminders(vera.scene, "vera")
    await vera.until(ROOM_AGAIN)

    assert waiting == []
    assert len(reminders(vera.scene, "vera")) == 1


async def test_a_team_that_is_opened_to_samlas_is_not_welcomed(scene: Scene) -> None:
    """Forty people first heard of on one day have not all come that day."""
    scene.clock.moment = CAME
    async with scene.database.begin() as session:
        session.add_all(
            Member(
                workspace_id=scene.organisation.workspace_id,
                external_id=f"old{number}",
                name=f"Old {number}",
                state=MemberState.ACTIVE,
                created_at=CAME,
            )
            for number in range(40)
        )

    await scene.until(SECOND)

    known = scene.organisation.members.values()
    assert [contact for contact in await scene.contacts() if contact.member_id not in known] == []


async def test_the_buttons_work_and_the_message_stays(vera: Newcomer) -> None:
    """After *Thanks, that helped*, and when she has found everything from it, the welcome still says something."""
    await vera.until(FIRST)
    welcome = vera.scene.gateway.said_to("vera")[-1]
    form = (await vera.scene.people.press("vera", button(welcome, "Choose topics"))).form
    assert form is not None

    await vera.signs(Kind.HOME, FIRST.date())
    await vera.signs(Kind.MESSAGE, FIRST.date())
    reply = await vera.scene.people.send("vera", form, topics=await topic_called(vera.scene, "Offices"))
    helped = await vera.scene.people.press("vera", button(welcome, "Thanks, that helped"))

    assert reply.close
    assert helped.refreshed is not None
    assert "You have found your way already" in words_of(helped.refreshed)
