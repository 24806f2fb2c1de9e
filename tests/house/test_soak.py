"""Whatever has larger numbers for make soak is run by make soak."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import soak
from tools.tree import ROOT


def files_with_other_numbers() -> Iterator[Path]:
    """Yield the test files that ask how often to do what they do."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "times":
                yield path
                break


def test_long_tests_are_marked() -> None:
    """Each file with a test that has other numbers marks it, since make soak runs what is marked."""
    long_ones = list(files_with_other_numbers())

    unmarked = [path.name for path in long_ones if "pytest.mark.soak" not in path.read_text(encoding="utf-8")]

    assert len(long_ones) >= 3
    assert unmarked == []


@pytest.mark.parametrize(("whole", "expected"), [(False, 3), (True, 3000)])
def test_numbers(monkeypatch: pytest.MonkeyPatch, *, whole: bool, expected: int) -> None:
    """A long test does little in make test, and all of it in make soak."""
    monkeypatch.setattr(soak, "WHOLE", whole)

    assert soak.times(3, 3000) == expected


def test_results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What a whole run has seen is written down, the newest of each name; a small run writes nothing."""
    results = tmp_path / "soak.json"
    monkeypatch.setattr(soak, "RESULTS", results)
    monkeypatch.setattr(soak, "WHOLE", False)
    soak.report("kills", kills=3)
    written_by_small = results.exists()
    monkeypatch.setattr(soak, "WHOLE", True)

    soak.report("kills", kills=5)
    soak.report("kills", kills=7)

    assert written_by_small is False
    assert results.read_text(encoding="utf-8") == '{\n  "kills": {\n    "kills": 7\n  }\n}\n'
