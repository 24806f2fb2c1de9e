"""What counts as having read, where it shows, and what is said of it."""

from dataclasses import replace
from datetime import timedelta

from sqlmodel import update

from bot.directory import PersonSeen, see_everybody
from bot.events import Event, Place
from bot.intake import REACTED_TO_US
from bot.messages import Message
from storage.tables import HomeTeam
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import NEWS, form_of, preview, shares_of
from tests.support import KEY, button, words_of


async def publish(scene: Scene, **values: str) -> Message:
    """Publish news in the channel; returns its home post."""
    form = await preview(scene, "anna", {**NEWS, **values})
    await scene.people.press("anna", button(form, "Publish"))
    await scene.settle()
    return scene.gateway.said_in("allmant")[0]


async def minutes_later(scene: Scene) -> None:
    """Let the edits of the last minutes go out."""
    scene.clock.move(timedelta(minutes=2))
    await scene.settle()


async def react(scene: Scene, person: str) -> None:
    """Let a person react to the home post."""
    key = next(key for key, said in scene.gateway.standing.items() if said.to.channel == "allmant")
    happened = Event(REACTED_TO_US, KEY, person, f"{person} reacts", scene.clock.now(), Place("allmant", key))
    await scene.people.dispatcher.handle(replace(happened))


async def tell_of(scene: Scene, *people: str, have_left: bool) -> None:
    """Let the platform tell that people have left, or are there."""
    seen = [PersonSeen(person, person.capitalize(), has_left=have_left) for person in people]
    async with scene.database.begin() as session:
        await see_everybody(session, scene.organisation.workspace_id, seen, [], scene.clock.now())


async def test_taking_a_press_back_keeps_a_reaction(scene: Scene) -> None:
    """Somebody who has reacted has read, whatever they press and take back."""
    post = await publish(scene)
    pressed = await scene.people.press("bo", button(post, "I have read this"), channel="allmant")
    await react(scene, "bo")
    assert pressed.whisper is not None

    taken_back = await scene.people.press("bo", button(pressed.whisper, "Undo"), channel="allmant")
    await minutes_later(scene)

    assert taken_back.whisper is not None
    assert "still counts as having read" in taken_back.whisper.summary
    assert shares_of(scene.gateway.said_to("anna")[0])["Read"] == 1


async def test_a_reaction_to_a_withdrawn_announcement_is_no_sign_of_having_read_it(scene: Scene) -> None:
    """Where it stood only its withdrawal is to be seen, so that whoever reacts to that has not read it."""
    await publish(scene)
    form = form_of(await scene.people.press("anna", button(scene.gateway.said_to("anna")[0], "Withdraw")))
    await scene.people.send("anna", form, why="It was wrong")

    await react(scene, "bo")
    await minutes_later(scene)

    assert shares_of(scene.gateway.said_to("anna")[0])["Read"] == 0


async def test_whoever_leaves_without_having_read_is_left_in_the_picture(scene: Scene) -> None:
    """The parts go on adding up to the audience: who had read stays read, and who comes back is waited for again."""
    post = await publish(scene)
    await scene.people.press("bo", button(post, "I have read this"), channel="allmant")
    before = shares_of(scene.gateway.said_to("anna")[0])

    await tell_of(scene, "bo", "eva", have_left=True)
    await react(scene, "carl")
    await minutes_later(scene)
    after_leaving = shares_of(scene.gateway.said_to("anna")[0])
    await tell_of(scene, "eva", have_left=False)
    await react(scene, "david")
    await minutes_later(scene)

    assert sum(after_leaving.values()) == sum(before.values()) == 7
    assert (after_leaving["Left"], after_leaving["Read"], after_leaving["No sign yet"]) == (1, 2, 4)
    assert "Left" not in shares_of(scene.gateway.said_to("anna")[0])


async def test_a_copy_follows_what_its_reader_did_at_the_home_post(scene: Scene) -> None:
    """Whoever has read it in the channel is not asked again in their copy; whoever takes that back is."""
    post = await publish(scene, important="yes")
    pressed = await scene.people.press("bo", button(post, "I have read this"), channel="allmant")
    await minutes_later(scene)
    after_reading = words_of(scene.gateway.said_to("bo")[0])
    assert pressed.whisper is not None

    await scene.people.press("bo", button(pressed.whisper, "Undo"), channel="allmant")
    await minutes_later(scene)

    assert "You have read this. Thank you." in after_reading
    assert "You have read this. Thank you." not in words_of(scene.gateway.said_to("bo")[0])
    assert "You have read this. Thank you." not in words_of(scene.gateway.said_to("carl")[0])


async def test_nothing_is_said_to_be_noted_of_somebody_it_is_not_for(scene: Scene) -> None:
    """Whoever reads another team's announcement in its channel is thanked, and not told that it was noted."""
    async with scene.database.begin() as session:
        await session.execute(update(HomeTeam).values(channel_id=scene.organisation.channel_id))
    post = await publish(scene, audience=f"home_team:{scene.organisation.team_id}")

    reply = await scene.people.press("carl", button(post, "I have read this"), channel="allmant")

    assert reply.whisper is not None
    assert "Noted" not in reply.whisper.summary
    assert "not among those this is for" in reply.whisper.summary


async def test_somebody_whose_name_nobody_knows_is_named_by_their_id(scene: Scene) -> None:
    """A question never comes from nobody."""
    post = await publish(scene)

    question = form_of(await scene.people.press("U0NEW", button(post, "Ask a question"), channel="allmant"))
    await scene.people.send("U0NEW", question, question="Is there tea?")
    await scene.settle()

    [in_thread] = scene.gateway.said_in("allmant", in_thread=True)
    assert in_thread.summary == "U0NEW asks:"


async def test_searching_finds_words_whatever_their_case(scene: Scene) -> None:
    """Swedish letters have upper and lower case too."""
    await publish(scene, title="Ändrade öppettider")

    found = (await scene.people.command("bo", "news", "ändrade ÖPPET")).whisper

    assert found is not None
    assert "Ändrade öppettider" in words_of(found)
