"""Takes one outbox row to its platform and tells what became of it. Writes nothing; the lane does (bot/lane.py)."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.context import Context, SpokenByName, context_for, person_context_for
from bot.machine import Machine
from bot.messages import Message
from bot.pacing import MOST_TRIES, pause_after
from bot.platform import Gateway, MaybeSent, NotSent, RateLimited, Sent, To, TryAgain
from bot.texts import Text, text
from storage.database import Database, Session
from storage.people import get_channel, get_member
from storage.sending import get_posted, is_edit
from storage.tables import Member, MemberState, Outbox, OutboxState, Posted, Workspace
from storage.workspaces import get_workspace

log = structlog.get_logger()

# A message whose answer never came may still be arriving; only then is it looked for.
LOOK_AFTER = timedelta(seconds=3)
# A composer that fails once may have met a passing trouble; one that fails again is broken.
COMPOSING_TRIES = 2


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. Writing it twice is the same as once.

    QUEUED: to be sent again, SENDING: to be looked up again, both after `pause`; any other state is for good.
    `leave_alone`: the platform wants no more from this workspace for so long.
    """

    row: Outbox
    state: OutboxState
    reason: Text | None = None
    sent: Sent | None = None
    tries: int = 0
    pause: timedelta = timedelta()
    leave_alone: timedelta | None = None


@dataclass(frozen=True, slots=True)
class _Errand:
    """A row that is ready to go."""

    to: To
    message: Message
    reference: Mapping[str, Any] | None


class Courier:
    """Composes a row's message when its turn comes, and brings it to one platform."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        machine: Machine,
        gateway: Gateway,
        spoken: SpokenByName,
        chance: Callable[[], float],
    ) -> None:
        """Know how each message is made, by its name."""
        self._database = database
        self._clock = clock
        self._machine = machine
        self._gateway = gateway
        self._spoken = spoken
        self._chance = chance

    async def deliver(self, workspace: Workspace, row: Outbox, may_start: Callable[[], bool]) -> Outcome:
        """Send one row. `may_start` is asked at the last moment; on its no, nothing has been tried."""
        try:
            errand = await self._errand(row)
        except Exception:
            log.exception("sending.not_composed", workspace=row.workspace_id, outbox=row.id, message=row.message)
            if row.attempts >= COMPOSING_TRIES:
                return _settled(row, OutboxState.FAILED, text("Samlas could not put this message together."))
            return self._later(row)
        if isinstance(errand, Outcome):
            return errand
        if not may_start():
            return Outcome(row, OutboxState.QUEUED, tries=row.attempts - 1)
        outcome = await self._bring(workspace, row, errand)
        if outcome is not None:
            return outcome
        if is_edit(row):
            return self._later(row)
        await self._machine.sleep(LOOK_AFTER.total_seconds())
        found = await self.look_up(workspace, row)
        # Something is wrong with the platform: it gets a pause before the next try.
        return self._later(row) if found.state is OutboxState.QUEUED else found

    async def _bring(self, workspace: Workspace, row: Outbox, errand: _Errand) -> Outcome | None:
        """Ask the platform; None when nobody knows whether it did what was asked."""
        try:
            async with asyncio.timeout(self._gateway.timeout.total_seconds()):
                if errand.reference is None:
                    sent = await self._gateway.post(workspace.external_id, errand.to, errand.message, row.delivery_id)
                    return _settled(row, OutboxState.SENT, sent=sent)
                await self._gateway.edit(workspace.external_id, errand.reference, errand.message)
                return _settled(row, OutboxState.SENT)
        except RateLimited as limited:
            return Outcome(row, OutboxState.QUEUED, tries=row.attempts - 1, leave_alone=limited.wait)
        except TryAgain:
            return self._later(row)
        except NotSent as refused:
            return _settled(row, refused.outcome, refused.reason)
        except (MaybeSent, TimeoutError):
            return None
        except Exception:
            # A defect of the adapter's; nobody knows how far it came.
            log.exception("sending.broke", workspace=row.workspace_id, outbox=row.id, message=row.message)
            return None

    async def look_up(self, workspace: Workspace, row: Outbox) -> Outcome:
        """Find out whether the platform took a row whose answer was lost, by crash or by network."""
        if is_edit(row):
            # To change it again to what is true by then is the same as once.
            return self._again(row)
        try:
            async with self._database.read() as session:
                to = await _where_to(session, row)
            async with asyncio.timeout(self._gateway.timeout.total_seconds()):
                sent = await self._gateway.find(workspace.external_id, to, row.delivery_id)
        except RateLimited as limited:
            return Outcome(row, OutboxState.SENDING, tries=row.attempts, leave_alone=limited.wait)
        except (MaybeSent, NotSent):
            return self._nobody_knows(row)
        except (TryAgain, TimeoutError):
            return self._look_again(row)
        except Exception:
            log.exception("sending.look_up_broke", workspace=row.workspace_id, outbox=row.id)
            return self._look_again(row)
        return self._again(row) if sent is None else _settled(row, OutboxState.SENT, sent=sent)

    def _later(self, row: Outbox) -> Outcome:
        pause = pause_after(row.attempts, self._chance())
        if pause is None:
            return _settled(row, OutboxState.FAILED, text("The chat platform did not take it after many tries."))
        return Outcome(row, OutboxState.QUEUED, tries=row.attempts, pause=pause)

    def _again(self, row: Outbox) -> Outcome:
        """Send at once; but what was lost time and again may be what makes us crash."""
        return self._later(row) if row.attempts >= MOST_TRIES else Outcome(row, OutboxState.QUEUED, tries=row.attempts)

    def _look_again(self, row: Outbox) -> Outcome:
        pause = pause_after(row.attempts, self._chance())
        if pause is None:
            return self._nobody_knows(row)
        return Outcome(row, OutboxState.SENDING, tries=row.attempts + 1, pause=pause)

    def _nobody_knows(self, row: Outbox) -> Outcome:
        """Rather twice than not at all, or rather not at all than twice: the row says."""
        if row.resend_if_unknown:
            return self._again(row)
        return _settled(
            row,
            OutboxState.UNKNOWN,
            text("The connection was lost while sending, so nobody knows whether it arrived."),
        )

    async def _errand(self, row: Outbox) -> _Errand | Outcome:
        async with self._database.read() as session:
            posted = None
            if row.posted_id is not None:
                posted = await get_posted(session, row.workspace_id, row.posted_id)
            member = await _reader(session, row, posted)
            if member is not None and member.state == MemberState.LEFT:
                if posted is not None:
                    return _settled(row, OutboxState.DROPPED)
                return _settled(row, OutboxState.UNREACHABLE, text("They have left the organisation."))
            message = await self._spoken[row.message].compose(await self._context(session, row, member), row)
            if message is None:
                return _settled(row, OutboxState.DROPPED)
            reference = None if posted is None else posted.reference
            return _Errand(await _where_to(session, row), message, reference)

    async def _context(self, session: Session, row: Outbox, member: Member | None) -> Context:
        workspace = await get_workspace(session, row.workspace_id)
        now = self._clock.now()
        if member is None:
            return context_for(session, now, workspace)
        return person_context_for(session, now, workspace, member)


def _settled(row: Outbox, state: OutboxState, reason: Text | None = None, sent: Sent | None = None) -> Outcome:
    return Outcome(row, state, reason, sent, row.attempts)


async def _reader(session: Session, row: Outbox, posted: Posted | None) -> Member | None:
    """Return the one person who is spoken to, if it is one."""
    member_id = row.member_id if posted is None else posted.member_id
    return None if member_id is None else await get_member(session, row.workspace_id, member_id)


async def _where_to(session: Session, row: Outbox) -> To:
    if row.member_id is not None:
        member = await get_member(session, row.workspace_id, row.member_id)
        return To(member=member.external_id)
    if row.channel_id is None:
        # An edit goes to where its message stands.
        return To()
    channel = await get_channel(session, row.workspace_id, row.channel_id)
    if row.thread_id is None:
        return To(channel=channel.external_id)
    first = await get_posted(session, row.workspace_id, row.thread_id)
    return To(channel=channel.external_id, thread=first.reference)
