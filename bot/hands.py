"""What a lane has claimed and not heard of yet: some of it waits for its turn, some is under way, side by side.

The lane (bot/lane.py) gives it what is claimed, and is told of each try that has ended.
"""

import asyncio
from bisect import insort
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

from bot.courier import Errand, Outcome
from storage.sending import Conversation
from storage.tables import Outbox

MOST_UNDER_WAY = 8
# What was lost is looked up before anything else is sent.
LOST_FIRST = -1


@dataclass(frozen=True, slots=True, order=True)
class Claimed:
    """A row whose turn comes next, the most urgent and oldest first; without an errand it is looked up."""

    urgency: int
    row_id: int
    row: Outbox = field(compare=False)
    errand: Errand | None = field(default=None, compare=False)


class Hands:
    """Eight hands, and what waits for one. Of one conversation at most one is under way."""

    def __init__(
        self,
        begin: Callable[[Claimed], Coroutine[None, None, Outcome]],
        ended: Callable[[Outcome], None],
        broke: Callable[[], None],
    ) -> None:
        """Begin each by `begin`, and tell `ended` what became of it; `broke`, when one has failed as none may."""
        self._begin = begin
        self._ended = ended
        self._broke = broke
        self._waiting: list[Claimed] = []
        self._under_way: dict[asyncio.Task[Outcome], Outbox] = {}
        self._busy: set[Conversation] = set()
        self._broken: BaseException | None = None

    @property
    def waiting(self) -> list[Claimed]:
        """What has not begun, in order."""
        return self._waiting[:]

    @property
    def under_way(self) -> list[Outbox]:
        """What has begun."""
        return list(self._under_way.values())

    @property
    def are_empty(self) -> bool:
        """Whether there is nothing to wait for."""
        return not self._under_way and not self._waiting

    @property
    def is_broken(self) -> bool:
        """Whether a try has failed as none may."""
        return self._broken is not None

    def raise_what_broke(self) -> None:
        """Raise what made a try fail as none may, such as the end of the program."""
        if self._broken is not None:
            raise self._broken

    def queue(self, claimed: Claimed) -> None:
        """Let a row wait in its place."""
        insort(self._waiting, claimed)

    def take_back(self, claimed: Claimed) -> None:
        """Forget something that waits."""
        self._waiting.remove(claimed)

    def go_on(self) -> None:
        """Begin what waits, while there is a hand free for it."""
        for claimed in self._waiting[:]:
            if len(self._under_way) == MOST_UNDER_WAY:
                return
            conversation = Conversation.of(claimed.row)
            # Something may have been claimed to overtake what has begun meanwhile.
            if conversation not in self._busy:
                self._waiting.remove(claimed)
                self._busy.add(conversation)
                task = asyncio.create_task(self._begin(claimed))
                self._under_way[task] = claimed.row
                task.add_done_callback(self._done)

    def drop(self) -> None:
        """Let go of everything, wherever it is."""
        self._waiting.clear()
        for task in self._under_way:
            task.cancel()

    def _done(self, task: "asyncio.Task[Outcome]") -> None:
        self._busy.discard(Conversation.of(self._under_way.pop(task)))
        if task.cancelled():
            return
        failure = task.exception()
        if failure is None:
            self._ended(task.result())
        else:
            self._broken = self._broken or failure
            self._broke()
