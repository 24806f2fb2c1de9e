"""Real processes for tests: modules of the tests that are run, and spoken to by lines.

Where one is to die or to stand still, it does so itself, at a point that it names: from outside, nobody can say how far
a process has come by the time the signal reaches it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
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


def until_it_stands_still(process: Process) -> None:
    """Return when a process stands still.

    Raises AssertionError when it has ended instead.
    """
    found = os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
    assert found is not None
    assert found.si_code == os.CLD_STOPPED


def go_on(process: Process) -> None:
    """Let a process that stands still go on."""
    process.send_signal(signal.SIGCONT)


def die() -> None:
    """Be gone: what the process that calls this would do next never happens, as by kill -9."""
    os.kill(os.getpid(), signal.SIGKILL)


def stand_still() -> None:
    """Let the process that calls this stand still until somebody lets it go on."""
    os.kill(os.getpid(), signal.SIGSTOP)
