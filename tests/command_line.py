"""The `samlas` command as a person runs it, on a database of the test's own."""

import asyncio
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.__main__ import main
from storage.database import Database
from tests.answers import everything_known
from tests.belonging import Known, misplaced, printed


@dataclass(frozen=True)
class Ran:
    """What one run of the command came to."""

    status: int
    out: str
    err: str

    def json(self) -> Any:
        """Return what was printed, as JSON; the command has to have succeeded."""
        assert self.status == 0, self.err
        return json.loads(self.out)


class CommandLine:
    """Runs `samlas`. Not from within a coroutine: each run has an event loop of its own, as it does in a shell."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Read what is printed through pytest."""
        self._capsys = capsys

    def __call__(self, *arguments: str | Path) -> Ran:
        """Run one command. What it prints of people has to belong there (tests/belonging.py)."""
        given = [str(argument) for argument in arguments]
        before = _known()
        self._capsys.readouterr()
        status = main(given)
        said = self._capsys.readouterr()
        written = "".join(_written(given))
        heard = printed(given, said.out + said.err + written)
        found = [words for known in (before, _known()) for words in misplaced([heard], known)]
        assert not found, found
        return Ran(status, said.out, said.err)


def _written(given: Sequence[str]) -> Iterator[str]:
    """Yield what a command wrote into the file, or the folder's files of words, that it was told to write into."""
    for option, value in pairwise(given):
        if option in ("--out", "--file"):
            place = Path(value)
            files = sorted(place.glob("*")) if place.is_dir() else [place]
            yield from (file.read_text("utf-8") for file in files if file.suffix in (".md", ".csv", ".json"))


def _known() -> Known:
    """Return what the database holds of people; nothing, where there is none yet."""
    path = Path(os.environ.get("SAMLAS_DATABASE_URL", "").removeprefix("sqlite+aiosqlite:///"))
    if not path.is_file():
        return Known()

    async def read() -> Known:
        database = Database(f"sqlite+aiosqlite:///{path}")
        try:
            return await everything_known(database)
        except OperationalError:
            # Not migrated yet.
            return Known()
        finally:
            await database.close()

    return asyncio.run(read())
