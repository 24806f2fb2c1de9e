"""*Your participation*: what a member sees of themselves, on Home and by `/samlas me`, and what they choose there."""

from datetime import date

import pytest

from bot.events import OPENED_HOME, Reply
from bot.messages import Button, Message, Share, Shares, Target, buttons_of
from nudges import own
from tests.nudges.conftest import Scene
from tests.support import button, words_of


async def home_of(scene: Scene, person: str) -> Message:
    """Let a person open Home."""
    home = (await scene.people.act(person, OPENED_HOME)).home
    assert home is not None
    return home


async def asked(scene: Scene, person: str) -> Message:
    """Let a person ask with `/samlas me`."""
    said = (await scene.people.command(person, "samlas", "me")).whisper
    assert said is not None
    return said


def labels(message: Message) -> list[str]:
    """Return what can be pressed."""
    return [one.label for one in buttons_of(message.parts)]


def home_in(reply: Reply) -> Message:
    """Return what Home has become."""
    assert reply.home is not None
    return reply.home


async def test_home_shows_ones_own_counts(scene: Scene) -> None:
    """The last thirty days by kind, since when, and that nobody else is shown them; nothing of anybody else."""
    await scene.signs("bo", date(2027, 1, 5), date(2027, 2, 1), date(2027, 2, 2), date(2027, 3, 1))
    await scene.signs("anna", date(2027, 3, 1))

    home = await home_of(scene, "bo")

    assert "You took part 3 times in the last 30 days, counted since 5 January 2027." in words_of(home)
    kinds, weeks = [part for part in home.parts if isinstance(part, Shares)]
    assert kinds.shares == (Share("Messages", 2), Share("Opening Home", 1))
    assert weeks.shares == (Share("Week of 1 February 2027", 2), Share("Week of 1 March 2027", 2))
    assert labels(home)[:3] == ["Do not count me", "Pause", "No tips or reminders for me"]


async def test_samlas_me_whispers_the_same(scene: Scene) -> None:
    """Who asks is shown it at once, to them alone."""
    await scene.signs("bo", date(2027, 3, 1))

    said = await asked(scene, "bo")

    assert "You took part 2 times" in words_of(said)
    assert "Nobody has looked at data about you." in words_of(said)


async def test_do_not_count_me_and_back(scene: Scene) -> None:
    """One press, after a question, deletes what was counted; another begins from nothing. Home says so at once."""
    await scene.signs("bo", date(2027, 3, 1))
    before = await home_of(scene, "bo")
    uncount = button(before, "Do not count me")

    after = home_in(await scene.people.press("bo", uncount))
    member = await scene.member("bo")
    again = home_in(await scene.people.press("bo", button(after, "Count me again")))

    assert uncount.confirm is not None
    assert member.not_counted
    assert "You are not counted, and nothing that was counted or learnt of you is kept." in words_of(after)
    assert not (await scene.member("bo")).not_counted
    assert "You took part 0 times in the last 30 days" in words_of(again)
    assert "Do not count me" in labels(again)


async def test_no_tips_and_back(scene: Scene) -> None:
    """One press for good, one back; in the whisper it stands where it was pressed."""
    before = await asked(scene, "bo")

    off = (await scene.people.press("bo", button(before, "No tips or reminders for me"))).refreshed
    assert off is not None
    assert (await scene.member("bo")).nudges_off
    on = (await scene.people.press("bo", button(off, "Send me tips and reminders again"))).refreshed
    assert on is not None

    assert "You get no tips, reminders or digests." in words_of(off)
    assert "You may get a tip, a reminder or a digest now and then" in words_of(on)
    assert not (await scene.member("bo")).nudges_off


async def test_the_lead_is_left_out_before_leads_are_told_anything(scene: Scene) -> None:
    """*Do not involve my lead* and its way back stand there always, also while the organisation's third step is off."""
    before = await asked(scene, "bo")

    out = (await scene.people.press("bo", button(before, "Do not involve my lead"))).refreshed
    assert out is not None
    left_out = (await scene.member("bo")).lead_not_involved
    back = (await scene.people.press("bo", button(out, "My lead may be told"))).refreshed
    assert back is not None

    assert left_out
    assert not (await scene.member("bo")).lead_not_involved
    assert "Do not involve my lead" in labels(back)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (
            {"nudges_snoozed_until": date(2027, 3, 20)},
            "You said not now: no tips, reminders or digests before 20 March 2027.",
        ),
        ({"paused_until": date(2027, 4, 1)}, "You have paused: no tips, reminders or digests before 1 April 2027."),
        ({"reading_along_until": date(2027, 8, 1)}, "You are reading along, and get no tips before 1 August 2027."),
        ({"nudges_snoozed_until": date(2027, 3, 3)}, "You may get a tip, a reminder or a digest now and then"),
    ],
    ids=["not now", "paused", "reading along", "not now, which is over"],
)
async def test_until_when(scene: Scene, values: dict[str, date], sentence: str) -> None:
    """It says until when no tips come; a day that has come holds nothing back any more."""
    await scene.change("bo", **values)

    assert sentence in words_of(await asked(scene, "bo"))


async def test_not_now_can_be_taken_back(scene: Scene) -> None:
    """Who said not now can have tips again before its day, or none at all."""
    await scene.change("bo", nudges_snoozed_until=date(2027, 3, 20))
    said = await asked(scene, "bo")

    await scene.people.press("bo", button(said, "Send me tips and reminders again"))

    assert labels(said)[:4] == [
        "Do not count me",
        "Pause",
        "No tips or reminders for me",
        "Send me tips and reminders again",
    ]
    assert (await scene.member("bo")).nudges_snoozed_until is None


async def test_who_has_looked(quiet_eva: Scene) -> None:
    """By name, day and what was looked at; once a day, however often; and nobody else reads it."""
    await quiet_eva.people.command("greta", "nudges")
    await quiet_eva.people.command("greta", "nudges")

    eva = words_of(await home_of(quiet_eva, "eva"))
    bo = words_of(await home_of(quiet_eva, "bo"))

    assert eva.count("Greta") == 1
    assert "7 March 2027: whether you would get a tip, and why" in eva
    assert "Nobody has looked at data about you." in bo


@pytest.mark.parametrize("action", [own.UNCOUNT, own.TIPS_OFF])
async def test_only_ones_own(scene: Scene, action: str) -> None:
    """A press with somebody else's row is refused, and changes neither of the two."""
    forged = Button("", action, Target(scene.organisation.members["bo"], 1))

    reply = await scene.people.press("eva", forged)

    assert reply.whisper is not None
    assert "somebody else's" in reply.whisper.summary
    for name in ("bo", "eva"):
        member = await scene.member(name)
        assert (member.not_counted, member.nudges_off) == (False, False)


async def test_before_the_notice(scene: Scene) -> None:
    """It says that nothing is counted of single people; who does not want to be counted can say so already."""
    await scene.change_workspace(notice_given_at=None, rounds_on_at=None)
    home = await home_of(scene, "bo")

    await scene.people.press("bo", button(home, "Do not count me"))

    assert "Nothing is counted of single people here." in words_of(home)
    assert (await scene.member("bo")).not_counted
