"""What is published in somebody else's name: who edits, withdraws, hears of replies, and is part of its audience."""

from sqlmodel import col, select

from bot.messages import Message
from storage.tables import Announcement, AnnouncementState, Recipient
from tests.bot.announcements.conftest import Scene, scene
from tests.bot.announcements.test_announcing import form_of
from tests.bot.behalf.asking import minutes_later, published, told
from tests.support import button, words_of

__all__ = ["scene"]


def picture(scene: Scene) -> Message:
    """Return the writer's picture."""
    return next(said for said in scene.gateway.said_to("anna") if "reaching people" in words_of(said))


async def edited(scene: Scene, text: str) -> Message:
    """Change the words of what is published; returns what stands in the channel then."""
    form = form_of(await scene.people.press("anna", button(picture(scene), "Edit")))
    await scene.people.send("anna", form, text=text)
    await minutes_later(scene)
    return scene.gateway.said_in("allmant")[0]


async def test_an_edit_is_shown_once_they_have_approved_it(scene: Scene) -> None:
    """Until then the old words stand; their card tells what would change."""
    await published(scene)

    before = await edited(scene, "It opens on Tuesday.")
    card = scene.gateway.said_to("eva")[-1]
    await scene.people.press("eva", button(card, "Approve"))
    await minutes_later(scene)

    assert "It opens on **Monday**." in words_of(before)
    assert "“It opens on **Monday**.” is now “It opens on Tuesday.”" in words_of(card)
    after = words_of(scene.gateway.said_in("allmant")[0])
    assert "It opens on Tuesday." in after
    assert "Edited" in after
    assert "Eva has approved your changes to “New canteen”" in told(scene)


async def test_an_edit_that_they_do_not_want_changes_nothing(scene: Scene) -> None:
    """What stands stays, and the writer is told what to change."""
    await published(scene)
    await edited(scene, "It opens on Tuesday.")
    form = form_of(await scene.people.press("eva", button(scene.gateway.said_to("eva")[-1], "Not like this")))

    await scene.people.send("eva", form, change="It is Monday after all")
    await minutes_later(scene)

    assert "It opens on **Monday**." in words_of(scene.gateway.said_in("allmant")[0])
    answer = scene.gateway.said_to("anna")[-1]
    assert "It is Monday after all" in words_of(answer)
    assert "What stands has stayed as it was." in words_of(answer)


async def test_the_next_edit_takes_the_place_of_the_one_that_waits(scene: Scene) -> None:
    """The form goes on with the words that wait, and the older question is closed."""
    await published(scene)
    await edited(scene, "It opens on Tuesday.")
    older = scene.gateway.said_to("eva")[-1]
    form = form_of(await scene.people.press("anna", button(picture(scene), "Edit")))
    assert form.values()["text"] == "It opens on Tuesday."

    await scene.people.send("anna", form, text="It opens on Wednesday.")
    await minutes_later(scene)
    late = await scene.people.press("eva", button(older, "Approve"))
    await scene.people.press("eva", button(scene.gateway.said_to("eva")[-1], "Approve"))
    await minutes_later(scene)

    assert late.refreshed is not None
    assert "This question is closed" in words_of(late.refreshed)
    assert "It opens on Wednesday." in words_of(scene.gateway.said_in("allmant")[0])


async def test_going_back_to_what_stands_takes_the_question_back(scene: Scene) -> None:
    """An edit that is undone before the answer leaves nothing to ask."""
    await published(scene)
    await edited(scene, "It opens on Tuesday.")
    older = scene.gateway.said_to("eva")[-1]

    await edited(scene, "It opens on **Monday**.")
    late = await scene.people.press("eva", button(older, "Approve"))

    assert late.refreshed is not None
    assert "Edited" not in words_of(scene.gateway.said_in("allmant")[0])


async def test_the_person_it_speaks_for_withdraws_it(scene: Scene) -> None:
    """From their own card; the post says who, and its writer is told."""
    await published(scene)
    await minutes_later(scene)
    card = scene.gateway.said_to("eva")[0]

    form = form_of(await scene.people.press("eva", button(card, "Withdraw")))
    await scene.people.send("eva", form, why="Not said by me")
    await minutes_later(scene)

    assert "Eva has withdrawn this: Not said by me" in words_of(scene.gateway.said_in("allmant")[0])
    assert "Eva has withdrawn “New canteen”." in told(scene)


async def test_its_writer_withdraws_it_and_they_are_told(scene: Scene) -> None:
    """An edit that waits for their yes waits no more."""
    await published(scene)
    await edited(scene, "It opens on Tuesday.")
    waiting = scene.gateway.said_to("eva")[-1]

    form = form_of(await scene.people.press("anna", button(picture(scene), "Withdraw")))
    await scene.people.send("anna", form, why="The kitchen is late")
    await minutes_later(scene)
    late = await scene.people.press("eva", button(waiting, "Approve"))

    assert "Anna has withdrawn “New canteen”." in told(scene, "eva")
    assert late.refreshed is not None
    async with scene.database.read() as session:
        assert (await session.execute(select(Announcement))).scalar_one().state == AnnouncementState.WITHDRAWN


async def test_they_do_not_edit_it(scene: Scene) -> None:
    """Editing is its writer's: a press that was made up is refused."""
    await published(scene)

    reply = await scene.people.press("eva", button(picture(scene), "Edit"))

    assert reply.form is None
    assert reply.whisper is not None


async def test_a_reply_says_who_the_author_is(scene: Scene) -> None:
    """*Only to the author* goes to the writer, and says so before it is pressed."""
    await published(scene)

    choice = (await scene.people.act("farid", "wrote_to_bot", text="Is there soup?")).whisper
    assert choice is not None
    await scene.people.press("farid", button(choice, "Only to the author"))
    await scene.settle()

    assert "The author is Anna, who wrote it on behalf of Eva." in words_of(choice)
    assert "Is there soup?" in told(scene)
    assert "Is there soup?" not in told(scene, "eva")


async def test_neither_of_the_two_is_asked_to_read_it(scene: Scene) -> None:
    """The audience is everybody but the writer and the person it speaks for."""
    await published(scene)

    async with scene.database.read() as session:
        rows = (await session.execute(select(col(Recipient.member_id)))).scalars().all()

    names = {name for name, row in scene.organisation.members.items() if row in rows}
    assert names == {"bo", "carl", "cecilia", "david", "farid", "greta"}


async def test_they_see_what_stands_in_their_name(scene: Scene) -> None:
    """Also where it is for others: their news lists it, with the way to withdraw it."""
    await published(scene)

    listed = (await scene.people.command("eva", "news")).whisper

    assert listed is not None
    assert "Eva, through Anna" in words_of(listed)
    assert button(listed, "Withdraw").label
