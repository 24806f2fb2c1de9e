"""The welcome path on every surface. Eva's first working day is Monday 15 March 2027; Samlas came on the 3rd."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import col, update

from storage.tables import Member, Workspace
from tests.contracts.passing import until
from tests.contracts.surface import SeenMessage, SurfaceUnderTest
from tests.contracts.wording import in_a_sentence

FIRST = datetime(2027, 3, 15, 9, 0, tzinfo=UTC)
SECOND = datetime(2027, 3, 22, 9, 0, tzinfo=UTC)
THIRD = datetime(2027, 3, 29, 8, 0, tzinfo=UTC)
THREE = ("Thanks, that helped", "Not now", "Do not send me these")


async def welcomed(surface: SurfaceUnderTest) -> SeenMessage:
    """Let eva be a newcomer until ten on her first day; returns her welcome."""
    async with surface.database.begin() as session:
        await session.execute(
            update(Member)
            .where(col(Member.id) == surface.organisation.members["eva"])
            .values(joined_on=date(2027, 3, 15))
        )
        await session.execute(update(Workspace).values(rounds_on_at=surface.clock.now()))
    await until(surface, FIRST - timedelta(minutes=1))
    assert await surface.direct("eva") == []
    await until(surface, FIRST)
    [welcome] = await surface.direct("eva")
    return welcome


async def test_the_first_day(surface: SurfaceUnderTest) -> None:
    """At ten on her first working day, not before: what this is, why she gets it, and where to begin."""
    welcome = await welcomed(surface)

    assert "Welcome. I am Samlas, and you get this because you are new here." in welcome.text
    assert f"write {in_a_sentence(surface, 'news')} for what has been announced" in welcome.text
    assert welcome.buttons == ("Choose topics", *THREE)


async def test_what_she_finds_is_left_out(surface: SurfaceUnderTest) -> None:
    """Topics chosen from the welcome stay chosen, and the second one tells only what is left."""
    welcome = await welcomed(surface)

    form = (await surface.press("eva", welcome, "Choose topics")).opened
    offered = form.fields["topics"].options
    await surface.submit("eva", form, topics=offered[0])
    await until(surface, SECOND)

    second = (await surface.direct("eva"))[-1]
    assert "you joined us about a week ago" in second.text
    assert "Choose topics" not in second.text
    assert second.buttons == THREE
    assert "You follow" in (await surface.open_home("eva")).text


async def test_the_last_one_to_whoever_never_started(surface: SurfaceUnderTest) -> None:
    """After two weeks without any sign, with the button for whoever reads along; no tip comes beside it."""
    await welcomed(surface)
    await until(surface, SECOND)

    await until(surface, datetime(2027, 4, 1, 12, 0, tzinfo=UTC))
    third = (await surface.direct("eva"))[-1]
    await surface.press("eva", third, "I am reading along")
    await until(surface, datetime(2027, 4, 20, 12, 0, tzinfo=UTC))

    assert "There is no hurry" in third.text
    assert third.buttons == ("I am reading along", *THREE)
    assert len(await surface.direct("eva")) == len(("first", "second", "third"))
    assert "Reading along is taking part" in (await surface.direct("eva"))[-1].text


async def test_no_more_of_these(surface: SurfaceUnderTest) -> None:
    """One press, and neither the second nor the third comes."""
    welcome = await welcomed(surface)

    await surface.press("eva", welcome, "Do not send me these")
    await until(surface, THIRD + timedelta(days=5))

    [stopped] = await surface.direct("eva")
    assert "You will not get these any more" in stopped.text
