"""What somebody writes under their copy is theirs until they have chosen what becomes of it."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.events import Reply
from bot.intake import REACTED_TO_US, WROTE_TO_BOT
from bot.messages import Message, Target, buttons_of
from bot.room import jobs
from nudges.schedule import run_due
from storage.tables import Question
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import DECISION, preview, shares_of
from tests.bot.announcements.test_changes import picture, withdraw
from tests.bot.announcements.test_on_the_way import publish, refuse_threads, settle
from tests.support import button, words_of

WORDS = "Will there be *coffee*?"
CHOICES = ["Post in the thread under my name", "Only to the author", "Nothing"]


async def write(scene: Scene, person: str = "eva", words: str = WORDS, under: str | None = None) -> Reply:
    """Write to the bot, under one of its messages where the platform tells which."""
    return await scene.people.act(person, WROTE_TO_BOT, text=words, thread=under)


def whispered(reply: Reply) -> Message:
    """Return what only the writer sees."""
    assert reply.whisper is not None, reply
    return reply.whisper


def choices(message: Message) -> list[str]:
    """Return what can be chosen."""
    return [found.label for found in buttons_of(message.parts)]


async def kept(scene: Scene) -> list[str]:
    """Return what is kept of what people wrote."""
    async with scene.database.read() as session:
        return list((await session.execute(select(Question.text))).scalars())


def seen_by_others(scene: Scene) -> str:
    """Return all that stands anywhere but with eva, as one text to look in."""
    return " ".join(words_of(said.message) for said in scene.gateway.standing.values() if said.to.member != "eva")


async def test_nobody_sees_a_reply_before_its_writer_has_chosen(scene: Scene) -> None:
    """It is shown to them alone with three ways on; that they have replied counts as having read."""
    await publish(scene)

    asked = whispered(await write(scene))
    await settle(scene)

    assert WORDS in words_of(asked)
    assert choices(asked) == CHOICES
    assert "coffee" not in seen_by_others(scene)
    assert shares_of(picture(scene))["Read"] == 1
    assert "You have read this. Thank you." in words_of(scene.gateway.said_to("eva")[0])


async def test_posted_in_the_thread_under_their_name(scene: Scene) -> None:
    """It stands there with the writer's name, and the author is told with the way to it."""
    await publish(scene)
    asked = whispered(await write(scene))

    reply = await scene.people.press("eva", button(asked, CHOICES[0]))
    await settle(scene)

    assert reply.refreshed is not None
    assert reply.refreshed.summary == "Your reply is in the thread, under your name."
    [in_thread] = scene.gateway.said_in("allmant", in_thread=True)
    assert "Eva replies:" in words_of(in_thread)
    assert WORDS in words_of(in_thread)
    told = scene.gateway.said_to("anna")[-1]
    assert told.summary == "Eva has replied to “New canteen”."
    assert "Answer in the thread" in words_of(told)


async def test_only_to_the_author(scene: Scene) -> None:
    """The author gets it and is told that it came to them alone; the thread stays as it was."""
    await publish(scene)
    asked = whispered(await write(scene))

    await scene.people.press("eva", button(asked, "Only to the author"))
    await settle(scene)

    assert scene.gateway.said_in("allmant", in_thread=True) == []
    told = scene.gateway.said_to("anna")[-1]
    assert WORDS in words_of(told)
    assert "This has gone to you alone." in words_of(told)
    assert "Answer in the thread" not in words_of(told)


async def test_nothing_forgets_it(scene: Scene) -> None:
    """Nobody gets it, and it is not kept."""
    await publish(scene)
    asked = whispered(await write(scene))

    reply = await scene.people.press("eva", button(asked, "Nothing"))
    await settle(scene)

    assert reply.refreshed is not None
    assert reply.refreshed.summary == "Nobody has seen it, and it is forgotten."
    assert "coffee" not in seen_by_others(scene)
    assert await kept(scene) == []


@pytest.mark.parametrize(("label", "views"), [*((chosen, 1) for chosen in CHOICES[:2]), (CHOICES[2], 0)])
async def test_what_others_get_of_it_is_a_view_of_a_proposal(scene: Scene, label: str, views: int) -> None:
    """Its author's card counts a reply that was posted or came to them; none that waits, or was forgotten."""
    form = await preview(scene, "anna", DECISION)
    await scene.people.press("anna", button(form, "Publish as a proposal"))
    await settle(scene)
    asked = whispered(await write(scene))
    await settle(scene)
    waiting = words_of(picture(scene))

    await scene.people.press("eva", button(asked, label))
    await settle(scene)

    assert "so far, in its thread or to you" not in waiting
    assert words_of(picture(scene)).count("1 person has given a view so far") == views


@pytest.mark.parametrize("label", CHOICES)
async def test_a_choice_is_made_once_and_by_its_writer(scene: Scene, label: str) -> None:
    """Somebody else's press, and a second one, only explain."""
    await publish(scene)
    asked = whispered(await write(scene))
    pressed = button(asked, label)

    foreign = whispered(await scene.people.press("bo", pressed))
    await scene.people.press("eva", button(asked, "Only to the author"))
    again = whispered(await scene.people.press("eva", pressed))
    await settle(scene)

    assert foreign.summary == again.summary == "There is no reply here any more for which to choose."
    assert sum(WORDS in words_of(said) for said in scene.gateway.said_to("anna")) == 1
    assert scene.gateway.said_in("allmant", in_thread=True) == []


async def test_it_belongs_to_the_copy_it_was_written_under(scene: Scene) -> None:
    """Where the platform tells which message was replied to, an older announcement is meant by an older copy."""
    await publish(scene)
    await publish(scene, title="Second")
    [first, *_] = [name for name, said in scene.gateway.standing.items() if said.to.member == "eva"]

    under_first = whispered(await write(scene, under=first))
    under_none = whispered(await write(scene))

    assert "“New canteen”" in under_first.summary
    assert "“Second”" in under_none.summary


async def test_what_does_not_follow_a_copy_gets_help(scene: Scene) -> None:
    """Without a copy, long after it, and to other messages of ours; none of it is kept."""
    await publish(scene)

    without = whispered(await write(scene, "bo"))
    to_the_card = whispered(await write(scene, "anna"))
    scene.clock.move(timedelta(days=8))
    late = whispered(await write(scene))

    assert without.summary == to_the_card.summary == late.summary == "What Samlas does"
    assert await kept(scene) == []


async def test_a_reply_that_cannot_be_posted_goes_to_the_author_alone(scene: Scene) -> None:
    """Both are told so."""
    await publish(scene)
    asked = whispered(await write(scene))
    scene.gateway.on_the_way = refuse_threads

    await scene.people.press("eva", button(asked, CHOICES[0]))
    await settle(scene)

    assert "It could not be posted in the thread" in words_of(scene.gateway.said_to("anna")[-1])
    assert "Your reply to “New canteen” could not be posted" in scene.gateway.said_to("eva")[-1].summary


async def test_after_withdrawing_a_reply_stays_with_its_writer(scene: Scene) -> None:
    """Nothing is posted under what is not there any more; it can still be chosen to forget it."""
    await publish(scene)
    asked = whispered(await write(scene))
    await withdraw(scene, "anna", picture(scene))

    refused = whispered(await scene.people.press("eva", button(asked, CHOICES[0])))
    forgotten = await scene.people.press("eva", button(asked, "Nothing"))

    assert "withdrawn meanwhile" in refused.summary
    assert forgotten.refreshed is not None
    assert await kept(scene) == []


async def test_a_reply_without_a_choice_is_forgotten_after_a_week(scene: Scene) -> None:
    """What was chosen is kept; what was not is gone."""
    await publish(scene)
    chosen = whispered(await write(scene, words="This is kept."))
    await scene.people.press("eva", button(chosen, "Only to the author"))
    await write(scene, under=next(name for name, said in scene.gateway.standing.items() if said.to.member == "eva"))
    before = await kept(scene)

    scene.clock.move(timedelta(days=8))
    await run_due(scene.database, {"sweep": jobs()["sending.sweep"]}, scene.clock.now())

    assert before == ["This is kept.", WORDS]
    assert await kept(scene) == ["This is kept."]


async def test_a_reaction_on_ones_own_copy_counts_as_read(scene: Scene) -> None:
    """And on somebody else's it counts nothing."""
    await publish(scene)
    keys = {said.to.member: name for name, said in scene.gateway.standing.items()}

    await scene.people.act("eva", REACTED_TO_US, message=keys["eva"])
    await scene.people.act("farid", REACTED_TO_US, message=keys["greta"])
    await settle(scene)

    assert shares_of(picture(scene))["Read"] == 1


async def test_a_reply_that_is_too_long_is_not_cut(scene: Scene) -> None:
    """It gets a sentence, and nothing of it is kept."""
    await publish(scene)

    reply = whispered(await write(scene, words="x" * 3001))

    assert "At most 3,000 characters in a reply" in reply.summary
    assert await kept(scene) == []


async def test_a_made_up_reply_only_explains(scene: Scene) -> None:
    """A press about a row that is not there changes nothing."""
    await publish(scene)

    for action in ("reply.in_thread", "reply.to_author", "reply.nothing"):
        reply = whispered(await scene.people.act("eva", action, target=Target(999_999, 1)))
        assert reply.summary == "There is no reply here any more for which to choose."
