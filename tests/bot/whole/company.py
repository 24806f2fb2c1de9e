"""A company that lives through anything: all rooms before one database, a platform with moods, and crashes anywhere."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from structlog.testing import capture_logs

from bot import home
from bot.announcements.posts import READ
from bot.context import Handler, Spoken
from bot.directory import PersonSeen, see_everybody
from bot.dispatcher import Dispatcher
from bot.events import Reply
from bot.forms import Form
from bot.jobs import Job
from bot.messages import Button, Message, buttons_of
from bot.platform import NotSent, Sent, To, TryAgain
from bot.sender import Sender
from bot.texts import text
from bot.wiring import rooms
from nudges.messages import CONFIRM
from nudges.schedule import run_due
from storage.database import Database, Session
from storage.tables import OutboxState
from tests.conftest import StillClock, an_ordinary_wednesday
from tests.support import Organisation, People, RecordingGateway, organisation
from tests.transport import Killed, PassingTime

ACT = TypeVar("ACT")
IN_THE_CHANNEL = ("anna", "bo", "carl")


@dataclass
class Fuse:
    """Kills the process at a step that is chosen beforehand; steps are commits and what the platform says yes to."""

    steps_left: int | None = None
    kills: int = 0

    def step(self) -> None:
        """Come one step further. Raises Killed at the chosen one."""
        if self.steps_left is None:
            return
        self.steps_left -= 1
        if self.steps_left < 0:
            self.steps_left = None
            self.kills += 1
            raise Killed


class FragileDatabase(Database):
    """A database whose process may be killed just before a commit, and just after it."""

    def __init__(self, path: Path, fuse: Fuse) -> None:
        """Open the file at `path`."""
        super().__init__(path, fleeting=True)
        self.fuse = fuse

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Session]:
        """Open a transaction that may write."""
        async with super().begin() as session:
            yield session
            self.fuse.step()
        self.fuse.step()


class MoodyGateway(RecordingGateway):
    """Takes everything, unless it is down or somebody has blocked the bot; remembers who was told what how often."""

    def __init__(self, fuse: Fuse) -> None:
        """Begin in a good mood."""
        super().__init__()
        self.fuse = fuse
        self.is_down = False
        self.blocked: set[str] = set()
        # By announcement and who was told it (a member, or the channel it stands in).
        self.told: Counter[tuple[int, str]] = Counter()
        self.about: dict[str, int] = {}
        # Who was reminded of what, as the message says it, since that was last asked.
        self.reminded: list[tuple[str, str]] = []

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:
        """Take a message; the process may be killed before it hears of that."""
        if self.is_down:
            raise TryAgain
        if to.member in self.blocked:
            raise NotSent(OutboxState.BLOCKED, text("They have blocked the app."))
        sent = await super().post(workspace, to, message, delivery_id)
        for shown in buttons_of(message.parts):
            if shown.action == READ and shown.target is not None:
                self.told[shown.target.row, to.member or to.channel or ""] += 1
                self.about[str(sent.reference["key"])] = shown.target.row
            if shown.action == CONFIRM and to.member is not None:
                self.reminded.append((to.member, repr(message.parts)))
        self.fuse.step()
        return sent

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:
        """Change what stands; the process may be killed before it hears of that."""
        if self.is_down:
            raise TryAgain
        await super().edit(workspace, reference, message)
        self.fuse.step()


@dataclass
class Company:
    """Everything that lives. What a person has before them that is no message of the platform's is in `before`."""

    path: Path
    clock: StillClock
    fuse: Fuse
    gateway: MoodyGateway
    database: Database
    organisation: Organisation
    people: People
    sender: Sender
    jobs: dict[str, Job]
    before: dict[str, list[Form | Message]] = field(default_factory=dict)

    async def act(self, person: str, action: str, **more: Any) -> Reply:
        """Let one thing happen; the platform tells it again to whoever comes after a crash."""
        identity = f"act-{next(self.people.numbers)}"
        reply = await self.survive(lambda: self.people.act(person, action, identity=identity, **more))
        shown = [part for part in (reply.form, reply.whisper, reply.home, reply.refreshed) if part is not None]
        if shown:
            self.before[person] = shown
        return reply

    async def press(self, person: str, button: Button, *, channel: str | None = None, **values: str) -> Reply:
        """Press a button."""
        return await self.act(person, button.action, target=button.target, channel=channel, values=values)

    async def send(self, person: str, form: Form, **values: str) -> Reply:
        """Send a form with what it holds, changed by `values`."""
        return await self.act(person, form.action, target=form.target, values={**form.values(), **values})

    async def tick(self) -> None:
        """Do what is due, and send what is due; what a crash left is taken up by the next process."""
        await self.survive(lambda: run_due(self.database, self.jobs, self.clock.now()))
        await self.survive(self.sender.drain)

    async def pass_time(self, step: timedelta) -> None:
        """Let time pass, a day at most at once, and everything happen that is due then."""
        until = self.clock.now() + step
        while self.clock.now() < until:
            self.clock.move(min(timedelta(days=1), until - self.clock.now()))
            await self.tick()

    async def quieten(self) -> None:
        """Let the platform be well, and the edits of the last minutes go out."""
        self.fuse.steps_left = None
        self.gateway.is_down = False
        for step in (timedelta(), timedelta(hours=3), timedelta(minutes=2)):
            self.clock.move(step)
            await self.tick()

    async def see(self, person: str, *, has_left: bool) -> None:
        """Let the platform tell that a person has left, or is there (again)."""

        async def seen() -> None:
            async with self.database.begin() as session:
                told = [PersonSeen(person, person.capitalize(), has_left=has_left)]
                await see_everybody(session, self.organisation.workspace_id, told, [], self.clock.now())

        await self.survive(seen)

    async def survive(self, act: Callable[[], Awaitable[ACT]]) -> ACT:
        """Do something; after a crash, do it again in the next process. Nothing may go wrong that is logged as such."""
        while True:
            with capture_logs() as logs:
                try:
                    done = await act()
                except Killed:
                    await self.restart()
                    continue
            wrong = [entry for entry in logs if entry["log_level"] in ("error", "critical")]
            assert not wrong, wrong
            return done

    async def restart(self) -> None:
        """Let another process take over: nothing is left of this one but what it has committed."""
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.database.close()
        self.database, self.people.dispatcher, self.sender, self.jobs = _process(
            self.path, self.clock, self.fuse, self.gateway
        )

    def shown_to(self, person: str) -> list[tuple[Form | Message, str | None]]:
        """Return everything a person has before them, with the channel it stands in."""
        found: list[tuple[Form | Message, str | None]] = [(shown, None) for shown in self.before.get(person, [])]
        for said in self.gateway.standing.values():
            if said.to.member == person:
                found.append((said.message, None))
            elif said.to.channel is not None and person in IN_THE_CHANNEL:
                found.append((said.message, said.to.channel))
        return found


async def found_company(path: Path) -> Company:
    """Return a company of eight people in an empty database."""
    clock, fuse = StillClock(an_ordinary_wednesday()), Fuse()
    gateway = MoodyGateway(fuse)
    database, dispatcher, sender, jobs = _process(path, clock, fuse, gateway)
    made = await organisation(database, clock)
    return Company(path, clock, fuse, gateway, database, made, People(dispatcher, clock), sender, jobs)


def _process(
    path: Path, clock: StillClock, fuse: Fuse, gateway: MoodyGateway
) -> tuple[Database, Dispatcher, Sender, dict[str, Job]]:
    """Return what one process is made of."""
    handlers: dict[str, Handler] = {}
    spoken: dict[str, Spoken] = {}
    jobs: dict[str, Job] = {}
    sections: list[home.HomeSection] = []
    changing: dict[str, Handler] = {}
    for room in rooms():
        handlers.update(room.handlers)
        spoken.update(room.spoken)
        jobs.update(room.jobs)
        sections.extend(room.home_sections)
        changing.update(room.home_handlers)
    handlers.update(home.handlers(sections, changing))
    database = FragileDatabase(path, fuse)
    sender = Sender(
        database,
        clock,
        {gateway.platform: gateway},
        spoken,
        "the only one",
        machine=PassingTime(),
        chance=lambda: 1.0,
    )
    return database, Dispatcher(database, clock, handlers), sender, jobs
