"""The tick: runs every room's jobs, again and again, in every process.

APScheduler only ticks, in memory; what is due is computed by the jobs and claimed in the database, so that a missed
tick loses nothing and two processes do nothing twice. The local chat calls `run_due` itself when its clock is moved.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.clock import Clock
from bot.jobs import Jobs
from storage.database import Database

TICK_SECONDS = 15

log = structlog.get_logger()


async def run_due(database: Database, jobs: Jobs, now: datetime) -> None:
    """Run each job once, in a transaction of its own. One that fails is logged and does not stop the others."""
    for name, job in jobs.items():
        try:
            async with database.begin() as session:
                await job(session, now)
        except Exception:
            log.exception("job.failed", job=name)


class Ticker:
    """Calls the jobs every 15 seconds of machine time, at whatever product time it is then; never two at once."""

    def __init__(self, database: Database, clock: Clock, jobs: Jobs, wake: Callable[[], None]) -> None:
        """Know the jobs; `wake` is called after each tick, so that the sender looks at what they queued."""
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
        await run_due(self._database, self._jobs, self._clock.now())
        self._wake()

    def stop(self) -> None:
        """Tick no more. A tick that is under way is cancelled, and what it had not committed is due again."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
