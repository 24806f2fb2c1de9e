"""The `samlas` command as a person runs it, on a database of the test's own."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main


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
        """Run one command."""
        self._capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        printed = self._capsys.readouterr()
        return Ran(status, printed.out, printed.err)
