"""An organisation, its people, all handlers before them, and a platform that records what they are told."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import col, select

from bot import home
from bot import room as core
from bot.dispatcher import Dispatcher
from bot.sender import Sender
from nudges import room
from nudges.schedule import run_due
from storage.contacts import add_contacts
from storage.counting import count_one
from storage.database import Database
from storage.people import find_member
from storage.tables import Contact, ContactItem, Kind, Look, Member, Outbox, Workspace
from storage.workspaces import get_workspace
from tests.conftest import StillClock
from tests.nudges.lived import Lived
from tests.support import Organisation, People, RecordingGateway, organisation

# The clock stands at noon, UTC, of Wednesday 3 March 2027; the round looked at is the next week's.
RECENTLY = date(2027, 3, 1)
SUNDAY = datetime(2027, 3, 7, 12, 0, tzinfo=UTC)
TUESDAY_AT_TEN = datetime(2027, 3, 9, 9, 0, tzinfo=UTC)


@dataclass
class Scene:
    """Everything a journey through this room needs. `greta` is the communications lead."""

    organisation: Organisation
    people: People
    gateway: RecordingGateway
    sender: Sender
    database: Database
    clock: StillClock
    lived: Lived

    async def tick(self) -> None:
        """Do what is due now, and send what is due now."""
        await run_due(self.database, room.jobs(), self.clock.now())
        await self.sender.drain()

    async def until(self, moment: datetime) -> None:
        """Live through the days until then, a tick each day and one at the end."""

        async def live() -> None:
            while self.clock.now() < moment:
                self.clock.move(min(timedelta(days=1), moment - self.clock.now()))
                await self.tick()

        if self.clock.now() < moment:
            await self.lived.through(self.database, self.gateway, self.clock.now(), moment, live)
            self.clock.moment = moment

    async def signs(self, person: str, *days: date) -> None:
        """Let a person write a message on each of these days."""
        async with self.database.begin() as session:
            for day in days:
                await count_one(
                    session,
                    self.organisation.workspace_id,
                    self.organisation.members[person],
                    self.organisation.channel_id,
                    day,
                    Kind.MESSAGE,
                )

    async def everybody_was_here(self, *days: date) -> None:
        """Let everybody but eva give a sign on each of these days."""
        for person in self.organisation.members:
            if person != "eva":
                await self.signs(person, *days)

    async def change(self, person: str, **values: object) -> None:
        """Change a member's row."""
        async with self.database.begin() as session:
            member = await find_member(session, self.organisation.workspace_id, person)
            assert member is not None
            for name, value in values.items():
                setattr(member, name, value)
            session.add(member)

    async def change_workspace(self, **values: object) -> None:
        """Change the workspace's row."""
        async with self.database.begin() as session:
            workspace = await get_workspace(session, self.organisation.workspace_id)
            for name, value in values.items():
                setattr(workspace, name, value)
            session.add(workspace)

    async def member(self, person: str) -> Member:
        """Return a member's row as it is."""
        async with self.database.read() as session:
            member = await find_member(session, self.organisation.workspace_id, person)
        assert member is not None
        return member

    async def workspace(self) -> Workspace:
        """Return the workspace's row as it is."""
        async with self.database.read() as session:
            return await get_workspace(session, self.organisation.workspace_id)

    async def contacts(self, person: str | None = None) -> list[Contact]:
        """Return all contacts, or one person's."""
        query = select(Contact).order_by(col(Contact.id))
        if person is not None:
            query = query.where(Contact.member_id == self.organisation.members[person])
        async with self.database.read() as session:
            return list((await session.execute(query)).scalars())

    async def items(self) -> list[ContactItem]:
        """Return what all contacts say."""
        async with self.database.read() as session:
            return list((await session.execute(select(ContactItem).order_by(col(ContactItem.id)))).scalars())

    async def contacted_on(self, day: date, person: str = "eva") -> int | None:
        """Pay for a contact of a person on a day, as whatever else is unasked-for does; None when there is one."""
        async with self.database.begin() as session:
            member_id = self.organisation.members[person]
            added = await add_contacts(session, self.organisation.workspace_id, {member_id: day}, self.clock.now())
            return added.get(member_id)

    async def outbox(self) -> list[Outbox]:
        """Return all that was ever to be said."""
        async with self.database.read() as session:
            return list((await session.execute(select(Outbox).order_by(col(Outbox.id)))).scalars())

    async def looks(self) -> list[Look]:
        """Return who has looked at data about whom."""
        async with self.database.read() as session:
            return list((await session.execute(select(Look).order_by(col(Look.id)))).scalars())


@pytest.fixture(scope="session")
def lived_before() -> Lived:
    """Return what the tests before have lived through."""
    return Lived()


@pytest.fixture
def lived(request: pytest.FixtureRequest, lived_before: Lived) -> Lived:
    """Return the same, but nothing to a test that changes the rules: days pass in another way there."""
    return Lived() if "monkeypatch" in request.fixturenames else lived_before


@pytest.fixture
async def scene(database: Database, clock: StillClock, lived: Lived) -> Scene:
    """Return an organisation whose notice was given 90 days ago and whose rounds are on."""
    gateway = RecordingGateway()
    at_home = home.handlers(room.home_sections(), room.home_handlers())
    handlers = {**core.handlers(), **room.handlers(), **at_home}
    made = Scene(
        await organisation(database, clock),
        People(Dispatcher(database, clock, handlers), clock),
        gateway,
        Sender(database, clock, {gateway.platform: gateway}, {**core.spoken(), **room.spoken()}, "test"),
        database,
        clock,
        lived,
    )
    await made.change_workspace(rounds_on_at=clock.now() - timedelta(days=60))
    return made


@pytest.fixture
async def quiet_eva(scene: Scene) -> Scene:
    """Return the organisation, in which all but eva have been here lately, on Sunday before a round."""
    await scene.everybody_was_here(RECENTLY)
    await scene.signs("eva", date(2026, 12, 8))
    scene.clock.moment = SUNDAY
    return scene


@pytest.fixture
async def tipped_eva(quiet_eva: Scene) -> Scene:
    """Return the same on Tuesday at ten, when eva has just got her tip."""
    await quiet_eva.until(TUESDAY_AT_TEN)
    return quiet_eva
