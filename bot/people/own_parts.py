"""The parts of a calendar, and which of them a member has set themselves: a list of people leaves these alone. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from bot.texts import Text, text
from storage.tables import Member

# What belongs together is set together.
PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "first_day": ("joined_on",),
    "place": ("country", "region"),
    "zone": ("zone",),
    "days": ("working_days",),
    "hours": ("work_start", "work_end"),
    "leave": ("leave_from", "leave_to"),
}
NAMES: Final[Mapping[str, Text]] = {
    "first_day": text("first working day"),
    "place": text("country"),
    "zone": text("time zone"),
    "days": text("working days"),
    "hours": text("working hours"),
    "leave": text("leave"),
}


def own_parts(member: Member) -> frozenset[str]:
    """Return the parts of their calendar that a member has set."""
    return frozenset((member.calendar_set_by_self or "").split()) & PARTS.keys()


def as_kept(parts: Iterable[str]) -> str | None:
    """Return parts as they stand in a member's row."""
    return " ".join(sorted(parts)) or None


def parts_that_stay(member: Member, today: date) -> frozenset[str]:
    """Return the parts that no list changes: what the member has set. A leave of theirs that is over holds up none."""
    is_over = member.leave_to is not None and member.leave_to < today
    return own_parts(member) - ({"leave"} if is_over else frozenset())


def parts_of(columns: Iterable[str]) -> frozenset[str]:
    """Return the parts that these columns belong to."""
    changed = set(columns)
    return frozenset(part for part, of_part in PARTS.items() if changed.intersection(of_part))
