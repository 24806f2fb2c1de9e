"""What `samlas serve` does while a PostgreSQL database lacks this version's tables: it waits, unready, and says so.

Migrating is a step of its own there (`samlas migrate`): many processes serve one database, some of them an older
version.
"""

import asyncio
import os
from contextlib import suppress
from http import HTTPStatus

import structlog
from aiohttp import web

from bot import __version__
from bot.config import Config
from bot.errors import ConfigurationError
from bot.program import Program, storage_explained
from bot.texts import text
from storage.errors import DatabaseBehind, Unreachable, UnreachableDatabase
from storage.migrate import check

log = structlog.get_logger()

LOOK_AGAIN_SECONDS = 2.0
NOT_MIGRATED = "the database is not up to date with this version: run samlas migrate"
NO_ANSWER = "the database does not answer"


async def wait_for_tables(program: Program, stop: asyncio.Event) -> bool:
    """Return True when the database has this version's tables; until then answer every request that we are not ready.

    False when told to stop meanwhile. Raises ConfigurationError for what waiting does not mend: a database of a newer
    Samlas or of another program, one that does not let us in, or a server that does not answer at all.
    """
    with storage_explained():
        why = await _why_not_ready(program)
    if why is None:
        return True
    waiting = _Waiting(why)
    runner = web.AppRunner(waiting.application(), access_log=None)
    await runner.setup()
    try:
        await listen(runner, program.config)
        while waiting.why is not None and not stop.is_set():
            log.warning("serve.waiting", reason=waiting.why)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_AGAIN_SECONDS)
            with storage_explained():
                waiting.why = await _why_still_not_ready(program)
    finally:
        await runner.cleanup()
    return waiting.why is None


class _Waiting:
    """Answers while there is nothing to serve yet."""

    def __init__(self, why: str | None) -> None:
        self.why = why

    def application(self) -> web.Application:
        made = web.Application()
        made.add_routes([web.get("/healthz", self._healthz), web.route("*", "/{path:.*}", self._not_ready)])
        return made

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _not_ready(self, _request: web.Request) -> web.Response:
        # Platforms send again what is answered so.
        return web.Response(text=self.why or "", status=HTTPStatus.SERVICE_UNAVAILABLE)


async def _why_not_ready(program: Program) -> str | None:
    try:
        await asyncio.to_thread(check, program.config.database_url, __version__)
    except DatabaseBehind:
        return NOT_MIGRATED
    return None


async def _why_still_not_ready(program: Program) -> str | None:
    """Return as above; a server that has answered before is only restarting, say."""
    try:
        return await _why_not_ready(program)
    except UnreachableDatabase as unreachable:
        if unreachable.why is not Unreachable.NO_ANSWER:
            raise
        return NO_ANSWER


async def listen(runner: web.AppRunner, config: Config) -> None:
    """Be there for requests. Raises ConfigurationError when the port is taken."""
    try:
        await web.TCPSite(runner, config.host, config.port).start()
    except OSError as taken:
        raise ConfigurationError(
            text(
                "Samlas cannot listen on {host}, port {port}: {reason}. Another program may be there; name a free port"
                " in SAMLAS_PORT.",
                host=config.host,
                port=str(config.port),
                reason=os.strerror(taken.errno or 0),
            )
        ) from taken
