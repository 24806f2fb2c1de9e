"""The one way out: sends what stands in the outbox, of all workspaces whose platforms have a gateway here.

`samlas serve` runs one Sender; whoever has committed something to say wakes it.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import Callable, Mapping

import structlog

from bot.clock import Clock
from bot.command_words import SLASHED, WaysToWrite
from bot.context import SpokenByName, known
from bot.courier import Courier
from bot.lane import Driver
from bot.machine import Machine, ThisMachine
from bot.measures import Measures
from bot.pacing import Rests
from bot.platform import Gateway
from storage.database import Database
from storage.lanes import RENEW_SECONDS
from storage.sending import Conversation
from storage.tables import Workspace
from storage.waking import bell_of
from storage.workspaces import next_sending_at, workspaces_to_send_for

log = structlog.get_logger()

# What wakes nobody is found this many seconds later at most.
LOOK_AGAIN_SECONDS = 5.0
# However much there is to tell, the others are woken no more often than this.
RING_SECONDS = 0.2


class Sender:
    """Drives the lane of each workspace that has something due.

    `owner` names this sender in the lanes' leases. No two that live at once share a name; one that comes back
    under its old name, as the only serving process of a SQLite database may, need not wait for its own lease.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        gateways: Mapping[str, Gateway],
        spoken: SpokenByName,
        owner: str,
        *,
        machine: Machine | None = None,
        chance: Callable[[], float] = random.random,
        measures: Measures | None = None,
        ways: WaysToWrite = SLASHED,
    ) -> None:
        """Know the gateway of each platform, how each message is made, and how commands are written in it."""
        self._database = database
        self._clock = clock
        self._gateways = gateways
        self._spoken = spoken
        self._owner = owner
        self._machine = machine or ThisMachine()
        self._chance = chance
        self._ways = ways
        self._measures = measures or Measures()
        self._driving: dict[int, tuple[Driver, asyncio.Task[float]]] = {}
        # Workspaces to be left alone, until when by monotonic time.
        self._resting: dict[int, float] = {}
        # Conversations to be left alone, by workspace.
        self._rests: defaultdict[int, Rests[Conversation]] = defaultdict(Rests)
        # Which of them are in another process's hands, and whether that one is to be told that there is news.
        self._elsewhere: set[int] = set()
        self._bell = bell_of(database)
        self._has_news = False
        self._is_to_ring = False
        self._rang_at = float("-inf")
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Send at once what has just been committed, or has become due because the clock was moved.

        What is another process's to send, that one is told of.
        """
        self._has_news = True
        self._rung()

    def _rung(self) -> None:
        """Look at once, and tell nobody: whoever has news has told all."""
        self._woken.set()
        for driver, _ in self._driving.values():
            driver.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop` is set; then finish what is under way."""
        stopped = asyncio.create_task(stop.wait())
        listening = asyncio.create_task(self._bell.listen(self._rung))
        try:
            while not stop.is_set():
                self._woken.clear()
                await self._wait(stopped, await self._look())
            for driver, _ in self._driving.values():
                driver.stop()
            await self._ended()
        finally:
            stopped.cancel()
            listening.cancel()
            await asyncio.wait([listening])
            for _, task in self._driving.values():
                task.cancel()

    async def drain(self) -> None:
        """Send everything that is due now, fan-outs included, until nothing due is left.

        What the platform does not want yet is not due. Raises what made a lane fail.
        """
        while True:
            await self._drive_due()
            if not self._driving:
                return
            tasks = [task for _, task in self._driving.values()]
            await asyncio.wait(tasks)
            for task in tasks:
                task.result()

    async def _look(self) -> float:
        """Drive what is due; returns the seconds until there may be something more."""
        try:
            await self._drive_due()
            await self._ring()
            now = self._clock.now()
            async with self._database.read() as session:
                next_at = await next_sending_at(session, list(self._gateways), now)
        except Exception:
            # The database is in trouble; the serving process is not to end for it, and nothing in it is lost.
            log.exception("sender.look_failed")
            return LOOK_AGAIN_SECONDS
        pauses = [until - self._machine.monotonic() for until in self._resting.values()]
        if self._is_to_ring:
            pauses.append(self._rang_at + RING_SECONDS - self._machine.monotonic())
        if next_at is not None:
            pauses.append((next_at - now).total_seconds())
        return min([LOOK_AGAIN_SECONDS, *pauses])

    async def _drive_due(self) -> None:
        async with self._database.read() as session:
            due = await workspaces_to_send_for(session, list(self._gateways), self._clock.now())
        now = self._machine.monotonic()
        self._resting = {row_id: until for row_id, until in self._resting.items() if until > now}
        self._elsewhere &= self._resting.keys()
        has_news, self._has_news = self._has_news, False
        for workspace in due:
            workspace_id = known(workspace.id)
            if has_news and workspace_id in self._elsewhere:
                self._is_to_ring = True
            if workspace_id not in self._driving and workspace_id not in self._resting:
                self._drive(workspace_id, workspace, has_news=has_news)

    async def _ring(self) -> None:
        """Wake the processes in whose hands the lanes are for which there is news; not more often than they can use."""
        if not self._is_to_ring or self._machine.monotonic() < self._rang_at + RING_SECONDS:
            return
        self._is_to_ring = False
        self._rang_at = self._machine.monotonic()
        await self._bell.ring()

    def _drive(self, workspace_id: int, workspace: Workspace, *, has_news: bool) -> None:
        gateway = self._gateways[workspace.platform]
        courier = Courier(self._database, self._clock, self._machine, gateway, self._spoken, self._chance, self._ways)
        driver = Driver(
            self._database,
            self._clock,
            self._machine,
            gateway,
            courier,
            self._spoken,
            workspace,
            self._owner,
            self._rests[workspace_id],
            self._chance,
            self._measures,
        )
        task = asyncio.create_task(driver.drive())
        self._driving[workspace_id] = driver, task
        task.add_done_callback(lambda done: self._has_driven(workspace_id, done, has_news=has_news))

    def _has_driven(self, workspace_id: int, task: asyncio.Task[float], *, has_news: bool) -> None:
        driver, _ = self._driving.pop(workspace_id)
        if task.cancelled():
            return
        if driver.elsewhere is not None:
            self._elsewhere.add(workspace_id)
            self._is_to_ring = self._is_to_ring or has_news
        failure = task.exception()
        if failure is not None:
            log.error("lane.failed", workspace=workspace_id, exc_info=failure)
        pause = RENEW_SECONDS if failure is not None else task.result()
        if pause > 0:
            self._resting[workspace_id] = self._machine.monotonic() + pause
        # What was written while the lane was being given back is looked for once more.
        self._woken.set()

    async def _ended(self) -> None:
        if self._driving:
            await asyncio.wait([task for _, task in self._driving.values()])

    async def _wait(self, stopped: "asyncio.Task[bool]", seconds: float) -> None:
        timer = asyncio.ensure_future(self._machine.sleep(max(0.0, seconds)))
        woken = asyncio.ensure_future(self._woken.wait())
        try:
            await asyncio.wait([stopped, timer, woken], return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            woken.cancel()
