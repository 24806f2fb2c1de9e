"""What inviting each other adds to this room: its command, its handlers, its message and its job."""

from functools import partial

from bot.context import Handlers, Spoken, SpokenByName
from bot.jobs import Jobs
from bot.texts import Text, text
from nudges.contacts import Kinds
from nudges.inviting import asking, bringing

COMMANDS: dict[str, Text] = {
    asking.COMMAND: text("Invite a colleague into a conversation; they are asked in private first"),
}


def handlers(kinds: Kinds) -> Handlers:
    """Return the handlers of inviting by action name."""
    return {**asking.handlers(kinds), **bringing.handlers(kinds)}


def spoken() -> SpokenByName:
    """Return what stands in conversations, by name."""
    return {bringing.INVITES: Spoken(bringing.compose_invites)}


def jobs(kinds: Kinds) -> Jobs:
    """Return what is done because it is time."""
    return {"inviting.waiting": partial(bringing.bring_waiting, kinds=kinds)}
