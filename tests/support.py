"""A small organisation in a database, and the ways a test acts as its people: through the dispatcher."""

import itertools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import col, update

from bot.context import known
from bot.dispatcher import Dispatcher
from bot.events import Event, Place, Reply, WorkspaceKey
from bot.forms import Form
from bot.messages import Button, Message, Target, buttons_of
from bot.platform import Sent, To
from storage.database import Database
from storage.people import add_channel_members
from storage.tables import Channel, HomeTeam, Member, MemberState, Platform
from storage.workspaces import add_workspace
from tests.conftest import StillClock

KEY = WorkspaceKey("local", "test")


@dataclass
class Organisation:
    """A workspace, its people by their names in the test, and #allmant, which is the announcement channel."""

    workspace_id: int
    members: dict[str, int]
    channel_id: int
    team_id: int


def own_name(name: str) -> str:
    """Return the id of a person or channel on a platform that calls them by their names here."""
    return name


async def organisation(
    database: Database,
    clock: StillClock,
    names: tuple[str, ...] = (),
    *,
    key: WorkspaceKey = KEY,
    id_of: Callable[[str], str] = own_name,
    app_for_each: bool = False,
    tells_what_is_open: bool = True,
) -> Organisation:
    """Store an organisation: anna writes, carl and cecilia and david are the management group, the rest read.

    anna, carl and bo are in the announcement channel; everybody else is not. `id_of` gives the platform's ids; the rest
    is what the platform is like.
    """
    everybody = ("anna", "bo", "carl", "cecilia", "david", "eva", "farid", "greta", *names)
    async with database.begin() as session:
        workspace = await add_workspace(
            session,
            key.platform,
            key.external_id,
            "Test",
            clock.now(),
            {"announcement_channel": id_of("allmant"), "language": "en"},
            app_for_each=app_for_each,
            tells_what_is_open=tells_what_is_open,
        )
        workspace.notice_given_at = clock.now() - timedelta(days=90)
        workspace_id = known(workspace.id)
        team = HomeTeam(workspace_id=workspace_id, name="Sales")
        session.add(team)
        await session.flush()
        members = [
            Member(
                workspace_id=workspace_id,
                external_id=id_of(name),
                name=name.capitalize(),
                state=MemberState.ACTIVE,
                locale="en",
                zone="Europe/Stockholm",
                in_management_group=name in ("carl", "cecilia", "david"),
                is_communications_lead=name == "greta",
                home_team_id=team.id if name in ("anna", "bo", "eva") else None,
                created_at=clock.now() - timedelta(days=200),
                told_at=clock.now() - timedelta(days=90),
            )
            for name in everybody
        ]
        channel = Channel(workspace_id=workspace_id, external_id=id_of("allmant"), name="allmant")
        session.add_all([*members, channel])
        await session.flush()
        by_name = {name: known(member.id) for name, member in zip(everybody, members, strict=True)}
        await add_channel_members(
            session, workspace_id, known(channel.id), [by_name[name] for name in ("anna", "carl", "bo")]
        )
    return Organisation(workspace_id, by_name, known(channel.id), known(team.id))


async def fill_channel(database: Database, clock: StillClock, made: Organisation, people: int) -> None:
    """Let so many people be in the announcement channel: those who are, and others without names."""
    async with database.begin() as session:
        others = [
            Member(
                workspace_id=made.workspace_id,
                external_id=f"one-of-many-{number}",
                state=MemberState.ACTIVE,
                created_at=clock.now() - timedelta(days=200),
            )
            for number in range(people - 3)
        ]
        session.add_all(others)
        await session.flush()
        await add_channel_members(session, made.workspace_id, made.channel_id, [known(member.id) for member in others])


@dataclass
class People:
    """Acts as people of the organisation. Each act is a new thing that happened, unless its identity is given."""

    dispatcher: Dispatcher
    clock: StillClock
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def command(self, person: str, name: str, text: str = "") -> Reply:
        """Run a chat command in the direct conversation with the bot."""
        return await self.act(person, name, text=text)

    async def press(self, person: str, button: Button, *, channel: str | None = None, **values: str) -> Reply:
        """Press a button, with a form's values when it stands in one."""
        return await self.act(person, button.action, target=button.target, channel=channel, values=values)

    async def send(self, person: str, form: Form, **values: str) -> Reply:
        """Send a form with what it holds, changed by `values`."""
        return await self.act(person, form.action, target=form.target, values={**form.values(), **values})

    async def act(
        self,
        person: str,
        action: str,
        *,
        target: Target | None = None,
        text: str = "",
        values: dict[str, str] | None = None,
        channel: str | None = None,
        message: str | None = None,
        thread: str | None = None,
        identity: str | None = None,
        key: WorkspaceKey = KEY,
    ) -> Reply:
        """Let one thing happen."""
        return await self.dispatcher.handle(
            Event(
                action=action,
                workspace=key,
                person=person,
                identity=identity or f"act-{next(self.numbers)}",
                at=self.clock.now(),
                place=Place(channel, message, thread),
                target=target,
                text=text,
                values=values or {},
            )
        )


async def have_told(database: Database, workspace_id: int, told_at: datetime | None) -> None:
    """Let everybody have had the notice then; None: nobody."""
    async with database.begin() as session:
        await session.execute(update(Member).where(col(Member.workspace_id) == workspace_id).values(told_at=told_at))


def button(shown: Form | Message, label: str) -> Button:
    """Return the button of a form or message that carries this label."""
    return next(found for found in buttons_of(shown.parts) if found.label == label)


def words_of(shown: Form | Message) -> str:
    """Return everything a form or message says, as one text to look in."""
    return repr(shown.parts)


@dataclass
class Standing:
    """A message as it stands on the recording platform."""

    to: To
    message: Message
    delivery_id: str


class RecordingGateway:
    """A platform that takes everything and remembers it, in the order it came; edits change what stands."""

    platform = Platform.LOCAL.value
    timeout = timedelta(seconds=5)
    rate = 10_000.0
    burst = 10_000
    can_tell = True

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.standing: dict[str, Standing] = {}
        self.edits = 0
        # What happens to each post before it stands; it may raise what a platform raises.
        self.on_the_way: Callable[[To], Awaitable[None]] | None = None

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:  # noqa: ARG002 - Gateway's form
        """Remember a message."""
        if self.on_the_way is not None:
            await self.on_the_way(to)
        key = f"m{len(self.standing) + 1}"
        self.standing[key] = Standing(to, message, delivery_id)
        place = to.channel or f"direct:{to.member}"
        return Sent({"key": key, "place": place}, place, key, f"https://chat.example/{key}")

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:  # noqa: ARG002 - as above
        """Change what stands."""
        self.standing[reference["key"]].message = message
        self.edits += 1

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:  # noqa: ARG002 - as above
        """Find a message by its delivery id."""
        for key, said in self.standing.items():
            if said.delivery_id == delivery_id:
                place = to.channel or f"direct:{to.member}"
                return Sent({"key": key, "place": place}, place, key)
        return None

    def said_to(self, member: str) -> list[Message]:
        """Return what a member's conversation with the bot holds, in order."""
        return [said.message for said in self.standing.values() if said.to.member == member and not said.to.others]

    def said_in(self, channel: str, *, in_thread: bool = False) -> list[Message]:
        """Return what stands in a channel, or in its threads."""
        return [
            said.message
            for said in self.standing.values()
            if said.to.channel == channel and (said.to.thread is not None) is in_thread
        ]


def troubles(logs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the events of captured log lines that somebody should look at: warnings and worse."""
    return [entry["event"] for entry in logs if entry["log_level"] in ("warning", "error", "critical")]
