"""Taking part is counted once on every surface, whatever is delivered again; direct messages are not counted at all."""

from datetime import timedelta

from sqlmodel import update

from bot.messages import Words
from storage.tables import Kind, Workspace
from tests.contracts.announcing import NEWS, picture_of, published
from tests.contracts.kept import counted, counted_in_channel, everything_kept
from tests.contracts.showroom import Showroom
from tests.contracts.surface import SurfaceUnderTest, says_count


async def test_messages_and_replies(surface: SurfaceUnderTest) -> None:
    """Each once, those in a thread as replies; for the person, and for the channel without them."""
    first = await surface.write("anna", "Good morning", channel="allmant")
    await surface.redeliver()
    await surface.redeliver()
    await surface.write("anna", "And a good day", channel="allmant")
    await surface.write("bo", "Good morning to you", channel="allmant", under=first)
    await surface.redeliver()

    assert await counted(surface, "anna") == {Kind.MESSAGE: 2}
    assert await counted(surface, "bo") == {Kind.THREAD_REPLY: 1}
    assert await counted_in_channel(surface) == {Kind.MESSAGE: 2, Kind.THREAD_REPLY: 1}


async def test_reactions(surface: SurfaceUnderTest) -> None:
    """Each once; taking one back counts nothing and takes nothing back, and putting it there again is a new sign."""
    written = await surface.write("anna", "Good morning", channel="allmant")

    await surface.react("bo", written)
    await surface.redeliver()
    await surface.take_reaction_back("bo", written)
    await surface.redeliver()
    once = await counted(surface, "bo")
    surface.clock.move(timedelta(minutes=1))
    await surface.react("bo", written)
    await surface.redeliver()

    assert once == {Kind.REACTION: 1}
    assert await counted(surface, "bo") == {Kind.REACTION: 2}
    assert await counted(surface, "anna") == {Kind.MESSAGE: 1}


async def test_commands_and_home(surface: SurfaceUnderTest) -> None:
    """A command is counted where it was given, Home as often as it is opened; each once."""
    await surface.command("carl", "news", channel="allmant")
    await surface.redeliver()
    await surface.command("carl", "news")
    await surface.redeliver()
    await surface.open_home("carl")
    await surface.redeliver()
    surface.clock.move(timedelta(minutes=1))
    await surface.open_home("carl")

    assert await counted(surface, "carl") == {Kind.COMMAND: 2, Kind.HOME: 2}
    assert await counted_in_channel(surface) == {Kind.COMMAND: 1}


async def test_reading_and_asking(surface: SurfaceUnderTest) -> None:
    """*I have read this* counts once however often it is pressed, a question as a question and as having read."""
    post = await published(surface, "anna", NEWS)
    [copy] = await surface.direct("eva")

    await surface.press("bo", post, "I have read this")
    await surface.redeliver()
    await surface.press("bo", post, "I have read this")
    question = await surface.press("eva", copy, "Ask a question")
    await surface.submit("eva", question.opened, question="Is there a vegan dish?")
    await surface.redeliver()
    await surface.settle()

    assert await counted(surface, "bo") == {Kind.READ: 1}
    assert await counted(surface, "eva") == {Kind.READ: 1, Kind.QUESTION: 1}
    assert len(await surface.in_thread(post)) == 1


async def test_a_press_taken_back_is_not_counted(surface: SurfaceUnderTest) -> None:
    """*Undo* within five minutes takes the count back too."""
    post = await published(surface, "anna", NEWS)
    noted = await surface.press("bo", post, "I have read this")

    undone = await surface.press("bo", noted.whispers[0], "Undo")

    assert undone.told == "Taken back."
    assert await counted(surface, "bo") == {}


async def test_replying_and_reacting_is_having_read(surface: SurfaceUnderTest) -> None:
    """Whoever answers or reacts under the home post has read it, and the author's picture says so."""
    post = await published(surface, "anna", NEWS)

    await surface.write("bo", "Well done", channel="allmant", under=post)
    await surface.redeliver()
    await surface.react("carl", post)
    await surface.redeliver()
    surface.clock.move(timedelta(minutes=2))
    await surface.settle()

    assert await counted(surface, "bo") == {Kind.THREAD_REPLY: 1, Kind.READ: 1}
    assert await counted(surface, "carl") == {Kind.REACTION: 1, Kind.READ: 1}
    picture = await picture_of(surface, "anna", "New canteen")
    assert says_count(picture.text, "Read", 2)
    assert says_count(picture.text, "No sign yet", 5)


async def test_direct_messages_are_answered_and_never_counted(surface: SurfaceUnderTest) -> None:
    """What somebody writes to the bot gets its help, counts nothing, and is kept nowhere by the bot."""
    seen = await surface.write_to_bot("farid", "Could you keep a secretive thing?")
    await surface.redeliver()

    assert "Whatever else you write to me is neither kept nor counted." in seen.told
    assert await counted(surface, "farid") == {}
    assert "secretive" not in await everything_kept(surface)


async def test_no_text_of_a_channel_is_kept(surface: SurfaceUnderTest) -> None:
    """Of what people write in channels the bot keeps a number, and not a word."""
    written = await surface.write("anna", "A confidential word", channel="allmant")
    await surface.write("bo", "A confidential answer", channel="allmant", under=written)

    assert await counted(surface, "anna") == {Kind.MESSAGE: 1}
    assert "confidential" not in await everything_kept(surface)


async def test_before_the_notice_nobody_is_counted_by_name(surface: SurfaceUnderTest) -> None:
    """Until everybody has been told, only the channel's sums are kept."""
    async with surface.database.begin() as session:
        await session.execute(update(Workspace).values(notice_given_at=None))

    written = await surface.write("anna", "Good morning", channel="allmant")
    await surface.react("bo", written)
    await surface.command("carl", "news", channel="allmant")
    await surface.open_home("carl")

    assert [await counted(surface, person) for person in ("anna", "bo", "carl")] == [{}, {}, {}]
    assert await counted_in_channel(surface) == {Kind.MESSAGE: 1, Kind.REACTION: 1, Kind.COMMAND: 1}


async def test_what_the_bot_says_counts_for_nobody(surface: SurfaceUnderTest, showroom: Showroom) -> None:
    """The bot's own posts and answers are no sign of anybody."""
    await showroom.post(surface, Words("Good morning"))
    await showroom.send(surface, Words("Good morning"))

    assert [await counted(surface, person) for person in surface.organisation.members] == [{}] * 8
    assert await counted_in_channel(surface) == {}
