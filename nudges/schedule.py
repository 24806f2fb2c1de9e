"""The tick: runs every room's jobs, again and again, in every process.

APScheduler only ticks, in memory; what is due is computed by the jobs and claimed in the database, so that a missed
tick loses nothing and two processes do nothing twice. The local chat calls `run_due` itself when its clock is moved.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.context import context_for, known
from bot.jobs import Jobs
from bot.measures import Measures
from storage.causes import caused_by, new_cause
from storage.database import Database, Session
from storage.tables import Workspace
from storage.workspaces import all_workspaces, get_workspace

TICK_SECONDS = 15

log = structlog.get_logger()


async def run_due(database: Database, jobs: Jobs, now: datetime, measures: Measures | None = None) -> None:
    """Run each job once for each workspace, in a transaction of its own.

    A job that fails is logged and stops neither the others nor the other workspaces. A workspace whose settings cannot
    be read is logged, once, and left out.
    """
    async with database.read() as session:
        workspaces = [workspace for workspace in await all_workspaces(session) if _is_readable(session, workspace, now)]
    for workspace in workspaces:
        for name, job in jobs.items():
            with caused_by(new_cause()):
                try:
                    async with database.begin() as session:
                        await job(context_for(session, now, await get_workspace(session, known(workspace.id))))
                except Exception:
                    log.exception("job.failed", job=name, workspace=workspace.id)
                    if measures is not None:
                        measures.job_failed(name)


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
    ) -> None:
        """Know the jobs; `wake` is called after each tick, so that the sender looks at what they queued."""
        self._measures = measures or Measures()
        self._database = database
        self._clock = clock
        self._jobs = jobs
        self._wake = wake
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        """Tick now, and then every 15 seconds. Needs a running event loop."""
        self._scheduler.add_job(
            self.tick,
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
        await run_due(self._database, self._jobs, self._clock.now(), self._measures)
        self._measures.tick()
        self._wake()

    def stop(self) -> None:
        """Tick no more. A tick that is under way is cancelled, and what it had not committed is due again."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
