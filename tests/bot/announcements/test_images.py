"""A picture that is sent to the bot by itself: it waits until its sender says which draft it is for."""

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.events import Event, Reply, WorkspaceKey
from bot.images import Upload, taken_in
from bot.intake import WROTE_TO_BOT
from bot.messages import Button, Message, Picture
from storage.images import image_content, served_image
from storage.tables import Announcement, StoredImage
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import DECISION, NEWS, form_of, preview
from tests.images import picture
from tests.support import button, words_of

PICTURE = taken_in(picture())


async def send(scene: Scene, person: str = "anna", upload: Upload = PICTURE) -> Reply:
    """Send a picture to the bot, with nothing written beside it."""
    number = next(scene.people.numbers)
    event = Event(WROTE_TO_BOT, WorkspaceKey("local", "test"), person, f"sent-{number}", scene.clock.now())
    return await scene.people.dispatcher.handle(
        Event(event.action, event.workspace, event.person, event.identity, event.at, files={"sent": upload})
    )


async def saved(scene: Scene, values: dict[str, str] | None = None) -> None:
    """Save a draft."""
    form = await preview(scene, "anna", values or NEWS)
    await scene.people.press("anna", button(form, "Save draft"))


async def offer(scene: Scene) -> Button:
    """Send a picture for the draft that is saved; returns the button that puts it there."""
    whisper = (await send(scene)).whisper
    assert whisper is not None
    return button(whisper, "“New canteen”")


async def stored(scene: Scene) -> list[StoredImage]:
    """Return every picture that is kept."""
    async with scene.database.read() as session:
        return list((await session.execute(select(StoredImage))).scalars().all())


def picture_in(message: Message) -> Picture:
    """Return the picture that a message shows."""
    return next(part for part in message.parts if isinstance(part, Picture))


async def test_it_is_put_on_the_draft_that_is_chosen(scene: Scene) -> None:
    """With words for what it shows; the post then has both."""
    await saved(scene)
    form = form_of(await scene.people.press("anna", await offer(scene)))
    await scene.people.send("anna", form, alt="The canteen")

    await scene.tick()
    form = form_of(await scene.people.press("anna", button(scene.gateway.said_to("anna")[0], "Continue")))
    step = form_of(await scene.people.send("anna", form))
    await scene.people.press("anna", button(step, "Publish"))
    await scene.settle()

    assert picture_in(scene.gateway.said_in("allmant")[0]).alt == "The canteen"


async def test_each_language_is_asked_for_its_words(scene: Scene) -> None:
    """A draft in both languages has its picture described in both, or it does not go in."""
    await saved(scene, {**NEWS, "title_sv": "Ny matsal", "text_sv": "Den öppnar."})
    form = form_of(await scene.people.press("anna", await offer(scene)))

    half = await scene.people.send("anna", form, alt="The canteen")
    whole = await scene.people.send("anna", form, alt="The canteen", alt_sv="Matsalen")

    assert set(half.errors) == {"alt_sv"}
    assert whole.close


async def test_the_next_one_takes_its_place(scene: Scene) -> None:
    """Of two that wait the newer counts, and nothing is kept of the older."""
    await saved(scene)
    older = await offer(scene)
    await send(scene)

    form = form_of(await scene.people.press("anna", older))
    await scene.people.send("anna", form, alt="The canteen")

    assert [image.waiting_for_id for image in await stored(scene)] == [None]


async def test_somebody_elses_draft_is_not_reached(scene: Scene) -> None:
    """A press that was made up does not put one's picture on another's draft."""
    await saved(scene)
    put = await offer(scene)
    form = await preview(scene, "bo", DECISION)
    await scene.people.press("bo", button(form, "Save draft"))
    await send(scene, "bo")

    reply = await scene.people.press("bo", put)

    assert reply.form is None
    assert reply.whisper is not None


async def test_without_a_draft_there_is_nothing_to_put_it_on(scene: Scene) -> None:
    """The answer says what to do first, and nothing is kept."""
    reply = await send(scene)

    assert reply.whisper is not None
    assert "/announce" in reply.whisper.summary
    assert await stored(scene) == []


async def test_what_is_no_picture_is_told(scene: Scene) -> None:
    """A document that is sent to the bot gets the sentence that the form would have."""
    await saved(scene)

    reply = await send(scene, upload=taken_in(b"%PDF-1.7"))

    assert reply.whisper is not None
    assert "PNG, JPEG, GIF or WebP" in reply.whisper.summary


async def test_one_that_nobody_placed_is_forgotten(scene: Scene) -> None:
    """After a week that it has waited, nothing of it is kept."""
    await saved(scene)
    await send(scene)

    scene.clock.move(timedelta(days=8))
    await scene.tick()

    assert await stored(scene) == []


@pytest.mark.parametrize("asked", ["waiting", "guessed", "elsewhere"])
async def test_its_address_leads_nowhere_for_whoever_does_not_know_it(scene: Scene, asked: str) -> None:
    """A waiting picture is not served, nor one under a name or in a workspace that is not its own."""
    await saved(scene)
    put = await offer(scene)
    if asked != "waiting":
        form = form_of(await scene.people.press("anna", put))
        await scene.people.send("anna", form, alt="The canteen")
    [image] = await stored(scene)

    async with scene.database.read() as session:
        own = await served_image(session, image.workspace_id, image.name)
        name = "x" * len(image.name) if asked == "guessed" else image.name
        other = await served_image(session, image.workspace_id + (asked == "elsewhere"), name)

    assert (own is None) == (asked == "waiting")
    assert other is None


async def test_a_duplicate_has_a_picture_of_its_own(scene: Scene) -> None:
    """The same to look at, under another name: withdrawing the first leaves the second, and the other way round."""
    await saved(scene)
    form = form_of(await scene.people.press("anna", await offer(scene)))
    await scene.people.send("anna", form, alt="The canteen")
    await scene.people.act("anna", "announcement.duplicate", target=form.target)

    first, second = await stored(scene)

    assert first.name != second.name
    async with scene.database.read() as session:
        drawn = [await image_content(session, image.workspace_id, image.id or 0) for image in (first, second)]
        shown = (await session.execute(select(Announcement.image_id))).scalars().all()
    assert drawn[0] == drawn[1]
    assert sorted(shown, key=str) == [first.id, second.id]


async def test_another_picture_asks_the_person_it_speaks_for_again(scene: Scene) -> None:
    """What they approved is what they saw; the next card says that the picture is another."""
    form = await preview(scene, "anna", {**NEWS, "on_behalf_of": "eva"})
    await scene.people.press("anna", button(form, "Save draft"))
    await scene.people.press("anna", button(form, "Ask Eva to approve it"))
    await scene.settle()
    await scene.people.press("eva", button(scene.gateway.said_to("eva")[0], "Approve"))
    form = form_of(await scene.people.press("anna", await offer(scene)))
    await scene.people.send("anna", form, alt="The canteen")
    scene.clock.move(timedelta(minutes=2))
    await scene.settle()

    go_on = form_of(await scene.people.press("anna", button(scene.gateway.said_to("anna")[0], "Continue")))
    step = form_of(await scene.people.send("anna", go_on))
    await scene.people.press("anna", button(step, "Ask Eva to approve it"))
    await scene.settle()

    card = scene.gateway.said_to("eva")[-1]
    assert "A picture: new is “a picture”" in words_of(card)
    assert picture_in(card).alt == "The canteen"
