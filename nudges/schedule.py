"""The tick: runs every room's jobs, again and again, in every process.

APScheduler only ticks, in memory; what is due is computed by the jobs and claimed in the database, so that a missed
tick loses nothing and two processes do nothing twice. The local chat calls `run_due` itself when its clock is moved.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.context import context_for, known
from bot.jobs import Job, Jobs
from bot.machine import Machine, ThisMachine
from bot.measures import Measures
from storage.causes import caused_by, new_cause
from storage.database import Database, Session
from storage.tables import Workspace
from storage.workspaces import all_workspaces, get_workspace

TICK_SECONDS = 15
# So long a tick goes on with what is done a page at a time: it is over well before the next.
GOES_ON_FOR_SECONDS = 10.0

log = structlog.get_logger()


async def run_due(
    database: Database,
    jobs: Jobs,
    now: datetime,
    measures: Measures | None = None,
    machine: Machine | None = None,
    stopping: asyncio.Event | None = None,
) -> None:
    """Run each job once for each workspace, in a transaction of its own, and then again those that have more to do.

    These take turns, a page each, until nothing is left or ten seconds have passed: the next tick goes on from there.
    Whoever else wants to write has their turn between two pages. A job that fails is logged and stops neither the
    others nor the other workspaces. A workspace whose settings cannot be read is logged, once, and left out. Once
    `stopping` is set nothing more is begun, and what is left is due again.
    """
    machine = machine or ThisMachine()
    until = machine.monotonic() + GOES_ON_FOR_SECONDS
    async with database.read() as session:
        workspaces = [workspace for workspace in await all_workspaces(session) if _is_readable(session, workspace, now)]
    due = [(known(workspace.id), name) for workspace in workspaces for name in jobs]
    is_first = True
    while due:
        unfinished = []
        for workspace_id, name in due:
            if stopping is not None and stopping.is_set():
                return
            if not is_first and machine.monotonic() >= until:
                return
            if await _run(database, name, jobs[name], workspace_id, now, measures):
                unfinished.append((workspace_id, name))
        due, is_first = unfinished, False


async def _run(
    database: Database, name: str, job: Job, workspace_id: int, now: datetime, measures: Measures | None
) -> bool:
    """Run a job once, and return whether it has more to do."""
    with caused_by(new_cause()):
        try:
            async with database.begin() as session:
                return bool(await job(context_for(session, now, await get_workspace(session, workspace_id))))
        except Exception:
            log.exception("job.failed", job=name, workspace=workspace_id)
            if measures is not None:
                measures.job_failed(name)
            return False


def _is_readable(session: Session, workspace: Workspace, now: datetime) -> bool:
    try:
        context_for(session, now, workspace)
    except Exception:
        log.exception("job.workspace_not_readable", workspace=workspace.id)
        return False
    return True


class Ticker:
    """Calls the jobs every 15 seconds of machine time, at whatever product time it is then; never two at once."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        jobs: Jobs,
        wake: Callable[[], None],
        measures: Measures | None = None,
        machine: Machine | None = None,
    ) -> None:
        """Know the jobs; `wake` is called after each tick, so that the sender looks at what they queued."""
        self._measures = measures or Measures()
        self._machine = machine
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._wake = wake
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._stopping = asyncio.Event()
        # Held by the tick that is under way.
        self._ticking = asyncio.Lock()

    def start(self) -> None:
        """Tick now, and then every 15 seconds. Needs a running event loop."""
        self._scheduler.add_job(
            self._tick_until_stopped,
            "interval",
            seconds=TICK_SECONDS,
            next_run_time=datetime.now(UTC),
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
        self._scheduler.start()

    async def tick(self) -> None:
        """Run what is due now."""
        now = self._clock.now()
        await run_due(self._database, self._jobs, now, self._measures, self._machine, self._stopping)
        self._measures.tick()
        self._wake()

    async def _tick_until_stopped(self) -> None:
        # Whoever stops means it: the scheduler would write a cancelled tick down as one that failed.
        with suppress(asyncio.CancelledError):
            async with self._ticking:
                await self.tick()

    async def stop(self) -> None:
        """Tick no more. The job's page that is under way is finished, and what was not begun is due again.

        Cut short, it cancels that page too; what it had not committed is due again.
        """
        self._stopping.set()
        try:
            async with self._ticking:
                pass
        finally:
            if self._scheduler.running:
                self._scheduler.shutdown(wait=False)
