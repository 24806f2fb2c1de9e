"""Whoever addresses everybody in a large channel is asked, alone and seldom, whether to announce it instead."""

from datetime import timedelta

from bot.events import Event, Place, Reply
from bot.intake import ADDRESSED_EVERYBODY
from bot.messages import Target
from storage.people import add_channel_members
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_announcing import form_of
from tests.support import KEY, button, fill_channel

# PRODUCT chapter 1: "in a channel of 50 or more".
MANY = 50


async def address(scene: Scene, person: str = "anna", *, channel: str = "allmant") -> Reply:
    """Write a message that addresses everybody in a channel, as the intake hands it on."""
    number = next(scene.people.numbers)
    return await scene.people.dispatcher.handle(
        Event(ADDRESSED_EVERYBODY, KEY, person, f"said-{number}", scene.clock.now(), Place(channel))
    )


async def test_the_offer_says_how_many_it_reaches_and_opens_the_form(scene: Scene) -> None:
    """One press, and an announcement for this channel is begun; the message stays as it is."""
    await fill_channel(scene.database, scene.clock, scene.organisation, 60)
    reply = await address(scene)
    assert reply.whisper is not None

    form = form_of(await scene.people.press("anna", button(reply.whisper, "Make it an announcement")))

    assert reply.whisper.summary.startswith("This reaches 60 people.")
    assert form.values()["audience"] == f"channel:{scene.organisation.channel_id}"
    assert scene.gateway.standing == {}


async def test_nobody_is_asked_twice_in_thirty_days(scene: Scene) -> None:
    """A second message to everybody is left alone; after thirty days they are asked again, and others are any time."""
    await fill_channel(scene.database, scene.clock, scene.organisation, MANY)
    await address(scene)

    soon, somebody_else = await address(scene), await address(scene, "bo")
    scene.clock.move(timedelta(days=30))
    later = await address(scene)

    assert soon == Reply()
    assert somebody_else.whisper is not None
    assert later.whisper is not None


async def test_where_samlas_cannot_post_nothing_is_offered(scene: Scene) -> None:
    """In a channel that nobody has heard of, there is silence, and the next offer is not used up."""
    await fill_channel(scene.database, scene.clock, scene.organisation, MANY)

    unknown = await address(scene, channel="elsewhere")
    known = await address(scene)

    assert unknown == Reply()
    assert known.whisper is not None


async def test_a_small_channel_is_left_alone(scene: Scene) -> None:
    """In a channel of 49 there is silence, and the next offer is not used up."""
    await fill_channel(scene.database, scene.clock, scene.organisation, MANY - 1)
    small = await address(scene)
    async with scene.database.begin() as session:
        organisation = scene.organisation
        await add_channel_members(
            session, organisation.workspace_id, organisation.channel_id, [organisation.members["eva"]]
        )

    large = await address(scene)

    assert small == Reply()
    assert large.whisper is not None


async def test_a_made_up_channel_only_explains(scene: Scene) -> None:
    """A press about a channel that is not there opens nothing."""
    reply = await scene.people.act("anna", "announcement.announce_here", target=Target(999_999, 1))

    assert reply.form is None
    assert reply.whisper is not None
    assert "cannot post in this channel" in reply.whisper.summary
