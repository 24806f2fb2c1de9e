"""`samlas serve` on PostgreSQL migrates nothing: it waits, unready, until somebody has."""

import asyncio
import socket

import aiohttp
import pytest

from bot import __version__
from bot.clock import WallClock
from bot.commands.waiting import NOT_MIGRATED, wait_for_tables
from bot.config import Config
from bot.program import Program
from bot.texts import Voice
from storage.migrate import migrate
from tests.command_line import CommandLine
from tests.postgresql import Server


@pytest.fixture
def program(postgresql: Server) -> Program:
    """Return a program whose database is empty, with a free port to serve on."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = int(chosen.getsockname()[1])
    return Program(Config(database_url=postgresql.new("not_yet"), port=port), WallClock(), Voice("en"))


async def answers(program: Program) -> dict[str, tuple[int, str]]:
    """Return what is answered at some addresses, when there is somebody who answers."""
    found = {}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{program.config.port}") as session:
        for path in ("/healthz", "/readyz", "/slack/events"):
            while path not in found:
                try:
                    async with session.get(path) as response:
                        found[path] = response.status, await response.text()
                except aiohttp.ClientConnectionError:
                    await asyncio.sleep(0.02)
    return found


async def test_waits_until_somebody_has_migrated(program: Program) -> None:
    """Alive and not ready, it asks to be tried again; it goes on when the tables are there."""
    waiting = asyncio.create_task(wait_for_tables(program, asyncio.Event()))

    told = await answers(program)
    await asyncio.to_thread(migrate, program.config.database_url, __version__)

    assert told == {"/healthz": (200, "ok"), "/readyz": (503, NOT_MIGRATED), "/slack/events": (503, NOT_MIGRATED)}
    assert await waiting is True


async def test_told_to_stop_meanwhile(program: Program) -> None:
    """Whoever waits can be told to stop."""
    stop = asyncio.Event()
    waiting = asyncio.create_task(wait_for_tables(program, stop))
    await answers(program)

    stop.set()

    assert await waiting is False


def test_the_local_chat_is_on_sqlite(samlas: CommandLine, postgresql_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The local chat's made-up organisation is not moved into a database that others may share."""
    monkeypatch.setenv("SAMLAS_DATABASE_URL", postgresql_url)

    ran = samlas("serve", "--local")

    assert ran.status == 2
    assert "in a SQLite file" in ran.err
