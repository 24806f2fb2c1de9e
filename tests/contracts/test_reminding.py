"""Reminders, the digest and *Remind now*, on every surface: to exactly those who have not read, and no oftener.

Anna publishes at noon, UTC, of Wednesday 3 March 2027. Day three is a Saturday, so that reminders come on Monday the
8th, at ten where people are.
"""

from datetime import UTC, datetime, timedelta

from tests.contracts import passing
from tests.contracts.announcing import NEWS, picture_of, published
from tests.contracts.surface import SeenMessage, SurfaceUnderTest, says_count

ASKED = {**NEWS, "confirm": "yes"}
MONDAY_AT_TEN = datetime(2027, 3, 8, 9, 0, tzinfo=UTC)
TUESDAY_AT_TEN = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# The copy itself asks too, and names no title there.
REMINDER = "Anna asks you to confirm that you have read “New canteen”"


async def until(surface: SurfaceUnderTest, moment: datetime) -> None:
    """Live through the days until then, from what is due now on."""
    await surface.settle()
    await passing.until(surface, moment)


async def those_told(surface: SurfaceUnderTest, words: str) -> list[str]:
    """Return who has a message with these words, once for each."""
    return [
        name for name in surface.organisation.members for message in await surface.direct(name) if words in message.text
    ]


async def last_to(surface: SurfaceUnderTest, person: str) -> SeenMessage:
    """Return what a person was sent last."""
    return (await surface.direct(person))[-1]


async def test_reminded_are_those_who_have_not_read(surface: SurfaceUnderTest) -> None:
    """Whoever pressed, replied or reacted is left alone; the others get one, and it leads on from there."""
    post = await published(surface, "anna", ASKED)
    await surface.press("bo", post, "I have read this")
    await surface.react("carl", post)
    [copy] = await surface.direct("eva")
    await surface.press("eva", copy, "Not relevant to me")

    await until(surface, MONDAY_AT_TEN - MINUTE)
    before = await those_told(surface, REMINDER)
    await until(surface, MONDAY_AT_TEN)

    assert before == []
    reminded = await those_told(surface, REMINDER)
    assert reminded == ["cecilia", "david", "farid", "greta"]
    reminder = await last_to(surface, "david")
    assert reminder.buttons[0] == "I have read this"
    await surface.press("david", reminder, "I have read this")
    surface.clock.move(2 * MINUTE)
    await surface.settle()
    assert says_count((await picture_of(surface, "anna", "New canteen")).text, "Read", 4)


async def test_remind_now_says_whom_it_reaches_and_reaches_them(surface: SurfaceUnderTest) -> None:
    """Those who have not read, at once where it is working time; it can be done once a day."""
    post = await published(surface, "anna", ASKED)
    await surface.press("bo", post, "I have read this")
    surface.clock.move(2 * MINUTE)
    await surface.settle()
    card = await picture_of(surface, "anna", "New canteen")

    told = await surface.press("anna", card, "Remind now")
    await surface.settle()
    again = await surface.press("anna", card, "Remind now")

    assert "6 people are reminded now." in told.told
    reminded = await those_told(surface, REMINDER)
    assert reminded == ["carl", "cecilia", "david", "eva", "farid", "greta"]
    assert "It can be done once a day." in again.told


async def test_the_digest_names_what_is_new_once(surface: SurfaceUnderTest) -> None:
    """On Tuesday at ten, one message to those who have not read it; it leads to the post, and does not come twice."""
    post = await published(surface, "anna", NEWS)
    await surface.press("bo", post, "I have read this")

    await until(surface, TUESDAY_AT_TEN - MINUTE)
    before = await those_told(surface, "may be new to you:")
    await until(surface, TUESDAY_AT_TEN)
    first = await those_told(surface, "may be new to you:")
    await until(surface, TUESDAY_AT_TEN + timedelta(days=7))

    assert before == []
    assert first == ["carl", "cecilia", "david", "eva", "farid", "greta"]
    assert await those_told(surface, "may be new to you:") == first
    digest = next(message for message in await surface.direct("eva") if "may be new to you:" in message.text)
    assert "New canteen" in digest.text
    assert (await surface.follow("eva", digest, digest.links[0])).reference == post.reference
