"""What belongs to one machine does not get into the repository."""

from pathlib import Path

import pytest

from tools.traces import traces

# Put together here, so that this file is not found itself.
LEAKS = [
    ("pip install --index" + "-url x", "the address of a package registry"),
    ("https://files.python" + "hosted.org/a.whl", "the address of a package registry"),
    ("https://regis" + "try.npm" + "js.org/a", "the address of a package registry"),
    ("open('/ho" + "me/anna/notes.txt')", "a path on somebody's machine"),
    ("cd /ro" + "ot/samlas", "a path on somebody's machine"),
    ("-----BEGIN RSA PRIVATE " + "KEY-----", "a private key"),
]

HARMLESS = [
    "GET /home and /roots of what we do",
    "https://example.com/home/anna",
    "a key that is private",
    "see docs/home/index.md",
]


@pytest.mark.parametrize(("line", "what"), LEAKS)
def test_found(tmp_path: Path, line: str, what: str) -> None:
    """A trace is found and told with its line, and without repeating it."""
    (tmp_path / "notes.md").write_text(f"# Notes\n\n{line}\n", encoding="utf-8")

    assert list(traces(tmp_path / "notes.md", tmp_path)) == [f"notes.md:3: {what}"]


@pytest.mark.parametrize("line", HARMLESS)
def test_harmless(tmp_path: Path, line: str) -> None:
    """What only resembles a trace is left alone."""
    (tmp_path / "notes.md").write_text(f"{line}\n", encoding="utf-8")

    assert list(traces(tmp_path / "notes.md", tmp_path)) == []


def test_not_text(tmp_path: Path) -> None:
    """A picture is not read as text."""
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")

    assert list(traces(tmp_path / "picture.png", tmp_path)) == []
