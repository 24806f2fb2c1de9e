"""Drives one workspace's lane while it has something to send: claims, sends side by side, writes what became of it.

Called by the sender (bot/sender.py), which has one driver for each workspace that has something due.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.context import SpokenByName, known
from bot.courier import Courier, Outcome
from bot.machine import Machine
from bot.pacing import Bucket
from bot.platform import Gateway, Sent
from bot.reasons import kept_reason
from storage.database import Database, Session
from storage.fan_out import expand_fan_out, waiting_fan_out
from storage.lanes import LEASE_SECONDS, RENEW_SECONDS, give_lane_back, holds_lane, keep_lane, take_lane
from storage.outbox import Urgency
from storage.sending import (
    Conversation,
    anything_due,
    claim_due,
    lost_rows,
    mark_edited,
    record_posted,
    store_outcomes,
)
from storage.tables import FanOut, Outbox, OutboxState, Posted, Workspace

log = structlog.get_logger()

MOST_UNDER_WAY = 8
TURN_TRIES = 3
PAUSE_AFTER_FAILED_TURN = 1.0


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
    ) -> None:
        """Be ready to take the lane in the name of `owner`."""
        self._database = database
        self._clock = clock
        self._machine = machine
        self._gateway = gateway
        self._courier = courier
        self._spoken = spoken
        self._workspace = workspace
        self._workspace_id = known(workspace.id)
        self._owner = owner
        self._under_way: dict[asyncio.Task[Outcome], Outbox] = {}
        self._outcomes: list[Outcome] = []
        self._woken = asyncio.Event()
        self._stopping = False
        self._expansion_failed = False

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
            return RENEW_SECONDS
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
        if self._expansion_failed:
            return RENEW_SECONDS
        return max(0.0, hold.left_alone_until - self._machine.monotonic())

    async def _take(self) -> _Hold | None:
        asked_at = self._machine.monotonic()
        async with self._database.begin() as session:
            taken = await take_lane(session, self._workspace_id, self._owner)
        if taken is None:
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
            fan_out = None
            if places > 0 and not self._expansion_failed:
                fan_out = await waiting_fan_out(session, self._workspace_id)
            claimed = await claim_due(
                session,
                self._workspace_id,
                now,
                limit=min(places - len(lost), hold.bucket.ready(started_at)),
                busy={Conversation.of(row) for row in (*under_way, *lost)},
                least_urgency=_least_urgency((*under_way, *lost), fan_out),
            )
            bucket = hold.bucket.taken(len(claimed), started_at)
            goes_on = bool(under_way or lost or claimed or fan_out) or (
                # It waits for the bucket.
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
        for task in [task for task in self._under_way if task.done()]:
            del self._under_way[task]
            outcome = task.result()
            self._outcomes.append(outcome)
            if outcome.leave_alone is not None:
                until = self._machine.monotonic() + outcome.leave_alone.total_seconds()
                hold.left_alone_until = max(hold.left_alone_until, until)

    async def _record(self, session: Session) -> None:
        """Write what came back. Done again after a transaction that failed, it writes the same."""
        now = self._clock.now()
        for outcome in self._outcomes:
            row = outcome.row
            row.state = outcome.state
            row.reason = kept_reason(outcome.reason)
            row.attempts = outcome.tries
            if outcome.state in (OutboxState.QUEUED, OutboxState.SENDING):
                row.not_before = now + outcome.pause
            else:
                row.settled_at = now
        await store_outcomes(session, self._workspace_id, [outcome.row for outcome in self._outcomes])
        await record_posted(
            session,
            self._workspace_id,
            [_posted(outcome.row, outcome.sent, now) for outcome in self._outcomes if outcome.sent is not None],
        )
        for outcome in self._outcomes:
            row = outcome.row
            if outcome.state is OutboxState.SENT and row.posted_id is not None:
                await mark_edited(session, self._workspace_id, row.posted_id, now)
            if row.settled_at is not None:
                await self._tell(session, row)

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
        """Expand one page of a fan-out, while what is more urgent is already under way."""
        try:
            async with self._database.begin() as session:
                holds = await holds_lane(session, self._workspace_id, hold.term)
                if holds:
                    await expand_fan_out(session, self._workspace_id, self._clock.now())
        except Exception:
            log.exception("lane.expansion_failed", workspace=self._workspace_id)
            self._expansion_failed = True
            return
        if not holds:
            raise LaneLost

    async def _wait(self, hold: _Hold) -> None:
        """Return when something under way is done, something new was written, or it is time for a turn."""
        if self._outcomes:
            return
        seconds = RENEW_SECONDS
        if len(self._under_way) < MOST_UNDER_WAY:
            to_a_token = hold.bucket.wait(self._machine.monotonic())
            seconds = min(seconds, to_a_token) if to_a_token else seconds
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
        member_id=row.member_id,
        channel_id=row.channel_id,
        place=sent.place,
        reference_key=sent.key,
        reference=dict(sent.reference),
        link=sent.link,
        posted_at=now,
    )
