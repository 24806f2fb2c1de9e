"""What coaching adds to this room: its handlers, its messages and its jobs."""

from bot.context import Handlers, Spoken, SpokenByName
from bot.home import HomeSection
from bot.jobs import Jobs
from bot.privacy.erasing import Parting
from bot.texts import Text, text
from nudges.coaching import afterwards, answering, asking, invitation, offering, parting, queue, talks
from nudges.contacts import Kinds

COMMANDS: dict[str, Text] = {
    offering.COMMAND: text("Be there for colleagues as a coach"),
    asking.ASK_BY_COMMAND: text("Talk with a coach for half an hour, about whatever you like"),
}


def handlers(kinds: Kinds) -> Handlers:
    """Return the handlers of coaching by action name."""
    return {
        **offering.handlers(),
        **asking.handlers(),
        **answering.handlers(),
        **afterwards.handlers(),
        **invitation.handlers(kinds),
    }


def spoken() -> SpokenByName:
    """Return what coaching says by name."""
    return {
        talks.CARD: Spoken(talks.compose_card),
        talks.TOGETHER: Spoken(talks.compose_together, talks.together_settled),
        talks.AGREED: Spoken(talks.compose_agreed),
        talks.WAITING: Spoken(talks.compose_waiting),
        afterwards.AFTER: Spoken(afterwards.compose_after),
    }


def home_sections() -> tuple[HomeSection, ...]:
    """Return what coaching shows on Home."""
    return (asking.home_section, offering.home_section)


def jobs() -> Jobs:
    """Return what is done because it is time."""
    return {
        "coaching.talks": queue.look_after_talks,
        "coaching.queue": queue.try_queue,
        "coaching.after": afterwards.ask_both,
    }


def partings() -> tuple[Parting, ...]:
    """Return what is done before somebody is erased."""
    return (parting.part,)
