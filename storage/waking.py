"""How processes that share a PostgreSQL database wake each other's senders: LISTEN and NOTIFY.

Whoever has queued something and finds its lane in another process's hands rings; all that listen look once. It is
rung in a transaction of its own, since PostgreSQL commits notifying transactions one after the other. A ring that gets
lost loses nothing: every sender looks by itself too.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Protocol

import asyncpg
import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database

log = structlog.get_logger()

CHANNEL = "samlas_outbox"
LISTEN_AGAIN_SECONDS = 5.0


class Bell(Protocol):
    """Wakes the senders of the other processes, and is heard by this one's."""

    async def ring(self) -> None:
        """Wake the others."""
        ...

    async def listen(self, wake: Callable[[], None]) -> None:
        """Call `wake` at each ring, until cancelled."""
        ...


def bell_of(database: Database) -> Bell:
    """Return the bell of a database's processes; where there is only one it is silent."""
    return _PostgresqlBell(database) if database.is_shared else _Silence()


class _Silence:
    async def ring(self) -> None:
        pass

    async def listen(self, wake: Callable[[], None]) -> None:  # noqa: ARG002 - the bell's form
        await asyncio.Event().wait()


class _PostgresqlBell:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def ring(self) -> None:
        async with self._database.begin() as session:
            await session.execute(text(f"NOTIFY {CHANNEL}"))

    async def listen(self, wake: Callable[[], None]) -> None:
        while True:
            try:
                await self._listen(wake)
            except (OSError, SQLAlchemyError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
                log.warning("bell.not_heard", error=type(trouble).__name__)
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def _listen(self, wake: Callable[[], None]) -> None:
        """Listen until the connection is lost."""
        connection = await self._database.connect()
        try:
            driver: Any = (await connection.get_raw_connection()).driver_connection
            lost = asyncio.Event()
            driver.add_termination_listener(lambda _: lost.set())
            await driver.add_listener(CHANNEL, lambda *_: wake())
            # What was rung before we listened.
            wake()
            await lost.wait()
        finally:
            # It goes back to nobody: whoever got it would go on listening.
            await connection.invalidate()
            await connection.close()
