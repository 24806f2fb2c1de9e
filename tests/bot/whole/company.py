"""A company that lives through anything: all rooms before one database, and what a test itself knows of its people."""

import asyncio
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from structlog.testing import capture_logs

from bot import home
from bot.announcements.forms import ASKED
from bot.announcements.posts import NOT_RELEVANT, READ, UNDO
from bot.chat_help import Help
from bot.context import Handler, Spoken
from bot.directory import PersonSeen, see_everybody
from bot.dispatcher import Dispatcher
from bot.events import Reply
from bot.forms import Form
from bot.intake import REACTED_TO_US, REPLIED_TO_US, WROTE_TO_BOT
from bot.jobs import Job
from bot.messages import Button, Message, Target, buttons_of
from bot.privacy import erasing
from bot.sender import Sender
from bot.wiring import partings, rooms
from nudges.messages import CONFIRM
from nudges.schedule import run_due
from tests.bot.whole.platform import STANDS_IN, Engines, FragileDatabase, Fuse, MoodyGateway
from tests.bot.whole.records import Records
from tests.conftest import StillClock, an_ordinary_wednesday
from tests.support import Organisation, People, organisation
from tests.transport import Killed, PassingTime

ACT = TypeVar("ACT")
PEOPLE = ("anna", "bo", "carl", "cecilia", "david", "eva", "farid", "greta")
IN_THE_CHANNEL = ("anna", "bo", "carl")
PRESSES = (READ, NOT_RELEVANT)
UNDO_WITHIN = timedelta(minutes=5)
# What is due in these rooms says nothing of announcements, and would take most of a life's time.
BESIDE = ("coaching.", "counting.", "counts.", "insights.", "inviting.", "leading.", "pages.")


@dataclass
class Sign:
    """What somebody has done with an announcement: a press that can be taken back, and signs that cannot."""

    pressed_at: datetime | None = None
    has_answered: bool = False

    @property
    def has_read(self) -> bool:
        """Whether either of them stands."""
        return self.pressed_at is not None or self.has_answered


@dataclass
class Company:
    """Everything that lives. What a person has before them that is no message of the platform's is in `before`."""

    path: Path
    clock: StillClock
    machine: PassingTime
    fuse: Fuse
    gateway: MoodyGateway
    database: FragileDatabase
    organisation: Organisation
    people: People
    sender: Sender
    jobs: dict[str, Job]
    records: Records
    before: dict[str, list[Form | Message]] = field(default_factory=dict)
    # Forms that have just been shown, until somebody looks at them.
    shown: list[Form] = field(default_factory=list)
    # By announcement and person.
    signs: defaultdict[tuple[int, str], Sign] = field(default_factory=lambda: defaultdict(Sign))
    here: set[str] = field(default_factory=lambda: set(PEOPLE))
    in_channel: set[str] = field(default_factory=lambda: set(IN_THE_CHANNEL))
    joined_at: dict[str, datetime] = field(default_factory=dict)
    # Whoever was away once: what they had before is not changed meanwhile, and they are not there to see it.
    have_been_away: set[str] = field(default_factory=set)
    erased: set[str] = field(default_factory=set)
    restarts: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    async def act(self, person: str, action: str, **more: Any) -> Reply:
        """Let one thing happen; the platform tells it again to whoever comes after a crash."""
        if person in self.erased:
            return Reply()
        about = self._sign_about(person, action, **more)
        identity = f"act-{next(self.people.numbers)}"
        reply = await self.survive(lambda: self.people.act(person, action, identity=identity, **more))
        if about is not None:
            self._keep_sign(about, person, action)
        shown = [part for part in (reply.form, reply.whisper, reply.home, reply.refreshed) if part is not None]
        if shown:
            self.before[person] = shown
        if reply.form is not None:
            self.shown.append(reply.form)
        return reply

    def _sign_about(
        self,
        person: str,
        action: str,
        target: Target | None = None,
        message: str | None = None,
        thread: str | None = None,
        values: dict[str, str] | None = None,
        **_: object,
    ) -> int | None:
        """Return the announcement of which somebody is about to show that they have read it; None where they do not.

        It has to be out then, and they one of those it is for: whoever reads faster than these are written down is.
        """
        about: int | None = None
        asks = action == ASKED and (values or {}).get("question", "").strip()
        if target is not None and (asks or action in (*PRESSES, UNDO)):
            about = target.row
        elif target is not None and action == CONFIRM:
            query = (
                "SELECT subject_id FROM contact_item JOIN contact ON contact.id = contact_id JOIN member"
                " ON member.id = contact.member_id WHERE contact_item.id = ? AND external_id = ?"
            )
            about = next((row["subject_id"] for row in self.records.rows(query, target.row, person)), None)
        elif action in (REACTED_TO_US, REPLIED_TO_US, WROTE_TO_BOT):
            query = f"SELECT subject_id FROM posted WHERE reference_key = ? AND message IN {STANDS_IN}"
            about = next((row["subject_id"] for row in self.records.rows(query, thread or message)), None)
        return about if about is not None and self._is_for(about, person) else None

    def _is_for(self, announcement_id: int, person: str) -> bool:
        if person not in self.here:
            return False
        found = self.records.rows("SELECT * FROM announcement WHERE id = ?", announcement_id)
        if not found or found[0]["state"] not in ("publishing", "published"):
            return False
        recipient = (
            "SELECT 1 FROM recipient JOIN member ON member.id = member_id WHERE announcement_id = ? AND external_id = ?"
        )
        if found[0]["state"] == "published" or self.records.rows(recipient, announcement_id, person):
            return bool(self.records.rows(recipient, announcement_id, person))
        return person in self.audience(found[0])

    def audience(self, announcement: Any) -> set[str]:
        """Return whom an announcement is for, as people are now."""
        of_kind = {"everyone": self.here, "channel": self.in_channel, "home_team": {"anna", "bo", "eva"}}
        from_whom = {announcement["author_id"], announcement["behalf_of_id"]}
        names = {name for name, row_id in self.organisation.members.items() if row_id in from_whom}
        published_at = datetime.fromisoformat(announcement["published_at"])
        late = {name for name, joined_at in self.joined_at.items() if joined_at.replace(tzinfo=None) > published_at}
        return (of_kind[announcement["audience_kind"]] & self.here) - names - late

    def _keep_sign(self, announcement_id: int, person: str, action: str) -> None:
        sign, now = self.signs[announcement_id, person], self.clock.now()
        if action in (*PRESSES, CONFIRM):
            if not sign.has_read:
                sign.pressed_at = now
        elif action == UNDO:
            if sign.pressed_at is not None and now - sign.pressed_at <= UNDO_WITHIN:
                sign.pressed_at = None
                self.seen["a press taken back"] += 1
        else:
            sign.has_answered = True

    async def press(self, person: str, button: Button, *, channel: str | None = None, **values: str) -> Reply:
        """Press a button."""
        return await self.act(person, button.action, target=button.target, channel=channel, values=values)

    async def send(self, person: str, form: Form, **values: str) -> Reply:
        """Send a form with what it holds, changed by `values`."""
        return await self.act(person, form.action, target=form.target, values={**form.values(), **values})

    async def erase(self, person: str) -> None:
        """Let somebody erase everything about themselves."""
        await self.act(person, erasing.ERASE_NOW, target=Target(self.organisation.members[person], 1))
        self.erased.add(person)
        self.have_been_away.add(person)
        self.here.discard(person)
        self.in_channel.discard(person)

    async def tick(self) -> None:
        """Do what is due, and send what is due; what a crash left is taken up by the next process."""
        await self.survive(lambda: run_due(self.database, self.jobs, self.clock.now(), machine=self.machine))
        await self.survive(self.sender.drain)

    def move(self, step: timedelta) -> None:
        """Let time pass, or let the clock be put back; machine time, and the database's own, know no way back."""
        self.clock.move(step)
        passed = max(0.0, step.total_seconds())
        self.machine.now += passed
        with closing(sqlite3.connect(self.path)) as connection, connection:
            connection.execute(
                "UPDATE lane SET lease_until = lease_until - ?, tokens_at = tokens_at - ?, not_before = not_before - ?",
                (passed, passed, passed),
            )

    async def next_morning(self, *, days: int = 1) -> None:
        """Let the next working day's morning come, so many days on at least, and everything happen that is due then."""
        now = self.clock.now()
        morning = now.replace(hour=9, minute=30, second=0, microsecond=0) + timedelta(days=days)
        while morning.isoweekday() > 5:
            morning += timedelta(days=1)
        self.move(morning - now)
        await self.tick()

    async def quieten(self) -> None:
        """Let the platform be well, and the edits of the last minutes go out."""
        self.fuse.steps_left = None
        self.gateway.recover()
        await self.tick()
        await self.next_morning()
        for step in (timedelta(hours=3), timedelta(minutes=2)):
            self.move(step)
            await self.tick()

    async def see(self, person: str, *, has_left: bool) -> None:
        """Let the platform tell that a person has left, or is there (again)."""
        if person in self.erased:
            return

        async def seen() -> None:
            async with self.database.begin() as session:
                told = [PersonSeen(person, person.capitalize(), has_left=has_left)]
                await see_everybody(session, self.organisation.workspace_id, told, [], self.clock.now())

        await self.survive(seen)
        if has_left:
            self.have_been_away.add(person)
            self.here.discard(person)
            self.in_channel.discard(person)
            return
        if person not in PEOPLE:
            self.joined_at.setdefault(person, self.clock.now())
        self.here.add(person)

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
        self.restarts += 1
        self.database, self.people.dispatcher, self.sender, self.jobs = _process(
            self.path, self.clock, self.machine, self.fuse, self.gateway, self.database.engines
        )

    def shown_to(self, person: str) -> list[tuple[Form | Message, str | None]]:
        """Return everything a person has before them, with the channel it stands in."""
        found: list[tuple[Form | Message, str | None]] = [(shown, None) for shown in self.before.get(person, [])]
        for key, message in self.gateway.standing_now().items():
            to = self.gateway.standing[key].to
            if to.member == person:
                found.append((message, None))
            elif to.channel is not None and person in self.in_channel:
                found.append((message, to.channel))
        return found

    def ways(self, *actions: str) -> list[tuple[str, Button]]:
        """Return who can press a button for one of these, and which, the newest last; nobody's twice."""
        found = {
            (person, button): None
            for person in sorted(self.here)
            for shown, _ in self.shown_to(person)
            for button in buttons_of(shown.parts)
            if button.action in actions
        }
        return sorted(found, key=lambda way: (way[1].target.row, way[0], way[1].target.version))

    async def close(self) -> None:
        """End it."""
        self.records.close()
        # The last to close writes what is in SQLite's log into the file, and takes the log away.
        await self.database.close()


async def found_company(path: Path, engines: Engines | None) -> Company:
    """Return a company of eight people in an empty database, which was opened with these engines before."""
    clock, fuse, machine = StillClock(an_ordinary_wednesday()), Fuse(), PassingTime()
    gateway = MoodyGateway(clock, fuse)
    database, dispatcher, sender, jobs = _process(path, clock, machine, fuse, gateway, engines)
    made = await organisation(database, clock)
    people, records = People(dispatcher, clock), Records(path)
    return Company(path, clock, machine, fuse, gateway, database, made, people, sender, jobs, records)


def _process(
    path: Path,
    clock: StillClock,
    machine: PassingTime,
    fuse: Fuse,
    gateway: MoodyGateway,
    engines: Engines | None,
) -> tuple[FragileDatabase, Dispatcher, Sender, dict[str, Job]]:
    """Return what one process is made of."""
    handlers: dict[str, Handler] = {}
    spoken: dict[str, Spoken] = {}
    jobs: dict[str, Job] = {}
    sections: list[home.HomeSection] = []
    changing: dict[str, Handler] = {}
    made = rooms()
    for room in made:
        handlers.update(room.handlers)
        spoken.update(room.spoken)
        jobs.update({name: job for name, job in room.jobs.items() if not name.startswith(BESIDE)})
        sections.extend(room.home_sections)
        changing.update(room.home_handlers)
    handlers.update(home.handlers(sections, changing))
    handlers.update(erasing.handlers(partings(made)))
    handlers.update(Help({}).handlers())
    database = FragileDatabase(path, fuse, engines)
    sender = Sender(
        database,
        clock,
        {gateway.platform: gateway},
        spoken,
        "the only one",
        machine=machine,
        chance=lambda: 1.0,
    )
    return database, Dispatcher(database, clock, handlers), sender, jobs
