"""A log that keeps nothing but what somebody should look at; a conftest.py imports `broken` from here."""

import logging
import sys
import traceback
from collections.abc import Callable

import pytest
import structlog
from structlog.typing import EventDict, WrappedLogger

MOST_KEPT = 3

Broken = Callable[[], str]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Broken:
    """Return what tells the first errors that are logged from now on, without keeping every refusal in memory."""
    kept: list[str] = []

    def keep_errors(_logger: WrappedLogger, level: str, entry: EventDict) -> EventDict:
        if level in ("error", "critical") and len(kept) < MOST_KEPT:
            given = entry.get("exc_info")
            failure = given if isinstance(given, BaseException) else sys.exc_info()[1]
            kept.append("".join([str(entry["event"]), "\n", *(traceback.format_exception(failure) if failure else ())]))
        raise structlog.DropEvent

    structlog.configure(processors=[keep_errors])
    # The server's own words about requests that are none: pytest would keep each. What breaks is answered with 500.
    monkeypatch.setattr(logging.getLogger("aiohttp.server"), "disabled", True)
    return lambda: "\n".join(kept)
