"""An organisation with something to say, and senders that come and go: what the sender's tests share."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import col, select, update

from bot.context import Context, Settled, Spoken
from bot.messages import Message, Words
from bot.sender import Sender
from storage.database import Database, Session
from storage.fan_out import start_fan_out
from storage.outbox import Urgency, refresh_posted, say_in_channel, say_to_member
from storage.people_seen import PersonSeen, see_people
from storage.tables import ClosedWay, Copies, FanOut, Lane, Member, MemberState, Outbox, Posted
from tests.conftest import StillClock
from tests.support import Organisation, organisation
from tests.transport import FakePlatform, PassingTime

NOTE = "note"
NUDGE = "nudge"


@dataclass
class Office:
    """Everything around the sender. `settled` records what those who asked were told."""

    database: Database
    clock: StillClock
    time: PassingTime
    platform: FakePlatform
    organisation: Organisation
    composing: list[BaseException | None] = field(default_factory=list)
    # What happens while the next messages are composed, one after the other.
    meanwhile: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    settled: list[tuple[str, str]] = field(default_factory=list)
    # What those who asked do instead of recording, one after the other.
    settling: list[Settled] = field(default_factory=list)
    silent: set[int] = field(default_factory=set)

    @property
    def workspace_id(self) -> int:
        """The workspace's row id."""
        return self.organisation.workspace_id

    def sender(
        self, owner: str = "first", *, time: PassingTime | None = None, database: Database | None = None
    ) -> Sender:
        """Return a sender, as one process has."""
        spoken = {NOTE: Spoken(self._compose, self._settled), NUDGE: Spoken(self._compose, self._settled)}
        return Sender(
            database or self.database,
            self.clock,
            {self.platform.platform: self.platform},
            spoken,
            owner,
            machine=time or self.time,
            chance=lambda: 1.0,
        )

    async def _compose(self, ctx: Context, row: Outbox) -> Message | None:
        if self.meanwhile:
            await self.meanwhile.pop(0)()
        if self.composing:
            failure = self.composing.pop(0)
            if failure is not None:
                raise failure
        if row.subject_id in self.silent:
            return None
        sentence = f"{row.message} {row.subject_id} in {ctx.say.language} at {ctx.now:%H:%M}"
        return Message(sentence, (Words(sentence),))

    async def _settled(self, session: Session, row: Outbox) -> None:
        if self.settling:
            await self.settling.pop(0)(session, row)
            return
        self.settled.append((f"{row.message} {row.subject_id}", row.state))

    async def say(
        self,
        name: str,
        subject: int = 1,
        *,
        message: str = NOTE,
        urgency: int = Urgency.ANSWER,
        resend: bool = True,
        after: timedelta = timedelta(),
    ) -> None:
        """Queue a direct message to one person of the organisation."""
        async with self.database.begin() as session:
            await say_to_member(
                session,
                self.workspace_id,
                self.organisation.members[name],
                message,
                subject,
                now=self.clock.now(),
                not_before=self.clock.now() + after,
                urgency=urgency,
                resend_if_unknown=resend,
            )

    async def post(self, subject: int = 1, *, urgency: int = Urgency.HOME_POST, thread_id: int | None = None) -> None:
        """Queue a post in the organisation's channel."""
        async with self.database.begin() as session:
            await say_in_channel(
                session,
                self.workspace_id,
                self.organisation.channel_id,
                NOTE,
                subject,
                now=self.clock.now(),
                urgency=urgency,
                thread_id=thread_id,
            )

    async def change(self, subject: int = 1) -> None:
        """Have what stands about a subject show what is true now."""
        async with self.database.begin() as session:
            await refresh_posted(session, self.workspace_id, NOTE, subject, now=self.clock.now())

    async def fan_out(self, subject: int = 1, *, message: str = NOTE, resend: bool = True) -> None:
        """Queue one message to everybody."""
        async with self.database.begin() as session:
            await start_fan_out(
                session,
                self.workspace_id,
                FanOut(
                    workspace_id=self.workspace_id,
                    message=message,
                    subject_id=subject,
                    audience_kind="everyone",
                    copies=Copies.ALL,
                    priority=Urgency.COPY,
                    resend_if_unknown=resend,
                    audience_as_of=self.clock.now(),
                ),
            )

    async def rows(self) -> Sequence[Outbox]:
        """Return the outbox, oldest first."""
        async with self.database.read() as session:
            return (await session.execute(select(Outbox).order_by(col(Outbox.id)))).scalars().all()

    async def states(self) -> list[str]:
        """Return the states of the outbox's rows, oldest first."""
        return [row.state for row in await self.rows()]

    async def posted(self) -> Sequence[Posted]:
        """Return what is known to stand, oldest first."""
        async with self.database.read() as session:
            return (await session.execute(select(Posted).order_by(col(Posted.id)))).scalars().all()

    async def closed_ways(self) -> list[str]:
        """Return why nothing gets through to people, as far as is known."""
        async with self.database.read() as session:
            return list((await session.execute(select(ClosedWay.why))).scalars())

    async def lane(self) -> Lane:
        """Return the workspace's lane."""
        async with self.database.read() as session:
            return (await session.execute(select(Lane))).scalar_one()

    async def has_left(self, name: str) -> None:
        """Let somebody leave the organisation."""
        async with self.database.begin() as session:
            await session.execute(
                update(Member).where(col(Member.id) == self.organisation.members[name]).values(state=MemberState.LEFT)
            )

    async def comes_back(self, name: str) -> None:
        """Let the platform tell that somebody is there again."""
        async with self.database.begin() as session:
            await see_people(session, self.workspace_id, [PersonSeen(name, name.capitalize())], self.clock.now())

    async def seconds_pass(self, seconds: float) -> None:
        """Let machine time pass, for the processes and for the database alike; product time stands still."""
        self.time.now += seconds
        async with self.database.begin() as session:
            await session.execute(
                update(Lane).values(
                    lease_until=col(Lane.lease_until) - seconds,
                    tokens_at=col(Lane.tokens_at) - seconds,
                    not_before=col(Lane.not_before) - seconds,
                )
            )


async def open_office(database: Database, clock: StillClock, names: tuple[str, ...] = ()) -> Office:
    """Return an office for an organisation of eight people, and these."""
    time = PassingTime()
    return Office(database, clock, time, FakePlatform(time), await organisation(database, clock, names))
