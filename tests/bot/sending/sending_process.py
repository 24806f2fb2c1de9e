"""A process that sends what stands in an outbox to a platform that is a file, and ends when nothing is left.

The platform writes each message it takes as a line, out of this process's hands before it says yes, and can be asked
for a message by its delivery id, as Slack can, or cannot tell, as Teams. It lives in this process and dies with it, at
whichever point of a post is asked for: on its way there, or between its yes and our commit.
"""

import asyncio
import json
import sys
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import WallClock
from bot.context import Context, Spoken
from bot.messages import Message, Words
from bot.platform import MaybeSent, Sent, To
from bot.sender import Sender
from storage.database import Database
from storage.tables import Outbox, Platform
from tests.processes import die

ANSWERS_WITHIN = 0.004


class FilePlatform:
    """Takes posts into a file."""

    platform = Platform.LOCAL.value
    timeout = timedelta(seconds=5)
    rate = 10_000.0
    burst = 10_000

    def __init__(self, path: Path, happens: Mapping[str, Callable[[], None]], *, can_tell: bool = True) -> None:
        """Take posts into the file at `path`, which may hold some already.

        `happens` says what happens to this process at which points: at "asked 3" its third post is about to be taken,
        at "taken 3" its line is written and nobody knows it yet, at "answered 3" the sender is about to hear of it.
        """
        self.path = path
        self.happens = happens
        self.can_tell = can_tell
        self.posts = 0

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:
        """Write a line, and say yes a little later."""
        self.posts += 1
        number = self.posts
        self._reached(f"asked {number}")
        line = json.dumps({"workspace": workspace, "to": to.member, "said": message.summary, "id": delivery_id})
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
            file.flush()
        self._reached(f"taken {number}")
        await asyncio.sleep(ANSWERS_WITHIN)
        self._reached(f"answered {number}")
        return self._sent(to, delivery_id)

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:  # noqa: ARG002 - the port
        """Refuse: this platform's messages are never changed."""
        raise AssertionError("nothing is edited here")

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:  # noqa: ARG002 - the port
        """Look whether a message has been written, if this platform can."""
        if not self.can_tell:
            raise MaybeSent
        taken = any(line["id"] == delivery_id for line in lines_of(self.path))
        return self._sent(to, delivery_id) if taken else None

    def _reached(self, point: str) -> None:
        if point in self.happens:
            self.happens[point]()

    def _sent(self, to: To, delivery_id: str) -> Sent:
        return Sent({"id": delivery_id}, to.member or "", delivery_id)


def lines_of(path: Path) -> list[dict[str, str]]:
    """Return the messages that the platform has taken, in order."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


async def compose(ctx: Context, row: Outbox) -> Message:  # noqa: ARG001 - the composer's form
    """Say what the row is about."""
    sentence = f"note {row.subject_id}"
    return Message(sentence, (Words(sentence),))


async def main(database_url: str, platform_file: Path, dies_at: str, *, can_tell: bool) -> None:
    """Send everything, or die at a point of it."""
    database = Database(database_url)
    platform = FilePlatform(platform_file, {dies_at: die}, can_tell=can_tell)
    sender = Sender(database, WallClock(), {platform.platform: platform}, {"note": Spoken(compose)}, "the only one")
    await sender.drain()
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], can_tell="cannot-tell" not in sys.argv[4:]))
