"""Importing a real community's two years: 22,172 messages and replies of 326 members, a file for each day."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from itertools import count
from pathlib import Path

from benchmarks.measuring import Measurement, Work, of_work
from benchmarks.processes import ROOT
from bot import __version__
from bot.__main__ import main
from storage.migrate import migrate

RACKET = ROOT.parent / "shared" / "data" / "slack-export-racket.zip"


def measurements() -> list[Measurement]:
    """Return what is measured of importing, where that community's export lies beside the repository."""
    if not RACKET.exists():
        return []
    return [
        # As a person waits for it: the program's own start is part of it.
        of_work("import_racket_seconds", 5.0, command_alone),
        of_work("import_racket_over_floor", 6.0, import_and_floor),
    ]


@contextmanager
def command_alone() -> Iterator[tuple[Work, None]]:
    """Prepare the whole command, each time in a process and on a database of its own."""
    with empty_databases() as databases:

        def work() -> None:
            subprocess.run(
                [sys.executable, "-m", "bot", "import", "slack-export", RACKET, "--json"],
                cwd=ROOT,
                env={**os.environ, "SAMLAS_DATABASE_URL": next(databases)},
                check=True,
                capture_output=True,
            )

        yield work, None


@contextmanager
def import_and_floor() -> Iterator[tuple[Work, Work]]:
    """Prepare the import, from the zip file to the commit, and its floor."""
    with empty_databases() as databases:

        def work() -> None:
            os.environ["SAMLAS_DATABASE_URL"] = next(databases)
            with redirect_stdout(StringIO()):
                if main(["import", "slack-export", str(RACKET), "--json"]) != 0:
                    raise RuntimeError("the import was refused")

        yield work, parse_and_count


def parse_and_count() -> Counter[tuple[str, str]]:
    """Read each day's file and count who wrote on it: the least that an import can do. Nothing is checked or stored."""
    counted: Counter[tuple[str, str]] = Counter()
    with zipfile.ZipFile(RACKET) as export:
        for name in export.namelist():
            if "/" in name:
                counted.update((entry["user"], name) for entry in json.loads(export.read(name)))
    return counted


@contextmanager
def empty_databases() -> Iterator[Iterator[str]]:
    """Yield addresses of databases with tables and nothing in them, as many as are asked for."""
    with tempfile.TemporaryDirectory() as place:
        empty = Path(place) / "empty.db"
        migrate(empty, __version__)

        def copies() -> Iterator[str]:
            for number in count():
                copy = empty.with_name(f"{number}.db")
                shutil.copy(empty, copy)
                yield f"sqlite+aiosqlite:///{copy}"

        yield copies()
