"""The console as the sender sees it: where the bot's own messages are put up, changed and found again."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.messages import Message
from bot.platform import NOT_STANDING, NotSent, Sent, To
from bot.texts import text
from storage.tables import OutboxState
from tests.console.chat import Console, Standing
from tests.console.rendering import OWN

PLATFORM = "console"


class ConsoleGateway:
    """Implements bot.platform.Gateway."""

    platform = PLATFORM
    timeout = timedelta(seconds=5)
    rate = 200.0
    burst = 200
    can_tell = True

    def __init__(self, console: Console) -> None:
        """Put up what is said on this console."""
        self._console = console

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:  # noqa: ARG002 - one console
        """Put a message up."""
        if to.others:
            raise NotSent(OutboxState.UNREACHABLE, text("No bot opens a conversation here."))
        root = to.under if to.thread is None else to.thread["message"]
        stands = self._console.add(to.channel, to.member or "", thread=None if root is None else int(root))
        stands.said, stands.delivery_id = message, delivery_id
        return _sent(stands)

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:  # noqa: ARG002 - one console
        """Change a message where it stands."""
        stands = self._console.standing.get(int(reference["message"]))
        if stands is None:
            raise NotSent(OutboxState.FAILED, NOT_STANDING)
        stands.said = message

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:  # noqa: ARG002 - one console
        """Find a message by its delivery id."""
        found = [it for it in self._console.standing.values() if it.delivery_id == delivery_id]
        return _sent(found[0]) if found else None


def _sent(stands: Standing) -> Sent:
    place = stands.channel or f"direct:{stands.person}"
    return Sent({"message": stands.number}, place, str(stands.number), f"{OWN}{stands.number}")
