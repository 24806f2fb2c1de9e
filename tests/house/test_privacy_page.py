"""docs/privacy.md is true: its map and keys are the register's, and each promise names a test that there is."""

import ast
import re
from pathlib import Path

from tools.data_map import PAGE, page_with

ROOT = Path(__file__).parent.parent.parent
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_the_map_and_the_keys_are_the_registers() -> None:
    """Written anew they are the same: python -m tools.data_map."""
    page = PAGE.read_text(encoding="utf-8")

    assert page == page_with(page)


def test_each_promise_is_kept_by_a_test_that_there_is() -> None:
    """By file and name."""
    named = NAMED.findall(PAGE.read_text(encoding="utf-8"))
    missing = []
    for path, name in named:
        file = ROOT / path
        tests = ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if file.exists() else iter(())
        if not any(isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name for node in tests):
            missing.append(f"{path}::{name}")

    assert len(named) > 15
    assert missing == []
