"""Finds what belongs to one machine and not to the repository: places of package registries, paths (make check)."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.tree import ROOT, files

# Each pattern is written so that it does not find itself.
TRACES = {
    "the address of a package registry": re.compile(
        r"pypi\.(org|python)|pythonhosted\.|registry\.(npmjs|yarnpkg)|[-]-?(extra-)?index-url|[-]-find-links"
    ),
    "a path on somebody's machine": re.compile(r"(?<![\w.])/(home|root|Users|work)/[\w.]"),
    "a private key": re.compile(r"BEGIN [A-Z ]*PRIVATE [K]EY"),
}


def traces(path: Path, root: Path = ROOT) -> Iterator[str]:
    """Yield what one file gives away, with its line; nothing for files that are not text."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(lines, 1):
        for what, pattern in TRACES.items():
            if pattern.search(line):
                yield f"{path.relative_to(root)}:{number}: {what}"


def main() -> int:
    """Print every trace; returns 1 when there is one."""
    kept = files()
    found = [trace for path in kept for trace in traces(path)]
    for trace in found:
        print(trace)
    print(f"{len(kept)} files, {len(found)} traces.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
