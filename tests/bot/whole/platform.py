"""What can go wrong around the program: a process that is killed at any step, and a platform with moods."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.announcements.home_post import POST
from bot.announcements.posts import COPY, READ
from bot.messages import Message, buttons_of
from bot.platform import NOT_STANDING, MaybeSent, NotSent, RateLimited, Sent, To, TryAgain
from bot.texts import text
from nudges.messages import CONFIRM, HELPED
from storage.database import Database, Session
from storage.tables import OutboxState
from tests.conftest import StillClock
from tests.support import RecordingGateway
from tests.transport import Killed

# What the posted table calls what an announcement stands in.
STANDS_IN = (POST, COPY)


TAKEN = "killed after the platform's yes to a copy"
TAKEN_ELSE = "killed after its yes"
EDITED = "killed after an edit"


@dataclass
class Fuse:
    """Kills the process at a step that is chosen beforehand; steps are commits and what the platform says yes to."""

    steps_left: int | None = None
    # Where steps count; None: everywhere.
    only: str | None = None
    # How often it was killed where.
    kills: Counter[str] = field(default_factory=Counter)

    def step(self, where: str) -> None:
        """Come one step further. Raises Killed at the chosen one."""
        if self.steps_left is None or self.only not in (None, where):
            return
        self.steps_left -= 1
        if self.steps_left < 0:
            self.steps_left = None
            self.kills[where] += 1
            raise Killed


Engines = tuple[AsyncEngine, AsyncEngine]
"""What writes and what reads, with the statements that they have compiled."""


class FragileDatabase(Database):
    """A database whose process may be killed just before a commit, and just after it."""

    def __init__(self, path: Path, fuse: Fuse, engines: Engines | None = None) -> None:
        """Open the file at `path`, with the engines of an earlier process that has closed it."""
        super().__init__(path, fleeting=True)
        self.fuse = fuse
        # To compile every statement anew would take each process as long as all that it does.
        self._writing, self._reading = engines or (self._writing, self._reading)

    @property
    def engines(self) -> Engines:
        """What a later process may go on with."""
        return self._writing, self._reading

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Session]:
        """Open a transaction that may write."""
        async with super().begin() as session:
            yield session
            self.fuse.step("killed before a commit")
        self.fuse.step("killed after a commit")


class Trouble(StrEnum):
    """What happens to one message on its way."""

    LIMITED = "rate limited"
    LIMITED_HERE = "rate limited in one conversation"
    AGAIN = "failed for a moment"
    REFUSED = "refused for good"
    NEVER_ARRIVED = "lost on the way"
    ANSWER_LOST = "taken, the answer lost"


@dataclass
class Unasked:
    """An unasked-for message as it arrived: to whom, when, and what it says."""

    delivery_id: str
    member: str
    at: datetime
    says: str
    is_reminder: bool


class MoodyGateway(RecordingGateway):
    """Takes everything, unless it is down, in trouble or blocked by somebody; remembers who was told what how often."""

    def __init__(self, clock: StillClock, fuse: Fuse) -> None:
        """Begin in a good mood."""
        super().__init__()
        self.clock = clock
        self.fuse = fuse
        self.is_down = False
        # Whether it can say what became of a message whose answer was lost.
        self.can_tell = True
        self.blocked: set[str] = set()
        self.troubles: list[Trouble] = []
        self.met: Counter[str] = Counter()
        self.deleted: set[str] = set()
        # By announcement and who was told it (a member, or the channel it stands in): the delivery ids.
        self.told: dict[tuple[int, str], list[str]] = defaultdict(list)
        # By delivery id, how often it could not be told whether it had arrived.
        self.doubts: Counter[str] = Counter()
        # By message: which announcement it stands for.
        self.about: dict[str, int] = {}
        # What came unasked, since that was last looked at.
        self.unasked: list[Unasked] = []

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:
        """Take a message; the process may be killed before it hears of that."""
        trouble = self._trouble(to)
        sent = await super().post(workspace, to, message, delivery_id)
        self._remember(str(sent.reference["key"]), to, message, delivery_id)
        if trouble is Trouble.ANSWER_LOST:
            raise MaybeSent
        return sent

    def _trouble(self, to: To) -> Trouble | None:
        """Raise what a message meets on its way, if anything; return what is to happen to it once it was taken."""
        if self.is_down:
            raise TryAgain
        if to.member in self.blocked:
            self.met["blocked"] += 1
            raise NotSent(OutboxState.BLOCKED, text("They have blocked the app."))
        if not self.troubles:
            return None
        trouble = self.troubles.pop()
        self.met[trouble] += 1
        match trouble:
            case Trouble.LIMITED | Trouble.LIMITED_HERE:
                raise RateLimited(timedelta(seconds=30), conversation_only=trouble is Trouble.LIMITED_HERE)
            case Trouble.AGAIN:
                raise TryAgain
            case Trouble.REFUSED:
                raise NotSent(OutboxState.FAILED, text("The chat platform did not take it after many tries."))
            case Trouble.NEVER_ARRIVED:
                raise MaybeSent
            case Trouble.ANSWER_LOST:
                return trouble

    def _remember(self, key: str, to: To, message: Message, delivery_id: str) -> None:
        buttons = buttons_of(message.parts)
        targets = {button.action: button.target.row for button in buttons}
        if READ in targets:
            self.told[targets[READ], to.member or to.channel or ""].append(delivery_id)
            self.about[key] = targets[READ]
        if HELPED in targets and to.member is not None:
            says = repr(message.parts)
            self.unasked.append(Unasked(delivery_id, to.member, self.clock.now(), says, CONFIRM in targets))
        self.fuse.step(TAKEN if READ in targets else TAKEN_ELSE)

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:
        """Change what stands; the process may be killed before it hears of that."""
        if self.is_down:
            raise TryAgain
        if reference["key"] in self.deleted:
            raise NotSent(OutboxState.FAILED, NOT_STANDING)
        await super().edit(workspace, reference, message)
        self.fuse.step(EDITED)

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:
        """Find a message by its delivery id, or say that nobody can."""
        if not self.can_tell:
            self.met["cannot tell"] += 1
            self.doubts[delivery_id] += 1
            raise MaybeSent
        return await super().find(workspace, to, delivery_id)

    def delete(self, key: str) -> None:
        """Let somebody delete a message by hand."""
        self.deleted.add(key)

    def standing_now(self) -> dict[str, Message]:
        """Return what stands, by its key."""
        return {key: said.message for key, said in self.standing.items() if key not in self.deleted}

    def recover(self) -> None:
        """Be well again."""
        self.is_down, self.can_tell = False, True
        self.troubles.clear()
