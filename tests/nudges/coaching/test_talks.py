"""Talks when somebody leaves, is away or is erased, in each one's own zone and language, and when nobody agrees."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, delete, select

from bot.messages import Appointment, Button, Message, buttons_of
from storage.coaches import register_coach
from storage.tables import CoachingRequest, CoachingTalk, HomeTeam, Member, MemberState, RequestState
from tests.nudges.conftest import Scene
from tests.support import button, words_of

STOCKHOLM = ZoneInfo("Europe/Stockholm")


async def becomes_coach(
    scene: Scene, person: str, *, languages: tuple[str, ...] = ("en", "sv"), a_week: int = 1
) -> None:
    """Let somebody have registered as a coach."""
    async with scene.database.begin() as session:
        await register_coach(
            session,
            scene.organisation.workspace_id,
            scene.organisation.members[person],
            a_week=a_week,
            languages=languages,
            about="",
            paused_until=None,
            now=scene.clock.now(),
        )


async def asks(scene: Scene, person: str, **values: str) -> None:
    """Let somebody ask for a coach, and everybody be told."""
    opened = await scene.people.command(person, "coach", "me")
    assert opened.form is not None
    await scene.people.send(person, opened.form, **values)
    await scene.tick()


async def request_of(scene: Scene, person: str) -> CoachingRequest:
    """Return what somebody has asked for last."""
    query = select(CoachingRequest).where(CoachingRequest.member_id == scene.organisation.members[person])
    async with scene.database.read() as session:
        return (await session.execute(query.order_by(col(CoachingRequest.id).desc()))).scalars().first()  # type: ignore[return-value]  # there is one


async def talks(scene: Scene) -> list[CoachingTalk]:
    """Return every talk there has been."""
    async with scene.database.read() as session:
        return list((await session.execute(select(CoachingTalk).order_by(col(CoachingTalk.id)))).scalars())


def last_to(scene: Scene, person: str) -> Message:
    """Return what somebody was sent last."""
    return scene.gateway.said_to(person)[-1]


def times_on(card: Message) -> list[Button]:
    """Return the buttons that are times."""
    return [found for found in buttons_of(card.parts) if found.action == "coaching.pick"]


@pytest.fixture
async def matched(scene: Scene) -> Scene:
    """Return the organisation, without rounds, in which bo is the only coach and eva has been matched with him."""
    await scene.change_workspace(rounds_on_at=None)
    await becomes_coach(scene, "bo")
    await asks(scene, "eva")
    return scene


async def test_not_ones_own_lead(scene: Scene) -> None:
    """The only coach leads her team: she waits, and whoever else registers is asked."""
    async with scene.database.begin() as session:
        team = (await session.execute(select(HomeTeam))).scalar_one()
        team.lead_id = scene.organisation.members["bo"]
        session.add(team)
    await becomes_coach(scene, "bo")

    await asks(scene, "eva")
    waits = last_to(scene, "eva")
    await becomes_coach(scene, "carl")
    await scene.tick()

    assert "Nobody is free to talk just now." in words_of(waits)
    assert "Carl will gladly talk with you." in words_of(last_to(scene, "eva"))


async def test_in_the_language_that_was_asked_for(scene: Scene) -> None:
    """Who speaks only English is not asked for somebody who wants to talk Swedish; the hello is in Swedish."""
    await becomes_coach(scene, "bo", languages=("en",))
    await becomes_coach(scene, "carl", languages=("sv",))

    await asks(scene, "eva", language="sv")

    assert "Carl will gladly talk with you." in words_of(last_to(scene, "eva"))
    [hello] = [said.message for said in scene.gateway.standing.values() if said.to.others]
    assert "Hej Eva och Carl." in words_of(hello)


async def test_each_in_their_own_zone(scene: Scene) -> None:
    """One moment, told as the clock of each shows it."""
    await scene.change("bo", zone="Europe/London")
    await becomes_coach(scene, "bo")
    await asks(scene, "eva")

    mine, theirs = times_on(last_to(scene, "eva"))[0], times_on(last_to(scene, "bo"))[0]

    here, there = (datetime.strptime(label[-5:], "%H:%M").replace(tzinfo=UTC) for label in (mine.label, theirs.label))
    assert mine.target == theirs.target
    assert here - there == timedelta(hours=1)


async def test_a_coach_is_told_at_work(scene: Scene) -> None:
    """Whoever asks in the evening hears at once; the coach on the next working morning."""
    await becomes_coach(scene, "bo")
    scene.clock.moment = datetime(2027, 3, 5, 19, 0, tzinfo=UTC)

    await asks(scene, "eva")
    on_friday = list(scene.gateway.said_to("bo"))
    await scene.until(datetime(2027, 3, 8, 7, 0, tzinfo=UTC))

    assert "Bo will gladly talk with you." in words_of(last_to(scene, "eva"))
    assert on_friday == []
    assert "Eva would like to talk with a coach" in words_of(last_to(scene, "bo"))


async def test_what_is_called_off_before_the_coach_has_heard_of_it(scene: Scene) -> None:
    """Nobody is told in the morning of what came and went in the evening."""
    await becomes_coach(scene, "bo")
    scene.clock.moment = datetime(2027, 3, 4, 19, 0, tzinfo=UTC)
    await asks(scene, "eva")

    await scene.people.press("eva", button(last_to(scene, "eva"), "Call it off"))
    await scene.until(datetime(2027, 3, 5, 8, 0, tzinfo=UTC))

    assert not any("coach" in words_of(said) or "talk" in words_of(said) for said in scene.gateway.said_to("bo"))
    assert [said for said in scene.gateway.standing.values() if said.to.others] == []


async def test_whoever_is_on_leave_keeps_their_place(scene: Scene) -> None:
    """The queue goes past somebody who is away, and comes back to them."""
    await becomes_coach(scene, "bo")
    await asks(scene, "anna")
    await asks(scene, "eva")
    await scene.change("eva", leave_from=date(2027, 3, 4), leave_to=date(2027, 3, 9))

    await becomes_coach(scene, "carl")
    await scene.until(datetime(2027, 3, 5, 12, 0, tzinfo=UTC))
    away = await request_of(scene, "eva")
    await scene.until(datetime(2027, 3, 10, 12, 0, tzinfo=UTC))

    assert away.state == RequestState.WAITING
    assert (await request_of(scene, "eva")).state == RequestState.MATCHED


async def test_a_coach_has_room_again_a_week_later(scene: Scene) -> None:
    """One a week: the second one waits for seven days, and is then told without asking again."""
    await becomes_coach(scene, "bo")
    await asks(scene, "anna")
    await asks(scene, "eva")

    await scene.until(scene.clock.now() + timedelta(days=6))
    before = await request_of(scene, "eva")
    await scene.until(scene.clock.now() + timedelta(days=1))

    assert before.state == RequestState.WAITING
    assert "Bo will gladly talk with you." in words_of(last_to(scene, "eva"))


async def test_a_member_who_leaves(matched: Scene) -> None:
    """The coach hears that there is nothing to do, and the card names nobody; nobody else is looked for."""
    await becomes_coach(matched, "carl")
    await matched.change("eva", state=MemberState.LEFT)

    await matched.tick()

    assert "somebody who is not here any more" in words_of(last_to(matched, "bo"))
    assert "Eva" not in words_of(last_to(matched, "bo"))
    assert (await request_of(matched, "eva")).state == RequestState.ENDED
    assert matched.gateway.said_to("carl") == []


async def test_a_coach_who_is_erased(matched: Scene) -> None:
    """Nothing of theirs is needed to go on: somebody else is found, and the old card names nobody."""
    await becomes_coach(matched, "carl")
    async with matched.database.begin() as session:
        await session.execute(delete(Member).where(col(Member.id) == matched.organisation.members["bo"]))
    matched.clock.move(timedelta(minutes=2))

    await matched.tick()

    before, now = matched.gateway.said_to("eva")[-2:]
    assert "Carl will gladly talk with you." in words_of(now)
    assert "Bo" not in words_of(before)


async def test_a_member_who_is_erased(matched: Scene) -> None:
    """What they asked for and their talks go with them, and the coach's buttons do nothing."""
    card = last_to(matched, "bo")
    async with matched.database.begin() as session:
        await session.execute(delete(Member).where(col(Member.id) == matched.organisation.members["eva"]))

    pressed = await matched.people.press("bo", times_on(card)[0])
    await matched.tick()

    assert await talks(matched) == []
    assert pressed.whisper is not None
    assert "This message was not written to you" in pressed.whisper.summary


async def test_both_press_at_once(matched: Scene) -> None:
    """The second of two choices is not lost in silence: it says that the other has chosen, and what."""
    mine, theirs = last_to(matched, "eva"), last_to(matched, "bo")

    await matched.people.press("eva", times_on(mine)[0])
    second = await matched.people.press("bo", times_on(theirs)[1])

    assert second.whisper is not None
    assert "This has changed since you opened it." in second.whisper.summary
    assert second.refreshed is not None
    assert f"Eva has chosen {times_on(mine)[0].label.replace('Wed ', 'Wednesday ')}" in words_of(second.refreshed)


async def test_nobody_confirms_their_own_choice(matched: Scene) -> None:
    """It takes both to agree."""
    chosen = (await matched.people.press("eva", times_on(last_to(matched, "eva"))[0])).refreshed
    await matched.tick()
    assert chosen is not None
    confirm = button(last_to(matched, "bo"), "That suits me")

    pressed = await matched.people.press("eva", confirm)

    assert "That suits me" not in words_of(chosen)
    assert pressed.whisper is not None
    assert [talk.state for talk in await talks(matched)] == ["chosen"]


async def test_a_time_that_has_passed(matched: Scene) -> None:
    """It is not taken, and the card shows what is still to come."""
    card = last_to(matched, "eva")
    matched.clock.move(timedelta(days=1))

    pressed = await matched.people.press("eva", times_on(card)[0])

    assert pressed.whisper is not None
    assert "That time has passed." in pressed.whisper.summary
    assert pressed.refreshed is not None
    assert len(times_on(pressed.refreshed)) == 2


async def test_other_times_after_agreeing(matched: Scene) -> None:
    """The entry in the calendars is replaced by the next one: the same name, a higher revision."""
    revisions = []
    for _ in range(2):
        await matched.people.press("eva", times_on(last_to(matched, "eva"))[0])
        await matched.tick()
        await matched.people.press("bo", button(last_to(matched, "bo"), "That suits me"))
        await matched.tick()
        [found] = [part for part in last_to(matched, "eva").parts if isinstance(part, Appointment)]
        revisions.append(found)
        await matched.people.press("bo", button(card_of(matched, "bo"), "Other times"))
        await matched.tick()

    assert revisions[0].uid == revisions[1].uid
    assert revisions[0].revision < revisions[1].revision
    assert revisions[0].begins != revisions[1].begins


def card_of(scene: Scene, person: str) -> Message:
    """Return somebody's card as it stands."""
    return [said for said in scene.gateway.said_to(person) if "Other times" in words_of(said)][-1]


async def test_nobody_agrees(matched: Scene) -> None:
    """After a month it is over without blame, and can be asked for anew."""
    await matched.until(matched.clock.now() + timedelta(days=31))

    assert "No time was found for you and Bo to talk." in words_of(last_to(matched, "eva"))
    again = await matched.people.command("eva", "coach", "me")
    assert again.form is not None


async def test_one_wish_at_a_time(matched: Scene) -> None:
    """Whoever has asked is told where it stands, also when an old form is sent."""
    again = await matched.people.command("eva", "coach", "me")

    assert again.form is None
    assert again.whisper is not None
    assert "You have asked for a coach already." in again.whisper.summary


async def test_no_budget_is_paid(matched: Scene) -> None:
    """Everything here answers what somebody did."""
    assert await matched.contacts() == []
