"""What the third step adds to this room: its handlers, its message and its jobs."""

from functools import partial

from bot.context import Handlers, Spoken, SpokenByName
from bot.jobs import Jobs
from nudges.contacts import Kinds
from nudges.leading import answering, offering, suggesting


def handlers(kinds: Kinds) -> Handlers:
    """Return the handlers of what leads press, by action name."""
    return answering.handlers(kinds)


def spoken() -> SpokenByName:
    """Return what leads are told, by name."""
    return {suggesting.CARD: Spoken(suggesting.compose_card, suggesting.settled)}


def jobs(kinds: Kinds) -> Jobs:
    """Return what is done because it is time."""
    return {
        "leading.offers": partial(offering.offer_asked, kinds=kinds),
        "leading.cards": suggesting.let_cards_go,
    }
