"""What is done because it is time: each room offers `jobs()`, name -> `due(session, now)`.

A job computes what is due instead of remembering it, so that a missed tick loses nothing, and claims it in the
database, so that two processes do not both do it.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from storage.database import Session

Job = Callable[[Session, datetime], Awaitable[None]]
"""Does in one transaction whatever is due at that moment; called often, mostly with nothing to do."""

Jobs = Mapping[str, Job]
