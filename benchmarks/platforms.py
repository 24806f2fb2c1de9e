"""What the measured platforms have in common: they take posts, and nothing else is asked of them."""

from collections.abc import Mapping
from typing import Any

from bot.messages import Message
from bot.platform import MaybeSent, Sent, To


class PostsOnly:
    """A platform on which nothing is edited; what it has taken could be asked for, as on Slack, and is not."""

    can_tell = True

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:  # noqa: ARG002 - the port
        """Refuse: no measurement edits anything, and one that did would measure something else."""
        raise AssertionError("nothing is edited here")

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:  # noqa: ARG002 - the port
        """Say that nobody knows."""
        raise MaybeSent
