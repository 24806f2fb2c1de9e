"""What a communications lead sees and presses. Greta is one; eva has gone quiet."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.events import Reply
from bot.messages import Button, Fields, Message, Shares, Target, buttons_of
from nudges import notice
from nudges.leads_view import GO, MOST_NAMES, STOP_ALL
from nudges.notice import NOTICE
from storage.database import Database
from storage.tables import ContactState, CountedDay, Kind, LastSign, Member, MemberState, Participation
from tests.nudges.conftest import SUNDAY, TUESDAY_AT_TEN, Scene
from tests.support import button, have_told, words_of

NOTICED = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)


async def look(scene: Scene, person: str = "greta") -> Message:
    """Let somebody ask for the overview."""
    reply = await scene.people.command(person, "nudges")
    assert reply.whisper is not None
    return reply.whisper


async def press(scene: Scene, message: Message, label: str) -> Reply:
    """Let greta press a button."""
    return await scene.people.press("greta", button(message, label))


def named(message: Message) -> dict[str, str]:
    """Return who is named in a preview, and why."""
    return {field.label: field.value for part in message.parts if isinstance(part, Fields) for field in part.fields}


@pytest.fixture
async def off(scene: Scene) -> Scene:
    """Return the organisation before its notice, with nothing counted by person."""
    await scene.change_workspace(notice_given_at=None, rounds_on_at=None)
    await have_told(scene.database, scene.organisation.workspace_id, None)
    return scene


async def test_the_preview_names_who_and_why(quiet_eva: Scene) -> None:
    """Eva, and nobody else, with her reason in words, and how many by reason."""
    message = await look(quiet_eva)

    assert named(message) == {"Eva": "no sign for 15 of their working days"}
    shares = next(part for part in message.parts if isinstance(part, Shares))
    assert [(share.label, share.count) for share in shares.shares] == [("No sign for a while", 1)]
    assert "Tuesday at 10:00" in words_of(message)


async def test_the_preview_shows_no_dates_and_no_counts(quiet_eva: Scene) -> None:
    """Nothing in it says when somebody was last here or how much they wrote."""
    await quiet_eva.signs("eva", *[date(2026, 12, 8)] * 37)

    said = words_of(await look(quiet_eva))

    assert not re.search(r"20\d\d|January|February|December|\b3[78]\b", said)


async def test_each_person_shown_can_read_that_somebody_looked(quiet_eva: Scene) -> None:
    """A line for eva with who looked and when, each time; none for those who are not shown."""
    await look(quiet_eva)
    await look(quiet_eva)

    members = quiet_eva.organisation.members
    assert [(line.about_member_id, line.by_member_id, line.what, line.at) for line in await quiet_eva.looks()] == [
        (members["eva"], members["greta"], "nudges.preview", SUNDAY)
    ] * 2


async def test_who_wants_no_nudges_is_not_shown(quiet_eva: Scene) -> None:
    """The preview shows who would get something: not who has said no, or has had it this quarter."""
    await quiet_eva.change("eva", nudges_off=True)
    said_no = named(await look(quiet_eva))
    await quiet_eva.change("eva", nudges_off=False)
    await quiet_eva.until(TUESDAY_AT_TEN)

    assert said_no == {}
    assert named(await look(quiet_eva)) == {}
    assert await quiet_eva.looks() == []


async def test_a_preview_sends_nothing(quiet_eva: Scene) -> None:
    """Looking plans and sends nothing."""
    await look(quiet_eva)
    await quiet_eva.sender.drain()

    assert await quiet_eva.contacts() == []
    assert await quiet_eva.outbox() == []


async def test_more_than_a_message_holds(database: Database, quiet_eva: Scene) -> None:
    """Of many, the first forty by name are shown and logged, and how many more there are."""
    async with database.begin() as session:
        for number in range(60):
            member = Member(
                workspace_id=quiet_eva.organisation.workspace_id,
                external_id=f"q{number:02}",
                name=f"Quist {number:02}",
                state=MemberState.ACTIVE,
                created_at=SUNDAY - timedelta(days=300),
                told_at=SUNDAY - timedelta(days=90),
            )
            session.add(member)

    message = await look(quiet_eva)

    assert list(named(message)) == ["Eva", *(f"Quist {number:02}" for number in range(MOST_NAMES - 1))]
    assert "And 21 more" in words_of(message)
    assert "61 people would get a friendly tip" in words_of(message)
    assert len(await quiet_eva.looks()) == MOST_NAMES


@pytest.mark.parametrize("person", ["bo", "carl", "anna"])
async def test_not_a_communications_lead(quiet_eva: Scene, person: str) -> None:
    """Anybody else is told, kindly, whom to ask, and sees and leaves nothing."""
    reply = await quiet_eva.people.command(person, "nudges")

    assert reply.whisper is not None
    assert words_of(reply.whisper).count("happy to tell you about it: Greta") == 1
    assert "Eva" not in words_of(reply.whisper)
    assert not buttons_of(reply.whisper.parts)
    assert await quiet_eva.looks() == []


async def test_nobody_is_a_lead_yet(quiet_eva: Scene) -> None:
    """Where there is no communications lead, the refusal says so, and how there comes to be one."""
    await quiet_eva.change("greta", is_communications_lead=False)

    said = words_of(await look(quiet_eva))

    assert "nobody is one yet" in said
    assert "SAMLAS_ADMINS" in said


@pytest.mark.parametrize("action", [GO, STOP_ALL])
async def test_a_made_up_press(quiet_eva: Scene, action: str) -> None:
    """Who is no communications lead can neither start nor stop, with whatever button."""
    workspace = await quiet_eva.workspace()

    for version in range(1, 5):
        reply = await quiet_eva.people.press("bo", Button("Go", action, Target(workspace.id or 0, version)))
        assert reply.refreshed is None
        assert reply.whisper is not None

    assert await quiet_eva.workspace() == workspace


async def test_before_the_notice_nobody_is_shown(off: Scene) -> None:
    """Before it, the overview holds the notice as everybody will read it, and nobody's name."""
    message = await look(off)

    said = words_of(message)
    assert "Nothing is kept about single people yet" in said
    assert "never what is written" in said
    assert "from 17 March 2027 on" in said
    assert named(message) == {}
    assert "would get a tip" not in said
    assert await off.looks() == []
    go = button(message, "Go: give the notice")
    assert go.confirm == "Send this notice to everybody now?"


async def test_go_gives_the_notice_to_everybody(off: Scene) -> None:
    """Each person gets it once, in private, with the day of the first round and how to say no."""
    reply = await press(off, await look(off), "Go: give the notice")
    await off.sender.drain()

    assert reply.refreshed is not None
    assert "The first round comes after 17 March 2027" in words_of(reply.refreshed)
    for person in off.organisation.members:
        said = off.gateway.said_to(person)
        assert len(said) == 1
        assert "from 17 March 2027 on" in words_of(said[0])
        assert [one.label for one in buttons_of(said[0].parts)] == ["Do not count me", "No tips or reminders for me"]
    workspace = await off.workspace()
    assert workspace.notice_given_at == NOTICED
    assert workspace.rounds_on_at == NOTICED + timedelta(days=14)


async def test_nothing_for_fourteen_days(off: Scene) -> None:
    """With a history that makes everybody quiet, nothing goes out in the notice's fourteen days, and then it does."""
    await press(off, await look(off), "Go: give the notice")
    await off.sender.drain()
    async with off.database.begin() as session:
        for member_id in off.organisation.members.values():
            day = date(2026, 12, 8)
            session.add_all(
                [
                    LastSign(
                        workspace_id=off.organisation.workspace_id, member_id=member_id, first_day=day, last_day=day
                    ),
                    Participation(
                        workspace_id=off.organisation.workspace_id,
                        member_id=member_id,
                        day=day,
                        kind=Kind.MESSAGE,
                        count=1,
                    ),
                ]
            )
        session.add(
            CountedDay(
                workspace_id=off.organisation.workspace_id,
                channel_id=off.organisation.channel_id,
                day=date(2027, 3, 2),
                imported_until=0.0,
                imported_at=NOTICED + timedelta(hours=1),
            )
        )

    await off.until(NOTICED + timedelta(days=14) - timedelta(minutes=1))
    before = [len(off.gateway.said_to(person)) for person in off.organisation.members]
    planned_before = await off.contacts()
    await off.until(datetime(2027, 3, 23, 9, 0, tzinfo=UTC))

    assert before == [1] * len(off.organisation.members)
    assert planned_before == []
    assert len(off.gateway.said_to("eva")) == 2


NOTICE_SUMMARY = "What Samlas counts, why, and how to say no"


async def test_who_arrives_later_gets_the_notice_on_arrival(quiet_eva: Scene) -> None:
    """Somebody we hear of after the notice gets it once, and no word of silence for fourteen days: only the welcome."""
    async with quiet_eva.database.begin() as session:
        vera = Member(
            workspace_id=quiet_eva.organisation.workspace_id,
            external_id="vera",
            name="Vera",
            state=MemberState.ACTIVE,
            locale="en",
            joined_on=date(2027, 3, 5),
            created_at=SUNDAY,
        )
        session.add(vera)

    await quiet_eva.until(SUNDAY + timedelta(days=13))
    first = quiet_eva.gateway.said_to("vera")
    shown = named(await look(quiet_eva))
    await quiet_eva.until(datetime(2027, 3, 23, 9, 0, tzinfo=UTC))

    assert [message.summary for message in first] == [NOTICE_SUMMARY, "Welcome: where to begin"]
    assert "from 22 March 2027 on" in words_of(first[0])
    assert "Vera" not in shown
    # The last welcome is the first step for a newcomer.
    assert [message.summary for message in quiet_eva.gateway.said_to("vera")[2:]] == ["A small hello"]
    assert [row.member_id for row in await quiet_eva.outbox() if row.message == NOTICE] == [vera.id]


async def test_many_who_arrive_at_once(quiet_eva: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """More newcomers than fit in one transaction are all told in one tick."""
    monkeypatch.setattr(notice, "PAGE", 2)
    names = [f"new{number}" for number in range(5)]
    async with quiet_eva.database.begin() as session:
        session.add_all(
            Member(workspace_id=quiet_eva.organisation.workspace_id, external_id=name, name=name, created_at=SUNDAY)
            for name in names
        )

    await quiet_eva.tick()

    assert [len(quiet_eva.gateway.said_to(name)) for name in names] == [1] * 5


async def test_a_second_go_gives_no_second_notice(off: Scene) -> None:
    """An old Go is explained, with the card as it stands now; nobody is told twice, and no day moves."""
    old = await look(off)
    await press(off, old, "Go: give the notice")
    off.clock.move(timedelta(days=2))

    again = await press(off, old, "Go: give the notice")
    await off.sender.drain()

    assert again.whisper is not None
    assert "has changed since you opened it" in again.whisper.summary
    assert again.refreshed is not None
    assert [one.label for one in buttons_of(again.refreshed.parts)] == ["Stop everything", "How it is found out"]
    assert len(off.gateway.said_to("eva")) == 1
    assert (await off.workspace()).rounds_on_at == NOTICED + timedelta(days=14)


async def test_a_button_of_another_organisation(off: Scene) -> None:
    """A Go of another workspace does nothing here."""
    go = button(await look(off), "Go: give the notice")

    reply = await off.people.press("greta", Button(go.label, go.action, Target(go.target.row + 1, go.target.version)))
    none = await off.people.act("greta", go.action)

    for answer in (reply, none):
        assert answer.whisper is not None
        assert "another organisation" in answer.whisper.summary
    assert (await off.workspace()).notice_given_at is None


async def test_stop_everything(quiet_eva: Scene) -> None:
    """Pressed after the week's tips were planned, none of them goes out, and none is planned while it is off."""
    await quiet_eva.until(TUESDAY_AT_TEN - timedelta(minutes=1))
    planned = len(await quiet_eva.contacts())

    reply = await press(quiet_eva, await look(quiet_eva), "Stop everything")
    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(days=60))

    assert reply.refreshed is not None
    assert "the rounds are off" in words_of(reply.refreshed)
    assert planned == 1
    assert quiet_eva.gateway.standing == {}
    assert [contact.state for contact in await quiet_eva.contacts()] == [ContactState.GIVEN_BACK]


async def test_going_again_gives_no_second_notice(quiet_eva: Scene) -> None:
    """After a stop, Go starts the rounds at once; the notice has been given long ago."""
    stopped = (await press(quiet_eva, await look(quiet_eva), "Stop everything")).refreshed
    assert stopped is not None

    going = (await press(quiet_eva, stopped, "Go: start the rounds")).refreshed
    await quiet_eva.until(TUESDAY_AT_TEN)

    assert going is not None
    assert "A round goes out once a week" in words_of(going)
    assert [standing.to.member for standing in quiet_eva.gateway.standing.values()] == ["eva"]
    assert "A small tip for you" in quiet_eva.gateway.said_to("eva")[0].summary


async def test_when_the_next_round_comes_and_what_the_last_one_sent(quiet_eva: Scene) -> None:
    """The day and time where the reader is, before a round and after it; and how many tips have gone out by it."""
    before = words_of(await look(quiet_eva))
    await quiet_eva.until(TUESDAY_AT_TEN + timedelta(hours=9))

    after = words_of(await look(quiet_eva))

    assert "Where you are, the next one comes on Tuesday 9 March at 10:00." in before
    assert "The last one" not in before
    assert "Where you are, the next one comes on Tuesday 16 March at 10:00." in after
    assert "The last one has sent 1 tip." in after


async def test_go_says_what_it_has_set_going(off: Scene) -> None:
    """How many people the notice goes out to, and from when on somebody may get a tip."""
    reply = await press(off, await look(off), "Go: give the notice")

    assert reply.whisper is not None
    assert f"to {len(off.organisation.members)} people" in words_of(reply.whisper)
    assert reply.refreshed is not None
    assert "Where you are, the next one comes on" in words_of(reply.refreshed)


async def test_stopping_and_going_does_not_shorten_the_notice(off: Scene) -> None:
    """Who stops and goes again within the fourteen days still waits for their end."""
    message = (await press(off, await look(off), "Go: give the notice")).refreshed
    off.clock.move(timedelta(days=1))
    assert message is not None
    message = (await press(off, message, "Stop everything")).refreshed
    assert message is not None

    await press(off, message, "Go: start the rounds")

    assert (await off.workspace()).rounds_on_at == NOTICED + timedelta(days=14)


async def test_the_leads_language(quiet_eva: Scene) -> None:
    """A Swedish communications lead reads all of it in Swedish."""
    await quiet_eva.change("greta", locale="sv")

    message = await look(quiet_eva)

    assert named(message) == {"Eva": "inget tecken under 15 egna arbetsdagar"}
    assert "tisdag kl. 10:00" in words_of(message)
