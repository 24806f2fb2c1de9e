"""The process that serves a simulated organisation, and the next one: the product as `samlas serve` wires it."""

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.context import known
from bot.events import Event, Reply, WorkspaceKey
from bot.people.csv_file import open_people
from bot.people.importing import check, kept_until_written, prepare, write
from bot.settings import OrganisationSettings
from bot.surface import Core, Surface
from bot.wiring import Serving, rooms, wire
from nudges.schedule import TICK_SECONDS
from nudges.simulation.people import Person, as_csv
from nudges.simulation.platform import ProcessGone, SimulatedPlatform
from storage.comparing import begin_comparing
from storage.database import Database
from storage.directory import ChannelSeen, fill_channel, join_channel, leave_unseen, name_leads, see_channel
from storage.errands import anything_under_way
from storage.people_seen import PersonSeen, see_people
from storage.tables import Platform
from storage.workspaces import add_workspace, next_sending_at

KEY = WorkspaceKey(Platform.LOCAL.value, "simulated")
ANNOUNCEMENTS = "C-announcements"
# Whatever is under way is done within so many ticks, or the simulation would not end.
MOST_TICKS = 10_000


class SimulatedClock:
    """Product time that stands still until the simulation goes on."""

    def __init__(self, now: datetime) -> None:
        """Stand at `now`."""
        self.moment = now

    def now(self) -> datetime:
        """Return the moment at which this clock stands."""
        return self.moment

    def go_to(self, moment: datetime) -> None:
        """Go forward, never back."""
        self.moment = max(self.moment, moment)


class SimulatedMachine:
    """Machine time that passes only while somebody sleeps: how busy the real machine is changes nothing."""

    def __init__(self) -> None:
        """Begin at nought."""
        self._seconds = 0.0

    def monotonic(self) -> float:
        """Return the seconds that were slept through."""
        return self._seconds

    async def sleep(self, seconds: float) -> None:
        """Let whatever is ready go first, and then so much time be gone."""
        await asyncio.sleep(0)
        self._seconds += seconds


@dataclass
class Office:
    """A database, and the process that serves it just now."""

    file: Path
    clock: SimulatedClock
    platform: SimulatedPlatform
    chance: Callable[[], float]
    workspace_id: int = 0
    crashes: int = 0
    restarts: int = 0
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    machine: SimulatedMachine = field(default_factory=SimulatedMachine)
    database: Database = field(init=False)
    serving: Serving = field(init=False)

    def __post_init__(self) -> None:
        """Open the first process."""
        self.database = Database(self.file, fleeting=True)
        self._open()

    def _open(self) -> None:
        # A database that was closed connects anew, and remembers nothing but how its statements are written.
        self.serving = wire(self.database, self.clock, [self._surface], rooms(), self.chance, self.machine)

    def _surface(self, _core: Core) -> Surface:
        # Nobody comes in by the web.
        return Surface(self.platform, lambda _application: None)

    async def close(self) -> None:
        """End the process in order."""
        await self.serving.counter.close()
        await self.database.close()

    async def restart(self) -> None:
        """End the process in order, and begin another over the same database."""
        await self.close()
        self._open()
        self.restarts += 1

    async def move_in(self, people: Sequence[Person], settings: OrganisationSettings, lot: bytes) -> None:
        """Install Samlas in the organisation's chat. Under `lot` it is drawn who is left without a tip."""
        now = self.clock.now()
        async with self.database.begin() as session:
            workspace = await add_workspace(
                session, Platform.LOCAL, KEY.external_id, "Simulated", now, settings.model_dump(mode="json")
            )
            self.workspace_id = known(workspace.id)
            await begin_comparing(session, lot)
            for name in (ANNOUNCEMENTS, *sorted({channel_of(person) for person in people if person.team})):
                await see_channel(session, self.workspace_id, ChannelSeen(name, name.lower(), bot_is_in=True))
        await self.see(people)
        async with self.database.begin() as session:
            await name_leads(session, self.workspace_id, [people[0].email])

    async def see(self, people: Sequence[Person]) -> None:
        """Let the platform tell who is there today, and who is in which channel."""
        now, day = self.clock.now(), self.clock.now().date()
        here = [person for person in people if person.is_here(day)]
        inside: dict[str, list[str]] = {ANNOUNCEMENTS: []}
        for person in here:
            for channel in _channels_of(person):
                inside.setdefault(channel, []).append(person.external_id)
        async with self.database.begin() as session:
            await see_people(session, self.workspace_id, [_as_seen(person, day) for person in here], now)
            await leave_unseen(session, self.workspace_id, {person.external_id for person in here}, day)
            for name, members in inside.items():
                channel_id = await see_channel(session, self.workspace_id, ChannelSeen(name))
                await fill_channel(session, self.workspace_id, channel_id, members)

    async def hear_of(self, people: Sequence[Person]) -> None:
        """Let the platform tell of those alone who come or go today."""
        now, day = self.clock.now(), self.clock.now().date()
        async with self.database.begin() as session:
            await see_people(session, self.workspace_id, [_as_seen(person, day) for person in people], now)
            for person in people:
                for channel in _channels_of(person) if person.is_here(day) else ():
                    await join_channel(session, self.workspace_id, channel, person.external_id)

    async def import_list(self, people: Sequence[Person], day: date) -> None:
        """Import the organisation's own list of people, as `samlas import people` does.

        Raises ValueError for a list that Samlas cannot use.
        """
        listed = self.file.with_name("people.csv")
        listed.write_text(as_csv(people, day), encoding="utf-8")
        with open_people(listed) as file, kept_until_written() as kept:
            checked = check(file)
            if checked.mistakes.count:
                raise ValueError(checked.mistakes.first)
            prepared = await prepare(self.database, self.workspace_id, file, checked, kept, day)
            await write(self.database, self.workspace_id, prepared, self.clock.now(), day)

    async def take(self, event: Event) -> Reply:
        """Let one thing happen."""
        return await self.serving.core.take(event)

    async def take_many(self, events: Sequence[Event]) -> None:
        """Let things happen beside each other that are only counted."""
        await asyncio.gather(*(self.serving.core.take(event) for event in events))

    async def tick(self) -> None:
        """Do what is due, tick by tick, until nothing is left under way; and send what came of it."""
        for _ in range(MOST_TICKS):
            await self.serving.ticker.tick()
            async with self.database.read() as session:
                under_way = await anything_under_way(session, self.workspace_id)
            if not under_way:
                break
            self.clock.go_to(self.clock.now() + timedelta(seconds=TICK_SECONDS))
        await self.send()

    async def send(self) -> None:
        """Send what is due; a process that dies over it is followed by another."""
        while True:
            try:
                await self.serving.sender.drain()
            except ProcessGone:
                self.crashes += 1
                # Nothing of it is ended in order: what it had in hand is lost, and its database connections with it.
                await self.database.close()
                self._open()
            else:
                return

    async def next_sending(self) -> datetime | None:
        """Return the next moment at which something is to be sent."""
        async with self.database.read() as session:
            return await next_sending_at(session, [self.platform.platform], self.clock.now())


def channel_of(person: Person) -> str:
    """Return the channel of somebody's team."""
    return f"C-{person.team.replace(' ', '-')}"


def _channels_of(person: Person) -> Sequence[str]:
    announcements = (ANNOUNCEMENTS,) if person.in_announcement_channel or person.is_bot else ()
    return (channel_of(person), *announcements) if person.team else announcements


def _as_seen(person: Person, day: date) -> PersonSeen:
    return PersonSeen(
        person.external_id,
        person.name,
        person.email,
        person.place.locale,
        person.place.zone,
        is_bot=person.is_bot,
        has_left=not person.is_here(day),
    )
