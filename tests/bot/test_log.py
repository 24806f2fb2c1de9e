"""The log: one JSON object a line, whoever writes it."""

import json
import subprocess
import sys

from tools.tree import ROOT

WRITES = """
import logging, structlog
from bot.__main__ import log_to_stderr
log_to_stderr()
structlog.get_logger().info("event.handled", workspace=1)
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("a.library").error("It failed in %s", "its own way", exc_info=True)
"""


def test_libraries_write_as_samlas_does() -> None:
    """What a library has to say, its tracebacks too, is a line of JSON like any other."""
    ran = subprocess.run([sys.executable, "-c", WRITES], cwd=ROOT, capture_output=True, text=True, check=True)

    ours, theirs = [json.loads(line) for line in ran.stderr.splitlines()]

    assert (ours["event"], ours["level"], ours["workspace"]) == ("event.handled", "info", 1)
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("It failed in its own way", "error", "a.library")
    assert "ZeroDivisionError" in theirs["exception"]
    assert "timestamp" in theirs
