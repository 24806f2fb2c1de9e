"""Insights over a real community's two years, as a browser asks for them: the page, then every picture on it."""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from os import environ
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from adapters.pages.drawing import draw
from benchmarks.importing import RACKET
from benchmarks.measuring import Measurement, Work, of_work
from bot import __version__
from bot.__main__ import main
from bot.clock import MovableClock, WallClock
from bot.context import context_for, known
from bot.getting_in import LONGEST, Door, digest_of
from bot.insights.summing import WEEKS_AT_ONCE, sum_up
from bot.wiring import pages, rooms, wire
from storage.database import Database
from storage.getting_in import begin_session
from storage.migrate import migrate
from storage.nudging import last_imported_day
from storage.people import name_lead, present_members
from storage.workspaces import all_workspaces, get_workspace, give_notice

COOKIE = "benchmark"
YEARS = 2


def measurements() -> list[Measurement]:
    """Return what is measured of insights, where that community's export lies beside the repository."""
    return [of_work("insights_of_racket_seconds", 1.0, page_and_pictures)] if RACKET.exists() else []


@contextmanager
def page_and_pictures() -> Iterator[tuple[Work, None]]:
    """Prepare the import, with all its weeks summed up, and a communications lead who looks at it."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "racket.db"
        migrate(path, __version__)
        environ["SAMLAS_DATABASE_URL"] = f"sqlite+aiosqlite:///{path}"
        with redirect_stdout(StringIO()):
            if main(["import", "slack-export", str(RACKET), "--json"]) != 0:
                raise RuntimeError("the import was refused")
        with asyncio.Runner() as runner:
            site = runner.run(opened(path))

            def work() -> None:
                # What was drawn in the last round is not remembered.
                draw.cache_clear()
                runner.run(look(site))

            yield work, None
            runner.run(site.close())


async def opened(path: Path) -> TestClient[web.Request, web.Application]:
    """Sum up all weeks, let somebody lead communications and be signed in, and serve the pages to them."""
    database = Database(f"sqlite+aiosqlite:///{path}")
    async with database.begin() as session:
        [workspace] = await all_workspaces(session)
        workspace_id = known(workspace.id)
        last = await last_imported_day(session, workspace_id)
        if last is None:
            raise RuntimeError("nothing was imported")
        now = datetime.combine(last, time(12), UTC) + timedelta(days=7)
        await give_notice(session, workspace_id, now)
        lead = (await present_members(session, workspace_id))[0]
        await name_lead(session, workspace_id, known(lead.id))
        await begin_session(
            session,
            workspace_id,
            known(lead.id),
            digest=digest_of(COOKIE),
            now=datetime.now(UTC),
            expires_at=datetime.now(UTC) + LONGEST,
        )
    for _ in range(YEARS * 53 // WEEKS_AT_ONCE + 1):
        async with database.begin() as session:
            await sum_up(context_for(session, now, await get_workspace(session, workspace_id)))
    door = Door(lambda: "http://localhost", WallClock())
    serving = wire(database, MovableClock(now - datetime.now(UTC)), [], rooms(door))
    application = web.Application()
    pages(serving.core, door)(application)

    async def close(_application: web.Application) -> None:
        await serving.counter.close()
        await database.close()

    application.on_cleanup.append(close)
    site = TestClient(TestServer(application), cookies={"samlas": COOKIE})
    await site.start_server()
    return site


async def look(site: TestClient[web.Request, web.Application]) -> None:
    """Ask for the page, and for each picture on it as it names them."""
    async with site.get("/insights", raise_for_status=True) as answer:
        page = await answer.text()
    for picture in re.findall(r'<img src="(/insights/all/[^"]+)"', page):
        async with site.get(picture, raise_for_status=True) as answer:
            await answer.read()
