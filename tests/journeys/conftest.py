"""A browser, the program in a process of its own, and people who visit it."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.journeys.serving import begin_at, served
from tests.journeys.visitor import Visitor, visitor
from tests.tools import require_chromium

# A condition is waited for, for as long as a busy machine may need; one that holds costs nothing.
expect.set_options(timeout=20_000)

# A Monday morning with ordinary weeks before and after it.
BEGINS = datetime(2027, 3, 1, 8, 20, tzinfo=UTC)

Visit = Callable[..., Visitor]


@pytest.fixture
def browser(address: str) -> Iterator[Browser]:  # noqa: ARG001 - it has to come after the program, see below
    """Return the system's Chromium, for one test.

    While Playwright is there its event loop runs in this thread, where no other may then be started.
    """
    chromium = require_chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def address(migrated_file: Path, tmp_path: Path) -> Iterator[str]:
    """Return where Lindvalla is served for this journey."""
    path = tmp_path / "lindvalla.db"
    shutil.copy(migrated_file, path)
    begin_at(path, BEGINS)
    log = tmp_path / "lindvalla.log"
    with served(path, log) as at:
        yield at
    assert "Traceback" not in log.read_text()


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Visit]:
    """Return a way to be somebody in a tab of its own; at the end, nothing has gone wrong in any of them."""
    opened: list[Visitor] = []

    def be(person: str, *, dark: bool = False, phone: bool = False) -> Visitor:
        tab = visitor(browser, address, person, dark=dark, phone=phone)
        opened.append(tab)
        tab.go("")
        return tab

    yield be
    for tab in opened:
        tab.page.context.close()
    assert [problem for tab in opened for problem in tab.problems] == []
