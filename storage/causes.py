"""Which event or job a row of the outbox comes from: one word, the same in the log lines of the one and the other.

The word is drawn by lot, so that nobody can find out from it what happened or who did it. It is kept with what is
queued (storage/outbox.py) and with every line that is logged meanwhile.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from structlog.contextvars import bound_contextvars

_cause: ContextVar[str] = ContextVar("cause", default="")


def new_cause() -> str:
    """Return a word for something that happens: twelve hexadecimal digits."""
    return secrets.token_hex(6)


def current_cause() -> str:
    """Return the word for what is being done now; empty where nothing has said so."""
    return _cause.get()


@contextmanager
def caused_by(cause: str) -> Iterator[None]:
    """Have what is queued and logged within a block carry this word."""
    token = _cause.set(cause)
    try:
        with bound_contextvars(cause=cause):
            yield
    finally:
        _cause.reset(token)
