"""What tests need that does not come from the Python environment: a browser, Node, a file beside the repository.

A developer without it sees the test skipped, by name and with the reason. Where CI is set everything has to be
there, and its absence fails the test.
"""

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def require_tool(name: str, found: str | Path | None, reason: str) -> str:
    """Return where a tool is.

    Skips the test, or fails it under CI, when `found` is None or is not there; `reason` says how to get it.
    """
    if found is not None and Path(found).exists():
        return str(found)
    sentence = f"{name} is missing: {reason}"
    if os.environ.get("CI"):
        pytest.fail(sentence, pytrace=False)
    pytest.skip(sentence)


def require_chromium() -> str:
    """Return the system's Chromium; as require_tool when there is none that runs."""
    return require_tool(
        "Chromium",
        _first_that_runs((os.environ.get("SAMLAS_TEST_CHROMIUM", ""), *CHROMIUM)),
        "install it (Debian: apt install chromium) or name it in SAMLAS_TEST_CHROMIUM",
    )


@cache
def _first_that_runs(names: Sequence[str]) -> str | None:
    for name in names:
        path = shutil.which(name) if name else None
        # Asked for its version, because Ubuntu's chromium-browser may be a stub that only points to a snap.
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None
