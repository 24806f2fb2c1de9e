"""Real processes for tests: modules of the tests that are run, spoken to by lines, and killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tools.tree import ROOT

Process = subprocess.Popen[str]


@contextmanager
def running(module: str, *arguments: object) -> Iterator[Process]:
    """Run a module in a process of its own; whatever is still running at the block's end is killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def line_from(process: Process) -> str:
    """Return the next line that a process says; empty when it has ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def tell(process: Process, line: str) -> None:
    """Say a line to a process."""
    assert process.stdin is not None
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def stop_when(process: Process, come_so_far: Callable[[], bool]) -> None:
    """Let a process stand still as soon as it has come so far, or has ended by itself."""
    while not come_so_far() and process.poll() is None:
        time.sleep(0.002)
    process.send_signal(signal.SIGSTOP)


def kill_when(process: Process, come_so_far: Callable[[], bool], *, after: float = 0.0) -> None:
    """Kill a process (-9) so many seconds after it has come so far, or has ended by itself."""
    while not come_so_far() and process.poll() is None:
        time.sleep(0.002)
    time.sleep(after)
    process.kill()
    process.wait()
