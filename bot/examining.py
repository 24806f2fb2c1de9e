"""What `samlas doctor` finds: sentences for whoever runs Samlas, each with what to do where something is to be done.

An adapter examines its own platform and returns findings in this form; bot/commands/doctor.py puts them together.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

from bot.clock import Clock
from bot.config import Config
from bot.texts import Text, text
from storage.database import Database

# Slack refuses what is signed five minutes off; half a minute is what answers may take on their way.
CLOCK_MAY_DIFFER = timedelta(seconds=30)


class Level(StrEnum):
    """How a finding is: *good*, *look* (it works, and somebody should look at it), *wrong* (it does not work)."""

    GOOD = "good"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `subject` is its technical name, such as a variable's or a platform's."""

    level: Level
    subject: str
    said: Text


@dataclass(frozen=True, slots=True)
class Examined:
    """What an adapter's examination is given. `database` is None where there is none that could be opened."""

    config: Config
    clock: Clock
    database: Database | None


Examine = Callable[[Examined], Awaitable[Sequence[Finding]]]
"""Looks at one platform: what is configured, and whether the platform takes it."""


def good(subject: str, said: Text) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(Level.GOOD, subject, said)


def look(subject: str, said: Text) -> Finding:
    """Return a finding that somebody should look at."""
    return Finding(Level.LOOK, subject, said)


def wrong(subject: str, said: Text) -> Finding:
    """Return a finding that keeps Samlas from working."""
    return Finding(Level.WRONG, subject, said)


def clock_finding(whose: str, their_date: str | None, now: datetime) -> Finding | None:
    """Compare this machine's clock with a platform's, from the Date header of its answer (RFC 9110, 6.6.1).

    None where the platform says nothing that can be read.
    """
    try:
        theirs = parsedate_to_datetime(their_date or "")
    except ValueError:
        return None
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    off = now - theirs
    if abs(off) <= CLOCK_MAY_DIFFER:
        return good("clock", text("This machine's clock agrees with that of {whose}.", whose=whose))
    seconds = str(abs(round(off.total_seconds())))
    if off > timedelta():
        said = text(
            "This machine's clock is {seconds} seconds ahead of that of {whose}. Have it set by a time server (NTP).",
            seconds=seconds,
            whose=whose,
        )
    else:
        said = text(
            "This machine's clock is {seconds} seconds behind that of {whose}. Have it set by a time server (NTP).",
            seconds=seconds,
            whose=whose,
        )
    return wrong("clock", said)
