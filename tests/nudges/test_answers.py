"""What members answer to a tip and to the notice, and that it holds. Eva gets her tip on Tuesday 9 March 2027."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from bot.events import Reply, WorkspaceKey
from bot.messages import Button, Message, Target, buttons_of
from nudges.messages import TIPS_OFF
from storage.people import find_member
from storage.tables import ContactAnswer, LastSign, Look, Member, MemberState, Participation, Platform
from storage.workspaces import add_workspace
from tests.nudges.conftest import RECENTLY, TUESDAY_AT_TEN, Scene
from tests.support import button, words_of

A_QUARTER_LATER = datetime(2027, 6, 8, 8, 0, tzinfo=UTC)


def tip_of(scene: Scene) -> Message:
    """Return the tip that eva has got."""
    return scene.gateway.said_to("eva")[0]


def shown(reply: Reply) -> Message:
    """Return what takes the place of the pressed message."""
    assert reply.refreshed is not None
    return reply.refreshed


def labels(message: Message) -> list[str]:
    """Return what can be pressed."""
    return [one.label for one in buttons_of(message.parts)]


async def press(scene: Scene, label: str, message: Message | None = None) -> Message:
    """Let eva press a button of her tip, or of another message, and return what it becomes."""
    return shown(await scene.people.press("eva", button(message or tip_of(scene), label)))


async def signs_of(scene: Scene, person: str) -> tuple[list[Participation], list[LastSign]]:
    """Return everything that is counted of a person."""
    member_id = scene.organisation.members[person]
    async with scene.database.read() as session:
        counts = await session.execute(select(Participation).where(Participation.member_id == member_id))
        last = await session.execute(select(LastSign).where(LastSign.member_id == member_id))
        return list(counts.scalars()), list(last.scalars())


async def test_a_tip_has_three_buttons(tipped_eva: Scene) -> None:
    """Every tip carries the three answers."""
    assert labels(tip_of(tipped_eva)) == [
        "I am reading along",
        "Thanks, that helped",
        "Not now",
        "Do not send me these",
    ]


async def test_thanks(tipped_eva: Scene) -> None:
    """Thanks is kept and answered; the two ways to more quiet stay."""
    after = await press(tipped_eva, "Thanks, that helped")

    assert "Glad to hear that" in words_of(after)
    assert labels(after) == ["I am reading along", "Not now", "Do not send me these"]
    assert [(contact.answer, contact.answered_at) for contact in await tipped_eva.contacts()] == [
        (ContactAnswer.HELPED, TUESDAY_AT_TEN)
    ]


async def test_not_now_is_thirty_days(tipped_eva: Scene) -> None:
    """Not now says until when, which is thirty days later where she is."""
    after = await press(tipped_eva, "Not now")

    assert "Nothing like this before 8 April 2027" in words_of(after)
    assert labels(after) == ["I am reading along", "Do not send me these"]
    assert (await tipped_eva.member("eva")).nudges_snoozed_until == date(2027, 4, 8)
    assert [contact.answer for contact in await tipped_eva.contacts()] == [ContactAnswer.NOT_NOW]


async def test_not_now_holds(tipped_eva: Scene) -> None:
    """Nothing reaches her before her day, though a quarter has passed and she is quiet; the round after it does."""
    tipped_eva.clock.moment = datetime(2027, 5, 20, 12, 0, tzinfo=UTC)
    await press(tipped_eva, "Not now")

    await tipped_eva.until(datetime(2027, 6, 18, 12, 0, tzinfo=UTC))
    before = len(tipped_eva.gateway.said_to("eva"))
    await tipped_eva.until(datetime(2027, 6, 22, 8, 0, tzinfo=UTC))

    assert before == 1
    assert len(tipped_eva.gateway.said_to("eva")) == 2


async def test_do_not_send_me_these_is_for_good(tipped_eva: Scene) -> None:
    """Quiet for another year, she gets nothing more, while a colleague does."""
    after = await press(tipped_eva, "Do not send me these")

    assert "no tips, reminders or digests. Announcements still reach you" in words_of(after)
    assert labels(after) == ["I am reading along", "Send me these again"]
    for week in range(52):
        tipped_eva.clock.moment = TUESDAY_AT_TEN + timedelta(weeks=week)
        await tipped_eva.tick()
    assert len(tipped_eva.gateway.said_to("eva")) == 1
    assert len(tipped_eva.gateway.said_to("bo")) > 1


async def test_the_way_back(tipped_eva: Scene) -> None:
    """Who takes it back gets tips again, as often as anybody."""
    stopped = await press(tipped_eva, "Do not send me these")

    after = await press(tipped_eva, "Send me these again", stopped)
    await tipped_eva.until(A_QUARTER_LATER)

    assert "You may get something like this again" in words_of(after)
    assert labels(after) == ["I am reading along", "Do not send me these"]
    assert len(tipped_eva.gateway.said_to("eva")) == 2


async def test_the_way_back_takes_back_not_now(tipped_eva: Scene) -> None:
    """Who said Not now, then never, then yes again, is told that tips come again, and has no day to wait for."""
    later = await press(tipped_eva, "Not now")
    stopped = await press(tipped_eva, "Do not send me these", later)

    after = await press(tipped_eva, "Send me these again", stopped)

    assert "You may get something like this again" in words_of(after)
    assert (await tipped_eva.member("eva")).nudges_snoozed_until is None


async def test_the_way_back_from_no_under_the_notice(tipped_eva: Scene) -> None:
    """Who said Not now to a tip, then no to all of them under the notice, can take it back under either."""
    await press(tipped_eva, "Not now")
    await tipped_eva.people.act("eva", TIPS_OFF, target=Target(tipped_eva.organisation.members["eva"], 1))
    stopped = await press(tipped_eva, "Thanks, that helped")

    after = await press(tipped_eva, "Send me these again", stopped)

    assert "You may get something like this again" in words_of(after)


async def test_more_quiet_counts_from_an_old_message(tipped_eva: Scene) -> None:
    """Not now on a message that shows an older state is heard; Thanks there does not undo what was asked for."""
    old = tip_of(tipped_eva)
    stopped = await press(tipped_eva, "Do not send me these")
    await press(tipped_eva, "Send me these again", stopped)

    later = await press(tipped_eva, "Not now", old)
    thanks = await press(tipped_eva, "Thanks, that helped", old)

    assert "Nothing like this before 8 April 2027" in words_of(later)
    assert thanks == later
    assert [contact.answer for contact in await tipped_eva.contacts()] == [ContactAnswer.NOT_NOW]


async def test_not_now_does_not_soften_never(tipped_eva: Scene) -> None:
    """Who has said never, and then presses Not now on an old message, still gets none."""
    old = tip_of(tipped_eva)
    await press(tipped_eva, "Do not send me these")

    after = await press(tipped_eva, "Not now", old)

    assert "You will not get these any more" in words_of(after)
    assert (await tipped_eva.member("eva")).nudges_off


async def test_the_same_press_twice(tipped_eva: Scene) -> None:
    """A press that is told twice acts once."""
    label = button(tip_of(tipped_eva), "Not now")
    await tipped_eva.people.act("eva", label.action, target=label.target, identity="one press")
    tipped_eva.clock.move(timedelta(days=1))

    again = await tipped_eva.people.act("eva", label.action, target=label.target, identity="one press")

    assert again == Reply()
    assert (await tipped_eva.member("eva")).nudges_snoozed_until == date(2027, 4, 8)


@pytest.mark.parametrize("label", ["Thanks, that helped", "Not now", "Do not send me these"])
async def test_somebody_elses_tip(tipped_eva: Scene, label: str) -> None:
    """A button of eva's tip, pressed by bo, changes nothing for either and explains without naming her."""
    pressed = button(tip_of(tipped_eva), label)

    reply = await tipped_eva.people.press("bo", pressed)

    assert reply.refreshed is None
    assert reply.whisper is not None
    assert "was not written to you" in reply.whisper.summary
    assert "Eva" not in words_of(reply.whisper)
    assert [contact.answer for contact in await tipped_eva.contacts()] == [None]
    for person in ("bo", "eva"):
        member = await tipped_eva.member(person)
        assert (member.nudges_off, member.nudges_snoozed_until) == (False, None)


async def test_a_tip_that_is_not_there(tipped_eva: Scene) -> None:
    """A made-up row, or none at all, gets the same sentence."""
    pressed = button(tip_of(tipped_eva), "Not now")

    replies = [
        await tipped_eva.people.act("eva", pressed.action, target=Target(4711, 1)),
        await tipped_eva.people.act("eva", pressed.action),
    ]

    for reply in replies:
        assert reply.whisper is not None
        assert "was not written to you" in reply.whisper.summary
    assert (await tipped_eva.member("eva")).nudges_snoozed_until is None


async def test_a_button_from_another_organisation(tipped_eva: Scene) -> None:
    """The row of a tip means nothing in another workspace, also to somebody of the same id there."""
    async with tipped_eva.database.begin() as session:
        other = await add_workspace(session, Platform.LOCAL, "other", "Other", TUESDAY_AT_TEN, {"language": "en"})
        session.add(
            Member(
                workspace_id=other.id or 0,
                external_id="eva",
                name="Eva",
                state=MemberState.ACTIVE,
                locale="en",
                created_at=TUESDAY_AT_TEN,
            )
        )
    pressed = button(tip_of(tipped_eva), "Do not send me these")

    reply = await tipped_eva.people.act(
        "eva", pressed.action, target=pressed.target, key=WorkspaceKey("local", "other")
    )

    assert reply.whisper is not None
    assert "was not written to you" in reply.whisper.summary
    async with tipped_eva.database.read() as session:
        there = await find_member(session, other.id or 0, "eva")
    assert there is not None
    assert not there.nudges_off
    assert not (await tipped_eva.member("eva")).nudges_off


@pytest.mark.parametrize("label", ["Thanks, that helped", "Not now", "Do not send me these"])
async def test_a_press_is_a_sign(tipped_eva: Scene, label: str) -> None:
    """Whoever answers has been here, whatever the answer."""
    await press(tipped_eva, label)

    _, last = await signs_of(tipped_eva, "eva")
    assert [row.last_day for row in last] == [TUESDAY_AT_TEN.date()]


async def notice_to(scene: Scene, person: str) -> Message:
    """Return the notice that a person has got, after a communications lead has given it."""
    await scene.change_workspace(notice_given_at=None, rounds_on_at=None)
    reply = await scene.people.command("greta", "nudges")
    assert reply.whisper is not None
    await scene.people.press("greta", button(reply.whisper, "Go: give the notice"))
    await scene.sender.drain()
    return scene.gateway.said_to(person)[0]


async def test_do_not_count_me(scene: Scene) -> None:
    """What was counted of eva is deleted at once, nothing more is counted, and nobody else's counts change."""
    await scene.signs("eva", RECENTLY)
    await scene.signs("bo", RECENTLY)
    notice = await notice_to(scene, "eva")

    after = await press(scene, "Do not count me", notice)
    await scene.signs("eva", date(2027, 3, 4))

    assert "You are not counted" in words_of(after)
    assert labels(after) == ["Count me again", "No tips or reminders for me"]
    assert await signs_of(scene, "eva") == ([], [])
    assert len((await signs_of(scene, "bo"))[0]) == 1


async def test_count_me_again(scene: Scene) -> None:
    """Who takes it back is counted from then on, and is not at once called silent."""
    notice = await notice_to(scene, "eva")
    uncounted = await press(scene, "Do not count me", notice)

    after = await press(scene, "Count me again", uncounted)
    await scene.signs("eva", date(2027, 3, 4))
    await scene.until(datetime(2027, 3, 23, 9, 0, tzinfo=UTC))

    assert labels(after) == ["Do not count me", "No tips or reminders for me"]
    assert len((await signs_of(scene, "eva"))[0]) == 1
    assert await scene.contacts("eva") == []


async def test_no_tips_for_me(scene: Scene) -> None:
    """Under the notice one can say no to tips before any came, and take it back."""
    notice = await notice_to(scene, "eva")

    after = await press(scene, "No tips or reminders for me", notice)
    off = (await scene.member("eva")).nudges_off
    back = await press(scene, "Send me tips and reminders again", after)

    assert off
    assert "You get no tips, reminders or digests" in words_of(after)
    assert labels(after) == ["Do not count me", "Send me tips and reminders again"]
    assert labels(back) == ["Do not count me", "No tips or reminders for me"]
    assert not (await scene.member("eva")).nudges_off
    _, last = await signs_of(scene, "eva")
    assert [row.last_day for row in last] == [scene.clock.now().date()]


@pytest.mark.parametrize("label", ["Do not count me", "No tips or reminders for me"])
async def test_somebody_elses_notice(scene: Scene, label: str) -> None:
    """Nobody says no for somebody else."""
    pressed = button(await notice_to(scene, "eva"), label)

    reply = await scene.people.press("bo", pressed)

    assert reply.whisper is not None
    assert "was not written to you" in reply.whisper.summary
    for person in ("bo", "eva"):
        member = await scene.member(person)
        assert (member.nudges_off, member.not_counted) == (False, False)


async def test_no_notice_no_choice(scene: Scene) -> None:
    """Before the notice its buttons do not exist, and one made up does nothing."""
    notice = await notice_to(scene, "eva")
    await scene.change_workspace(notice_given_at=None)

    reply = await scene.people.press("eva", button(notice, "Do not count me"))

    assert reply.refreshed is None
    assert not (await scene.member("eva")).not_counted


async def test_answers_are_looked_at_by_nobody(tipped_eva: Scene) -> None:
    """Pressing leaves no line in anybody's log: nobody has looked at anybody."""
    await press(tipped_eva, "Not now")

    async with tipped_eva.database.read() as session:
        assert (await session.execute(select(Look))).scalars().all() == []


async def test_a_version_made_up_changes_nothing_about_whose_it_is(tipped_eva: Scene) -> None:
    """A version that never was does not open somebody else's tip."""
    pressed = button(tip_of(tipped_eva), "Not now")
    forged = replace(pressed, target=Target(pressed.target.row, 99))

    reply = await tipped_eva.people.press("bo", Button(forged.label, forged.action, forged.target))

    assert reply.refreshed is None
    assert (await tipped_eva.member("eva")).nudges_snoozed_until is None
