"""Drives one workspace's lane while it has something to send: claims a batch, sends side by side, has it settled.

Called by the sender (bot/sender.py), which has one driver for each workspace that has something due. What came back is
written by bot/settling.py, what goes to many is written down by bot/expanding.py.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from dataclasses import dataclass

import structlog

from bot.clock import Clock
from bot.context import SpokenByName, known
from bot.courier import Courier, Outcome
from bot.expanding import Expander
from bot.hands import LOST_FIRST, MOST_UNDER_WAY, Claimed, Hands
from bot.machine import Machine
from bot.measures import Measures
from bot.pacing import Bucket, Rests
from bot.platform import Gateway, spacing_of
from bot.settling import settle
from storage.database import Database
from storage.fan_out import waiting_fan_out
from storage.lanes import (
    LEASE_SECONDS,
    RENEW_SECONDS,
    give_lane_back,
    keep_lane,
    lease_left,
    take_lane,
)
from storage.outbox import Urgency
from storage.sending import Conversation, anything_due, claim_due, lost_rows
from storage.tables import FanOut, Outbox, OutboxState, Workspace

log = structlog.get_logger()

# So many are claimed and made ahead, at most: what a platform lets go at once is less (`Gateway.burst`). Only where it
# can be asked what it has taken: a crash leaves all that is claimed in doubt.
MOST_CLAIMED = 64
# What came back is written when it is so many, when nothing else is under way, or by the time that the first has waited
# so long: a crash leaves no more than that to be looked up.
SETTLED_TOGETHER = 48
SETTLED_WITHIN = 0.2
# Where the bucket is what is waited for, what it gives in so long goes together. News is not held up by that.
GATHERED_SECONDS = 0.2
TURN_TRIES = 3
PAUSE_AFTER_FAILED_TURN = 1.0
# By so much a lease is surely over.
A_MOMENT = 0.05


class LaneLost(Exception):
    """Somebody else holds the lane now; nothing of ours is written any more."""


@dataclass(slots=True)
class _Hold:
    """What the driver knows of the lane while it has it; times are monotonic.

    `has_more`: there may be more that is due and could go, once there is room and the bucket allows it.
    """

    term: int
    lease_until: float
    left_alone_until: float
    bucket: Bucket
    hands: Hands
    turned_at: float
    expanding: bool = False
    has_more: bool = False


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
        self._expander = Expander(database, clock, spoken, self._workspace_id, chance)
        self._measures = measures
        self._spacing = spacing_of(gateway).total_seconds()
        # What came back, and what of it is being written.
        self._back: list[Outcome] = []
        self._writing: list[Outcome] = []
        self._first_back_at = 0.0
        self._stirred = asyncio.Event()
        # How often there was news, and of how much of it the last turn knew.
        self._news = 0
        self._news_known = 0
        self._stopping = False
        # How long the lane is somebody else's at least, when it was theirs as we wanted it; else None.
        self.elsewhere: float | None = None

    def wake(self) -> None:
        """Look at once for what has just been written; nothing else begins before that."""
        self._news += 1
        self._stirred.set()

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
                await (self._expand(hold) if hold.expanding else self._wait(hold))
        except LaneLost:
            log.warning("lane.lost", workspace=self._workspace_id, term=hold.term)
            return RENEW_SECONDS
        finally:
            hold.hands.drop()
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
        bucket = Bucket(rate, burst, level, asked_at)
        hands = Hands(
            lambda claimed: self._begin(hold, claimed), lambda outcome: self._ended(hold, outcome), self._stirred.set
        )
        hold = _Hold(taken.term, asked_at + LEASE_SECONDS, asked_at + taken.wait, bucket, hands, asked_at)
        return hold

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
        """Write what has come back and claim what goes next, in one transaction; False when the lane is done.

        Meanwhile what was claimed before goes on.
        """
        hold.hands.raise_what_broke()
        started_at = self._machine.monotonic()
        now = self._clock.now()
        news = self._news
        sends = not self._stopping and hold.left_alone_until <= started_at
        if not sends:
            self._put_back(hold, hold.hands.waiting)
        self._writing += self._back
        self._back = []
        under_way, waiting = hold.hands.under_way, hold.hands.waiting
        held = [*under_way, *(claimed.row for claimed in waiting)]
        room = self._room(hold) if sends else 0
        async with self._database.begin() as session:
            await settle(session, self._workspace_id, self._writing, self._spoken, now)
            lost = await lost_rows(
                session,
                self._workspace_id,
                now,
                limit=min(room, MOST_UNDER_WAY),
                besides=[known(row.id) for row in held],
            )
            fan_out = await waiting_fan_out(session, self._workspace_id, now) if sends else None
            limit = min(room - len(lost), hold.bucket.ready(started_at))
            rows = await claim_due(
                session,
                self._workspace_id,
                now,
                limit=limit,
                busy={Conversation.of(row) for row in (*under_way, *lost)} | self._rests.at(started_at),
                waiting={Conversation.of(claimed.row): claimed.urgency for claimed in waiting},
                least_urgency=_least_urgency((*held, *lost), fan_out),
            )
            goes_on = bool(held or lost or rows or fan_out) or (
                # It waits for the bucket, or for its conversation.
                sends and await anything_due(session, self._workspace_id, now)
            )
            kept = await keep_lane(
                session,
                self._workspace_id,
                hold.term,
                level=hold.bucket.taken(len(rows), started_at).level,
                wait=max(0.0, hold.left_alone_until - started_at),
            )
            if not kept:
                raise LaneLost
            if not goes_on:
                await give_lane_back(session, self._workspace_id, hold.term)
        self._writing.clear()
        hold.bucket = hold.bucket.taken(len(rows), self._machine.monotonic())
        hold.expanding = fan_out is not None
        hold.has_more = sends and len(rows) >= limit
        hold.lease_until = started_at + LEASE_SECONDS
        hold.turned_at = started_at
        for row in lost:
            hold.hands.queue(Claimed(LOST_FIRST, known(row.id), row))
        await self._compose(hold, rows)
        was_for_news, self._news_known = news != self._news_known, news
        if was_for_news or not self._has_news:
            # However much news there is: nothing waits for two turns.
            self._go_on(hold)
        return goes_on

    async def _compose(self, hold: _Hold, rows: Sequence[Outbox]) -> None:
        if not rows:
            return
        made = await self._courier.compose(self._workspace_id, rows)
        overtaken = {Conversation.of(claimed.row): claimed for claimed in hold.hands.waiting}
        for composed in made:
            if isinstance(composed, Outcome):
                self._came_back(composed)
                # The platform is not asked, so this is not held against its limits.
                hold.bucket = hold.bucket.taken(-1, self._machine.monotonic())
                continue
            row = composed.row
            if (earlier := overtaken.get(Conversation.of(row))) is not None:
                self._put_back(hold, [earlier])
            hold.hands.queue(Claimed(row.priority, known(row.id), row, composed))

    def _put_back(self, hold: _Hold, claimed: Iterable[Claimed]) -> None:
        """Let what was claimed and not begun wait for another time; that was no try."""
        for one in claimed:
            hold.hands.take_back(one)
            # What is to be looked up is found again as it is.
            if one.errand is not None:
                self._came_back(Outcome(one.row, OutboxState.QUEUED, tries=one.row.attempts - 1))
                hold.bucket = hold.bucket.taken(-1, self._machine.monotonic())

    def _go_on(self, hold: _Hold) -> None:
        if not self._stopping and hold.left_alone_until <= self._machine.monotonic():
            hold.hands.go_on()

    def _begin(self, hold: _Hold, claimed: Claimed) -> Coroutine[None, None, Outcome]:
        if claimed.errand is None:
            return self._courier.look_up(self._workspace, claimed.row)
        return self._courier.bring(self._workspace, claimed.errand, lambda: self._may_start(hold))

    def _may_start(self, hold: _Hold) -> bool:
        """Whether a send that starts now would end within the lease."""
        return self._machine.monotonic() + self._gateway.timeout.total_seconds() < hold.lease_until

    def _ended(self, hold: _Hold, outcome: Outcome) -> None:
        """Take what became of one try, and begin the next."""
        self._note(outcome)
        self._came_back(outcome)
        conversation = Conversation.of(outcome.row)
        now = self._machine.monotonic()
        if self._spacing:
            self._rests.leave(conversation, now + self._spacing)
        if outcome.leave_alone is not None:
            until = now + outcome.leave_alone.total_seconds()
            if outcome.conversation_only:
                self._rests.leave(conversation, until)
            else:
                hold.left_alone_until = max(hold.left_alone_until, until)
                self._put_back(hold, hold.hands.waiting)
                # Whoever comes after us is to know of it.
                self._news += 1
        if not self._has_news:
            # Otherwise there may be something more urgent, which the turn to come finds.
            self._go_on(hold)
        if len(self._back) == 1 or self._is_time(hold):
            self._stirred.set()

    def _came_back(self, outcome: Outcome) -> None:
        if not self._back:
            self._first_back_at = self._machine.monotonic()
        self._back.append(outcome)

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

    async def _expand(self, hold: _Hold) -> None:
        if not await self._expander.expand(hold.term):
            raise LaneLost

    async def _wait(self, hold: _Hold) -> None:
        """Return when it is time for a turn: for what came back, for something new, or to keep the lease."""
        while not self._is_time(hold):
            self._stirred.clear()
            timer = asyncio.ensure_future(self._machine.sleep(self._seconds_to_turn(hold)))
            stirred = asyncio.ensure_future(self._stirred.wait())
            try:
                await asyncio.wait([timer, stirred], return_when=asyncio.FIRST_COMPLETED)
                if timer.done():
                    return
            finally:
                timer.cancel()
                stirred.cancel()

    def _is_time(self, hold: _Hold) -> bool:
        """Whether a turn is worth its while already."""
        if self._has_news or hold.hands.is_broken or len(self._back) >= SETTLED_TOGETHER:
            return True
        if self._back and hold.hands.are_empty and not hold.has_more:
            return True
        return self._has_room(hold) and hold.bucket.wait(self._machine.monotonic(), self._gathered) == 0

    @property
    def _has_news(self) -> bool:
        return self._news != self._news_known

    def _has_room(self, hold: _Hold) -> bool:
        most = MOST_CLAIMED if self._gateway.can_tell else MOST_UNDER_WAY
        return hold.has_more and self._room(hold) >= most // 2

    def _room(self, hold: _Hold) -> int:
        """Return how many more may be claimed: ahead, or where nobody can tell what was sent, for a free hand."""
        ahead = len(hold.hands.waiting)
        if self._gateway.can_tell:
            return MOST_CLAIMED - ahead
        return MOST_UNDER_WAY - len(hold.hands.under_way) - ahead

    @property
    def _gathered(self) -> int:
        """How many the bucket is to give at once, where there is no hurry."""
        return max(1, min(self._gateway.burst, int(self._gateway.rate * GATHERED_SECONDS)))

    def _seconds_to_turn(self, hold: _Hold) -> float:
        now = self._machine.monotonic()
        moments = [hold.turned_at + RENEW_SECONDS]
        if self._back:
            moments.append(self._first_back_at + SETTLED_WITHIN)
        if self._has_room(hold):
            moments.append(now + hold.bucket.wait(now, self._gathered))
        to_a_conversation = self._rests.wait(now)
        if to_a_conversation is not None:
            moments.append(max(now + to_a_conversation, hold.turned_at + SETTLED_WITHIN))
        return max(0.0, min(moments) - now)


def _least_urgency(held: Iterable[Outbox], fan_out: FanOut | None) -> int | None:
    """Return how urgent what goes next has to be; None where that does not matter."""
    if any(row.priority == Urgency.HOME_POST for row in held):
        # Copies lead people to the home post, so they are made when it stands.
        return Urgency.HOME_POST
    # What is less urgent than the copies of a fan-out comes after them, expanded or not.
    return None if fan_out is None else fan_out.priority
