"""The sender before Slack's bad minutes, over real HTTP: in the end everybody is told, and nobody twice."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import col, select, update

from bot.context import Context, Spoken, known
from bot.courier import LOOK_AFTER
from bot.machine import ThisMachine
from bot.messages import Message, Words
from bot.sender import Sender
from storage.outbox import Urgency, say_to_member
from storage.tables import Lane, Member, Outbox
from tests.slack.stage import Stage
from tests.slack.standin import Failure

NOTE = "note"
PAGE = b"<html>Bad gateway</html>"
PEOPLE = ("UANNA", "UBO")
# So long a sender is given: as long as its pauses are at their longest.
HOURS = 12
# One of the two is tried again twice at least.
TIMES = 3


async def compose(ctx: Context, row: Outbox) -> Message:  # noqa: ARG001 - the composer's form
    """Say something."""
    return Message("Hello", (Words("Hello"),))


class Impatient(ThisMachine):
    """The machine's time, in which nobody waits before looking whether a message stands."""

    async def sleep(self, seconds: float) -> None:
        """Sleep, for anything but that."""
        await super().sleep(0.0 if seconds == LOOK_AFTER.total_seconds() else seconds)


class Days:
    """A stage, senders before it, and time that passes for both."""

    def __init__(self, stage: Stage) -> None:
        """Send to it faster than Slack's limits are: they are told of elsewhere."""
        self.stage = stage
        self._gateway = stage.slack.gateway
        self._gateway.rate = self._gateway.burst = 1000
        self._gateway.spacing = timedelta()

    async def say(self) -> None:
        """Have something to say to everybody."""
        async with self.stage.database.begin() as session:
            for member in (await session.execute(select(Member).where(col(Member.external_id).in_(PEOPLE)))).scalars():
                await say_to_member(
                    session,
                    member.workspace_id,
                    known(member.id),
                    NOTE,
                    1,
                    now=self.stage.clock.now(),
                    urgency=Urgency.ANSWER,
                    resend_if_unknown=True,
                )

    async def rows(self) -> list[Outbox]:
        """Return what was to be said."""
        async with self.stage.database.read() as session:
            return list((await session.execute(select(Outbox).order_by(col(Outbox.id)))).scalars())

    def _sender(self) -> Sender:
        gateways, spoken = {self._gateway.platform: self._gateway}, {NOTE: Spoken(compose)}
        return Sender(
            self.stage.database,
            self.stage.clock,
            gateways,
            spoken,
            "first",
            machine=Impatient(),
            chance=lambda: 0.0,
        )

    async def pass_by(self, step: timedelta = timedelta(minutes=10)) -> None:
        """Send what is due, step by step, until all is settled."""
        for _ in range(timedelta(hours=HOURS) // step):
            # Each time a new one, that knows what the database knows: how long to wait too.
            await self._sender().drain()
            if not {row.state for row in await self.rows()} & {"queued", "sending"}:
                return
            self.stage.clock.move(step)
            async with self.stage.database.begin() as session:
                passed = {name: getattr(Lane, name) - step.total_seconds() for name in ("lease_until", "not_before")}
                await session.execute(update(Lane).values(**passed))


@pytest.fixture
async def days(stage: Stage) -> Days:
    """Return a sender with something to say to two people."""
    made = Days(stage)
    await made.say()
    return made


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(Failure(status=429, error="ratelimited", retry_after=30), id="wait"),
        pytest.param(Failure(status=503), id="not available"),
        pytest.param(Failure(status=500), id="broken"),
        pytest.param(Failure(status=502, does_it=True), id="a gateway's answer"),
        pytest.param(Failure(cut=True), id="cut"),
        pytest.param(Failure(cut=True, does_it=True), id="cut after posting"),
        pytest.param(Failure(said=PAGE), id="a page"),
        pytest.param(Failure(said=PAGE, does_it=True), id="a page after posting"),
        pytest.param(Failure(said=b'{"ok": true', does_it=True), id="half an answer"),
        pytest.param(Failure(said=b"[1, 2]", does_it=True), id="a list"),
        pytest.param(Failure(said=b'{"ok": true}', does_it=True), id="yes and nothing else"),
        pytest.param(Failure(said=b"", does_it=True), id="nothing"),
    ],
)
async def test_everybody_is_told_once(days: Days, failure: Failure) -> None:
    """However often Slack fails so for a while, each message stands once in the end."""
    days.stage.standin.fail("chat.postMessage", *[failure] * TIMES)

    await days.pass_by()

    assert [row.state for row in await days.rows()] == ["sent"] * len(PEOPLE)
    assert Counter(said.body["text"] for said in days.stage.standin.said) == {"Hello": len(PEOPLE)}


async def test_rate_limited_for_minutes(days: Days) -> None:
    """A limit that lasts for ten minutes counts as no try, and is not asked about more often than Slack says."""
    days.stage.standin.fail("chat.postMessage", *[Failure(status=429, error="ratelimited", retry_after=60)] * 10)

    await days.pass_by(timedelta(seconds=20))

    assert [(row.state, row.attempts) for row in await days.rows()] == [("sent", 1)] * len(PEOPLE)
    assert len(days.stage.standin.calls_of("chat.postMessage")) == 10 + len(PEOPLE)


async def test_the_token_is_revoked(days: Days) -> None:
    """Nothing is tried again: the reason says that Samlas has to be installed again."""
    days.stage.standin.fail("chat.postMessage", *[Failure(error="token_revoked")] * 10)

    await days.pass_by()

    assert {row.state for row in await days.rows()} == {"failed"}
    assert len(days.stage.standin.calls_of("chat.postMessage")) == len(PEOPLE)
    assert days.stage.standin.said == []
