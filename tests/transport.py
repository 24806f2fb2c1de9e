"""A chat platform and a machine's time for tests of the one way out: hand-written, at the transport, recording."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.messages import Message
from bot.platform import MaybeSent, Sent, To


class Killed(BaseException):
    """The process is gone at this point: nothing after it is run, and nobody catches it."""


class AnswerLost(Exception):
    """In a script: the platform does as asked, and the answer gets lost."""


class Crash(Exception):
    """In a script: the platform does as asked, and then our process is killed."""


@dataclass
class Standing:
    """One message as it stands on the platform, with every text it has had."""

    to: To
    delivery_id: str
    texts: list[str]
    at: float


class PassingTime:
    """Machine time that passes only by being slept through (or moved by a test), and then at once."""

    def __init__(self) -> None:
        """Start somewhere."""
        self.now = 1000.0

    def monotonic(self) -> float:
        """Return seconds since some moment of no meaning."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Let everybody else go first, then let the time pass."""
        until = self.now + seconds
        await asyncio.sleep(0)
        self.now = max(self.now, until)


class StandingStill(PassingTime):
    """The time of a process that got stuck: whoever sleeps in it does not wake up."""

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002 - the form is the machine's
        """Never return."""
        await asyncio.Event().wait()


@dataclass
class FakePlatform:
    """Takes posts and edits, and fails by script.

    `script` holds, by the receiver's (or channel's) id on the platform, what happens to the next tries. Without
    `can_tell` it cannot say whether a message was posted.
    """

    time: PassingTime
    platform: str = "local"
    timeout: timedelta = timedelta(seconds=5)
    rate: float = 1000.0
    burst: int = 1000
    spacing: timedelta = timedelta()
    can_tell: bool = True
    script: dict[str, deque[BaseException]] = field(default_factory=lambda: defaultdict(deque))
    find_script: deque[Exception] = field(default_factory=deque)
    standing: list[Standing] = field(default_factory=list)
    tries: list[tuple[float, str]] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    # When set, a post waits for it on its way; `arrived` tells that one has come so far.
    held: asyncio.Event | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    # The same for what goes to one receiver.
    slow: dict[str, asyncio.Event] = field(default_factory=dict)
    under_way: int = 0
    most_under_way: int = 0

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:  # noqa: ARG002 - the port
        """Post, or fail as the script says."""
        receiver = to.member or to.channel or ""
        self.tries.append((self.time.monotonic(), receiver))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        self.arrived.set()
        try:
            if self.held is not None:
                await self.held.wait()
            if receiver in self.slow:
                await self.slow[receiver].wait()
            await asyncio.sleep(0)
            failure = self.script[receiver].popleft() if self.script[receiver] else None
            if failure is not None and not isinstance(failure, AnswerLost | Crash):
                raise failure
            self.standing.append(Standing(to, delivery_id, [message.summary], self.time.monotonic()))
            if isinstance(failure, AnswerLost):
                raise MaybeSent
            if isinstance(failure, Crash):
                raise Killed
            return self._sent(len(self.standing) - 1)
        finally:
            self.under_way -= 1

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:  # noqa: ARG002 - the port
        """Change a message, or fail as the script for "edit" says."""
        self.tries.append((self.time.monotonic(), "edit"))
        if self.script["edit"]:
            raise self.script["edit"].popleft()
        self.standing[reference["number"]].texts.append(message.summary)

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:  # noqa: ARG002 - the port
        """Look a message up, if this platform can."""
        self.found.append(delivery_id)
        if self.find_script:
            raise self.find_script.popleft()
        if not self.can_tell:
            raise MaybeSent
        numbers = [number for number, it in enumerate(self.standing) if it.delivery_id == delivery_id]
        return self._sent(numbers[0]) if numbers else None

    def texts_to(self, receiver: str) -> list[str]:
        """Return the texts that stand with a member or in a channel, as last edited."""
        return [it.texts[-1] for it in self.standing if receiver in (it.to.member, it.to.channel)]

    def _sent(self, number: int) -> Sent:
        place = self.standing[number].to.member or self.standing[number].to.channel or ""
        return Sent({"number": number}, place, str(number), f"https://chat.example/{number}")
