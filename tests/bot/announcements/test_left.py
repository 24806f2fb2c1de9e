"""People who leave the organisation, in the picture of what was announced to them."""

from datetime import timedelta

from bot.directory import PersonSeen, see_everybody
from bot.messages import Message, Shares
from tests.bot.announcements.conftest import Scene
from tests.bot.announcements.test_changes import picture
from tests.bot.announcements.test_on_the_way import publish, settle


async def tell(scene: Scene, person: str, *, has_left: bool) -> None:
    """Let the platform tell that somebody has left or is back, and the minute pass in which a card is not changed."""
    async with scene.database.begin() as session:
        seen = [PersonSeen(person, person.capitalize(), has_left=has_left)]
        await see_everybody(session, scene.organisation.workspace_id, seen, [], scene.clock.now())
    scene.clock.move(timedelta(minutes=2))
    await settle(scene)


def left_in(card: Message) -> int:
    """Return how many have left, as a card shows it."""
    [shares] = [part for part in card.parts if isinstance(part, Shares)]
    return next((share.count for share in shares.shares if share.label == "Left"), 0)


async def test_the_authors_card_shows_who_has_left_and_who_is_back(scene: Scene) -> None:
    """Their leaving alone changes the card, and so does their coming back; nobody has to read for it."""
    await publish(scene)

    await tell(scene, "eva", has_left=True)
    left = left_in(picture(scene))
    await tell(scene, "eva", has_left=False)

    assert left == 1
    assert left_in(picture(scene)) == 0


async def test_the_cards_of_long_ago_are_left_alone(scene: Scene) -> None:
    """Somebody's leaving does not edit the cards of everything that was ever announced to them."""
    await publish(scene)
    scene.clock.move(timedelta(days=31))
    await settle(scene)
    before = scene.gateway.edits

    await tell(scene, "eva", has_left=True)

    assert scene.gateway.edits == before
