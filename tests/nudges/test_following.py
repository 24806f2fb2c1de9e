"""The topics that a member follows, and what is learnt of those they read about: shown to them, gone when they say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot.context import context_for
from bot.events import OPENED_HOME
from bot.messages import Button, Message, Target, buttons_of
from nudges import following
from nudges.room import sweep
from storage.tables import FollowedTopic, LearntTopic, Topic
from storage.workspaces import get_workspace
from tests.nudges.announcing import published
from tests.nudges.conftest import Scene
from tests.support import button, words_of

LEARNT = "That is learnt from which announcements you read"


async def topic_called(scene: Scene, name: str) -> str:
    """Return a topic's row id, as a form has it; somebody has looked at the topics, so that they are there."""
    await scene.people.command("anna", "announce")
    async with scene.database.read() as session:
        return str((await session.execute(select(Topic.id).where(col(Topic.name_en) == name))).scalar_one())


async def asked(scene: Scene, person: str) -> Message:
    """Let a person ask with `/samlas me`."""
    said = (await scene.people.command(person, "samlas", "me")).whisper
    assert said is not None
    return said


async def told(scene: Scene, title: str, topic: str) -> Message:
    """Publish something on a topic; returns eva's copy."""
    await published(scene, confirm="", title=title, topics=topic)
    return scene.gateway.said_to("eva")[-1]


async def kept(scene: Scene) -> list[LearntTopic]:
    """Return everything that has been learnt of anybody."""
    async with scene.database.read() as session:
        return list((await session.execute(select(LearntTopic))).scalars())


async def test_a_member_chooses_topics(scene: Scene) -> None:
    """From what `/samlas me` shows, which then says so; nobody else's choice is touched."""
    training, finance = await topic_called(scene, "Training"), await topic_called(scene, "Finance")
    before = await asked(scene, "eva")
    form = (await scene.people.press("eva", button(before, "Choose topics"))).form
    assert form is not None

    reply = await scene.people.send("eva", form, topics=f"{training},{finance}")

    assert "You follow no topics yet." in words_of(before)
    assert reply.whisper is not None
    assert reply.whisper.summary == "You follow Finance and Training."
    assert reply.refreshed is not None
    assert "You follow Finance and Training." in words_of(reply.refreshed)
    assert "You follow no topics yet." in words_of(await asked(scene, "bo"))


async def test_a_choice_can_be_taken_back(scene: Scene) -> None:
    """The form opens with what is followed; sent with nothing in it, nothing is followed any more."""
    training = await topic_called(scene, "Training")
    form = (await scene.people.press("eva", button(await asked(scene, "eva"), "Choose topics"))).form
    assert form is not None
    await scene.people.send("eva", form, topics=training)

    again = (await scene.people.press("eva", button(await asked(scene, "eva"), "Choose topics"))).form
    assert again is not None
    reply = await scene.people.send("eva", again, topics="")

    assert again.values()["topics"] == training
    assert reply.whisper is not None
    assert reply.whisper.summary == "You follow no topics now."


@pytest.mark.parametrize("action", [following.CHOOSE, following.CHOSEN])
async def test_only_ones_own(scene: Scene, action: str) -> None:
    """A press with somebody else's row is refused, and changes nothing."""
    training = await topic_called(scene, "Training")

    reply = await scene.people.press(
        "bo", Button("", action, Target(scene.organisation.members["eva"], 1)), topics=training
    )

    assert reply.whisper is not None
    assert "somebody else's" in reply.whisper.summary
    async with scene.database.read() as session:
        assert (await session.execute(select(FollowedTopic))).all() == []


async def test_what_is_not_offered_cannot_be_followed(scene: Scene) -> None:
    """Another organisation's topic, or one that is retired, is refused at its field."""
    form = (await scene.people.press("eva", button(await asked(scene, "eva"), "Choose topics"))).form
    assert form is not None

    reply = await scene.people.send("eva", form, topics="4711")

    assert list(reply.errors) == ["topics"]


async def test_reading_teaches(scene: Scene) -> None:
    """Two announcements read on one topic, and it is told in words, with where it comes from and how it ends."""
    training = await topic_called(scene, "Training")
    for title in ("New courses", "More courses"):
        copy = await told(scene, title, training)
        await scene.people.press("eva", button(copy, "I have read this"))

    said = words_of(await asked(scene, "eva"))

    assert "By what you have read, you seem to like Training." in said
    assert LEARNT in said
    assert LEARNT not in words_of(await asked(scene, "bo"))


async def test_not_relevant_teaches_the_contrary(scene: Scene) -> None:
    """One *Not relevant to me*, and it is told; what was taken back is not learnt."""
    training = await topic_called(scene, "Training")
    copy = await told(scene, "New courses", training)

    answer = (await scene.people.press("eva", button(copy, "Not relevant to me"))).refreshed
    assert answer is not None
    said = words_of(await asked(scene, "eva"))
    await scene.people.press("eva", button(answer, "Undo"))

    assert "Lately you have called something about Training not relevant to you." in said
    assert await kept(scene) == []
    assert LEARNT not in words_of(await asked(scene, "eva"))


async def test_it_fades(scene: Scene) -> None:
    """After some months nothing is said of it any more, and after half a year nothing is kept."""
    training = await topic_called(scene, "Training")
    copy = await told(scene, "New courses", training)
    await scene.people.press("eva", button(copy, "Not relevant to me"))

    scene.clock.move(timedelta(days=60))
    later = words_of(await asked(scene, "eva"))
    is_kept = len(await kept(scene))
    scene.clock.move(timedelta(days=121))
    async with scene.database.begin() as session:
        workspace = await get_workspace(session, scene.organisation.workspace_id)
        await sweep(context_for(session, scene.clock.now(), workspace))

    assert "not relevant to you" not in later
    assert is_kept == 1
    assert await kept(scene) == []


async def test_do_not_count_me_ends_it(scene: Scene) -> None:
    """What was learnt is deleted, and nothing is from then on; what they follow is their own choice and stays."""
    training = await topic_called(scene, "Training")
    for title in ("New courses", "More courses"):
        await scene.people.press("eva", button(await told(scene, title, training), "I have read this"))
    form = (await scene.people.press("eva", button(await asked(scene, "eva"), "Choose topics"))).form
    assert form is not None
    await scene.people.send("eva", form, topics=training)
    before = len(await kept(scene))

    await scene.people.press("eva", button(await asked(scene, "eva"), "Do not count me"))
    await scene.people.press("eva", button(await told(scene, "Yet more", training), "Not relevant to me"))

    assert before == 1
    assert await kept(scene) == []
    assert "You follow Training." in words_of(await asked(scene, "eva"))


async def test_nothing_is_learnt_before_the_notice(scene: Scene) -> None:
    """Until everybody has been told, nothing is kept of what a single person reads about."""
    await scene.change_workspace(notice_given_at=None, rounds_on_at=None)
    training = await topic_called(scene, "Training")

    await scene.people.press("eva", button(await told(scene, "New courses", training), "Not relevant to me"))

    assert await kept(scene) == []


async def test_home_offers_it_too(scene: Scene) -> None:
    """The same stands on Home, which shows what was chosen at once."""
    training = await topic_called(scene, "Training")
    home = (await scene.people.act("eva", OPENED_HOME)).home
    assert home is not None
    form = (await scene.people.press("eva", button(home, "Choose topics"))).form
    assert form is not None

    after = (await scene.people.send("eva", form, topics=training)).home

    assert after is not None
    assert "You follow Training." in words_of(after)
    assert "Choose topics" in [one.label for one in buttons_of(after.parts)]


async def test_the_digest_begins_with_what_one_likes(scene: Scene) -> None:
    """What is on a topic that eva follows, then on one she has read about, then for her team; each says why."""
    training, finance = await topic_called(scene, "Training"), await topic_called(scene, "Finance")
    for person in scene.organisation.members:
        await scene.signs(person, date(2027, 3, 1))
    await scene.tick()
    for title in ("Budget", "More budget"):
        await scene.people.press("eva", button(await told(scene, title, finance), "I have read this"))
    form = (await scene.people.press("eva", button(await asked(scene, "eva"), "Choose topics"))).form
    assert form is not None
    await scene.people.send("eva", form, topics=training)
    await told(scene, "New courses", training)
    await told(scene, "New accounts", finance)
    team = f"home_team:{scene.organisation.team_id}"
    await published(scene, confirm="", title="Sales meet", audience=team)
    await told(scene, "New canteen", "")

    await scene.until(datetime(2027, 3, 9, 9, 0, tzinfo=UTC))

    said = words_of(scene.gateway.said_to("eva")[-1])
    in_order = [
        "New courses",
        "Anna, 3 March 2027. You follow Training.",
        "New accounts",
        "Anna, 3 March 2027. You have read about Finance lately.",
        "Sales meet",
        "Anna, 3 March 2027. For your home team.",
        "New canteen",
    ]
    assert "This was announced lately" in said
    assert sorted(in_order, key=said.index) == in_order
