"""The program itself, as `make run` starts it: a process of its own on a free port, with a database of its own."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage.database import Database
from storage.workspaces import store_product_offset

PATIENCE_SECONDS = 30.0
ROOT = Path(__file__).parents[2]


def begin_at(path: Path, moment: datetime) -> None:
    """Set the local chat's clock in a database that nobody serves yet, so that no journey depends on today."""

    async def store() -> None:
        database = Database(f"sqlite+aiosqlite:///{path}")
        async with database.begin() as session:
            await store_product_offset(session, moment - datetime.now(UTC))
        await database.close()

    asyncio.run(store())


@contextmanager
def served(path: Path, log: Path) -> Iterator[str]:
    """Serve the local chat from a migrated database for the length of a block; gives its address.

    Raises RuntimeError when it does not come up.
    """
    port = _free_port()
    environment = {
        **os.environ,
        "SAMLAS_PORT": str(port),
        "SAMLAS_DATABASE_URL": f"sqlite+aiosqlite:///{path}",
    }
    with (
        log.open("w") as output,
        subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--local"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_until_ready(address, process, log)
            yield address
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _wait_until_ready(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=PATIENCE_SECONDS):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the local chat did not come up: {log.read_text()}")
