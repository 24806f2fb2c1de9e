"""Which event or job a row of the outbox comes from: one word, the same in the log lines of the one and the other.

The word is a digest, so that nothing of what happened can be read from it. It is kept with what is queued
(storage/outbox.py) and with every line that is logged meanwhile.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b

from structlog.contextvars import bound_contextvars

_cause: ContextVar[str] = ContextVar("cause", default="")


def cause_of(*identity: str) -> str:
    """Return the word for something that happened, the same each time it is told: twelve hexadecimal digits."""
    return blake2b("\n".join(identity).encode(errors="surrogatepass"), digest_size=6).hexdigest()


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
