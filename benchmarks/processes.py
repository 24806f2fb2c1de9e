"""The processes of a measurement: servers, stand-ins and whoever asks them, each with an interpreter of its own."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent


class Process:
    """A running module, spoken to by lines of JSON: it says one when it is ready, and one for each that it is told."""

    def __init__(self, process: subprocess.Popen[str], log: IO[str]) -> None:
        """Wait until it is ready; `ready` is what it said."""
        self._process = process
        self._log = log
        self.ready: Any = self.heard()

    @property
    def number(self) -> int:
        """Its number in the operating system."""
        return self._process.pid

    def told(self, **words: Any) -> Any:
        """Tell it something, and return what it answers."""
        self.tell(**words)
        return self.heard()

    def tell(self, **words: Any) -> None:
        """Tell it something, whose answer is heard later."""
        if self._process.stdin is None:
            raise RuntimeError("it cannot be spoken to")
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()

    def heard(self) -> Any:
        """Return the next thing that it says. Raises RuntimeError when it has ended instead."""
        if self._process.stdout is None:
            raise RuntimeError("it cannot be heard")
        line = self._process.stdout.readline()
        if not line:
            self._log.seek(0)
            raise RuntimeError(f"{self._process.args!r} has ended: {self._log.read()[-2000:]}")
        said = json.loads(line)
        if isinstance(said, dict) and "refused" in said:
            raise RuntimeError(said["refused"])
        return said


@contextmanager
def running(module: str, *arguments: object) -> Iterator[Process]:
    """Run a module of this package for the length of a block, and end it with the block."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", f"benchmarks.{module}", *map(str, arguments)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        with process:
            try:
                yield Process(process, log)
            finally:
                process.kill()


def tell_parent(words: Any) -> None:
    """Say something to whoever runs this process."""
    print(json.dumps(words), flush=True)
