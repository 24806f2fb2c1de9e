"""Imports a file many times over, each time dying as by kill -9 a little later on the way.

Run with a database, a step and the file. Beside the database it leaves `killed-N.db` for each process that died before
its N-th statement on the database, N = 1, 1 + step, ...; the last process lived to its end.
"""

import itertools
import os
import shutil
import signal
import sqlite3
import sys
from functools import partial
from pathlib import Path
from typing import Any

from bot.__main__ import main


def die_before(number: int) -> None:
    """Let this process die before its n-th statement on any connection."""
    statements = itertools.count(1)

    def count(_statement: str) -> None:
        if next(statements) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    class Counted(sqlite3.Connection):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self.set_trace_callback(count)

    sqlite3.connect = partial(sqlite3.connect, factory=Counted)  # type: ignore[assignment]  # which has overloads


def kill_on_the_way(database: Path, step: int, file: str) -> None:
    """Leave the databases of processes that died; a process a fork, so that each need not import everything again."""
    for number in itertools.count(1, step):
        killed = database.with_name(f"killed-{number}.db")
        shutil.copy(database, killed)
        os.environ["SAMLAS_DATABASE_URL"] = f"sqlite+aiosqlite:///{killed}"
        child = os.fork()
        if child == 0:
            die_before(number)
            os._exit(main(["import", "slack-export", file]))
        _, status = os.waitpid(child, 0)
        if os.WIFEXITED(status):
            killed.unlink()
            sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    kill_on_the_way(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
