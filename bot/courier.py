"""Takes one outbox row to its platform and tells what became of it. Writes nothing; the lane does (bot/lane.py)."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog

from bot.clock import Clock
from bot.command_words import WaysToWrite
from bot.context import SpokenByName, context_for, known, person_context_for
from bot.machine import Machine
from bot.messages import Message
from bot.pacing import MOST_TRIES, pause_after
from bot.platform import Addressing, Gateway, MaybeSent, NotSent, RateLimited, Sent, To, TryAgain
from bot.reasons import reason_of
from bot.settings import OrganisationSettings
from bot.texts import Text, text
from storage.database import Database, Session
from storage.people import get_channel, get_members
from storage.sending import get_posted, is_edit, still_there
from storage.tables import Channel, Member, MemberState, Outbox, OutboxState, Posted, Workspace
from storage.workspaces import get_workspace

log = structlog.get_logger()

# A message whose answer never came may still be arriving; only then is it looked for.
LOOK_AFTER = timedelta(seconds=3)
NOT_TAKEN = text("The chat platform did not take it after many tries.")
NOT_COMPOSED = text("Samlas could not put this message together.")
NOBODY_KNOWS = text("The connection was lost while sending, so nobody knows whether it arrived.")
MAYBE_TWICE = text("The connection was lost while sending, so it was sent again and may have come twice.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. Writing it twice is the same as once.

    QUEUED: to be sent again, SENDING: to be looked up again, both after `pause`; any other state is for good. Of a row
    that is not settled, the reason stays what it was unless there is a new one.
    `is_owed`: what this was to change stands as it was with somebody who is away, and is changed when they are back.
    `leave_alone`: the platform wants no more for so long from this workspace, or in `conversation_only`.
    """

    row: Outbox
    state: OutboxState
    reason: Text | None = None
    sent: Sent | None = None
    tries: int = 0
    pause: timedelta = timedelta()
    is_owed: bool = False
    leave_alone: timedelta | None = None
    conversation_only: bool = False


@dataclass(frozen=True, slots=True)
class Errand:
    """A row whose message is made: a post to `to`, or an edit of what `reference` names."""

    row: Outbox
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
        ways: WaysToWrite,
    ) -> None:
        """Know how each message is made, by its name, and how each platform has commands written."""
        self._database = database
        self._clock = clock
        self._machine = machine
        self._gateway = gateway
        self._spoken = spoken
        self._chance = chance
        self._ways = ways

    async def compose(self, workspace_id: int, rows: Sequence[Outbox]) -> list[Errand | Outcome]:
        """Make the messages of rows whose turn has come, each as of now and in its reader's language."""
        try:
            async with self._database.read() as session:
                there = await still_there(session, workspace_id, [known(row.id) for row in rows])
                desk = await _desk(session, workspace_id, [row for row in rows if row.id in there])
                made = [
                    await self._compose_one(session, desk, row)
                    if row.id in there
                    else _settled(row, OutboxState.DROPPED)
                    for row in rows
                ]
            return await self._addressed(desk.workspace.external_id, made)
        except Exception:
            log.exception("sending.not_read", workspace=workspace_id)
            return [self._later(row, NOT_COMPOSED) for row in rows]

    async def _addressed(self, workspace: str, made: list[Errand | Outcome]) -> list[Errand | Outcome]:
        """Have the gateway look up the ways to all of these at once, where it has to."""
        if not isinstance(self._gateway, Addressing):
            return made
        posts = [one.to for one in made if isinstance(one, Errand) and one.reference is None]
        ways = iter(await self._gateway.addressed(workspace, posts) if posts else ())
        return [
            replace(one, to=next(ways)) if isinstance(one, Errand) and one.reference is None else one for one in made
        ]

    async def bring(self, workspace: Workspace, errand: Errand, may_start: Callable[[], bool]) -> Outcome:
        """Send one row. `may_start` is asked at the last moment; on its no, nothing has been tried.

        Between its yes and the gateway's first step nothing is awaited, so that the answer cannot go stale in between.
        """
        row = errand.row
        if not may_start():
            return Outcome(row, OutboxState.QUEUED, tries=row.attempts - 1)
        outcome = await self._ask(workspace, errand)
        if outcome is not None:
            return outcome
        if is_edit(row):
            return self._later(row)
        await self._machine.sleep(LOOK_AFTER.total_seconds())
        found = await self.look_up(workspace, row)
        # Something is wrong with the platform: it gets a pause before the next try.
        return self._later(row, doubt=found.reason) if found.state is OutboxState.QUEUED else found

    async def _ask(self, workspace: Workspace, errand: Errand) -> Outcome | None:
        """Ask the platform; None when nobody knows whether it did what was asked."""
        row = errand.row
        try:
            async with asyncio.timeout(self._gateway.timeout.total_seconds()):
                if errand.reference is None:
                    sent = await self._gateway.post(workspace.external_id, errand.to, errand.message, row.delivery_id)
                    return _stands(row, sent)
                await self._gateway.edit(workspace.external_id, errand.reference, errand.message)
                return _settled(row, OutboxState.SENT)
        except RateLimited as limited:
            return Outcome(
                row,
                OutboxState.QUEUED,
                tries=row.attempts - 1,
                leave_alone=limited.wait,
                conversation_only=limited.conversation_only,
            )
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
                to = (await _desk(session, row.workspace_id, [row])).where_to(row)
            async with asyncio.timeout(self._gateway.timeout.total_seconds()):
                sent = await self._gateway.find(workspace.external_id, to, row.delivery_id)
        except RateLimited as limited:
            return Outcome(
                row,
                OutboxState.SENDING,
                tries=row.attempts,
                pause=limited.wait if limited.conversation_only else timedelta(),
                leave_alone=limited.wait,
                conversation_only=limited.conversation_only,
            )
        except (MaybeSent, NotSent):
            return self._nobody_knows(row)
        except (TryAgain, TimeoutError):
            return self._look_again(row)
        except Exception:
            log.exception("sending.look_up_broke", workspace=row.workspace_id, outbox=row.id)
            return self._look_again(row)
        return self._again(row) if sent is None else _stands(row, sent)

    def _later(self, row: Outbox, in_the_end: Text = NOT_TAKEN, *, doubt: Text | None = None) -> Outcome:
        """Try again after a pause; after many tries the row has failed, for this reason.

        With `doubt`, now or from an earlier try, nobody knows whether it has.
        """
        pause = pause_after(row.attempts, self._chance())
        if pause is not None:
            return Outcome(row, OutboxState.QUEUED, doubt, tries=row.attempts, pause=pause)
        if doubt is not None or _is_doubtful(row):
            return _settled(row, OutboxState.UNKNOWN, NOBODY_KNOWS)
        return _settled(row, OutboxState.FAILED, in_the_end)

    def _again(self, row: Outbox, *, doubt: Text | None = None) -> Outcome:
        """Send at once; but what was lost time and again may be what makes us crash."""
        if row.attempts >= MOST_TRIES:
            return self._later(row, doubt=doubt)
        return Outcome(row, OutboxState.QUEUED, doubt, tries=row.attempts)

    def _look_again(self, row: Outbox) -> Outcome:
        pause = pause_after(row.attempts, self._chance())
        if pause is None:
            return self._nobody_knows(row)
        return Outcome(row, OutboxState.SENDING, tries=row.attempts + 1, pause=pause)

    def _nobody_knows(self, row: Outbox) -> Outcome:
        """Rather twice than not at all, or rather not at all than twice: the row says."""
        if row.resend_if_unknown:
            return self._again(row, doubt=NOBODY_KNOWS)
        return _settled(row, OutboxState.UNKNOWN, NOBODY_KNOWS)

    async def _compose_one(self, session: Session, desk: "_Desk", row: Outbox) -> Errand | Outcome:
        posted = None if row.posted_id is None else desk.posted[row.posted_id]
        member_id = row.member_id if posted is None else posted.member_id
        member = None if member_id is None else desk.members[member_id]
        if member is not None and posted is not None and member.state in (MemberState.LEFT, MemberState.LISTED):
            return Outcome(row, OutboxState.DROPPED, tries=row.attempts, is_owed=True)
        if member is not None and member.state == MemberState.LEFT:
            return _settled(row, OutboxState.UNREACHABLE, text("They have left the organisation."))
        if member is not None and member.state == MemberState.LISTED:
            return _settled(row, OutboxState.UNREACHABLE, text("They have not been seen in the chat yet."))
        now = self._clock.now()
        try:
            if member is None:
                ctx = context_for(session, now, desk.workspace, self._ways, desk.settings)
            else:
                ctx = person_context_for(session, now, desk.workspace, member, self._ways, desk.settings)
            message = await self._spoken[row.message].compose(ctx, row)
        except Exception:
            log.exception("sending.not_composed", workspace=row.workspace_id, outbox=row.id, message=row.message)
            return self._later(row, NOT_COMPOSED)
        if message is None:
            return _settled(row, OutboxState.DROPPED)
        to = replace(desk.where_to(row), voice=ctx.say)
        return Errand(row, to, message, None if posted is None else posted.reference)


def _settled(row: Outbox, state: OutboxState, reason: Text | None = None, sent: Sent | None = None) -> Outcome:
    return Outcome(row, state, reason, sent, row.attempts)


def _stands(row: Outbox, sent: Sent) -> Outcome:
    return _settled(row, OutboxState.SENT, MAYBE_TWICE if _is_doubtful(row) else None, sent)


def _is_doubtful(row: Outbox) -> bool:
    """Whether an earlier try may have brought it."""
    return reason_of(row.reason) == NOBODY_KNOWS


@dataclass(frozen=True, slots=True)
class _Desk:
    """What addressing some rows of one workspace needs, by row id."""

    workspace: Workspace
    settings: OrganisationSettings
    members: Mapping[int, Member]
    channels: Mapping[int, Channel]
    posted: Mapping[int, Posted]

    def where_to(self, row: Outbox) -> To:
        """Return a post's place in the platform's names. An edit goes to where its message stands."""
        if row.member_id is not None:
            others = () if row.with_member_id is None else (self.members[row.with_member_id].external_id,)
            return To(member=self.members[row.member_id].external_id, others=others)
        if row.channel_id is None:
            return To()
        thread = None if row.thread_id is None else self.posted[row.thread_id].reference
        return To(channel=self.channels[row.channel_id].external_id, thread=thread, under=row.under)


async def _desk(session: Session, workspace_id: int, rows: Sequence[Outbox]) -> _Desk:
    wanted = _ids(rows, lambda row: row.posted_id) | _ids(rows, lambda row: row.thread_id)
    posted = await get_posted(session, workspace_id, wanted)
    readers = {found.member_id for found in posted.values() if found.member_id is not None}
    addressed = _ids(rows, lambda row: row.member_id) | _ids(rows, lambda row: row.with_member_id)
    members = await get_members(session, workspace_id, list(readers | addressed))
    workspace = await get_workspace(session, workspace_id)
    return _Desk(
        workspace,
        OrganisationSettings.model_validate(workspace.settings),
        {known(member.id): member for member in members},
        {
            channel_id: await get_channel(session, workspace_id, channel_id)
            for channel_id in _ids(rows, lambda row: row.channel_id)
        },
        posted,
    )


def _ids(rows: Sequence[Outbox], id_of: Callable[[Outbox], int | None]) -> set[int]:
    return {row_id for row in rows if (row_id := id_of(row)) is not None}
