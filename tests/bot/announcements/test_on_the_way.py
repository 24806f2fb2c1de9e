"""What becomes of an announcement whose post, copies or questions do not go out as they should."""

import asyncio
from datetime import timedelta

from sqlmodel import select, update

from bot import room
from bot.platform import MaybeSent, NotSent, To
from bot.sender import Sender
from bot.texts import text
from storage.tables import AnnouncementStep, Channel, Member, OutboxState
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, form_of, preview, shares_of
from tests.support import button, words_of
from tests.transport import PassingTime

GONE = NotSent(OutboxState.FAILED, text("The channel is not there any more."))


async def publish(scene: Scene, person: str = "anna", **values: str) -> None:
    """Publish news and send what is due, now and two minutes later."""
    form = await preview(scene, person, {**NEWS, **values})
    await scene.people.press(person, button(form, "Publish"))
    await settle(scene)


async def settle(scene: Scene) -> None:
    """Send what is due now, and what is due two minutes later."""
    await scene.settle()
    scene.clock.move(timedelta(minutes=2))
    await scene.settle()


async def refuse_channels(to: To) -> None:
    """Refuse every post in a channel."""
    if to.channel is not None:
        raise GONE


async def refuse_threads(to: To) -> None:
    """Refuse every post in a thread."""
    if to.thread is not None:
        raise GONE


async def test_copies_lead_to_the_home_post_however_long_it_takes(scene: Scene) -> None:
    """No copy goes out before the post it leads to stands."""

    async def slow_channels(to: To) -> None:
        if to.channel is not None:
            for _ in range(50):
                await asyncio.sleep(0)

    scene.gateway.on_the_way = slow_channels

    await publish(scene)

    copies = [scene.gateway.said_to(name)[0] for name in ("cecilia", "david", "eva", "farid", "greta")]
    assert all("See it where the questions and answers are" in words_of(copy) for copy in copies)


async def test_a_copy_that_may_have_come_twice_is_told(scene: Scene) -> None:
    """Where an answer was lost and the platform cannot tell, it is sent again, and the author's card says so."""
    lost = iter([MaybeSent()])

    async def lose_the_first(to: To) -> None:
        if to.member == "eva":
            for failure in lost:
                raise failure

    async def cannot_tell(workspace: str, to: To, delivery_id: str) -> None:  # noqa: ARG001 - Gateway's form
        raise MaybeSent

    scene.gateway.on_the_way = lose_the_first
    scene.gateway.find = cannot_tell  # type: ignore[method-assign]  # a platform that has no such thing
    scene.sender = Sender(
        scene.database,
        scene.clock,
        {scene.gateway.platform: scene.gateway},
        room.spoken(),
        "test",
        machine=PassingTime(),
    )

    await publish(scene)
    await settle(scene)

    assert len(scene.gateway.said_to("eva")) == 1
    card = words_of(scene.gateway.said_to("anna")[0])
    assert "so it was sent again and may have come twice." in card
    assert shares_of(scene.gateway.said_to("anna")[0]) == {"Read": 0, "No sign yet": 7}


async def test_a_home_post_that_fails_is_told_and_everybody_gets_a_copy(scene: Scene) -> None:
    """The author's picture says why, and whoever would have read it in the channel gets a direct message."""
    scene.gateway.on_the_way = refuse_channels

    await publish(scene)

    [picture] = scene.gateway.said_to("anna")
    assert "Its post could not be put up" in words_of(picture)
    assert "The channel is not there any more." in words_of(picture)
    assert shares_of(picture)["No sign yet"] == 7
    assert all(len(scene.gateway.said_to(name)) == 1 for name in scene.organisation.members)


async def test_the_members_of_a_channel_that_refuses_get_copies(scene: Scene) -> None:
    """What was for a channel alone reaches its members by direct message, and nobody else."""
    scene.gateway.on_the_way = refuse_channels

    await publish(scene, audience=f"channel:{scene.organisation.channel_id}")

    copied = [name for name in scene.organisation.members if scene.gateway.said_to(name) and name != "anna"]
    assert copied == ["bo", "carl"]


async def test_a_question_that_cannot_be_posted_goes_to_the_author_alone(scene: Scene) -> None:
    """The author is told why it is not in the thread, and the asker that it is not."""
    await publish(scene)
    scene.gateway.on_the_way = refuse_threads
    post = scene.gateway.said_in("allmant")[0]

    question = form_of(await scene.people.press("bo", button(post, "Ask a question"), channel="allmant"))
    await scene.people.send("bo", question, question="Is there a vegan dish?")
    await settle(scene)

    told = words_of(scene.gateway.said_to("anna")[-1])
    assert "Is there a vegan dish?" in told
    assert "gone to you alone. The channel is not there any more." in told
    assert "Answer in the thread" not in told
    assert "has gone to Anna alone" in scene.gateway.said_to("bo")[-1].summary


async def test_a_reason_is_told_in_the_authors_language_whatever_a_platform_put_into_it(scene: Scene) -> None:
    """Braces in a platform's answer are no placeholders, and our own words are translated."""

    async def refuse_eva(to: To) -> None:
        if to.member == "eva":
            reason = text("At most {count} characters, please.", count='{"ok": false}')
            raise NotSent(OutboxState.FAILED, reason)

    scene.gateway.on_the_way = refuse_eva
    async with scene.database.begin() as session:
        await session.execute(update(Member).values(locale="sv"))

    form = await preview(scene, "anna", NEWS)
    await scene.people.press("anna", button(form, "Publicera"))
    await settle(scene)

    [picture] = scene.gateway.said_to("anna")
    assert 'Högst {"ok": false} tecken' in words_of(picture)


async def test_an_archived_announcement_channel_gets_no_post(scene: Scene) -> None:
    """Where nobody can read a post, everybody gets a copy."""
    async with scene.database.begin() as session:
        await session.execute(update(Channel).values(is_archived=True))

    await publish(scene)

    assert scene.gateway.said_in("allmant") == []
    assert len(scene.gateway.said_to("bo")) == 1


async def test_each_step_of_publishing_is_kept(scene: Scene) -> None:
    """Who published it is kept, and when everybody it is for had been written down."""
    await publish(scene)

    async with scene.database.read() as session:
        steps = (await session.execute(select(AnnouncementStep))).scalars().all()
    assert [(step.from_state, step.to_state, step.by_member_id) for step in steps] == [
        ("draft", "publishing", scene.organisation.members["anna"]),
        ("publishing", "published", None),
    ]
