"""The one way in: what one person did acts once, in one transaction, whoever tells it and however often."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from bot.context import Found, LongLook, PersonContext, known
from bot.dispatcher import Dispatcher
from bot.errors import BadInput, Refused, Stale
from bot.events import Event, Reply, WorkspaceKey, whisper
from bot.forms import Form, TextField
from bot.messages import Message, Target, Tone, Words
from bot.texts import text
from storage.counting import count_one
from storage.database import Database
from storage.nudging import sign_spans
from storage.people import find_member
from storage.tables import Happened, HomeTeam, Kind, Member, MemberState, Participation
from tests.conftest import StillClock
from tests.support import Organisation, People, organisation, troubles


@dataclass
class Desk:
    """A handler that writes a row for each act, then fails in the ways it is told to."""

    database: Database
    organisation: Organisation
    clock: StillClock
    people: People = field(init=False)
    failures: list[Exception] = field(default_factory=list)
    acted: int = 0

    def __post_init__(self) -> None:
        """Stand behind a dispatcher."""
        self.restart()

    def restart(self) -> None:
        """Let a new process take the place of the old one: nothing is remembered but what is in the database."""
        self.people = People(Dispatcher(self.database, self.clock, {"act": self._act}), self.clock)

    async def _act(self, ctx: PersonContext, event: Event) -> Reply:
        self.acted += 1
        ctx.session.add(HomeTeam(workspace_id=ctx.workspace_id, name=f"{event.person} {self.acted}"))
        await count_one(ctx.session, ctx.workspace_id, ctx.member_id, None, ctx.now.date(), Kind.COMMAND)
        await ctx.session.flush()
        if self.failures:
            raise self.failures.pop(0)
        return whisper(ctx.say("Thank you."))

    async def written(self) -> list[str]:
        """Return the rows that have been written."""
        async with self.database.read() as session:
            found = await session.execute(select(HomeTeam.name).where(HomeTeam.name != "Sales"))
            return list(found.scalars())

    async def counted(self) -> int:
        """Return how many acts have been counted."""
        async with self.database.read() as session:
            return sum((await session.execute(select(Participation.count))).scalars())

    async def identities(self) -> list[str]:
        """Return what is known to have happened."""
        async with self.database.read() as session:
            return list((await session.execute(select(Happened.identity))).scalars())

    async def member(self, name: str) -> Member | None:
        """Return what is known of a person."""
        async with self.database.read() as session:
            return await find_member(session, self.organisation.workspace_id, name)


@pytest.fixture
async def desk(database: Database, clock: StillClock) -> Desk:
    """Return a desk in an organisation of eight people."""
    return Desk(database, await organisation(database, clock), clock)


def said(reply: Reply) -> str:
    """Return what a reply whispers."""
    return "" if reply.whisper is None else reply.whisper.summary


async def test_acts(desk: Desk) -> None:
    """What somebody does is done, counted and answered."""
    reply = await desk.people.act("anna", "act")

    assert said(reply) == "Thank you."
    assert await desk.written() == ["anna 1"]
    assert await desk.counted() == 1


@pytest.mark.parametrize("restarted", [False, True])
async def test_same_event_twice(desk: Desk, *, restarted: bool) -> None:
    """The same thing told twice acts once and counts once, also when the program was restarted in between."""
    await desk.people.act("anna", "act", identity="press-1")
    if restarted:
        desk.restart()

    reply = await desk.people.act("anna", "act", identity="press-1")

    assert reply == Reply()
    assert desk.acted == 1
    assert await desk.counted() == 1


async def test_two_presses(desk: Desk) -> None:
    """Pressing again is another thing that happened."""
    await desk.people.act("anna", "act", identity="press-1")
    await desk.people.act("anna", "act", identity="press-2")

    assert await desk.written() == ["anna 1", "anna 2"]


async def test_refusal_leaves_no_trace(desk: Desk) -> None:
    """A refused act is told in a sentence and changes nothing at all: not even that it happened is kept.

    So a form that was sent back for a correction, or a refusal whose answer got lost, may come again as it is.
    """
    desk.failures = [Refused(text("Not today."))]

    refused = await desk.people.act("anna", "act", identity="press-1")
    after_refusal = (await desk.written(), await desk.counted(), await desk.identities())
    again = await desk.people.act("anna", "act", identity="press-1")

    assert said(refused) == "Not today."
    assert after_refusal == ([], 0, [])
    assert said(again) == "Thank you."
    assert len(await desk.written()) == 1


async def test_refused_fields(desk: Desk) -> None:
    """Fields that cannot be used are told in the person's language, with the form they are in, and nothing is kept."""
    form = Form("act", Target(1, 1), "An act", (TextField("title", "Title", "as it was sent"),), "Send", "Cancel")
    desk.failures = [BadInput({"title": text("Today")}, form)]
    async with desk.database.begin() as session:
        anna = await find_member(session, desk.organisation.workspace_id, "anna")
        assert anna is not None
        anna.locale = "sv-SE"

    reply = await desk.people.act("anna", "act")

    assert set(reply.errors) == {"title"}
    assert reply.form == form
    assert reply.whisper is None
    assert await desk.written() == []


async def test_stale(desk: Desk) -> None:
    """What has been changed meanwhile is told, in the form too, and shown as it stands now; nothing is kept."""
    form = Form("act", Target(1, 2), "An act", (TextField("title", "Title"),), "Send", "Cancel")
    fresh = Message("As it stands now", (Words("As it stands now"),))
    desk.failures = [Stale(text("Not today."), form=form, refreshed=fresh)]

    reply = await desk.people.act("anna", "act")

    assert said(reply) == "Not today."
    assert reply.form == replace(form, parts=(Words("Not today.", Tone.STRONG), *form.parts))
    assert reply.refreshed == fresh
    assert await desk.written() == []


@pytest.mark.parametrize(
    ("refusal", "last_sign"),
    [
        pytest.param(Stale(text("Not today.")), date(2027, 3, 3), id="too late"),
        pytest.param(Refused(text("Not yours.")), None, id="not theirs"),
    ],
)
async def test_a_press_that_comes_too_late_is_a_sign(desk: Desk, refusal: Refused, last_sign: date | None) -> None:
    """Who presses what has changed meanwhile has taken part that day, though nothing comes of the press."""
    desk.failures = [refusal]

    await desk.people.act("anna", "act", target=Target(1, 1))

    anna = await desk.member("anna")
    assert anna is not None
    async with desk.database.read() as session:
        found = await sign_spans(session, desk.organisation.workspace_id, [known(anna.id)])
    assert [span.last for span in found.values()] == ([] if last_sign is None else [last_sign])
    assert (await desk.written(), await desk.counted(), await desk.identities()) == ([], 0, [])


async def test_defect(desk: Desk) -> None:
    """A defect reaches the adapter, which does not acknowledge; told again, the thing is done once."""
    desk.failures = [RuntimeError("a defect")]

    with pytest.raises(RuntimeError):
        await desk.people.act("anna", "act", identity="press-1")
    after_defect = await desk.written()
    await desk.people.act("anna", "act", identity="press-1")

    assert after_defect == []
    assert len(await desk.written()) == 1


async def test_unknown_person(desk: Desk) -> None:
    """Somebody not heard of before is known by their id from now on, and may act like everybody."""
    reply = await desk.people.act("U999", "act")

    stub = await desk.member("U999")
    assert said(reply) == "Thank you."
    assert stub is not None
    assert (stub.state, stub.name, stub.created_at) == (MemberState.STUB, "", desk.clock.now())


async def test_unknown_workspace(desk: Desk) -> None:
    """An event of a workspace that does not use Samlas does nothing, and stores nobody."""
    with capture_logs() as logs:
        reply = await desk.people.act("mallory", "act", key=WorkspaceKey("local", "elsewhere"))

    assert reply == Reply()
    assert (desk.acted, await desk.member("mallory")) == (0, None)
    assert troubles(logs) == ["event.unknown_workspace"]


async def test_same_id_on_another_platform(desk: Desk) -> None:
    """A workspace is known by its platform and its id there; another platform's does not count as it."""
    with capture_logs():
        reply = await desk.people.act("anna", "act", key=WorkspaceKey("slack", "test"))

    assert (reply, desk.acted) == (Reply(), 0)


@pytest.mark.parametrize("values", [{"state": MemberState.LEFT}, {"is_bot": True}], ids=["left", "bot"])
async def test_not_a_member(desk: Desk, values: dict[str, object]) -> None:
    """Who has left the organisation, or is a bot, cannot act."""
    async with desk.database.begin() as session:
        bo = await find_member(session, desk.organisation.workspace_id, "bo")
        assert bo is not None
        for name, value in values.items():
            setattr(bo, name, value)

    with capture_logs():
        reply = await desk.people.act("bo", "act")

    assert (reply, desk.acted) == (Reply(), 0)


async def test_unknown_action(desk: Desk) -> None:
    """A button that this version does not know says so, and does nothing."""
    with capture_logs() as logs:
        reply = await desk.people.act("anna", "act.of.old")

    assert said(reply) == "That button belongs to an older version of Samlas and does nothing now."
    assert (desk.acted, await desk.identities()) == (0, [])
    assert troubles(logs) == ["event.unknown_action"]


async def test_logs_name_nobody(desk: Desk) -> None:
    """What goes wrong is logged with row ids, never with a person's name or words."""
    await desk.people.act("anna", "act")

    with capture_logs() as logs:
        await desk.people.act("anna", "act.of.old", text="a secret")
        await desk.people.act("anna", "act", text="a secret", key=WorkspaceKey("local", "elsewhere"))

    assert len(logs) == 2
    assert "anna" not in repr(logs)
    assert "secret" not in repr(logs)


class Looking:
    """A handler that answers by a long look; `meanwhile` is another process on the same database."""

    def __init__(self, database: Database, meanwhile: Database) -> None:
        """Stand ready, with nothing seen."""
        self.database = database
        self.meanwhile = meanwhile
        self.failure: Exception | None = None

    async def look_at_all(self, ctx: PersonContext, event: Event) -> LongLook:
        """Write who asks, and then look."""
        ctx.session.add(HomeTeam(workspace_id=ctx.workspace_id, name=f"asked {event.person}"))
        await ctx.session.flush()
        return self._look

    async def _look(self, ctx: PersonContext) -> Found:
        async with self.meanwhile.begin() as session:
            session.add(HomeTeam(workspace_id=ctx.workspace_id, name="meanwhile"))
        return Found(whisper("This is all."), self._write)

    async def _write(self, ctx: PersonContext) -> None:
        ctx.session.add(HomeTeam(workspace_id=ctx.workspace_id, name=f"shown to {ctx.member.name}"))
        await ctx.session.flush()
        if self.failure is not None:
            raise self.failure


@pytest.fixture
async def looking(desk: Desk) -> AsyncIterator[Looking]:
    """Return the long look behind the desk's dispatcher."""
    meanwhile = Database(desk.database.url)
    made = Looking(desk.database, meanwhile)
    desk.people = People(Dispatcher(desk.database, desk.clock, {"look": made.look_at_all}), desk.clock)
    yield made
    await meanwhile.close()


@pytest.mark.usefixtures("looking")
async def test_a_long_look_holds_nobody_up(desk: Desk) -> None:
    """While a handler looks at everybody others write; what it leaves is written before the answer is shown."""
    reply = await desk.people.command("eva", "look")

    assert reply == whisper("This is all.")
    assert await desk.written() == ["asked eva", "meanwhile", "shown to Eva"]


async def test_what_cannot_be_written_down_is_not_shown(desk: Desk, looking: Looking) -> None:
    """A look that leaves no line shows nothing."""
    looking.failure = RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        await desk.people.command("eva", "look")

    assert await desk.written() == ["asked eva", "meanwhile"]


async def test_a_long_look_can_refuse(desk: Desk, looking: Looking) -> None:
    """What refuses in the end is a sentence, as anywhere else, and leaves nothing of its own."""
    looking.failure = Refused(text("Thank you."))

    reply = await desk.people.command("eva", "look")

    assert reply == whisper("Thank you.")
    assert await desk.written() == ["asked eva", "meanwhile"]


@pytest.mark.usefixtures("looking")
async def test_the_same_look_twice(desk: Desk) -> None:
    """A command that is told twice is looked at once."""
    await desk.people.act("eva", "look", identity="once")

    again = await desk.people.act("eva", "look", identity="once")

    assert again == Reply()
    assert len(await desk.written()) == 3


async def test_a_command_with_a_word_of_its_own(database: Database, clock: StillClock) -> None:
    """`/help me` is its own command where there is one, however it is typed; what follows stays its text."""
    await organisation(database, clock)
    heard: list[tuple[str, str]] = []

    async def hear(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
        heard.append((event.action, event.text))
        return Reply()

    people = People(Dispatcher(database, clock, {"help": hear, "help me": hear, "help me now": hear}), clock)

    for words in ("", "me", " ME  until  Friday", "me now", "me  now please", "mean it", "us"):
        await people.command("anna", "help", words)

    assert heard == [
        ("help", ""),
        ("help me", ""),
        ("help me", "until  Friday"),
        ("help me now", ""),
        ("help me now", "please"),
        ("help", "mean it"),
        ("help", "us"),
    ]
