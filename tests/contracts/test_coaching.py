"""The coaching journey on every surface, for both people: found, agreed, in the calendar, asked afterwards.

The busy coach and the case that nobody is free are part of it. The clock begins at noon, UTC, of Wednesday 3 March
2027.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar
from sqlmodel import col, select, update

from storage.tables import CoachingSum, Member, MemberState
from tests.contracts.surface import SeenMessage, SurfaceUnderTest
from tests.contracts.wording import in_a_sentence

MINUTE = timedelta(minutes=1)


async def becomes_coach(surface: SurfaceUnderTest, person: str, **values: str) -> None:
    """Let somebody register by /coach."""
    opened = await surface.command(person, "coach")
    done = await surface.submit(person, opened.opened, **values)
    assert "Thank you for being there." in done.told


async def asks(surface: SurfaceUnderTest, person: str, about: str = "") -> None:
    """Let somebody ask for a coach by /coach me, and everybody be told."""
    opened = await surface.command(person, "coach", "me")
    done = await surface.submit(person, opened.opened, about=about)
    assert "You hear from me in a message of its own." in done.told
    await surface.settle()


async def have_addresses(surface: SurfaceUnderTest) -> None:
    """Let everybody have an e-mail address, by which Teams knows people."""
    async with surface.database.begin() as session:
        for name, row in surface.organisation.members.items():
            await session.execute(update(Member).where(col(Member.id) == row).values(email=f"{name}@example.com"))


async def newest(surface: SurfaceUnderTest, person: str) -> SeenMessage:
    """Return the newest message in somebody's conversation with the bot."""
    return (await surface.direct(person))[-1]


async def said(surface: SurfaceUnderTest, person: str, words: str) -> SeenMessage:
    """Return the newest message to somebody that says these words."""
    return [message for message in await surface.direct(person) if words in message.text][-1]


def times_on(card: SeenMessage) -> Sequence[str]:
    """Return the labels of the buttons that are times."""
    return [label for label in card.buttons if label[-3] == ":"]


async def matched(surface: SurfaceUnderTest) -> tuple[SeenMessage, SeenMessage]:
    """Let bo be the only coach, and eva ask for one; returns her card and his."""
    await have_addresses(surface)
    await becomes_coach(surface, "bo", about="How we share news")
    await asks(surface, "eva", "Where to begin")
    return await newest(surface, "eva"), await newest(surface, "bo")


async def agreed(surface: SurfaceUnderTest) -> None:
    """Let eva and bo agree on the first time."""
    mine, _ = await matched(surface)
    await surface.press("eva", mine, times_on(mine)[0])
    await surface.settle()
    await surface.press("bo", await said(surface, "bo", "Does that suit you?"), "That suits me")
    await surface.settle()


async def test_registering(surface: SurfaceUnderTest) -> None:
    """A volunteer says how many, in which languages and what about; sees it again, changes it, and steps down."""
    opened = (await surface.command("bo", "coach")).opened
    wrong = await surface.submit("bo", opened, speaks_en="", speaks_sv="", paused_until="2027-03-01")
    done = await surface.submit("bo", wrong.opened, a_week="2", speaks_sv="yes", about="Anything", paused_until="")
    again = (await surface.command("bo", "coach")).opened
    home = await surface.open_home("bo")
    paused = await surface.submit("bo", again, paused_until="2027-03-20")
    stands = (await surface.command("bo", "coach")).opened
    down = await surface.press("bo", stands, "Step down")

    assert opened.submit == "I will be a coach"
    assert set(wrong.errors.values()) == {
        "Please choose one language at least.",
        "Please give a day that is still to come, or leave it empty.",
    }
    assert "When somebody would like to talk, I write to you here." in done.told
    assert (again.fields["a_week"].value, again.fields["about"].value) == ("2", "Anything")
    assert (again.fields["speaks_sv"].value, again.fields["speaks_en"].value) == ("yes", "")
    assert "You are a coach, for 2 colleagues a week at most." in home.text
    assert "Nobody is sent to you before 20 March 2027." in paused.told
    assert "You are a coach no more." in down.told
    assert (await surface.command("bo", "coach")).opened.submit == "I will be a coach"


async def test_a_lead_sees_who_the_coaches_are(surface: SurfaceUnderTest) -> None:
    """Names and nothing else; the coach can read that somebody has looked. Nobody else sees them."""
    await becomes_coach(surface, "bo")

    to_lead = (await surface.command("greta", "coach")).opened
    to_other = (await surface.command("carl", "coach")).opened

    assert "Coaches here: Bo." in to_lead.text
    assert "Coaches here" not in to_other.text
    home = await surface.open_home("bo")
    assert "Greta" in home.text
    assert "that you are a coach" in home.text


async def test_both_are_told_and_have_a_place_to_talk(surface: SurfaceUnderTest) -> None:
    """The coach reads the name and what was written, nothing else; three times on three days; a way to each other."""
    mine, theirs = await matched(surface)
    surface.clock.move(MINUTE)
    await surface.settle()
    mine, theirs = await newest(surface, "eva"), await newest(surface, "bo")

    assert "Bo will gladly talk with you." in mine.text
    assert "What Bo gladly talks about: How we share news" in mine.text
    assert "Eva would like to talk with a coach, and you are free." in theirs.text
    assert "What Eva would like to talk about: Where to begin" in theirs.text
    assert times_on(mine) == times_on(theirs)
    assert len({label.split(",")[0] for label in times_on(mine)}) == 3
    assert mine.links == ("Open a conversation with Bo",)
    assert theirs.links == ("Open a conversation with Eva",)
    if surface.name == "teams":
        address = mine.reference.addresses["Open a conversation with Bo"]
        assert address == "https://teams.microsoft.com/l/chat/0/0?users=bo@example.com"
        assert await surface.together("eva", "bo") == ()
    else:
        [hello] = await surface.together("eva", "bo")
        assert "Hello Eva and Bo." in hello.text
        assert hello.buttons == ()
    assert (
        "that you would like to talk with a coach, and what you wrote about it" in (await surface.open_home("eva")).text
    )


async def test_agreeing_on_a_time(surface: SurfaceUnderTest) -> None:
    """One presses a time, the other confirms it; both have it in words and for their calendars."""
    mine, _ = await matched(surface)
    label = times_on(mine)[1]

    await surface.press("eva", mine, label)
    await surface.settle()
    asked = await newest(surface, "bo")
    await surface.press("bo", asked, "That suits me")
    await surface.redeliver()
    await surface.settle()

    # On a button "Thu 4 March, 14:30", in words "Thursday 4 March, 14:30".
    moment = label.replace("Thu ", "Thursday ")
    assert f"Eva has chosen {moment}. Does that suit you?" in asked.text
    assert f"You have agreed on {moment}." in (await surface.as_it_stands("bo", asked) or asked).text
    assert f"You and Bo talk on {moment}." in (await surface.open_home("eva")).text
    if surface.name == "teams":
        told = await newest(surface, "eva")
        assert f"You and Bo talk on {moment}." in told.text
        assert told.links == ("Open a conversation with Bo", "Put it in my calendar")
        address = told.reference.addresses["Put it in my calendar"]
        assert address.startswith("https://teams.microsoft.com/l/meeting/new?subject=Talk%20with%20Bo&startTime=2027-")
        assert address.endswith("attendees=bo@example.com")
        return
    [eva], [bo] = await surface.files("eva"), await surface.files("bo")
    [for_eva], [for_bo] = Calendar.from_ical(eva).walk("VEVENT"), Calendar.from_ical(bo).walk("VEVENT")
    assert for_eva["SUMMARY"] == "Talk with Bo"
    assert for_bo["SUMMARY"] == "Talk with Eva"
    assert for_eva["UID"] == for_bo["UID"]
    assert for_eva.decoded("DTSTART") == for_bo.decoded("DTSTART")
    assert for_eva.decoded("DTEND") - for_eva.decoded("DTSTART") == timedelta(minutes=30)


async def test_other_times(surface: SurfaceUnderTest) -> None:
    """Whoever cannot asks for others: three new ones for both, and what was chosen does not hold any more."""
    mine, _ = await matched(surface)
    await surface.press("eva", mine, times_on(mine)[0])
    await surface.settle()
    asked = await newest(surface, "bo")

    await surface.press("bo", asked, "Other times")
    await surface.settle()
    anew = await newest(surface, "eva")
    stale = await surface.press("eva", mine, times_on(mine)[0])

    assert len(times_on(anew)) == 3
    assert not set(times_on(anew)) & set(times_on(mine))
    assert "This has changed since you opened it." in stale.told


async def test_a_busy_coach(surface: SurfaceUnderTest) -> None:
    """*Not this time*: the next coach is asked, and the member does not hear why; nor does the first get it again."""
    await becomes_coach(surface, "bo")
    await becomes_coach(surface, "carl")
    await asks(surface, "eva")
    first = await newest(surface, "bo")
    surface.clock.move(MINUTE)

    await surface.press("bo", first, "Not this time")
    await surface.redeliver()
    await surface.settle()

    thanked = await newest(surface, "bo")
    before, now = (await surface.direct("eva"))[-2:]
    assert "Somebody else is asked, and nobody hears why." in thanked.text
    assert thanked.buttons == ()
    assert "It will be somebody else this time." in before.text
    assert "busy" not in before.text
    assert "Carl will gladly talk with you." in now.text
    assert "Eva would like to talk with a coach" in (await newest(surface, "carl")).text
    stale = await surface.press("bo", first, "Not this time")
    assert "This has changed since you opened it." in stale.told


async def test_nobody_is_free(surface: SurfaceUnderTest) -> None:
    """It says so and keeps a place; whoever registers next is matched with whoever has waited longest."""
    await becomes_coach(surface, "bo")
    await asks(surface, "eva")
    surface.clock.move(MINUTE)
    await asks(surface, "david")
    surface.clock.move(MINUTE)
    await asks(surface, "farid")
    waiting = await newest(surface, "david")
    home = await surface.open_home("farid")

    await becomes_coach(surface, "carl")
    await surface.settle()
    told = await newest(surface, "david")
    left = await surface.press("farid", await newest(surface, "farid"), "I do not need it any more")

    assert "Nobody is free to talk just now." in waiting.text
    assert waiting.buttons == ("I do not need it any more",)
    assert "You are in the queue" in home.text
    assert "Carl will gladly talk with you." in told.text
    assert left.form is None
    assert "You have left the queue." in (await newest(surface, "farid")).text


async def test_nobody_is_a_coach(surface: SurfaceUnderTest) -> None:
    """Then there is nothing to ask for, and it says who could change that; Home offers nothing."""
    seen = await surface.command("eva", "coach", "me")

    assert f"Whoever would like to can write {in_a_sentence(surface, 'coach')}." in seen.told
    assert "Talking with a coach" not in (await surface.open_home("eva")).text


async def test_calling_it_off(surface: SurfaceUnderTest) -> None:
    """The member changes their mind, the coach hears that there is nothing to do, and Home offers it anew."""
    mine, _ = await matched(surface)
    surface.clock.move(MINUTE)
    await surface.settle()

    await surface.press("eva", await newest(surface, "eva"), "Call it off")
    await surface.settle()

    assert mine.questions == {"Call it off": "Call this talk off?"}
    assert "You have called it off." in (await newest(surface, "eva")).text
    assert "Eva does not need this talk any more." in (await newest(surface, "bo")).text
    assert "I would like to talk with a coach" in (await surface.open_home("eva")).buttons


async def test_somebody_elses_card(surface: SurfaceUnderTest) -> None:
    """Whoever is neither of the two changes nothing, whatever they send."""
    mine, _ = await matched(surface)

    pressed = [await surface.press("anna", mine, label) for label in (times_on(mine)[0], "Other times", "Call it off")]

    refusals = ("This message was not written to you", "The message is not there any more.")
    for seen in pressed:
        assert any(sentence in seen.told for sentence in refusals)
    assert (await newest(surface, "eva")).buttons == mine.buttons


async def test_a_coach_who_leaves(surface: SurfaceUnderTest) -> None:
    """Somebody else is found for the member, without their asking again."""
    await matched(surface)
    await becomes_coach(surface, "carl")
    surface.clock.move(MINUTE)
    async with surface.database.begin() as session:
        await session.execute(
            update(Member).where(col(Member.id) == surface.organisation.members["bo"]).values(state=MemberState.LEFT)
        )

    await surface.settle()

    assert "Carl will gladly talk with you." in (await newest(surface, "eva")).text


async def test_afterwards(surface: SurfaceUnderTest) -> None:
    """Two working days later each is asked in private; what they say goes into the sums and is shown to nobody."""
    await agreed(surface)
    surface.clock.move(datetime(2027, 3, 10, 12, 0, tzinfo=UTC) - surface.clock.now())
    await surface.settle()
    asked, asked_coach = await newest(surface, "eva"), await newest(surface, "bo")

    await surface.press("eva", asked, "Yes, and it helped")
    await surface.press("eva", asked, "It did not take place")
    await surface.press("bo", asked_coach, "It took place")
    async with surface.database.read() as session:
        sums = (await session.execute(select(CoachingSum))).scalars().all()

    assert "Did your talk with Bo take place, and did it help?" in asked.text
    assert asked.buttons == ("Yes, and it helped", "It took place", "It did not take place")
    assert {(found.answer, found.count) for found in sums} == {("helped", 1), ("took_place", 1)}
    assert "Only the sum of all answers is kept" in (await newest(surface, "eva")).text
    assert "I would like to talk with a coach" in (await surface.open_home("eva")).buttons
