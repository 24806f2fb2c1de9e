"""The front door: what is only counted is counted by what happened, and what is said to us reaches its handler."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from sqlmodel import select
from structlog.testing import capture_logs

from bot.context import PersonContext
from bot.counter import CounterClosed
from bot.dispatcher import Dispatcher
from bot.events import OPENED_HOME, REACTED, UNREACTED, WROTE, Event, Place, Reply, WorkspaceKey, whisper
from bot.intake import ADDRESSED_EVERYBODY, REACTED_TO_US, REPLIED_TO_US, WROTE_TO_BOT, Intake
from storage.tables import Participation, Platform, Posted
from storage.workspaces import add_workspace
from tests.bot.counting.conftest import Tally
from tests.support import KEY, troubles


@dataclass
class Door:
    """An intake before a counter and handlers that record what reaches them."""

    tally: Tally
    told: list[tuple[str, str]] = field(default_factory=list)
    woken: int = 0
    failures: list[Exception] = field(default_factory=list)

    def intake(self) -> Intake:
        """Return the front door of one process."""
        actions = (ADDRESSED_EVERYBODY, REPLIED_TO_US, REACTED_TO_US, WROTE_TO_BOT, OPENED_HOME, "announce")
        dispatcher = Dispatcher(self.tally.database, self.tally.clock, dict.fromkeys(actions, self._handle))
        return Intake(self.tally.database, self.tally.counter, dispatcher, self._wake)

    def _wake(self) -> None:
        self.woken += 1

    async def _handle(self, _ctx: PersonContext, event: Event) -> Reply:
        if self.failures:
            raise self.failures.pop()
        self.told.append((event.person, event.action))
        return whisper("Thank you.")

    async def post_of_ours(self) -> None:
        """Let a message of ours stand in #allmant, known there as "m1"."""
        async with self.tally.database.begin() as session:
            workspace_id = self.tally.organisation.workspace_id
            posted = Posted(
                workspace_id=workspace_id,
                message="announcement.post",
                subject_id=1,
                channel_id=self.tally.organisation.channel_id,
                place="allmant",
                reference_key="m1",
                reference={},
                posted_at=self.tally.clock.now(),
            )
            session.add(posted)


@pytest.fixture
def door(tally: Tally) -> Door:
    """Return a front door in an organisation of eight people."""
    return Door(tally)


@pytest.fixture
def happened(tally: Tally) -> Callable[..., Event]:
    """Return a way to make what happened: anna in #allmant, now, unless told otherwise."""

    def make(action: str, identity: str = "1", *, place: Place | None = None, key: WorkspaceKey = KEY) -> Event:
        where = place or Place(channel="allmant", message="m2")
        return Event(action=action, workspace=key, person="anna", identity=identity, at=tally.clock.now(), place=where)

    return make


Happened = Callable[..., Event]


async def test_message(door: Door, happened: Happened) -> None:
    """A message in a channel is counted and answered with nothing; no handler hears of it, and nobody is woken."""
    reply = await door.intake().take(happened(WROTE))

    assert reply == Reply()
    assert await door.tally.by_member() == {("anna", "MESSAGE"): 1}
    assert (door.told, door.woken) == ([], 0)


async def test_message_to_everybody(door: Door, happened: Happened) -> None:
    """One that addresses everybody in its channel is counted, and told to its handler once."""
    for _ in range(2):
        await door.intake().take(replace(happened(WROTE, "allmant:m2:wrote:anna"), to_everybody=True))

    assert await door.tally.by_member() == {("anna", "MESSAGE"): 1}
    assert door.told == [("anna", ADDRESSED_EVERYBODY)]


async def test_thread_reply(door: Door, happened: Happened) -> None:
    """A reply in a thread is counted as one."""
    await door.intake().take(happened(WROTE, place=Place(channel="allmant", message="m3", thread="m2")))

    assert await door.tally.by_member() == {("anna", "THREAD_REPLY"): 1}


async def test_under_many_deliveries(door: Door, happened: Happened) -> None:
    """A message that the platform sends five times counts once, whichever process takes it."""
    for _ in range(5):
        await door.intake().take(happened(WROTE, "allmant:m2:wrote:anna"))

    assert await door.tally.by_member() == {("anna", "MESSAGE"): 1}


async def test_reactions(door: Door, happened: Happened) -> None:
    """Each reaction counts by itself: another emoji, or the same one put there again; taking one back is no sign."""
    thumb, heart, thumb_again = "m2:thumb:anna:12.00", "m2:heart:anna:12.01", "m2:thumb:anna:12.05"
    intake = door.intake()

    for identity in (thumb, heart, thumb, thumb_again):
        await intake.take(happened(REACTED, identity))
    reply = await intake.take(happened(UNREACTED, "m2:thumb:anna:12.06"))

    assert await door.tally.by_member() == {("anna", "REACTION"): 3}
    assert (reply, door.told) == (Reply(), [])


async def test_day_of_what_happened(door: Door, happened: Happened) -> None:
    """What is told late counts for the day on which it happened."""
    late = happened(WROTE)
    door.tally.clock.move(timedelta(days=1))

    await door.intake().take(late)

    async with door.tally.database.read() as session:
        [sum_of_day] = (await session.execute(select(Participation))).scalars()
    assert sum_of_day.day == late.at.date()


@pytest.mark.parametrize(
    ("action", "place", "told"),
    [
        (WROTE, Place(channel="allmant", message="m3", thread="m1"), REPLIED_TO_US),
        (REACTED, Place(channel="allmant", message="m1"), REACTED_TO_US),
    ],
)
async def test_to_a_message_of_ours(door: Door, happened: Happened, action: str, place: Place, told: str) -> None:
    """A reply or reaction to a message of ours is counted and reaches its handler, both once."""
    await door.post_of_ours()
    intake = door.intake()

    reply = await intake.take(happened(action, place=place))
    again = await intake.take(happened(action, place=place))

    assert reply.whisper is not None
    assert again == Reply()
    assert door.told == [("anna", told)]
    assert sum((await door.tally.by_member()).values()) == 1
    assert door.woken == 2


@pytest.mark.parametrize(
    ("action", "place"),
    [
        (WROTE, Place(channel="annat", message="m3", thread="m1")),
        (WROTE, Place(channel="allmant", message="m1")),
        (REACTED, Place(channel="annat", message="m1")),
        (REACTED, Place(channel="allmant", message="m9", thread="m1")),
    ],
)
async def test_not_to_a_message_of_ours(door: Door, happened: Happened, action: str, place: Place) -> None:
    """What only looks like it (another channel's message of that name, another message in the thread) is counted."""
    await door.post_of_ours()

    await door.intake().take(happened(action, place=place))

    assert door.told == []
    assert sum((await door.tally.by_member()).values()) == 1


async def test_handler_fails_after_the_count(door: Door, happened: Happened) -> None:
    """When the handler of a reply fails, the event is not acknowledged; told again, it is heard, and counted once."""
    await door.post_of_ours()
    door.failures = [RuntimeError("a defect")]
    reply_to_us = happened(WROTE, place=Place(channel="allmant", message="m3", thread="m1"))

    with pytest.raises(RuntimeError):
        await door.intake().take(reply_to_us)
    await door.intake().take(reply_to_us)

    assert door.told == [("anna", REPLIED_TO_US)]
    assert await door.tally.by_member() == {("anna", "THREAD_REPLY"): 1}


async def test_direct_message(door: Door, happened: Happened) -> None:
    """What somebody writes to the bot is handled, and never counted."""
    await door.intake().take(happened(WROTE, place=Place(message="d1")))

    assert door.told == [("anna", WROTE_TO_BOT)]
    assert (await door.tally.by_member(), await door.tally.by_channel()) == ({}, {})


@pytest.mark.parametrize("action", ["announce", OPENED_HOME])
async def test_for_a_handler(door: Door, happened: Happened, action: str) -> None:
    """Commands, buttons and Home go to their handlers once, and the sender is woken for what they may have queued."""
    intake = door.intake()

    await intake.take(happened(action))
    await intake.take(happened(action))

    assert door.told == [("anna", action)]
    assert door.woken == 2


async def test_unknown_workspace(door: Door, happened: Happened) -> None:
    """What happens in a workspace that does not use Samlas is not counted, and the log says so."""
    with capture_logs() as logs:
        reply = await door.intake().take(happened(WROTE, key=WorkspaceKey("local", "elsewhere")))

    assert (reply, await door.tally.by_member()) == (Reply(), {})
    assert troubles(logs) == ["event.unknown_workspace"]


async def test_shutting_down(door: Door, happened: Happened) -> None:
    """An event that comes when the counter is closed is not acknowledged: the adapter hears of it."""
    await door.tally.counter.close()

    with pytest.raises(CounterClosed):
        await door.intake().take(happened(WROTE))

    assert await door.tally.by_member() == {}


async def test_workspace_is_asked_for_once(door: Door, happened: Happened) -> None:
    """What is only counted asks the database nothing but its own commit, once the workspace is known."""
    asked: list[str] = []
    intake = door.intake()
    await intake.take(happened(WROTE))

    @event.listens_for(Engine, "before_cursor_execute")
    def _note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        asked.append(statement)

    try:
        await intake.take(happened(WROTE, "second"))
        await intake.take(happened(WROTE, "third", place=Place(channel="allmant", message="m3", thread="m2")))
        await intake.take(happened(REACTED, "fourth"))
    finally:
        event.remove(Engine, "before_cursor_execute", _note)

    assert asked == []
    assert sum((await door.tally.by_member()).values()) == 4


async def test_workspace_that_comes_later(door: Door, happened: Happened) -> None:
    """A workspace that was unknown is counted as soon as it uses Samlas."""
    intake = door.intake()
    later = WorkspaceKey("local", "later")
    await intake.take(happened(WROTE, key=later))

    async with door.tally.database.begin() as session:
        await add_workspace(session, Platform.LOCAL, "later", "Later", door.tally.clock.now(), {})
    await intake.take(happened(WROTE, key=later))

    assert await door.tally.by_channel() == {("allmant", "MESSAGE"): 1}


async def test_workspace_that_goes(door: Door, happened: Happened) -> None:
    """Of a workspace that is gone the next sign is refused; told again, it is answered as any unknown workspace's."""
    intake = door.intake()
    await intake.take(happened(WROTE))
    await door.tally.execute("DELETE FROM workspace")
    sign = happened(WROTE)

    with pytest.raises(Exception, match=r"(?i)foreign key"):
        await intake.take(sign)
    with capture_logs() as logs:
        reply = await intake.take(sign)

    assert reply == Reply()
    assert troubles(logs) == ["event.unknown_workspace"]


async def test_many_workspaces(door: Door, happened: Happened, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many workspaces there are, each is counted, and only so many are remembered."""
    monkeypatch.setattr("bot.intake.MOST_REMEMBERED", 2)
    keys = [WorkspaceKey("local", f"organisation{number}") for number in range(4)]
    async with door.tally.database.begin() as session:
        for key in keys:
            await add_workspace(session, Platform.LOCAL, key.external_id, "", door.tally.clock.now(), {})
    intake = door.intake()

    for number, key in enumerate([*keys, *keys]):
        await intake.take(happened(WROTE, f"{number}", key=key))

    assert await door.tally.by_channel() == {("allmant", "MESSAGE"): 8}
    assert len(intake._workspace_ids) == 2
