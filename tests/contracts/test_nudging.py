"""The ladder's first step on every surface: notice and go, the tip, its three buttons, and the way back."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import select, update

from storage.tables import Contact, ContactState, Kind, Member, Workspace
from tests.contracts import passing
from tests.contracts.announcing import NEWS, published
from tests.contracts.kept import counted
from tests.contracts.passing import stops
from tests.contracts.surface import SeenMessage, SurfaceUnderTest

# The clock begins at noon, UTC, of Wednesday 3 March 2027. Easter takes two working days from the last week of March.
FIRST_TUESDAY = datetime(2027, 3, 30, 8, 0, tzinfo=UTC)
# What is announced on that Wednesday is reminded of on Monday at ten: the third day is a Saturday.
REMINDED = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
REMINDER = "Anna asks you to confirm that you have read “New canteen”"


async def before_the_notice(surface: SurfaceUnderTest) -> None:
    """Let nobody have been told anything yet."""
    async with surface.database.begin() as session:
        await session.execute(update(Workspace).values(notice_given_at=None, rounds_on_at=None))
        await session.execute(update(Member).values(told_at=None))


async def given_notice(surface: SurfaceUnderTest) -> SeenMessage:
    """Let greta, who leads communications, say go; returns the view in which she did."""
    await before_the_notice(surface)
    [view] = (await surface.command("greta", "nudges")).whispers
    await surface.press("greta", view, "Go: give the notice")
    await surface.settle()
    return view


async def until(surface: SurfaceUnderTest, moment: datetime) -> None:
    """Live through the weeks until then, in each second of which everybody but eva gives a sign."""
    for monday in [*stops(surface.clock.now(), moment, _is_every_other_monday)][:-1]:
        await passing.until(surface, monday)
        for person in surface.organisation.members:
            if person != "eva":
                await surface.open_home(person)
    await passing.until(surface, moment)


def _is_every_other_monday(day: date) -> bool:
    return day.weekday() == 0 and day.isocalendar().week % 2 == 0


async def tipped(surface: SurfaceUnderTest) -> SeenMessage:
    """Let eva be quiet until she gets a tip; returns it."""
    await given_notice(surface)
    await until(surface, FIRST_TUESDAY)
    return (await surface.direct("eva"))[-1]


async def test_notice_comes_first(surface: SurfaceUnderTest) -> None:
    """Go asks once more, then tells everybody in three sentences, with the way to say no; it is done once."""
    await before_the_notice(surface)
    [view] = (await surface.command("greta", "nudges")).whispers
    assert view.buttons == ("Go: give the notice", "Stop everything")
    assert view.questions == {"Go: give the notice": "Send this notice to everybody now?"}
    assert "Nothing is kept about single people yet" in view.text

    await surface.press("greta", view, "Go: give the notice")
    await surface.redeliver()
    await surface.press("greta", view, "Go: give the notice")
    await surface.settle()

    for person in surface.organisation.members:
        [notice] = await surface.direct(person)
        assert "From now on Samlas counts how often" in notice.text
        assert notice.buttons == ("Do not count me", "No tips or reminders for me")
    stands = (await surface.command("greta", "nudges")).whispers[-1]
    assert "Everybody has been told. The first round comes after" in stands.text
    assert stands.buttons == ("Stop everything", "How it is found out")


async def test_only_communications_leads_see_the_view(surface: SurfaceUnderTest) -> None:
    """Everybody else is told, kindly, who can tell them about it."""
    seen = await surface.command("bo", "nudges")

    assert "They are happy to tell you about it: Greta." in seen.told
    assert [whisper.buttons for whisper in seen.whispers] == [()]


async def test_saying_no_to_the_notice_works_at_once(surface: SurfaceUnderTest) -> None:
    """*Do not count me* forgets what was counted and counts no more; one press takes it back. So with tips."""
    await given_notice(surface)
    await surface.write("bo", "Good morning", channel="allmant")
    [notice] = await surface.direct("bo")

    await surface.press("bo", notice, "Do not count me")
    await surface.write("bo", "Good morning again", channel="allmant")
    uncounted = await counted(surface, "bo")
    [not_counted] = await surface.direct("bo")
    await surface.press("bo", not_counted, "Count me again")
    await surface.write("bo", "And again", channel="allmant")
    [counts] = await surface.direct("bo")
    await surface.press("bo", counts, "No tips or reminders for me")
    [no_tips] = await surface.direct("bo")
    await surface.press("bo", no_tips, "Send me tips and reminders again")
    [as_before] = await surface.direct("bo")

    assert uncounted == {}
    assert "You are not counted" in not_counted.text
    assert not_counted.buttons == ("Count me again", "No tips or reminders for me")
    assert await counted(surface, "bo") == {Kind.MESSAGE: 1}
    assert "You get no tips, reminders or digests." in no_tips.text
    assert no_tips.buttons == ("Do not count me", "Send me tips and reminders again")
    assert as_before.text == notice.text
    assert as_before.buttons == notice.buttons


async def test_the_quiet_one_gets_one_kind_tip(surface: SurfaceUnderTest) -> None:
    """On the Tuesday at ten where she is, four weeks after the notice; nobody else gets anything."""
    await given_notice(surface)
    await until(surface, FIRST_TUESDAY - timedelta(days=2))
    [view] = (await surface.command("greta", "nudges")).whispers
    await until(surface, FIRST_TUESDAY - timedelta(minutes=1))
    before = await surface.direct("eva")

    await until(surface, FIRST_TUESDAY)
    _, tip = await surface.direct("eva")
    await until(surface, FIRST_TUESDAY + timedelta(days=21))

    assert "1 person would get a friendly tip" in view.text
    assert "Eva" in view.text
    assert "no sign for 15 of their working days" in view.text
    assert len(before) == 1
    assert "Hello Eva. It has been a while" in tip.text
    assert tip.buttons == ("I am reading along", "Thanks, that helped", "Not now", "Do not send me these")
    assert [len(await surface.direct(person)) for person in surface.organisation.members] == [
        2 if person == "eva" else 1 for person in surface.organisation.members
    ]


async def test_thanks_that_helped(surface: SurfaceUnderTest) -> None:
    """Said under the tip itself, and the other two can still be pressed."""
    tip = await tipped(surface)

    await surface.press("eva", tip, "Thanks, that helped")
    await surface.redeliver()

    answered = (await surface.direct("eva"))[-1]
    assert answered.reference == tip.reference
    assert "Glad to hear that." in answered.text
    assert answered.buttons == ("I am reading along", "Not now", "Do not send me these")


async def test_not_now(surface: SurfaceUnderTest) -> None:
    """None for thirty days, and it says until when."""
    tip = await tipped(surface)

    await surface.press("eva", tip, "Not now")

    answered = (await surface.direct("eva"))[-1]
    assert "before 29 April 2027" in answered.text
    assert answered.buttons == ("I am reading along", "Do not send me these")


async def test_do_not_send_me_these_and_the_way_back(surface: SurfaceUnderTest) -> None:
    """For good, until one presses the way back that stands there instead."""
    tip = await tipped(surface)

    await surface.press("eva", tip, "Do not send me these")
    stopped = (await surface.direct("eva"))[-1]
    [notice, _] = await surface.direct("eva")
    await surface.press("eva", stopped, "Send me these again")
    again = (await surface.direct("eva"))[-1]

    assert "You will not get these any more" in stopped.text
    assert stopped.buttons == ("I am reading along", "Send me these again")
    assert "You may get something like this again now and then." in again.text
    assert again.buttons == ("I am reading along", "Do not send me these")
    assert stopped.reference == again.reference == tip.reference != notice.reference


async def test_stop_everything(surface: SurfaceUnderTest) -> None:
    """One press by a communications lead, and nobody gets anything, what is planned included."""
    await given_notice(surface)
    await until(surface, FIRST_TUESDAY - timedelta(minutes=1))
    [view] = (await surface.command("greta", "nudges")).whispers

    await surface.press("greta", view, "Stop everything")
    await until(surface, FIRST_TUESDAY + timedelta(days=7))

    assert [len(await surface.direct(person)) for person in surface.organisation.members] == [1] * 8


async def contacts(surface: SurfaceUnderTest) -> set[str]:
    """Return where the contacts are that were planned for anybody."""
    async with surface.database.read() as session:
        return set((await session.execute(select(Contact.state))).scalars())


async def test_stop_everything_before_the_notice(surface: SurfaceUnderTest) -> None:
    """Reminders go out by then: one press takes back at once what is planned and paid, and one lets them go again."""
    await before_the_notice(surface)
    await published(surface, "anna", {**NEWS, "confirm": "yes"})
    await until(surface, REMINDED - timedelta(minutes=1))
    planned = await contacts(surface)
    [view] = (await surface.command("greta", "nudges")).whispers

    await surface.press("greta", view, "Stop everything")
    at_once = await contacts(surface)
    stopped = (await surface.command("greta", "nudges")).whispers[-1]
    await until(surface, REMINDED)
    reminded = [message for message in await surface.direct("eva") if REMINDER in message.text]
    await surface.press("greta", stopped, "Let reminders and digests go out again")
    again = (await surface.command("greta", "nudges")).whispers[-1]
    await until(surface, REMINDED + timedelta(days=1))
    later = [message for message in await surface.direct("eva") if REMINDER in message.text]

    assert planned == {ContactState.PLANNED}
    assert at_once == {ContactState.GIVEN_BACK}
    assert "Everything is stopped, reminders and digests too." in stopped.text
    assert stopped.buttons == ("Go: give the notice", "Let reminders and digests go out again")
    assert again.buttons == ("Go: give the notice", "Stop everything")
    assert [len(reminded), len(later)] == [0, 1]
