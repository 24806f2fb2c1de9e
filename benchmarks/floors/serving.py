"""Serves one aiohttp application on a port of this machine, in a process of its own, until its parent ends it."""

import asyncio
from typing import Any

from aiohttp import web

from benchmarks.processes import tell_parent


async def opened(app: web.Application) -> int:
    """Serve; returns the port."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    # A backlog that takes all connections of a measurement at once.
    site = web.TCPSite(runner, "127.0.0.1", 0, backlog=1024)
    await site.start()
    return int(runner.addresses[0][1])


async def serve(app: web.Application, **more: Any) -> None:
    """Serve until the process is ended; says the port, and what else there is to say."""
    tell_parent({"port": await opened(app), **more})
    await asyncio.Event().wait()
