"""Drives one workspace's lane while it has something to send: claims, sends side by side, writes what became of it.

Called by the sender (bot/sender.py), which has one driver for each workspace that has something due.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.context import SpokenByName, known
from bot.courier import Courier, Outcome
from bot.machine import Machine
from bot.measures import Measures
from bot.pacing import Bucket, Rests, pause_after
from bot.platform import NOT_STANDING, Gateway, Sent, spacing_of
from bot.reasons import kept_reason
from bot.texts import text
from storage.closed_ways import note_ways
from storage.database import Database, Session
from storage.fan_out import expand_fan_out, give_fan_out_up, put_fan_out_off, waiting_fan_out
from storage.lanes import (
    LEASE_SECONDS,
    RENEW_SECONDS,
    give_lane_back,
    holds_lane,
    keep_lane,
    lease_left,
    take_lane,
)
from storage.outbox import Urgency
from storage.owed import make_up_to_those_back
from storage.sending import (
    Conversation,
    anything_due,
    claim_due,
    edit_changed,
    forget_posted,
    lost_rows,
    mark_edited,
    record_posted,
    still_there,
    store_outcomes,
)
from storage.tables import FanOut, Outbox, OutboxState, Posted, Workspace

log = structlog.get_logger()

MOST_UNDER_WAY = 8
TURN_TRIES = 3
PAUSE_AFTER_FAILED_TURN = 1.0
# By so much a lease is surely over.
A_MOMENT = 0.05
NOT_WRITTEN_DOWN = text("Samlas could not write down to whom this goes.")


class LaneLost(Exception):
    """Somebody else holds the lane now; nothing of ours is written any more."""


@dataclass(slots=True)
class _Hold:
    """What the driver knows of the lane while it has it; times are monotonic."""

    term: int
    lease_until: float
    left_alone_until: float
    bucket: Bucket
    expanding: bool = False


class Driver:
    """Sends what is due in one workspace, under a lease, within the platform's limits."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        machine: Machine,
        gateway: Gateway,
        courier: Courier,
        spoken: SpokenByName,
        workspace: Workspace,
        owner: str,
        rests: Rests[Conversation],
        chance: Callable[[], float],
        measures: Measures,
    ) -> None:
        """Be ready to take the lane in the name of `owner`. `rests` outlives this driver."""
        self._database = database
        self._clock = clock
        self._machine = machine
        self._gateway = gateway
        self._courier = courier
        self._spoken = spoken
        self._workspace = workspace
        self._workspace_id = known(workspace.id)
        self._owner = owner
        self._rests = rests
        self._chance = chance
        self._measures = measures
        self._spacing = spacing_of(gateway).total_seconds()
        self._under_way: dict[asyncio.Task[Outcome], Outbox] = {}
        self._outcomes: list[Outcome] = []
        self._woken = asyncio.Event()
        self._stopping = False
        # How long the lane is somebody else's at least, when it was theirs as we wanted it; else None.
        self.elsewhere: float | None = None

    def wake(self) -> None:
        """Look at once for what has just been written."""
        self._woken.set()

    def stop(self) -> None:
        """Start nothing more; what is under way is still waited for and written."""
        self._stopping = True
        self.wake()

    async def drive(self) -> float:
        """Send until nothing is due, then give the lane back.

        Returns for how many seconds the lane is to be left alone: because the platform asks for it, or because
        somebody else has it.
        """
        hold = await self._take()
        if hold is None:
            # They may be dead: then it is ours as soon as their lease has run out.
            return min(RENEW_SECONDS, self.elsewhere or 0.0)
        try:
            while await self._turn_or_try_again(hold):
                if hold.expanding:
                    await self._expand(hold)
                else:
                    await self._wait(hold)
        except LaneLost:
            log.warning("lane.lost", workspace=self._workspace_id, term=hold.term)
            return RENEW_SECONDS
        finally:
            for task in self._under_way:
                task.cancel()
        return max(0.0, hold.left_alone_until - self._machine.monotonic())

    async def _take(self) -> _Hold | None:
        asked_at = self._machine.monotonic()
        async with self._database.begin() as session:
            taken = await take_lane(session, self._workspace_id, self._owner)
            if taken is None:
                self.elsewhere = await lease_left(session, self._workspace_id) + A_MOMENT
                return None
        rate, burst = self._gateway.rate, self._gateway.burst
        level = min(float(burst), taken.level + taken.rested * rate)
        return _Hold(taken.term, asked_at + LEASE_SECONDS, asked_at + taken.wait, Bucket(rate, burst, level, asked_at))

    async def _turn_or_try_again(self, hold: _Hold) -> bool:
        """Take a turn; a database that is in trouble for a moment does not make us forget what was sent."""
        for _ in range(TURN_TRIES - 1):
            try:
                return await self._turn(hold)
            except LaneLost:
                raise
            except Exception:
                log.exception("lane.turn_failed", workspace=self._workspace_id)
            await self._machine.sleep(PAUSE_AFTER_FAILED_TURN)
        return await self._turn(hold)

    async def _turn(self, hold: _Hold) -> bool:
        """Write what has come back and claim what goes next, in one transaction; False when the lane is done."""
        self._woken.clear()
        self._collect(hold)
        started_at = self._machine.monotonic()
        now = self._clock.now()
        places = 0
        if not self._stopping and hold.left_alone_until <= started_at:
            places = MOST_UNDER_WAY - len(self._under_way)
        under_way = self._under_way.values()
        async with self._database.begin() as session:
            await self._record(session)
            lost = await lost_rows(
                session, self._workspace_id, now, limit=places, besides=[known(row.id) for row in under_way]
            )
            fan_out = await waiting_fan_out(session, self._workspace_id, now) if places > 0 else None
            claimed = await claim_due(
                session,
                self._workspace_id,
                now,
                limit=min(places - len(lost), hold.bucket.ready(started_at)),
                busy={Conversation.of(row) for row in (*under_way, *lost)} | self._rests.at(started_at),
                least_urgency=_least_urgency((*under_way, *lost), fan_out),
            )
            bucket = hold.bucket.taken(len(claimed), started_at)
            goes_on = bool(under_way or lost or claimed or fan_out) or (
                # It waits for the bucket, or for its conversation.
                places > 0 and await anything_due(session, self._workspace_id, now)
            )
            kept = await keep_lane(
                session,
                self._workspace_id,
                hold.term,
                level=bucket.level,
                wait=max(0.0, hold.left_alone_until - started_at),
            )
            if not kept:
                raise LaneLost
            if not goes_on:
                await give_lane_back(session, self._workspace_id, hold.term)
        self._outcomes.clear()
        hold.bucket = bucket
        hold.expanding = fan_out is not None
        hold.lease_until = started_at + LEASE_SECONDS
        for row in lost:
            self._start(self._courier.look_up(self._workspace, row), row)
        await self._send(hold, claimed)
        return goes_on

    async def _send(self, hold: _Hold, rows: Sequence[Outbox]) -> None:
        if not rows:
            return
        for composed in await self._courier.compose(self._workspace_id, rows):
            if isinstance(composed, Outcome):
                self._outcomes.append(composed)
                # The platform is not asked, so this is not held against its limits.
                hold.bucket = hold.bucket.taken(-1, self._machine.monotonic())
            else:
                errand = self._courier.bring(self._workspace, composed, lambda: self._may_start(hold))
                self._start(errand, composed.row)

    def _start(self, errand: Coroutine[None, None, Outcome], row: Outbox) -> None:
        self._under_way[asyncio.create_task(errand)] = row

    def _may_start(self, hold: _Hold) -> bool:
        """Whether a send that starts now would end within the lease."""
        return self._machine.monotonic() + self._gateway.timeout.total_seconds() < hold.lease_until

    def _collect(self, hold: _Hold) -> None:
        now = self._machine.monotonic()
        for task in [task for task in self._under_way if task.done()]:
            conversation = Conversation.of(self._under_way.pop(task))
            outcome = task.result()
            self._outcomes.append(outcome)
            self._note(outcome)
            if self._spacing:
                self._rests.leave(conversation, now + self._spacing)
            if outcome.leave_alone is not None:
                until = now + outcome.leave_alone.total_seconds()
                if outcome.conversation_only:
                    self._rests.leave(conversation, until)
                else:
                    hold.left_alone_until = max(hold.left_alone_until, until)

    def _note(self, outcome: Outcome) -> None:
        row = outcome.row
        self._measures.send(self._workspace.platform, outcome.state, rate_limited=outcome.leave_alone is not None)
        log.info(
            "outbox.tried",
            workspace=self._workspace_id,
            outbox=row.id,
            message=row.message,
            result=outcome.state,
            cause=row.cause,
        )

    async def _record(self, session: Session) -> None:
        """Write what came back. Done again after a transaction that failed, it writes the same."""
        now = self._clock.now()
        rows = [known(outcome.row.id) for outcome in self._outcomes]
        there = await still_there(session, self._workspace_id, rows) if rows else set()
        # Of what goes to somebody who was erased while it was under way, nothing is written down any more.
        self._outcomes = [outcome for outcome in self._outcomes if outcome.row.id in there]
        for outcome in self._outcomes:
            row = outcome.row
            row.state = outcome.state
            row.attempts = outcome.tries
            row.is_record = row.is_record or outcome.is_owed
            if outcome.state in (OutboxState.QUEUED, OutboxState.SENDING):
                row.reason = kept_reason(outcome.reason) or row.reason
                row.not_before = now + outcome.pause
            else:
                row.reason = kept_reason(outcome.reason)
                row.settled_at = now
        written = [outcome.row for outcome in self._outcomes]
        await store_outcomes(session, self._workspace_id, written)
        owed = {known(outcome.row.member_id) for outcome in self._outcomes if outcome.is_owed}
        await make_up_to_those_back(session, self._workspace_id, owed, now)
        await note_ways(session, self._workspace_id, written, now)
        stands = [(outcome.row, outcome.sent) for outcome in self._outcomes if outcome.sent is not None]
        await record_posted(session, self._workspace_id, [_posted(row, sent, now) for row, sent in stands])
        await edit_changed(
            session, self._workspace_id, {known(row.id): (sent.place, sent.key) for row, sent in stands}, now
        )
        for outcome in self._outcomes:
            row = outcome.row
            if outcome.state is OutboxState.SENT and row.posted_id is not None:
                await mark_edited(session, self._workspace_id, row.posted_id, now)
            if row.settled_at is not None:
                await self._tell(session, row)
        gone = [
            outcome.row.posted_id
            for outcome in self._outcomes
            if outcome.reason == NOT_STANDING and outcome.row.posted_id is not None
        ]
        await forget_posted(session, self._workspace_id, gone)

    async def _tell(self, session: Session, row: Outbox) -> None:
        spoken = self._spoken.get(row.message)
        if spoken is None or spoken.settled is None:
            return
        try:
            async with session.begin_nested():
                await spoken.settled(session, row)
        except Exception:
            # What the platform took stays taken, whatever somebody makes of it.
            log.exception("lane.settled_failed", workspace=self._workspace_id, outbox=row.id, message=row.message)

    async def _expand(self, hold: _Hold) -> None:
        """Expand one page of a fan-out, while what is more urgent is already under way.

        One that fails makes way for later ones. What fails for the database's sake fails here once more, and so gives
        the lane a rest.
        """
        fan_out: FanOut | None = None
        now = self._clock.now()
        try:
            async with self._database.begin() as session:
                holds = await holds_lane(session, self._workspace_id, hold.term)
                if holds:
                    fan_out = await waiting_fan_out(session, self._workspace_id, now)
                if fan_out is not None and await expand_fan_out(session, self._workspace_id, fan_out, now):
                    await self._tell_ended(session, fan_out, now)
        except Exception:
            if fan_out is None:
                raise
            log.exception("lane.expansion_failed", workspace=self._workspace_id, fan_out=fan_out.id)
            await self._try_later(fan_out, now)
            return
        if not holds:
            raise LaneLost

    async def _try_later(self, fan_out: FanOut, now: datetime) -> None:
        attempts = fan_out.attempts + 1
        pause = pause_after(attempts, self._chance())
        async with self._database.begin() as session:
            if pause is None:
                log.error("lane.fan_out_given_up", workspace=self._workspace_id, fan_out=fan_out.id)
                reason = kept_reason(NOT_WRITTEN_DOWN)
                await give_fan_out_up(session, self._workspace_id, known(fan_out.id), reason, now)
                fan_out.reason = reason
                await self._tell_ended(session, fan_out, now)
            else:
                await put_fan_out_off(
                    session, self._workspace_id, known(fan_out.id), attempts=attempts, not_before=now + pause
                )

    async def _tell_ended(self, session: Session, fan_out: FanOut, now: datetime) -> None:
        fan_out.done_at = now
        spoken = self._spoken.get(fan_out.message)
        if spoken is None or spoken.ended is None:
            return
        try:
            async with session.begin_nested():
                await spoken.ended(session, fan_out)
        except Exception:
            log.exception("lane.ended_failed", workspace=self._workspace_id, fan_out=fan_out.id)

    async def _wait(self, hold: _Hold) -> None:
        """Return when something under way is done, something new was written, or it is time for a turn."""
        if self._outcomes:
            return
        seconds = RENEW_SECONDS
        if len(self._under_way) < MOST_UNDER_WAY:
            now = self._machine.monotonic()
            to_a_token, to_a_conversation = hold.bucket.wait(now), self._rests.wait(now)
            seconds = min(seconds, to_a_token) if to_a_token else seconds
            seconds = seconds if to_a_conversation is None else min(seconds, to_a_conversation)
        timer = asyncio.ensure_future(self._machine.sleep(seconds))
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait([*self._under_way, timer, woken], return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            woken.cancel()


def _least_urgency(under_way: Iterable[Outbox], fan_out: FanOut | None) -> int | None:
    """Return how urgent what goes next has to be; None where that does not matter."""
    if any(row.priority == Urgency.HOME_POST for row in under_way):
        # Copies lead people to the home post, so they are made when it stands.
        return Urgency.HOME_POST
    # What is less urgent than the copies of a fan-out comes after them, expanded or not.
    return None if fan_out is None else fan_out.priority


def _posted(row: Outbox, sent: Sent, now: datetime) -> Posted:
    return Posted(
        workspace_id=row.workspace_id,
        message=row.message,
        subject_id=row.subject_id,
        # What several share is nobody's alone.
        member_id=row.member_id if row.with_member_id is None else None,
        channel_id=row.channel_id,
        place=sent.place,
        reference_key=sent.key,
        reference=dict(sent.reference),
        link=sent.link,
        posted_at=now,
    )
