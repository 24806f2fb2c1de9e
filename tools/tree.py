"""Which files make up the repository; for the tools that look at all of them."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def files(*patterns: str, root: Path = ROOT) -> list[Path]:
    """Return the files that are kept, or about to be, and match a pattern such as "*.md" (no pattern: all)."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *patterns],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    # A file may be listed and already be gone from the working tree.
    return sorted({root / name for name in listed.split("\0") if name and (root / name).is_file()})
